"""The picture of the path: boxes and arrows that fit every size, and say by symbol and word which way is open."""

from __future__ import annotations

import pytest

from tui.desk.figures.flow_picture import PictureTool, RoleBox, WayState, flow_picture
from tui.desk.widgets.figure import width_of_row
from tui.desk.widgets.symbols import TO_ASCII


def box(way, *states, title="untrusted content", brief="untrusted"):
    nodes = [PictureTool(f"{title} {n}", f"tool-{n}-with-a-long-name", state) for n, state in enumerate(states)]
    counts = {state: states.count(state) for state in dict.fromkeys(states)}
    return RoleBox(title, brief, way, nodes, {node.tool: node for node in nodes}.get, counts, f"role:{title}")


def text(rows):
    return ["".join(run.text for run in row) for row in rows]


def styles(rows, word):
    return {run.style for row in rows for run in row if word in run.text}


OPEN = box(WayState.OPEN, "approved", "undecided")
CUT = box(WayState.BROKEN, "blocked", "blocked")
UNSETTLED = box(WayState.UNKNOWN, "unknown")


@pytest.mark.parametrize("width", [60, 78, 80, 99, 118, 198])
@pytest.mark.parametrize("height", [5, 7, 12])
def test_every_row_fits(width, height):
    rows = flow_picture([OPEN, CUT, UNSETTLED], width, height)
    assert len(rows) == height
    assert len({width_of_row(row) for row in rows}) == 1
    assert width_of_row(rows[0]) <= width


@pytest.mark.parametrize(
    ("boxes", "ways", "style"),
    [
        ([OPEN, OPEN, OPEN], ["open", "open"], "bad"),
        ([OPEN, CUT, OPEN], ["broken", "broken"], "good"),
        ([CUT, OPEN, OPEN], ["broken", "open"], "good"),
        ([OPEN, OPEN, UNSETTLED], ["open", "unknown"], "warn"),
        ([UNSETTLED, OPEN, CUT], ["unknown", "broken"], "warn"),
    ],
)
def test_an_arrow_says_in_word_and_symbol_whether_the_way_is_open(boxes, ways, style):
    rows = flow_picture(boxes, 78, 7)
    words, arrows = text(rows)[2], text(rows)[3]
    assert [word for word in words.split() if word in {"open", "broken", "unknown"}] == ways
    ends = {"open": "▶", "unknown": "?", "broken": "✕"}
    assert [arrow[-1] for arrow in arrows.split() if arrow.startswith("━━")] == [ends[way] for way in ways]
    assert style in styles(rows, ways[0]) | styles(rows, ways[-1])


def test_only_a_path_that_is_whole_is_red():
    assert "bad" not in {run.style for row in flow_picture([OPEN, OPEN, CUT], 78, 7) for run in row}


def test_a_box_says_how_many_tools_it_has_in_each_state():
    shown = text(flow_picture([box(WayState.OPEN, *["approved"] * 3, *["undecided"] * 9), CUT, OPEN], 120, 7))
    assert " 12 " in shown[0]
    assert "3 approved · 9 undecided" in shown[-2]
    narrow = text(flow_picture([box(WayState.OPEN, *["approved"] * 3, *["undecided"] * 9), CUT, OPEN], 78, 7))
    assert "✓ 3  · 9" in narrow[-2]


def test_the_chosen_tool_is_in_the_picture_however_many_there_are():
    many = box(WayState.OPEN, *["undecided"] * 50)
    rows = flow_picture([many, CUT, OPEN], 78, 7, chosen="untrusted content 40")
    assert sum("▌" in line for line in text(rows)) == 1
    assert "tool-40" in "".join(text(rows))
    assert {run.target for row in rows for run in row} >= {"untrusted content 40", "role:untrusted content"}


def test_it_can_be_read_without_unicode():
    shown = "".join(text(flow_picture([OPEN, CUT, UNSETTLED], 78, 7))).translate(TO_ASCII)
    assert shown.isascii()
