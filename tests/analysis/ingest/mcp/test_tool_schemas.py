"""What tools of one source share of their schemas."""

from analysis.ingest.document.loading import Limits
from analysis.ingest.document.reader import Parsed
from analysis.ingest.document.references import DocumentSet
from analysis.ingest.mcp import tool_schemas
from analysis.ingest.mcp.tool_schemas import ToolSchemas


def schemas():
    documents = DocumentSet("", Parsed({}), Limits())
    return documents, ToolSchemas(documents)


def taking(*names):
    return {"type": "object", "properties": {name: {"type": "string"} for name in names}}


def test_equal_inputs_are_read_once():
    _, reader = schemas()
    assert reader.input(taking("a", "b"), "/1") is reader.input(taking("a", "b"), "/2")
    assert reader.input(taking("a"), "/3").parameters[0].name == "a"


def test_sets_of_equal_names_are_one_object():
    _, reader = schemas()
    taken = reader.input(taking("b", "a") | {"description": "another text"}, "/1").fields
    assert taken is reader.output(taking("a", "b"), "/2").all
    assert reader.output({}, "/3").all is reader.output(None, "/4").shallow


def test_a_broken_reference_is_reported_where_it_is():
    documents, reader = schemas()
    broken = {"properties": {"a": {"$ref": "#/$defs/none"}}}
    for pointer in ("/1", "/2"):
        reader.input(broken, pointer)
    assert [problem.pointer for problem in documents.problems] == ["/1/properties/a", "/2/properties/a"]


def test_a_set_takes_no_bit_for_every_name_of_a_large_source(monkeypatch):
    monkeypatch.setattr(tool_schemas, "_MAX_NAMES", 10)
    _, reader = schemas()
    sets = [reader.output(taking(*(f"f{number}_{at}" for at in range(5))), "").all for number in range(20)]
    assert max(each.bits.bit_length() for each in sets) <= 15
    assert sets[19] == tuple(f"f19_{at}" for at in range(5))
