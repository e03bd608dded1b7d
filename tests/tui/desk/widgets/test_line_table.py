"""The table of visible rows: cursor, edges, widths."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len
from textual import events
from textual.app import App

from tui import desk
from tui.desk.styles.themes import register
from tui.desk.widgets.line_table import LineTable
from tui.desk.widgets.table_columns import Column

COLUMNS = (Column("ID", 4), Column("NAME", 0), Column("WIDE", 6, below=40))

#: What stands before a row: blanks, or the bar of the cursor.
BARS = " ▌▏"

STYLES = Path(desk.__file__).parent / "styles" / "desk.tcss"


class Host(App):
    """A table and nothing else."""

    CSS_PATH = STYLES
    CSS = "LineTable { border: none; }"

    def __init__(self, cells, columns=COLUMNS):
        super().__init__()
        register(self)
        self.table = LineTable(columns, cells, "nothing here", id="table")
        self.seen = []
        self.heads = []

    def compose(self):
        yield self.table

    def on_line_table_head_clicked(self, event):
        self.heads.append(event.column)

    def on_line_table_highlighted(self, event):
        assert event.control is self.table
        self.seen.append(event.key)


def cells(key):
    return [(key, ""), (f"name of {key}", "strong"), ("x", "dim")]


def keys(count):
    return [str(n) for n in range(count)]


def lines(table):
    return ["".join(s.text for s in table.render_line(y)) for y in range(table.size.height)]


@pytest.fixture
def tabled():
    """Run a table of some rows and yield it."""
    from contextlib import asynccontextmanager

    @asynccontextmanager
    async def run(count=100, *, size=(60, 11), draw=cells, columns=COLUMNS):
        host = Host(draw, columns)
        async with host.run_test(size=size) as pilot:
            await pilot.pause()
            host.table.show(keys(count))
            await pilot.pause()
            yield host, host.table, pilot

    return run


# cursor --------------------------------------------------------------------------------------------------


async def test_the_cursor_keeps_its_key_when_rows_come_and_go(tabled):
    async with tabled() as (_, table, _):
        table.go("40")
        table.show(["5", "40", "41"])
        assert (table.cursor, table.key) == (1, "40")
        table.show(keys(100))
        assert (table.cursor, table.key) == (40, "40")


async def test_the_cursor_goes_to_the_key_that_is_named(tabled):
    async with tabled() as (_, table, _):
        table.show(keys(50), keep="30")
        assert table.key == "30"
        table.show(keys(50), keep="no such row")
        assert table.key == "30"


async def test_the_cursor_stays_near_when_its_row_is_gone(tabled):
    async with tabled() as (_, table, _):
        table.go("40")
        table.show([key for key in keys(100) if key != "40"])
        assert (table.cursor, table.key) == (40, "41")
        table.show(["1", "2"])
        assert (table.cursor, table.key) == (1, "2")
        table.show([])
        assert (table.cursor, table.key) == (0, None)
        table.show(keys(3))
        assert (table.cursor, table.key) == (0, "0")


@pytest.mark.parametrize(
    ("steps", "cursor"),
    [([1], 1), ([-1], 0), ([1, 1, -1], 1), ([1000], 99), ([1000, 1], 99), ([-1000], 0), ([1000, -1], 98)],
)
async def test_moves_stop_at_the_edges(steps, cursor, tabled):
    async with tabled() as (_, table, _):
        for step in steps:
            table.move(step)
        assert table.cursor == cursor


async def test_a_page_is_one_row_less_than_the_height(tabled):
    async with tabled() as (_, table, _):
        table.page(1)
        assert table.cursor == 9  # ten rows are seen; one of them stays in sight
        table.page(1)
        assert table.cursor == 18
        table.page(-1)
        assert table.cursor == 9
        table.page(-5)
        assert table.cursor == 0
        table.page(50)
        assert table.cursor == 99


async def test_edges(tabled):
    async with tabled() as (_, table, _):
        table.edge(1)
        assert table.cursor == 99
        table.edge(0)
        assert table.cursor == 0


@pytest.mark.parametrize("count", [0, 1])
async def test_moves_in_a_table_of_no_or_one_row(count, tabled):
    async with tabled(count) as (_, table, _):
        for step in (table.move, table.page):
            step(1)
            step(-1)
        table.edge(1)
        assert table.cursor == 0
        table.edge(0)
        assert table.cursor == 0
        assert not table.go("99")


async def test_the_cursor_is_always_visible(tabled):
    async with tabled() as (_, table, pilot):
        for place in (0, 9, 10, 55, 99, 98, 50, 40, 0):
            table.cursor = place
            await pilot.pause()
            assert any(line.lstrip(BARS).startswith(f"{place} ") for line in lines(table)[1:]), place


async def test_the_cursor_stays_visible_when_the_terminal_shrinks(tabled):
    async with tabled() as (_, table, pilot):
        table.cursor = 9
        await pilot.resize_terminal(60, 6)
        await pilot.pause()
        assert any(line.lstrip(BARS).startswith("9 ") for line in lines(table)[1:])


async def test_every_new_key_is_posted(tabled):
    async with tabled(3) as (host, table, pilot):
        table.move(1)
        table.show(["1", "2"])  # the place changes, the key does not
        table.show(["2"])
        table.show([])
        await pilot.pause()
        assert host.seen[-1] is None
        assert "1" in host.seen
        assert "2" in host.seen


async def test_a_click_puts_the_cursor_on_its_row(tabled):
    async with tabled() as (_, table, pilot):
        await pilot.click("#table", offset=(5, 4))
        assert table.key == "3"
        table.cursor = 60
        await pilot.pause()
        top = table.scroll_offset.y
        await pilot.click("#table", offset=(5, 2))
        assert table.cursor == top + 1
        await pilot.click("#table", offset=(5, 0))  # the head is no row
        assert table.cursor == top + 1


@pytest.mark.draws
async def test_a_click_refers_to_the_row_as_drawn(tabled):
    """Rows may change between the frame on the screen and the click."""
    async with tabled() as (_, table, pilot):
        await pilot.pause()
        click = events.Click(table, 5, 4, 0, 0, 1, shift=False, meta=False, ctrl=False)
        table.show(["new", *keys(100)])
        table.on_click(click)
        assert table.key == "3"
        table.show(["new", "0"])
        await pilot.pause()
        table.on_click(click)
        assert table.key == "0"  # it was the only one left: nothing was drawn there


# drawing -------------------------------------------------------------------------------------------------


async def test_every_line_is_as_wide_as_the_table(tabled):
    async with tabled(3) as (_, table, pilot):
        for width in (20, 39, 40, 41, 60, 133):
            await pilot.resize_terminal(width, 11)
            await pilot.pause()
            assert {table.render_line(y).cell_length for y in range(11)} == {table.size.width}


async def test_a_column_is_hidden_in_narrow_tables(tabled):
    async with tabled(1, size=(60, 5)) as (_, table, pilot):
        assert "WIDE" in lines(table)[0]
        await pilot.resize_terminal(39, 5)
        await pilot.pause()
        assert "WIDE" not in lines(table)[0]
        assert "NAME" in lines(table)[0]


WIDE = {
    "plain": "listCustomers",
    "chinese": "列出所有的客户和他们的账单" * 3,
    "emoji": "👩‍💻🇨🇭🎉" * 10,
    "combining": "é" * 40,
    "long": "x" * 500,
    "odd": "列" * 21 + "a",
    "empty": "",
}


@pytest.mark.parametrize("width", [30, 41, 60, 61])
async def test_wide_characters_keep_the_columns_aligned(width, tabled):
    def draw(key):
        return [("id", ""), (WIDE[key], "high"), ("END", "")]

    async with tabled(0, size=(width, 11), draw=draw) as (_, table, pilot):
        table.show(list(WIDE))
        await pilot.pause()
        for y in range(1, len(WIDE) + 1):
            strip = table.render_line(y)
            assert strip.cell_length == table.size.width
            text = "".join(segment.text for segment in strip)
            assert cell_len(text) == table.size.width
            if width >= 40:
                before = text[: text.index("END")]
                head = lines(table)[0]
                assert cell_len(before) == head.index("WIDE")


async def test_a_cut_cell_ends_in_an_ellipsis(tabled):
    async with tabled(1, draw=lambda _: [("id", ""), ("x" * 200, ""), ("", "")]) as (_, table, _):
        assert "x…" in lines(table)[1]


async def test_text_is_never_markup(tabled):
    name = "[b]bold[/b][@click=app.quit]x[/]"
    async with tabled(1, draw=lambda _: [("[i]", ""), (name, "strong"), ("", "")]) as (_, table, _):
        assert name in lines(table)[1]
        assert not any(segment.style and segment.style.meta for segment in table.render_line(1))


async def test_an_empty_table_says_why(tabled):
    async with tabled(0) as (_, table, _):
        assert lines(table)[1].strip() == "nothing here"
        table.show(keys(1))
        assert "nothing here" not in "".join(lines(table))


async def test_redraw(tabled):
    state = {"1": "old", "2": "old"}
    async with tabled(0, draw=lambda key: [(key, ""), (state[key], ""), ("", "")]) as (_, table, _):
        table.show(["1", "2"])
        assert [line.lstrip(BARS).split()[1] for line in lines(table)[1:3]] == ["old", "old"]
        state.update({"1": "new", "2": "new"})
        table.redraw(["1"])
        assert [line.lstrip(BARS).split()[1] for line in lines(table)[1:3]] == ["new", "old"]
        table.redraw()
        assert [line.lstrip(BARS).split()[1] for line in lines(table)[1:3]] == ["new", "new"]


async def test_only_visible_rows_are_drawn(tabled):
    asked = set()

    def draw(key):
        asked.add(key)
        return cells(key)

    async with tabled(50_000, draw=draw) as (_, table, pilot):
        await pilot.pause()
        table.edge(1)
        await pilot.pause()
        lines(table)
        assert len(asked) < 60
        assert "49999" in asked


# frame, sections, heads --------------------------------------------------------------------------------------


async def test_the_cursor_passes_over_the_lines_of_sections(tabled):
    async with tabled(0, size=(60, 8)) as (_, table, pilot):
        table.show(keys(20), sections={0: (("High", "strong"),), 3: (("Low", "strong"),)})
        await pilot.pause()
        assert [line.strip(BARS).split(" ")[0] for line in lines(table)] == [
            "ID",
            "High",
            "0",
            "1",
            "2",
            "Low",
            "3",
            "4",
        ]
        for _ in range(3):
            table.move(1)
        assert table.key == "3"
        table.edge(1)
        await pilot.pause()
        assert lines(table)[-1].lstrip(BARS).startswith("19 ")
        table.edge(0)
        await pilot.pause()
        assert [line.strip() for line in lines(table)][1] == "High"  # the first row brings its section along


async def test_a_click_on_a_section_chooses_no_row(tabled):
    async with tabled(0, size=(60, 8)) as (host, table, pilot):
        table.show(keys(20), sections={0: (("High", "strong"),), 3: (("Low", "strong"),)})
        await pilot.pause()
        await pilot.click(LineTable, offset=(5, 6))
        assert table.key == "3"
        await pilot.click(LineTable, offset=(5, 5))
        assert table.key == "3"
        assert host.heads == []


async def test_a_click_on_a_head_names_its_column(tabled):
    async with tabled() as (host, table, pilot):
        await pilot.click(LineTable, offset=(3, 0))
        await pilot.click(LineTable, offset=(20, 0))
        assert host.heads == [0, 1]
        assert table.cursor == 0


async def test_numbers_stand_at_the_right_and_names_lose_their_middle(tabled):
    def draw(key):
        return [(key, ""), ("set-artifact-and-log-settings-organization", "strong")]

    columns = (Column("N", 5, right=True), Column("NAME", 0, middle=True))
    async with tabled(3, size=(30, 5), draw=draw, columns=columns) as (_, table, _):
        assert lines(table)[1].strip(BARS) == "0 set-artifa…ganization"
        assert lines(table)[1].index("0") == 6


async def test_a_frame_says_title_counts_and_position(tabled):
    async with tabled(40, size=(50, 8)) as (_, table, pilot):
        table.styles.border = ("round", "white")
        table.entitle("Things", (("40", "strong"), (" things", "dim")))
        await pilot.pause()
        table.show(keys(40))
        await pilot.pause()
        drawn = ["".join(s.text for s in strip) for strip in table.render_lines(table.region.reset_offset)]
        assert drawn[0] == "┏━ Things ━━━━━━━━━━━━━━━━━━━━━━━━━━━ 40 things ━┓"
        assert drawn[-1] == "┗━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ 1 to 5 of 40 ━┛"
        assert {cell_len(each) for each in drawn} == {50}
        assert [each[-1] for each in drawn[1:-1]] == ["▐", "┃", "┃", "┃", "┃", "┃"]
        table.edge(1)
        await pilot.pause()
        drawn = ["".join(s.text for s in strip) for strip in table.render_lines(table.region.reset_offset)]
        assert "36 to 40 of 40" in drawn[-1]
        assert drawn[-2][-1] == "▐"
