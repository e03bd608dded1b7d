"""The waterfall: bars that meet, the line of the cap, and the smallest steps together where rows are few."""

from __future__ import annotations

from itertools import pairwise

import pytest

from analysis.review.queries.figures.waterfall import ScoreStep
from tui.desk.figures.waterfall_chart import waterfall
from tui.desk.widgets.figure import width_of_row
from tui.desk.widgets.symbols import BAR, CAP

STEPS = [ScoreStep("Exposure", 300, 700), ScoreStep("Flows", 76, 624), ScoreStep("Data", 14, 610)]


def text(rows):
    return ["".join(run.text for run in row) for row in rows]


@pytest.mark.parametrize("width", [30, 46, 56])
def test_each_step_begins_where_the_one_before_ends(width):
    rows = text(waterfall(61, STEPS, None, "EXP-001", width, 9))
    assert all(len(row) <= width for row in rows)
    bars = [(row.index(BAR), row.rindex(BAR)) for row in rows if BAR in row]
    assert bars[0][0] == bars[-1][0]
    assert all(later[1] >= earlier[0] - 1 for earlier, later in pairwise(bars[1:-1]))
    assert rows[-1].strip() == "Fix next EXP-001"


def test_the_cap_is_a_line_with_its_value_below():
    rows = waterfall(49, STEPS, 49, "", 46, 9)
    lines = text(rows)
    column = {row.index(CAP) for row in lines if CAP in row}
    assert len(column) == 1
    assert "cap 49" in lines[-1]
    assert lines[-1].index("cap 49") - 2 == column.pop()
    assert max(width_of_row(row) for row in rows) <= 46


def test_few_rows_put_the_smallest_steps_together_and_lose_no_point():
    lines = text(waterfall(61, STEPS, None, "X", 46, 6))
    assert [line.split()[0] for line in lines] == ["Start", "Exposure", "Others", "Score", "Fix"]
    assert "9.0" in lines[2]


def test_without_a_score_there_is_no_bar_for_it():
    lines = text(waterfall(None, [], None, "", 46, 6))
    assert [line.count(BAR) > 0 for line in lines] == [True, False]
