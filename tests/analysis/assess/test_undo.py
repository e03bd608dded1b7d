"""Whether a call can be taken back: told by the other tools of the same source, and by nothing else."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.assess import assess, assess_all, assess_some
from analysis.ingest import read
from analysis.model import Parameter, Reversibility, SourceId, Tool, ToolId

BODY = (Parameter("content", "body", required=True, type="string", description=""),)


def tool(written, source="s"):
    """A tool from `name` or `METHOD path name`; `+` behind it gives it a body."""
    written, plus, _ = written.partition(" +")
    method, path, name = ("", "", written) if " " not in written else written.split(" ")
    return Tool(
        ToolId(f"{source}:{written}"), SourceId(source), name, method, path, name.strip("-") if method else "", "", "", "0" * 64, "",
        parameters=BODY if plus else (),
    )  # fmt: skip


def told(*written, source="s"):
    """What is said of the first of some tools."""
    return assess_all([tool(written[0], "s"), *(tool(each, source) for each in written[1:])])[0]


@pytest.mark.parametrize(
    "tools",
    [
        ("create_label", "delete_label"),
        ("lock_thread", "unlock_thread"),
        ("unlock_thread", "lock_thread"),
        ("frob_thing_archive", "frob_thing_unarchive"),
        ("update_label", "get_label"),
        ("POST /labels createLabel", "DELETE /labels/{id} dropIt"),
        ("POST /threads/{id}/lock lockThread", "DELETE /threads/{id}/lock openThread"),
        ("PUT /stars/{id} addStar", "DELETE /stars/{id} dropStar"),
        ("PATCH /labels/{id} patchIt", "GET /labels/{label} readIt"),
        ("PUT /labels/{id} -", "GET /labels/{label} readLabel"),
        ("PUT /labels/{id} replaceLabel +", "GET /labels/{id} readLabel"),
    ],
)
def test_a_write_that_another_tool_takes_back(tools):
    said = told(*tools)
    assert said.reversibility is Reversibility.REVERSIBLE
    assert said.reasons[-1].where == "other tools"
    assert said.reasons[-1].matched == tools[1].removesuffix(" +").rpartition(" ")[2]


@pytest.mark.parametrize(
    "tools",
    [
        ("create_label",),
        ("create_label", "delete_shelf"),
        ("archive_thread", "is_thread_unarchived"),
        ("update_label", "list_shelves"),
        ("POST /runs/{id} cancelRun", "GET /runs/{id} getRun"),
        ("POST /labels createLabel", "GET /labels listLabels"),
    ],
)
def test_a_write_that_nothing_takes_back_is_not_called_reversible(tools):
    said = told(*tools)
    assert said.reversibility is Reversibility.UNKNOWN
    assert said.reasons[-1].matched == "none"


def test_tools_of_another_source_take_nothing_back():
    assert told("create_label", "delete_label", source="other").reversibility is Reversibility.UNKNOWN


@pytest.mark.parametrize(
    ("tools", "back"),
    [
        (("DELETE /stars/{id} deleteStar", "PUT /stars/{id} addStar"), True),
        (("DELETE /members/{id} removeMember", "POST /members addMember"), True),
        (("DELETE /notes/{id} deleteNote", "PUT /notes/{id} addNote +"), False),
        (("DELETE /notes/{id} deleteNote", "POST /notes createNote +"), False),
        (("DELETE /pods/{id}/proxy deleteProxy", "PUT /pods/{id}/proxy connectProxy"), False),
    ],
)
def test_a_removal_is_taken_back_only_where_a_state_is_switched(tools, back):
    alone, beside = assess(tool(tools[0])), told(*tools)
    assert (beside.reversibility is Reversibility.REVERSIBLE) is back
    assert (beside.effect, beside.types, beside.risk) == (alone.effect, alone.types, alone.risk)


NAMES = st.builds(
    "{}_{}".format,
    st.sampled_from(["create", "delete", "get", "lock", "unlock", "update", "send", "refund", "grant", "revoke"]),
    st.sampled_from(["order", "role", "thread", "message"]),
)


@given(st.lists(NAMES, min_size=1, max_size=8, unique=True))
def test_other_tools_change_nothing_but_whether_a_call_can_be_taken_back(names):
    tools = [tool(name) for name in names]
    for one, beside in zip(tools, assess_all(tools), strict=True):
        alone = assess(one)
        assert (beside.effect, beside.types, beside.risk, beside.flow_roles, beside.unclear) == (
            alone.effect, alone.types, alone.risk, alone.flow_roles, alone.unclear,
        )  # fmt: skip
        if alone.reversibility in {Reversibility.READ, Reversibility.EXTERNAL}:
            assert beside.reversibility is alone.reversibility


def test_some_tools_are_assessed_as_they_are_among_all():
    """Which tools undo a call is looked up among all of the source, so those that can matter are assessed too."""
    paths = {
        f"/v{n % 3}/{thing}s{tail}": {
            method: {"operationId": f"{verb}{thing.title()}{n}" if n % 2 else f"{verb}_{thing}"}
            for method, verb in ways.items()
        }
        for n, thing in enumerate(["order", "lock", "star", "member", "issue", "hook"])
        for tail, ways in {
            "": {"post": "create", "get": "list"},
            "/{id}": {"get": "get", "put": "update", "delete": "delete"},
            "/{id}/pin": {"put": "pin", "delete": "unpin"},
            "/{id}/note": {"post": "annotate"},
        }.items()
    }
    by_path_alone = {"/labels": {"post": "createLabel"}, "/labels/{id}": {"delete": "dropIt"}}
    by_name_alone = {"/shut": {"post": "lockThread"}, "/open": {"post": "unlockThread"}}
    for path, ways in (by_path_alone | by_name_alone).items():
        paths[path] = {method: {"operationId": name} for method, name in ways.items()}
    made = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths}
    tools = read(json.dumps(made).encode()).inventory.tools
    whole = {tool.id: found for tool, found in zip(tools, assess_all(tools), strict=True)}
    assert {found.reversibility for found in whole.values()} >= {Reversibility.REVERSIBLE, Reversibility.UNKNOWN}
    chance = random.Random(5)
    for size in (1, 1, 1, 2, 5, len(tools)):
        wanted = {tool.id for tool in chance.sample(tools, size)}
        assert assess_some(tools, wanted) == {tool: whole[tool] for tool in wanted}
    for tool in tools:
        assert assess_some(tools, {tool.id}) == {tool.id: whole[tool.id]}
