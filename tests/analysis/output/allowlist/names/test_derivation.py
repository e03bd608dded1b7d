"""Names for exactly what is exposed, and what is wrong with them."""

import json

import pytest

from analysis.output.allowlist.names.derivation import NameProblem, derive, derived_names, settled
from analysis.output.allowlist.names.generators import current_generators, generator_named
from tests.fixtures.api_documents import document, op, operations

PURGE = {"/a": {"delete": op("purge-user")}, "/b": {"get": op("purge_user")}}


def derived(generator, paths, exposed):
    found = operations(json.dumps(document(paths)).encode())
    return derive(generator_named(generator), found, exposed)


def test_a_name_moves_when_its_holder_is_blocked():
    found = derived("fastmcp", PURGE, {"GET /b"})["GET /b"]
    assert (found.name, found.problems, found.other) == ("purge_user", (NameProblem.MOVED,), "DELETE /a")
    assert "another operation" in found.fault
    assert derived("fastmcp", PURGE, {"DELETE /a", "GET /b"})["GET /b"].name == "purge_user_2"


def test_the_first_of_a_pair_keeps_its_name_when_the_second_is_blocked():
    found = derived("fastmcp", PURGE, {"DELETE /a"})["DELETE /a"]
    assert (found.name, found.problems) == ("purge_user", ())
    assert found.fault == ""


def test_a_blocked_operation_has_the_name_of_the_whole_document():
    found = derived("fastmcp", PURGE, {"GET /b"})["DELETE /a"]
    assert (found.name, found.problems) == ("purge_user", ())


def test_a_pair_that_is_exposed_collides():
    found = derived("fastmcp", PURGE, {"DELETE /a", "GET /b"})
    assert {key: each.problems for key, each in found.items()} == {
        "DELETE /a": (NameProblem.COLLISION,), "GET /b": (NameProblem.COLLISION,),
    }  # fmt: skip


def test_tools_under_one_name_collide_whichever_is_called():
    paths = {"/a": {"get": op("getOrders")}, "/b": {"get": op("get_orders")}, "/c": {"get": op("other")}}
    found = derived("ivotoby", paths, {"GET /a", "GET /b", "GET /c"})
    assert [found[key].problems for key in ("GET /a", "GET /b", "GET /c")] == [
        (NameProblem.COLLISION,), (NameProblem.COLLISION,), (),
    ]  # fmt: skip
    lost = derived("litellm", {"/a": {"get": op("X")}, "/b": {"get": op("x")}}, {"GET /a", "GET /b"})
    assert lost["GET /a"].problems == (NameProblem.COLLISION,)
    assert lost["GET /a"].fault
    assert lost["GET /b"].problems == (NameProblem.COLLISION,)


@pytest.mark.parametrize(("generator", "identity", "problem"), [
    ("fastmcp", "n" * 57, NameProblem.CUT),
    ("fastmcp@4.1.2", "注文", NameProblem.EMPTY),
    ("fastapi-mcp", "orders/list", NameProblem.REFUSED),
    ("fastapi-mcp", "n" * 65, NameProblem.REFUSED),
    ("litellm", "n" * 65, NameProblem.REFUSED),
])  # fmt: skip
def test_other_faults(generator, identity, problem):
    found = derived(generator, {"/a": {"get": op(identity)}}, {"GET /a"})["GET /a"]
    assert found.problems == (problem,)
    assert found.fault


def test_case_alone_is_shown_and_fails_nothing():
    found = derived("fastmcp", {"/a": {"get": op("Get")}, "/b": {"get": op("get")}}, {"GET /a", "GET /b"})
    assert {each.problems for each in found.values()} == {(NameProblem.CASE,)}
    assert {each.fault for each in found.values()} == {""}


def test_no_tool_is_a_fault_with_its_reason():
    found = derived("fastapi-mcp", {"/a": {"get": op()}}, {"GET /a"})["GET /a"]
    assert (found.name, found.problems) == (None, ())
    assert found.fault == "no tool: the generator drops operations without an operationId"


def test_what_stays_keeps_its_name_once_others_are_left_out():
    # Blocking the first hands its name to the second; leaving out the second hands it to the third.
    paths = {
        "/a": {"delete": op("drop-")},
        "/b": {"get": op("drop")},
        "/c": {"get": op("drop.")},
        "/d": {"get": op("keep")},
    }
    found = operations(json.dumps(document(paths)).encode())
    kept, left_out = settled(generator_named("fastmcp"), found, {"GET /b", "GET /c", "GET /d"})
    assert kept == {"GET /d": "keep"}
    assert set(left_out) == {"GET /b", "GET /c"}


@pytest.mark.parametrize("generator", current_generators(), ids=lambda g: g.name)
@pytest.mark.parametrize("exposed", [set(), {"GET /b"}, {"DELETE /a", "GET /b"}], ids=len)
def test_names_alone_are_those_of_the_whole_derivation(generator, exposed):
    found = operations(json.dumps(document(PURGE)).encode())
    whole = derive(generator, found, exposed)
    assert derived_names(generator, found, exposed) == {key: each.name for key, each in whole.items()}


@pytest.mark.parametrize("generator", current_generators(), ids=lambda g: g.name)
def test_a_settled_name_denotes_the_same_operation_in_the_whole_document_or_none(generator):
    paths = {f"/n{n}": {"get": op(name), "delete": op(f"{name}-")} for n, name in enumerate(
        ["drop", "drop_", "drop_2", "Drop", "drop.", "d" * 70, "a/b", "a.b", "é", ""])}  # fmt: skip
    found = operations(json.dumps(document(paths)).encode())
    whole = {each.name: each.runs for each in generator.rule(found).values() if each.name is not None}
    for start in range(4):
        exposed = {each.key for each in found[start::3]}
        kept, left_out = settled(generator, found, exposed)
        assert kept.keys() | left_out.keys() == exposed
        assert len(set(kept.values())) == len(kept)
        for key, name in kept.items():
            assert whole.get(name, key) == key
