"""MCP tool lists: the three saved forms, and their faults."""

import json

import pytest

from analysis.ingest import read
from analysis.model import Level, SourceKind


def reading(data):
    return read(json.dumps(data).encode())


def tool(name="t", **more):
    return {"name": name, "inputSchema": {"type": "object"}} | more


LIST = [tool("list_rooms"), tool("book_room")]


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        ({"tools": LIST}, "/tools/0"),
        ({"jsonrpc": "2.0", "id": 1, "result": {"tools": LIST}}, "/result/tools/0"),
        (LIST, "/0"),
    ],
    ids=["result", "JSON-RPC response", "bare list"],
)
def test_the_three_shapes(data, pointer):
    found = reading(data)
    assert found.problems == ()
    assert [t.id for t in found.inventory.tools] == ["tools:list_rooms", "tools:book_room"]
    assert found.inventory.tools[0].pointer == pointer
    assert found.inventory.source.kind is SourceKind.MCP
    assert [s.check for s in found.not_checked] == [
        "behaviour",
        "authentication",
        "other credentials",
        "resources and prompts",
    ]


def test_the_shapes_give_one_digest():
    digests = {reading(d).inventory.tools[0].digest for d in ({"tools": LIST}, {"result": {"tools": LIST}}, LIST)}
    assert len(digests) == 1


@pytest.mark.parametrize("data", [[], [1], [{"title": "no name"}], {"tools": {}}, {"result": {}}, {"error": {}}, "x"])
def test_other_data_than_tool_lists_is_refused(data):
    found = reading(data)
    assert found.inventory is None
    assert found.problems[0].level is Level.REFUSED


def test_an_empty_list_is_a_list():
    assert reading({"tools": []}).inventory.tools == ()


def test_the_facts_of_a_tool():
    (found,) = reading(
        {
            "tools": [
                {
                    "name": "book_room",
                    "title": "Book",
                    "description": "Books a room.",
                    "inputSchema": {
                        "type": "object",
                        "required": ["room"],
                        "properties": {
                            "room": {"type": "string", "description": "Which room."},
                            "size": {"type": "integer", "enum": [4, 8]},
                            "guest": {"$ref": "#/$defs/Guest"},
                        },
                        "$defs": {"Guest": {"properties": {"email": {"type": "string"}}}},
                    },
                    "outputSchema": {"type": "array", "items": {"properties": {"booking": {}}}},
                    "annotations": {"readOnlyHint": False, "title": "no flag", "destructiveHint": True},
                }
            ]
        }
    ).inventory.tools
    assert (found.name, found.summary, found.description) == ("book_room", "Book", "Books a room.")
    assert (found.method, found.path, found.operation_id) == ("", "", "")
    assert [(p.name, p.place, p.required, p.type, p.values) for p in found.parameters] == [
        ("room", "argument", True, "string", ()),
        ("size", "argument", False, "integer", ("4", "8")),
        ("guest", "argument", False, "Guest", ()),
    ]
    assert found.request_fields == ("email", "guest", "room", "size")
    assert found.response_fields == ("booking",)
    assert found.returns_array
    assert found.security is None
    assert found.hints == (("destructiveHint", True), ("readOnlyHint", False))
    assert {p.text for p in found.text_spans} == {"Books a room.", "Which room.", "no flag"}


def test_server_facts_where_the_file_has_them():
    info = reading({"tools": LIST, "serverInfo": {"name": "Office", "version": "3"}}).inventory.source
    assert (info.title, info.version, info.format) == ("Office", "3", "MCP tools/list")


# --- faults ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "message", "pointer"),
    [
        ({"tools": [tool(), {"title": "x"}]}, "it has no name", "/tools/1"),
        ({"tools": [tool(), 7]}, "it has no name", "/tools/1"),
        ({"tools": [tool(), {"name": 7}]}, "it has no name", "/tools/1"),
        ({"tools": [{"name": "t"}]}, "`inputSchema` is not an object", "/tools/0"),
        ({"tools": [tool(inputSchema=[])]}, "`inputSchema` is not an object", "/tools/0"),
        ({"tools": [tool()], "nextCursor": "p2"}, "nextCursor", "/tools"),
        ({"result": {"tools": [tool()], "nextCursor": "p2"}}, "nextCursor", "/result/tools"),
        ({"tools": [tool(inputSchema={"$ref": "#/$defs/none"})]}, "points to nothing", "/tools/0/inputSchema"),
        ({"tools": [tool(inputSchema={"$ref": "other.json"})]}, "leads to another file", "/tools/0/inputSchema"),
    ],
)
def test_faults_are_reported(data, message, pointer):
    found = reading(data)
    assert [t.name for t in found.inventory.tools] == ["t"]
    (problem,) = found.problems
    assert message in problem.what
    assert (problem.level, problem.pointer) == (Level.ERROR, pointer)


@pytest.mark.parametrize(
    "names",
    [["a", "a"], ["a", "a", "a"], ["a", "a", "a#1"], ["a#1", "a", "a"], ["a#2", "a", "a"], ["a", "a#2", "a", "a"]],
)
def test_a_name_listed_twice_hides_no_tool(names):
    found = reading({"tools": [tool(name, description=f"number {n}") for n, name in enumerate(names)]})
    assert [t.description for t in found.inventory.tools] == [f"number {n}" for n in range(len(names))]
    assert len({t.id for t in found.inventory.tools}) == len(names)
    assert any("is listed twice" in p.what for p in found.problems)


# --- local references --------------------------------------------------------------------------------


@pytest.mark.parametrize("keyword", ["$defs", "definitions"])
def test_references_are_relative_to_the_tools_own_schema(keyword):
    schema = {
        "properties": {"a": {"$ref": f"#/{keyword}/A"}},
        keyword: {
            "A": {"properties": {"b": {"$ref": f"#/{keyword}/B"}}},
            "B": {"properties": {"c": {"$ref": "#"}}},
        },
    }
    found = reading({"tools": [tool(inputSchema=schema), tool("u", inputSchema={}, outputSchema=schema)]})
    assert found.inventory.tools[0].request_fields == ("a", "b", "c")
    assert found.inventory.tools[1].response_fields == ("a", "b", "c")
    assert found.problems == ()


def test_definitions_of_one_tool_do_not_leak_into_another():
    def with_field(field):
        return {"properties": {"x": {"$ref": "#/$defs/D"}}, "$defs": {"D": {"properties": {field: {}}}}}

    found = reading({"tools": [tool("p", inputSchema=with_field("one")), tool("q", inputSchema=with_field("two"))]})
    assert [t.request_fields for t in found.inventory.tools] == [("one", "x"), ("two", "x")]


def test_the_poisoned_sample_is_read_without_faults(root):
    found = read(str(root / "sample_data" / "poisoned-tools.json"))
    assert found.problems == ()
    assert len(found.inventory.tools) == 10
    assert found.inventory.source.id == "poisoned-tools"
