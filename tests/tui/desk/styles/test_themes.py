"""Themes: chosen by key, palette or command line, kept for the next time; and terminals without colours."""

from __future__ import annotations

import pytest

from tests.scenarios.driver import screen_segments, screen_text
from tui.desk.styles import themes
from tui.desk.styles.ink import LOOKS, Ink
from tui.desk.styles.no_color import WithoutColour
from tui.desk.styles.preferences import keep_theme, preferences_file, read_theme


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def test_every_theme_gives_every_token_a_value():
    expected = set(themes.THEMES["dark"].variables)
    assert all(set(theme.variables) == expected for theme in themes.THEMES.values())


async def test_the_key_goes_through_the_themes_and_keeps_the_last(open_review, at_desk):
    async with at_desk(open_review("sample")) as hand:
        seen = []
        for _ in themes.THEMES:
            await hand.types("ctrl+t")
            seen.append((hand.desk.theme, read_theme()[0], grounds(hand.desk)))
        names = ["light", "contrast", "mono", "dark"]
        assert [(theme, kept) for theme, kept, _ in seen] == [(name, name) for name in names]
        assert all(themes.theme_tokens(theme)["ground"] in found for theme, _, found in seen)


def grounds(desk):
    return {segment.style.bgcolor.get_truecolor().hex for segment in screen_segments(desk) if segment.style.bgcolor}


async def test_a_theme_changes_colours_and_no_letter(open_review, at_desk):
    async with at_desk(open_review("sample")) as hand:
        before = await hand.look()
        await hand.types("ctrl+t")
        assert await hand.look() == before


async def test_only_our_themes_can_be_chosen(open_review, at_desk):
    async with at_desk(open_review("sample")) as hand:
        assert list(hand.desk.available_themes) == list(themes.THEMES)


@pytest.mark.parametrize(
    ("text", "says"),
    [('theme = "light"\n', ""), ("theme = light", "was not read"), ('theme = "pink"', "no theme 'pink'")],
)
def test_a_broken_file_is_ignored_with_a_message(text, says):
    path = preferences_file()
    path.parent.mkdir(parents=True)
    path.write_text(text)
    theme, fault = read_theme()
    assert (theme, bool(fault)) == ("light" if not says else "dark", bool(says))
    assert says in fault


def test_what_is_kept_is_read():
    assert read_theme() == ("dark", "")
    assert keep_theme("contrast") == ""
    assert read_theme() == ("contrast", "")


def test_a_folder_that_cannot_be_written_is_no_reason_to_stop():
    path = preferences_file()
    path.parent.parent.mkdir()
    path.parent.write_text("a file where the folder should be")
    assert "not kept" in keep_theme("light")


# without colours -------------------------------------------------------------------------------------------------


async def test_without_colours_no_colour_is_sent_anywhere(open_review, at_desk, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    async with at_desk(open_review("sample"), size=(120, 40)) as hand:
        for keys in ("3 ~", "1", "4 j", "7 a", "escape 9", "?", "escape ctrl+p"):
            await hand.types(keys)
            await hand.settle()
            for segment in screen_segments(hand.desk):
                if segment.style is not None:
                    assert (segment.style.color, segment.style.bgcolor) == (None, None), (keys, segment)
        assert hand.desk.theme == themes.WITHOUT_COLOUR


async def test_without_colours_there_is_no_theme_to_choose(open_review, at_desk, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    async with at_desk(open_review("sample")) as hand:
        await hand.types("ctrl+t")
        assert hand.desk.theme == themes.WITHOUT_COLOUR
        assert "NO_COLOR is set" in hand.said[-1]
        assert not preferences_file().exists()


def test_emphasis_without_colours_is_filled_then_bold_then_plain_then_dim():
    ink = Ink(themes.theme_tokens(themes.WITHOUT_COLOUR), [WithoutColour()])
    shown = [ink(name) for name in ("chip-blocked", "high", "medium", "low")]
    assert [(bool(s.reverse), bool(s.bold), bool(s.dim)) for s in shown] == [
        (True, True, False), (False, True, False), (False, False, False), (False, False, True),
    ]  # fmt: skip
    assert ink("strong", "select").reverse


async def test_the_screen_says_the_same_without_colours(open_review, at_desk, monkeypatch):
    texts = []
    for value in (None, "1"):
        if value:
            monkeypatch.setenv("NO_COLOR", value)
        async with at_desk(open_review("sample"), size=(120, 40)) as hand:
            await hand.types("3 ~")
            await hand.look()
            texts.append(screen_text(hand.desk))
    assert texts[0] == texts[1]


def test_an_unknown_style_is_a_mistake():
    with pytest.raises(KeyError):
        Ink(themes.theme_tokens("dark"))("no such style")
    assert Ink(themes.theme_tokens("dark"))("dim", "select") == Ink(themes.theme_tokens("dark"))("soft", "select")
    assert all(look.colour in themes.theme_tokens("dark") for look in LOOKS.values())
