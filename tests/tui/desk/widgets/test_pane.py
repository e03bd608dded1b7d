"""The pane: paragraphs wrapped to its width, never interpreted as markup."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.app import App

from tui import desk
from tui.desk.styles.themes import register
from tui.desk.widgets.lines import line
from tui.desk.widgets.pane import Pane

STYLES = Path(desk.__file__).parent / "styles" / "desk.tcss"
LONG = "one two three four five six seven eight nine ten eleven twelve " * 4


class Host(App):
    """A pane and nothing else."""

    CSS_PATH = STYLES
    CSS = "Pane { border: none; }"

    def __init__(self):
        super().__init__()
        register(self)

    def compose(self):
        yield Pane(id="pane")


def texts(pane):
    return ["".join(s.text for s in pane.render_line(y)).rstrip() for y in range(pane.size.height)]


async def shown(pilot, *paragraphs):
    pane = pilot.app.query_one(Pane)
    pane.show(paragraphs)
    await pilot.pause()
    return pane


@pytest.mark.parametrize("width", [20, 33, 80, 132])
@pytest.mark.parametrize("text", [LONG, "x" * 400, "列出所有的客户" * 30, "a " + "👩‍💻" * 60])
@pytest.mark.parametrize("indent", [0, 4])
async def test_no_line_is_wider_than_the_pane(width, text, indent):
    async with Host().run_test(size=(width, 40)) as pilot:
        pane = await shown(pilot, line("key  ", (text, "dim"), indent=indent))
        for y in range(40):
            strip = pane.render_line(y)
            assert strip.cell_length == pane.size.width
            assert cell_len("".join(segment.text for segment in strip)) == pane.size.width


async def test_nothing_is_lost_in_wrapping():
    async with Host().run_test(size=(31, 60)) as pilot:
        pane = await shown(pilot, line(LONG, indent=3), line("x" * 100))
        words = " ".join(texts(pane)).split()
        assert words[:48] == LONG.split()
        assert "".join(words[48:]) == "x" * 100


async def test_wrapped_lines_are_indented():
    async with Host().run_test(size=(30, 20)) as pilot:
        pane = await shown(pilot, line(LONG, indent=4))
        first, second, *_ = texts(pane)
        assert first.startswith(" one")
        assert second.startswith("     ")
        assert not second.startswith("      ")


async def test_an_empty_paragraph_is_an_empty_line():
    async with Host().run_test(size=(30, 5)) as pilot:
        pane = await shown(pilot, line("a"), line(""), line("b"))
        assert [text.strip() for text in texts(pane)] == ["a", "", "b", "", ""]


async def test_text_is_never_markup():
    hostile = "[@click=app.quit]x[/] [link=http://example.invalid]y[/link] [/nope] \\[z]"
    async with Host().run_test(size=(100, 5)) as pilot:
        pane = await shown(pilot, line((hostile, "bad")))
        assert texts(pane)[0].strip() == hostile
        for segment in pane.render_line(0):
            assert not (segment.style and (segment.style.meta or segment.style.link))


async def test_another_page_starts_at_its_top():
    async with Host().run_test(size=(30, 6)) as pilot:
        pane = await shown(pilot, *(line(str(n)) for n in range(40)))
        pane.page(1)
        await pilot.pause()
        assert pane.scroll_offset.y == 3
        assert texts(pane)[0].strip() == "3"
        pane.page(-1)
        pane.page(-1)
        await pilot.pause()
        assert pane.scroll_offset.y == 0
        pane.page(100)
        await pilot.pause()
        assert texts(pane)[-1].strip() == "39"
        await shown(pilot, *(line(f"new {n}") for n in range(40)))
        assert texts(pane)[0].strip() == "new 0"


async def test_the_page_is_wrapped_again_when_the_width_changes():
    async with Host().run_test(size=(30, 40)) as pilot:
        pane = await shown(pilot, line(LONG))
        narrow = sum(1 for text in texts(pane) if text)
        await pilot.resize_terminal(100, 40)
        await pilot.pause()
        assert sum(1 for text in texts(pane) if text) < narrow
