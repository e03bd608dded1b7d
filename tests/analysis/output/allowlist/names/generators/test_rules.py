"""The rules on invented operations, as a table that a person can read; `tests/e2e` compares them with the generators."""

import json

import pytest

from analysis.errors import UsageError
from analysis.output.allowlist.document.operations import ApiOperation, Behind
from analysis.output.allowlist.names.generator import NoTool
from analysis.output.allowlist.names.generators import GENERATORS, current_generators, generator_named
from tests.fixtures.api_documents import HOSTILE, document, op, operations
from tests.goldens import check_golden


def names(generator, paths, **more):
    """Return what a generator makes of a document: its name, or why there is none, by `METHOD /path`."""
    found = operations(json.dumps(document(paths, **more)).encode())
    given = generator_named(generator).rule(found)
    return {key: each.name if each.name is not None else each.why for key, each in given.items()}


def test_the_table_of_names():
    lines = []
    for title, made in HOSTILE.items():
        found = operations(json.dumps(made).encode())
        given = {f"{g.name} {'/'.join(g.versions)}": g.rule(found) for g in GENERATORS}
        lines += [f"== {title}"]
        for each in found:
            lines.append(f"{each.method} {json.dumps(each.path)} {json.dumps(each.operation_id or each.summary)}")
            by_name = {}
            for generator, named in given.items():
                one = named[each.key]
                said = f"- {one.why}" if one.name is None else json.dumps(one.name)
                said += " (cut)" if one.cut else ""
                said += f" (runs {one.runs})" if one.name is not None and one.runs != each.key else ""
                by_name.setdefault(said, []).append(generator)
            lines += [f"    {said}: {', '.join(by_name[said])}" for said in by_name]
    check_golden("tool-names.txt", "\n".join(lines) + "\n", first="Run tests/e2e/test_names.py: the generators decide.")


def test_an_unknown_version_is_refused_and_never_guessed():
    with pytest.raises(UsageError, match="not known") as refused:
        generator_named("fastmcp@9.9.9")
    assert "fastmcp@4.2.3" in refused.value.remedy
    assert "fastmcp@3.4.10" in refused.value.remedy


def test_an_unknown_generator_is_refused_with_the_nearest():
    with pytest.raises(UsageError, match="no such generator") as refused:
        generator_named("litelm")
    assert refused.value.remedy == "did you mean litellm?"


def test_a_name_alone_means_the_newest_version():
    assert generator_named("fastmcp").label == "fastmcp@4.2.3"
    assert generator_named("fastmcp@4.1.2").label == "fastmcp@4.1.2"
    assert generator_named("fastmcp@3.4.10").label == "fastmcp@3.4.10"


def test_each_generator_is_listed_once_as_current():
    assert len({g.name for g in current_generators()}) == len(current_generators())
    assert {g.name for g in current_generators()} == {g.name for g in GENERATORS}


def test_versions_of_one_generator_differ():
    paths = {
        "/a": {"get": op("drop-")},
        "/b": {"get": op("drop")},
        "/c": {"get": op("drop_2")},
        "/d": {"get": op("---")},
    }
    assert names("fastmcp@3.4.10", paths) == {
        "GET /a": "drop", "GET /b": NoTool.OVERWRITTEN, "GET /c": "drop_2", "GET /d": "",
    }  # fmt: skip
    assert names("fastmcp@4.1.2", paths)["GET /c"] == "drop_2_2"
    assert names("fastmcp@4.1.2", paths)["GET /d"] == ""
    assert names("fastmcp@4.2.3", paths)["GET /d"] == "GET_d"


def test_what_the_litellm_proxy_serves_is_not_what_its_preview_shows():
    paths = {"/a": {"get": op("Drop.User")}, "/b": {"get": op("drop user")}, "/c": {"get": op("drop_user")}}
    assert names("litellm", paths) == {"GET /a": "drop.user", "GET /b": NoTool.OVERWRITTEN, "GET /c": "drop_user"}
    assert names("litellm-preview", paths) == {"GET /a": "drop_user", "GET /b": "drop_user_2", "GET /c": "drop_user_3"}


def test_names_stated_by_the_document():
    stated = {"x-speakeasy-mcp": {"name": "close-month"}}
    paths = {
        "/a": {"get": op("a", **stated), "post": op("b", **{"x-speakeasy-mcp": {"disabled": True}}), "put": op("c")}
    }
    assert names("speakeasy", paths) == {
        "GET /a": "close-month", "POST /a": NoTool.EXCLUDED, "PUT /a": NoTool.NOT_STATED,
    }  # fmt: skip


def test_methods_that_no_generator_reads():
    query = ApiOperation("QUERY /a", "QUERY", "/a", "ask")
    for generator in current_generators():
        if generator.name not in {"speakeasy", "swagger-mcp"}:
            assert generator.rule([query])["QUERY /a"].why is NoTool.METHOD, generator.name


@pytest.mark.parametrize(
    "generator", [g for g in GENERATORS if g.name != "cnoe"], ids=lambda g: f"{g.name}-{g.version}"
)
def test_every_operation_gets_an_answer(generator):
    found = [
        ApiOperation(f"GET /{n}", "GET", f"/{n}", name) for n, name in enumerate(["", "a", "a", "A", "é", "x" * 300])
    ]
    behind = ApiOperation("GET /behind", "GET", "/behind", "b", behind=Behind.PATH_ITEM)
    given = generator.rule([*found, behind])
    assert set(given) == {each.key for each in [*found, behind]}
    assert all((each.name is None) == (each.why is not None) for each in given.values())
