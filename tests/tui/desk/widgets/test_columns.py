"""Items side by side: their words that differ are marked, and nothing else."""

from __future__ import annotations

from tui.desk.widgets.columns import side_by_side


def marked(rows, width=100):
    """Return the marked words of each row that is shown."""
    shown = [each.parts for each in side_by_side(rows, width, 10)]
    return [[text for text, style in parts if style == "mark"] for parts in shown]


def test_words_that_not_all_items_have_are_marked():
    rows = [("", ("getUser", "getUserOld")), ("summary", ("Get one user", "Get one user, as of the old store"))]
    assert marked(rows)[2] == ["as", "of", "the", "old", "store"]


def test_equal_rows_and_names_are_not_marked_and_case_is_no_difference():
    rows = [("", ("a", "b")), ("method", ("GET", "get"))]
    assert marked(rows) == [[], [], []]


def test_the_text_is_whole_whatever_is_marked():
    rows = [("", ("a", "b")), ("summary", ("Lists users (all), sorted.", "Lists teams; not sorted!"))]
    *_, parts = (each.parts for each in side_by_side(rows, 100, 10))
    text = "".join(text for text, _ in parts)
    assert "Lists users (all), sorted." in text
    assert "Lists teams; not sorted!" in text
