"""Resources, prompts and other kinds at the desk: named as what they are, and chosen by a facet."""

import json

import pytest

from analysis.review import queries
from analysis.review.queries.related_tools import related_tools
from analysis.review.session import Review
from analysis.review.sources.importing import examine_source
from tui.desk.areas.tool_row import ToolColumns
from tui.desk.pages.facets import choices
from tui.desk.pages.tool import page
from tui.desk.shell.session import Session
from tui.desk.widgets.table_columns import cell_text

LIST = {
    "tools": [{"name": "count_sheep", "inputSchema": {"type": "object"}}],
    "resources": [{"uri": "fold://wool", "name": "wool"}],
    "prompts": [{"name": "shear", "description": "Shears."}],
}


@pytest.fixture
def opened(tmp_path):
    def open_review(data):
        made = Review.create(
            tmp_path / "fold.clearance",
            [examine_source(json.dumps(data).encode(), uri="fold.json")],
            actor="ann",
            at="2026-03-01T10:00:00Z",
        )
        reviews.append(made)
        return made

    reviews = []
    yield open_review
    for each in reviews:
        each.close()


def test_a_row_says_what_it_is(opened):
    rows = [ToolColumns().cells(state) for state in opened(LIST).tools()]
    assert [cell_text(cells[3]) for cells in rows] == ["count_sheep", "resource: wool", "prompt: shear"]
    assert [cell_text(cells[4]) for cells in rows] == ["MCP tool", "resource fold://wool", "prompt"]


def test_kinds_are_a_facet_where_there_are_several(opened):
    session = Session(opened(LIST), "ann")
    facets = {choice.label: (choice.count, choice.query) for choice in choices(session) if choice.title == "Kind"}
    assert facets == {"tool": (1, "kind:tool"), "resource": (1, "kind:resource"), "prompt": (1, "kind:prompt")}


def test_kinds_are_no_facet_of_tools_alone(opened):
    session = Session(opened({"tools": LIST["tools"]}), "ann")
    assert not [choice for choice in choices(session) if choice.title == "Kind"]


def test_the_page_of_a_resource_shows_its_address(opened):
    review = opened(LIST)
    state = review.tools()[1]
    reviewed = queries.reviewed_tool(review, state.row.id)
    shown = "\n".join(str(line) for line in page(reviewed, (), (), related_tools(review, reviewed)))
    assert "resource fold://wool" in shown


def test_a_long_name_of_a_place_stands_apart_from_what_was_found_there(opened):
    review = opened({"tools": [{"name": "close_gate", "description": "Closes the gate.", "inputSchema": {}}]})
    reviewed = queries.reviewed_tool(review, review.tools()[0].row.id)
    assert "other tools" in [reason.where for reason in reviewed.assessment.reasons]
    shown = [
        "".join(text for text, _ in line.parts) for line in page(reviewed, (), (), related_tools(review, reviewed))
    ]
    found = next(text for text in shown if text.startswith("other tools"))
    assert found.removeprefix("other tools").startswith(" ")
