"""The fields that tools reach are stated once for a source, however many tools reach them."""

from __future__ import annotations

import json

import pytest

from analysis.model import SourceId, Tool
from analysis.review import queries
from analysis.review.queries import inspection
from analysis.review.sources.importing import ImportOptions, examine_source, source_rows
from analysis.workspace import FIELD_SETS, from_plain

COUNT = 60


def linked(count: int, fields: int = 20) -> bytes:
    """Return a document in which every operation reaches every field of every schema, by a circle of references."""
    text = {"type": "string"}
    schemas, paths = {}, {}
    for number in range(count):
        following = {"$ref": f"#/components/schemas/Thing{(number + 1) % count}"}
        properties = {f"field{number}_{at}": text for at in range(fields)} | {"next": following}
        schemas[f"Thing{number}"] = {"type": "object", "properties": properties}
        inline = {f"own{number}": text, "thing": {"$ref": f"#/components/schemas/Thing{number}"}}
        content = {"application/json": {"schema": {"type": "object", "properties": inline}}}
        responses = {"200": {"description": "A thing", "content": content}}
        paths[f"/things{number}"] = {"get": {"operationId": f"getThing{number}", "responses": responses}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Linked", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    }
    return json.dumps(document).encode()


def reached(count: int, fields: int = 20) -> int:
    """Return how many fields each of them reaches: those of all schemas, `next`, `thing`, and its own."""
    return count * fields + 3


@pytest.fixture
def rows():
    return source_rows(examine_source(linked(COUNT), name=SourceId("linked")))


def test_a_stored_tool_states_no_name_of_a_field_that_it_reaches(rows):
    assert len(json.loads(rows.body)[FIELD_SETS]["names"]) == reached(COUNT) + COUNT - 1
    for _, _, heavy in rows.tools:
        tool = json.loads(heavy.split("\n")[0])["tool"]
        assert {type(tool[name]) for name in ("request_fields", "response_fields", "shallow_fields")} == {int}


def test_twice_the_schemas_are_twice_the_bytes(rows):
    """With the names in each tool they would be four times as many."""
    twice = source_rows(examine_source(linked(2 * COUNT), name=SourceId("linked")))
    sizes = [sum(len(heavy) for _, _, heavy in each.tools) + len(each.body) for each in (rows, twice)]
    assert sizes[1] < 2.3 * sizes[0]


def test_a_tool_has_its_fields_when_the_review_is_opened_again(opened, tmp_path):
    work = opened(tmp_path / "r.clearance", linked(COUNT))
    expected = {tool.id: tool for tool, _ in examine_source(linked(COUNT), name=work.review.sources()[0].info.id).tools}
    for each in (work, opened(work.review.path)):
        for state in each.review.tools():
            tool = queries.reviewed_tool(each.review, state.row.id).tool
            assert len(tool.response_fields) == reached(COUNT)
            assert tool.response_fields == tuple(expected[state.row.id].response_fields)
            assert tool.shallow_fields == tuple(expected[state.row.id].shallow_fields)


def test_a_tool_has_its_fields_after_another_import_and_a_validation(opened, tmp_path):
    work = opened(tmp_path / "r.clearance", linked(3))
    first = work.review.tools()[0].row.id
    assert "field2_0" in queries.reviewed_tool(work.review, first).tool.response_fields
    work.load(linked(4))
    fields = queries.reviewed_tool(work.review, first).tool.response_fields
    assert {"field2_0", "field3_0"} <= {*fields}
    with work.review.store.transaction():
        work.review.store.update_source(work.review.sources()[0].info.id, {"problems": []})
    assert queries.reviewed_tool(work.review, first).tool.response_fields == fields


def test_the_report_of_an_inspection_refers_to_the_same_sets():
    found = examine_source(linked(COUNT), options=ImportOptions())
    report = inspection.report(found)
    sets = report["field_sets"]
    for (tool, _), listed in zip(found.tools, report["tools"], strict=True):
        slices = sets["sets"][listed["response_field_set"]]
        assert {name for start, end in slices for name in sets["names"][start:end]} == {*tool.response_fields}
        assert "response_fields" not in listed
    assert len(json.dumps(sets["sets"])) < 60 * len(sets["sets"])


def test_a_tool_of_an_inspection_names_its_fields():
    found = examine_source(linked(2))
    tool, assessment = found.tools[0]
    assert inspection.derivation(found, tool, assessment)["response_fields"] == list(tool.response_fields)


def test_a_record_with_names_is_read_as_it_is():
    listed = from_plain(Tool, {"id": "s:a", "source": "s", "name": "a", "method": "", "path": "", "operation_id": "",
        "summary": "", "description": "", "digest": "", "pointer": "", "request_fields": ["a", "b"]})  # fmt: skip
    assert listed.request_fields == ("a", "b")
