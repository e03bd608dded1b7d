"""Every cell of every area and dialog can be read, in every theme; and who cannot tell two hues apart has a symbol."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import tui.desk
from tests.fixtures.contrast import TEXT, contrast, distance, faint_cells, is_mark
from tui.desk.styles import themes
from tui.desk.styles.ink import LOOKS, Ink

#: Every area, every kind of question, the filter with a mistake in it, messages, palette, help.
VISITS = (
    "1", "3 ~", "space", 'escape / "risk:hgh"', "escape c", "escape r", "escape V", "escape x", "escape !", "escape ?",
    "escape ctrl+p", "escape 4", "j", "d", "escape 7", "a", "escape H", "5", "D", "6", "8", "9", "j j", "2", "b", "escape 1 i",
)  # fmt: skip


@pytest.mark.parametrize("theme", themes.THEMES)
async def test_every_cell_can_be_read(theme, open_review, at_desk):
    tokens = themes.theme_tokens(theme)
    faint = {}
    async with at_desk(open_review("sample"), size=(120, 40), theme=theme) as hand:
        for keys in VISITS:
            await hand.types(keys)
            await hand.settle()
            for found in faint_cells(hand.desk.screen._compositor.render_strips(), tokens):
                faint.setdefault(found, keys)
    assert faint == {}


async def test_a_token_that_is_too_faint_is_found(open_review, at_desk, monkeypatch):
    broken = dict(themes.THEMES["dark"].variables) | {"soft": themes.theme_tokens("dark")["line"]}
    monkeypatch.setattr(themes.THEMES["dark"], "variables", broken)
    async with at_desk(open_review("sample"), size=(120, 40)) as hand:
        strips = hand.desk.screen._compositor.render_strips()
        inks = {ink for _, ink, *_ in faint_cells(strips, themes.theme_tokens("dark"))}
        assert inks == {broken["soft"]}


@pytest.mark.parametrize("theme", themes.THEMES)
def test_every_style_can_be_read_on_the_surfaces_of_a_row(theme):
    ink = Ink(themes.theme_tokens(theme))
    for name in LOOKS.keys() - {"track", "line"}:
        for surface in ("ground", "raised", "select"):
            style = ink(name, surface)
            assert contrast(style.color.get_truecolor().hex, style.bgcolor.get_truecolor().hex) >= TEXT, (name, surface)


#: Theme -> distances of pairs to people with protanopia and deuteranopia.
DISTANCES = {
    "dark": {"green red": (29, 24), "amber red": (50, 30), "blue violet": (2, 14)},
    "light": {"green red": (17, 25), "amber red": (26, 10), "blue violet": (16, 9)},
    "contrast": {"green red": (41, 14), "blue violet": (14, 26)},
}


@pytest.mark.parametrize("theme", DISTANCES)
def test_distances_to_the_colour_blind_are_those_that_the_symbols_were_chosen_for(theme):
    """Below about 12 two hues are one: violet, amber and red never stand without their symbol."""
    tokens = themes.theme_tokens(theme)
    for names, expected in DISTANCES[theme].items():
        one, other = names.split()
        found = [round(distance(tokens[one], tokens[other], kind)) for kind in ("protan", "deutan")]
        assert found == pytest.approx(expected, abs=1), names


def test_the_measure_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert is_mark("╭── ▂▄▆ ✓")
    assert not is_mark("─ 3")


def test_no_colour_has_a_name_outside_the_themes():
    room = Path(tui.desk.__file__).parent
    named = re.compile(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b|\b(?:ansi|bright)_(?:red|green|blue|yellow|white|black)\b")
    found = [
        f"{path.relative_to(room)}: {match}"
        for path in sorted(room.rglob("*"))
        if path.suffix in {".py", ".tcss"} and path.name != "themes.py"
        for match in named.findall(re.sub(r"#(?:add|dad)\b", "", path.read_text("utf-8")))
    ]
    assert found == []
