"""The matrix of risk by type: numbers, brightness, and bars that leave no part out."""

from __future__ import annotations

import pytest

from analysis.model import Risk, ToolType
from analysis.review.queries.figures.matrix import DecisionCounts, cell_weight
from tui.desk.figures.heat_matrix import decision_bar, heat_matrix
from tui.desk.widgets.figure import width_of_row
from tui.desk.widgets.symbols import HALF

CELLS = {
    (Risk.HIGH, ToolType.ADMINISTRATIVE): DecisionCounts(blocked=11, undecided=94),
    (Risk.HIGH, ToolType.READ): DecisionCounts(blocked=3, undecided=7),
    (Risk.LOW, ToolType.READ): DecisionCounts(approved=1_474, undecided=162),
}
WEIGHTS = {cell: cell_weight(cell[0], counts) for cell, counts in CELLS.items()}


def drawn(width, height, **how):
    return heat_matrix(CELLS, WEIGHTS, width, height, **how)


@pytest.mark.parametrize("width", [40, 60, 70, 78, 82])
@pytest.mark.parametrize("height", [7, 9, 12])
def test_it_fits(width, height):
    rows = drawn(width, height)
    assert all(width_of_row(row) <= width for row in rows)
    assert len(rows) == (9 if height >= 9 else 7)


def test_undecided_stands_before_all_and_is_what_stays_where_there_is_little_room():
    text = "\n".join("".join(run.text for run in row) for row in drawn(78, 9))
    assert "94 / 105" in text
    assert "162 / 1,636" in text
    narrow = "\n".join("".join(run.text for run in row) for row in drawn(40, 9))
    assert "94/105" in narrow
    assert " 162 " in narrow


def test_the_heaviest_cell_is_the_brightest_and_a_cell_without_tools_is_no_target():
    surfaces = {run.target: run.surface for row in drawn(78, 9) for run in row if run.target}
    assert surfaces["high administrative"] == "heat-top"
    assert surfaces["low read-only"] == "heat-3"
    assert surfaces["high read-only"] == "heat-1"
    assert surfaces.keys() == {f"{risk} {kind}" for risk, kind in CELLS}


def test_nothing_to_decide_is_dark():
    rows = heat_matrix({(Risk.HIGH, ToolType.READ): DecisionCounts(approved=3)}, {}, 78, 9)
    assert {run.surface for row in rows for run in row if run.target} == {"heat-0"}


@pytest.mark.parametrize(
    ("counts", "parts"),
    [
        (DecisionCounts(1_000, 1, 1, 1), {"approved": 7, "conditional": 1, "blocked": 1, "track": 1}),
        (DecisionCounts(5, 0, 5, 0), {"approved": 5, "blocked": 5}),
        (DecisionCounts(0, 0, 0, 9), {"track": 10}),
        (DecisionCounts(1, 1, 1, 0), {"approved": 4, "conditional": 3, "blocked": 3}),
    ],
)
def test_a_bar_is_as_long_as_it_should_be_and_no_part_vanishes(counts, parts):
    bar = decision_bar(counts, 10, glyph=HALF, textured=False)
    assert {run.style: len(run.text) for run in bar} == parts
    textured = decision_bar(counts, 10, glyph=HALF, textured=True)
    assert len({run.text[0] for run in textured}) == len(parts)
