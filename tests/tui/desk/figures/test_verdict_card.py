"""The band of a verdict: wide where there is room, closer where the sentence would be cut."""

from __future__ import annotations

import pytest

from analysis.model import Verdict
from tui.desk.figures.verdict_card import verdict_band

COUNTS = "33 approved · 6 with conditions · 8 blocked · 1 undecided"


def text_of(rows):
    return ["".join(run.text for run in row) for row in rows]


@pytest.mark.parametrize("verdict", [Verdict.BLOCKED, Verdict.NOT_REVIEWED, Verdict.APPROVABLE])
def test_the_sentence_is_whole_at_80_columns(verdict):
    (row,) = text_of(verdict_band(verdict, 78, sentence=COUNTS))
    assert COUNTS in row
    assert len(row) == 78


def test_capitals_are_spaced_where_there_is_room():
    (row,) = text_of(verdict_band(Verdict.BLOCKED, 100, sentence=COUNTS))
    assert row.startswith("  ✕  B L O C K E D    33 approved")


def test_a_sentence_that_fits_in_no_form_leaves_the_verdict_as_it_is():
    (row,) = text_of(verdict_band(Verdict.BLOCKED, 38, sentence=COUNTS))
    assert "B L O C K E D" in row
    assert len(row) == 38
