"""The columns of the inventory: chosen by letters, kept for the next time, ordered by a click on their heads."""

from __future__ import annotations

import pytest

from tui.desk.areas.tool_row import CHOICES, USUAL, ToolColumns
from tui.desk.styles.preferences import keep_theme, preferences_file, read_columns, read_theme
from tui.desk.widgets.table_columns import TableColumns


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def titles(names, width):
    """Return the heads that are shown in a width."""
    columns = ToolColumns(names).columns
    widths = TableColumns(columns).widths(width)
    return [column.title for column, size in zip(columns, widths, strict=True) if size and column.title]


async def test_a_column_is_chosen_by_its_letter_and_kept(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(170, 40)) as hand:
        await hand.types("T g o c escape")
        head = (await hand.look()).split("\n")[4]
        assert "Tags" in head
        assert "Owner" in head
        await hand.types('@ "ann" enter "2030-01-31" enter')
        await hand.shows("ann 01-31")
        assert read_columns() == ("type", "tags", "data", "owner")
    async with at_desk(open_review("sample"), size=(170, 40), columns=read_columns()) as hand:
        assert "Owner" in (await hand.look()).split("\n")[4]
        await hand.types("T u escape")
        assert hand.desk.tools_area.columns.names == USUAL


def test_theme_and_columns_are_kept_beside_each_other():
    from tui.desk.styles.preferences import keep_columns

    assert keep_columns(("tags", "group")) == ""
    assert keep_theme("light") == ""
    assert (read_theme(), read_columns()) == (("light", ""), ("tags", "group"))


@pytest.mark.parametrize("text", ["columns = 3", 'columns = ["tags", "no such"]', "columns = ["])
def test_a_wrong_file_means_the_usual_columns(text):
    preferences_file().parent.mkdir(parents=True)
    preferences_file().write_text(text)
    assert read_columns() == USUAL


def test_what_was_chosen_stays_longer_than_call_and_data():
    assert titles(USUAL, 78) == ["Risk", "Type", "Tool", "Call"]
    assert titles((*USUAL, "tags"), 78) == ["Risk", "Type", "Tool", "Tags", "Data"]
    assert titles((*USUAL, "tags", "group"), 78) == ["Risk", "Type", "Tool", "Tags", "Group"]


@pytest.mark.parametrize("width", range(38, 200))
def test_a_name_has_its_least_width_whatever_is_chosen(width):
    columns = ToolColumns(tuple(CHOICES)).columns
    sizes = dict(zip((column.title for column in columns), TableColumns(columns).widths(width), strict=True))
    assert sizes["Tool"] >= 19


async def test_a_click_on_a_chosen_head_orders_by_it(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40), columns=("tags", "group")) as hand:
        table = hand.desk.tools_area.table
        head = (await hand.look()).split("\n")[4]
        await hand.click(table, (head.index("Tags") + 1, 1))
        assert hand.desk.session.order == "tag"
        tags = [state.row.tags for state in map(hand.review.tool, hand.desk.session.shown)]
        assert tags == sorted(tags)
        await hand.click(table, (head.index("Group") + 1, 1))
        assert hand.desk.session.order == "group"
