"""The FastMCP program and its data; `tests/e2e/test_fastmcp_server.py` runs it."""

import ast
import json

from analysis.ingest import read
from analysis.output.allowlist.targets import fastmcp
from tests.fixtures.api_documents import document, op
from tests.fixtures.target_inputs import api_input, server_input

PATHS = {
    "/a": {"delete": op("purge-user")},
    "/b": {"get": op("purge_user")},
    "/c": {"get": op("keep", parameters=[{"name": "X-Tenant", "in": "header", "schema": {"type": "string"}}])},
    "/d": {"get": op("n" * 60)},
}


def data(export):
    return json.loads(export.files["approved.json"])


def test_operations_by_method_path_and_name():
    export = fastmcp.render(api_input(document(PATHS), {("DELETE", "/a"), ("GET", "/c")}))
    assert data(export)["openapi"]["crm"] == {
        "document": "crm.openapi.json",
        "header_parameters": ["X-Tenant"],
        "operations": [
            {"method": "DELETE", "path": "/a", "name": "purge_user"}, {"method": "GET", "path": "/c", "name": "keep"},
        ],
    }  # fmt: skip
    found = read(export.files["crm.openapi.json"]).inventory.tools
    assert {(tool.method, tool.path) for tool in found} == {("DELETE", "/a"), ("GET", "/c")}
    assert export.left_out == ()


def test_a_name_that_moves_or_is_cut_leaves_the_tool_out():
    export = fastmcp.render(api_input(document(PATHS), {("GET", "/b"), ("GET", "/c"), ("GET", "/d")}))
    assert [each["name"] for each in data(export)["openapi"]["crm"]["operations"]] == ["keep"]
    assert {each.tool.partition(":")[2]: each.reason for each in export.left_out} == {
        "GET /b": "FastMCP: its name denotes another operation in the whole document",
        "GET /d": "FastMCP: its name is cut",
    }
    assert {(t.method, t.path) for t in read(export.files["crm.openapi.json"]).inventory.tools} == {("GET", "/c")}


def test_a_draft_and_an_empty_set_offer_nothing():
    for given in (
        api_input(document(PATHS), {("GET", "/c")}, status="draft"),
        api_input(document(PATHS), set()),
    ):
        assert data(fastmcp.render(given))["openapi"]["crm"]["operations"] == []
    assert data(fastmcp.render(server_input({"send": "allow"}, status="draft")))["mcp"]["desk"]["tools"] == []


def test_tools_of_a_server_have_the_names_it_gives_them():
    export = fastmcp.render(server_input({"send mail": "allow", "Send": "allow", "drop": "block"}))
    assert data(export)["mcp"] == {"desk": {"server": "desk", "tools": ["Send", "send mail"]}}


def test_the_program_is_python_and_decides_by_method_and_path():
    program = fastmcp.render(server_input({})).files["server.py"].decode("ascii")
    ast.parse(program)
    for needed in ("route_map_fn", "MCPType.EXCLUDE", "only=True", 'provider_error_strategy="raise"',
                   'host_origin_protection="auto"', "forward_incoming_headers=False", "offered != approved"):  # fmt: skip
        assert needed in program
