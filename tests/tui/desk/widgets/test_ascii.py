"""ASCII-only terminals: the desk draws only characters that they show."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color

import tui.desk
from analysis.review import commands
from tui.cli import clearance
from tui.cli import reviews as reviewing
from tui.desk.widgets import symbols
from tui.desk.widgets.ascii import Ascii

#: Every area, every kind of question, and what the library draws: borders, palette, toasts, scroll bars.
VISITS = {
    "tools": "] ~ space", "evidence": "enter", "filter": "escape /", "a fault": '"risk:hgh"', "conditions": "escape c",
    "kinds": "escape e", "risk": "escape r", "source": "escape x", "schema": "escape X", "views": "escape V",
    "help": "escape ?", "palette": "escape ctrl+p", "a toast": "escape v", "log": "!", "export": "escape E",
    "overview": "escape 0", "findings": "2", "disposing": "d", "governance": "escape 3", "answering": "a",
    "history": "escape 4", "flows": "5", "duplicates": "6", "changes": "7", "sign-off": "8", "only": '/ "tool" enter',
}  # fmt: skip


def beyond_ascii(text):
    return {c for c in text if c > "\x7e"}


@pytest.mark.parametrize(
    ("review", "size"),
    [
        ("sample", (120, 40)),
        ("fresh", (80, 24)),
        pytest.param("sample", (80, 24), marks=pytest.mark.e2e),
        pytest.param("fresh", (120, 40), marks=pytest.mark.e2e),
    ],
    ids=str,
)
async def test_every_screen_is_ascii(review, size, open_review, at_desk, subtests):
    async with at_desk(open_review(review), size=size, ascii_only=True) as hand:
        for name, keys in VISITS.items():
            with subtests.test(name):
                await hand.types(keys)
                seen = await hand.look()
                assert beyond_ascii(seen) == set(), seen
        assert not hand.over


async def test_the_welcome_is_ascii(at_desk):
    async with at_desk(None, ascii_only=True) as hand:
        assert beyond_ascii(await hand.look()) == set()


async def test_ascii_changes_neither_text_nor_layout(open_review, at_desk):
    seen = []
    for ascii_only in (False, True):
        async with at_desk(open_review("sample"), size=(120, 40), ascii_only=ascii_only) as hand:
            await hand.types("] ~")
            seen.append(await hand.look())
    assert beyond_ascii(seen[0])
    assert seen[0].translate(symbols.TO_ASCII) == seen[1]


async def test_letters_of_a_document_are_not_replaced(open_review, at_desk):
    review = open_review("fresh")
    commands.note(review, review.tools()[0].row.id, "Größe 大", actor="rev", at="2026-03-02T09:00:00Z")
    async with at_desk(review, ascii_only=True) as hand:
        await hand.types("H")
        assert "Größe 大" in await hand.look()


def test_replacements_have_the_same_width():
    assert all(cell_len(chr(code)) == len(text) for code, text in symbols.TO_ASCII.items())
    assert all(text.isascii() for text in symbols.TO_ASCII.values())


def test_a_line_keeps_its_controls_and_styles():
    plain = Segment("as it is")
    assert Ascii().apply([plain, Segment("a…b", None, None)], Color(0, 0, 0)) == [plain, Segment("a~b", None, None)]


def test_only_one_module_contains_non_ascii_characters():
    room = Path(tui.desk.__file__).parent
    found = [
        path.name for path in room.rglob("*") if path.suffix in {".py", ".tcss"} and beyond_ascii(path.read_text())
    ]
    assert found == ["symbols.py"]


@pytest.mark.parametrize(
    ("options", "variable", "plain"),
    [([], None, False), (["--ascii"], None, True), ([], "1", True), ([], "0", False), (["--ascii"], "0", True)],
)
@pytest.mark.parametrize("command", ["open", "demo", "review"])
def test_ascii_by_option_and_environment(command, options, variable, plain, tmp_path, monkeypatch, open_review):
    asked = []
    running: Any = type(sys)("tui.desk.shell.run")
    running.run_desk = lambda *_, ascii_only, **__: asked.append(ascii_only)
    monkeypatch.setitem(sys.modules, "tui.desk.shell.run", running)
    monkeypatch.setattr(reviewing, "interactive", lambda: True)
    monkeypatch.setattr(reviewing, "shows_desk", lambda: True)
    open_review("fresh")
    (tmp_path / "tools.json").write_text('{"tools": [{"name": "listThings"}]}')
    words = {"open": ["fresh.clearance"], "demo": ["--workspace", "demo.clearance"], "review": ["tools.json"]}[command]
    said = CliRunner().invoke(clearance, [command, *words, *options], env={"CLEARANCE_ASCII": variable})
    assert said.exit_code == 0, said.output
    assert asked == [plain]
