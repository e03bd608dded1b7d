"""The filtered document as a target."""

import json

import pytest
import yaml

from analysis.ingest import read
from analysis.output.allowlist.target import TargetInput
from analysis.output.allowlist.targets import openapi
from tests.fixtures.api_documents import document, op
from tests.fixtures.target_inputs import allowlist, api_input, entry, server_input

PAIR = {"/a": {"delete": op("purge-user")}, "/b": {"get": op("purge_user")}, "/c": {"get": op("keep")}}


def exposed(export, name="crm.openapi.json"):
    """Return the operations of an exported document."""
    return {(tool.method, tool.path) for tool in read(export.files[name]).inventory.tools}


@pytest.mark.parametrize("blocked", [("DELETE", "/a"), ("GET", "/b")])
def test_exactly_the_approved_operations_whichever_of_a_pair_is_blocked(blocked):
    approved = {("DELETE", "/a"), ("GET", "/b"), ("GET", "/c")} - {blocked}
    export = openapi.render(api_input(document(PAIR), approved))
    assert exposed(export) == approved
    assert export.left_out == ()


def test_a_draft_exposes_none():
    export = openapi.render(api_input(document(PAIR), {("GET", "/c")}, status="draft"))
    assert exposed(export) == set()
    assert json.loads(export.files["crm.openapi.json"])["paths"] == {}
    assert b"DRAFT" in export.files["README.txt"]


def test_nothing_approved_is_a_document_without_paths():
    export = openapi.render(api_input(document(PAIR), set()))
    assert json.loads(export.files["crm.openapi.json"])["paths"] == {}


@pytest.mark.parametrize(("kind", "value"), [
    ("approval", "one person"), ("user", "ann@corp.example"), ("group", "support"), ("env", "staging"),
    ("param_allow", "limit: at most 100"), ("rate", "10 per hour"), ("audit", "every call"), ("expires", "2027-01-31"),
])  # fmt: skip
def test_a_condition_that_a_document_cannot_carry_leaves_the_tool_out(kind, value):
    given = api_input(document(PAIR), {("GET", "/b"), ("GET", "/c")}, conditions={("GET", "/b"): {kind: value}})
    export = openapi.render(given)
    assert exposed(export) == {("GET", "/c")}
    assert [(each.tool.partition(":")[2], each.reason) for each in export.left_out] == [
        ("GET /b", f"condition {kind}={value}"),
    ]  # fmt: skip
    assert b"condition" in export.files["README.txt"]


@pytest.mark.parametrize("kind", ["owner", "note"])
def test_a_statement_for_people_needs_no_enforcement(kind):
    given = api_input(document(PAIR), {("GET", "/b")}, conditions={("GET", "/b"): {kind: "K. Brandt"}})
    assert exposed(openapi.render(given)) == {("GET", "/b")}


def test_yaml_stays_yaml():
    raw = yaml.safe_dump(document(PAIR)).encode()
    export = openapi.render(api_input(raw, {("GET", "/c")}))
    assert exposed(export, "crm.openapi.yaml") == {("GET", "/c")}
    assert set(export.files) == {"README.txt", "crm.openapi.yaml", "crm.remove.overlay.json", "crm.mark.overlay.json"}


def test_other_tools_are_left_out_aloud():
    export = openapi.render(server_input({"send": "allow", "drop": "block"}))
    assert [(each.tool, each.reason) for each in export.left_out] == [("desk:send", "no OpenAPI document describes it")]
    assert set(export.files) == {"README.txt"}


def test_hosted_tools_and_sources_in_other_formats():
    entries = [
        entry("bot:search", "bot", "allow", hosted="web_search"),
        entry(
            "post:GET /a", "post", "allow", operation={"method": "GET", "path": "/a", "operation_id": "", "tags": []}
        ),
    ]
    export = openapi.render(TargetInput(allowlist(entries, {"bot": "mcp", "post": "postman"})))
    assert {each.tool: each.reason for each in export.left_out} == {
        "bot:search": "a hosted tool: its vendor runs it, and no server lists it",
        "post:GET /a": "no OpenAPI document describes it",
    }


def test_a_document_that_cannot_be_read_again_exposes_nothing():
    given = api_input(document(PAIR), {("GET", "/c")})
    for documents in ({}, {"crm": (("document", b"\x00"),)}):
        export = openapi.render(TargetInput(given.allowlist, documents))
        assert set(export.files) == {"README.txt"}
        assert len(export.left_out) == 1


def test_an_operation_that_is_defined_twice_is_left_out():
    made = document({"/a": {"$ref": "#/components/pathItems/A", "get": op("one")}, "/b": {"get": op("b")}},
                    components={"pathItems": {"A": {"get": op("two")}}})  # fmt: skip
    export = openapi.render(api_input(made, {("GET", "/a"), ("GET", "/b")}))
    assert exposed(export) == {("GET", "/b")}
    assert {each.reason for each in export.left_out} == {"the document defines it twice"}
