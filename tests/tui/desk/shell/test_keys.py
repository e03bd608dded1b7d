"""The table of keys holds together: nothing collides, nothing is named that nobody handles."""

from __future__ import annotations

import inspect
import re

import pytest

from tui.desk.actions.registry import ACTIONS
from tui.desk.shell.keymap import Keymap
from tui.desk.shell.keys import KEYS, spelled

AREAS = (
    "welcome", "overview", "tools", "findings", "governance", "trail", "flows", "families", "changes", "signoff"
)  # fmt: skip
LISTS = AREAS[1:]


@pytest.mark.parametrize("area", AREAS)
def test_no_key_means_two_things_in_an_area(area):
    pressed = [key for entry in Keymap().of(area) for key in entry.keys.split(",")]
    assert len(pressed) == len(set(pressed))


def test_every_action_is_handled():
    for entry in KEYS:
        name, _, argument = entry.action.partition("(")
        if name in {"move", "page", "edge"}:
            assert re.fullmatch(r"-?\d\)", argument)
        elif name == "area":
            assert argument.strip("')") in LISTS
        else:
            assert name in ACTIONS
            assert not argument


def test_every_handler_has_a_key():
    assert set(ACTIONS) == {entry.action for entry in KEYS if "(" not in entry.action}


def test_every_handler_is_a_coroutine_of_the_desk():
    for act in ACTIONS.values():
        assert inspect.iscoroutinefunction(act)
        assert len(inspect.signature(act).parameters) == 1


@pytest.mark.parametrize("area", LISTS)
async def test_every_key_reaches_its_action(area, open_review, at_desk):
    async with at_desk(open_review("sample")) as hand:
        desk, done = hand.desk, []

        async def begin(action):
            done.append(action)

        await desk.show_area(area)
        desk.begin = begin
        for entry in Keymap().of(area):
            for key in entry.keys.split(","):
                before, place = list(done), _table(desk).cursor
                await hand.types(key)
                if entry.action.startswith(("move", "page", "edge")):
                    assert done == before
                    assert _table(desk).cursor != place or place in {0, len(_table(desk).keys) - 1}
                else:
                    assert done == [*before, entry.action]


def _table(desk):
    return (desk.tools_area if desk.area == "tools" else desk.list_area).table


def test_areas_are_known():
    assert {area for entry in KEYS for area in entry.areas} <= set(AREAS)


def test_every_entry_says_what_it_does():
    for entry in KEYS:
        assert entry.help.endswith(("...", "."))
        assert entry.help[0].isupper()
        assert (entry.rank > 0) <= bool(entry.word)


def test_arrows_equal_letters():
    keys = {key: entry.action for entry in KEYS for key in entry.keys.split(",")}
    assert keys["j"] == keys["down"]
    assert keys["k"] == keys["up"]
    assert keys["g"] == keys["home"]
    assert keys["G"] == keys["end"]


def test_no_key_is_lost_in_tmux_or_ssh():
    """alt, ctrl+shift and super do not get through everywhere."""
    for entry in KEYS:
        for key in entry.keys.split(","):
            assert not {"alt", "super", "meta", "shift"} & set(key.split("+")[:-1])


def test_no_single_key_exports_or_imports():
    """Both ask first; see the scenarios. Their keys are capital letters, out of the way of verdicts."""
    keys = {entry.action: entry.keys for entry in KEYS}
    assert keys["export"].isupper()
    assert keys["import"].isupper()


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("width", [40, 79, 80, 100, 120, 200])
def test_the_footer_fits(area, width):
    shown = Keymap().footer(area, width)
    assert sum(len(f" {key} {word}") for key, word in shown) <= width
    assert ("?", "keys") in shown
    assert ("q", "quit") in shown


def test_the_footer_of_80_columns_names_what_is_needed_most():
    words = [word for _, word in Keymap().footer("tools", 79)]
    assert {"approve", "block", "conditions", "filter", "undo", "keys", "quit"} <= set(words)
    assert words[0] == "approve"


def test_a_wide_footer_names_every_ranked_action():
    assert {word for _, word in Keymap().footer("tools", 400)} == {
        entry.word for entry in Keymap().of("tools") if entry.rank
    }


@pytest.mark.parametrize(
    ("keys", "shown"),
    [("minus", "-"), ("ctrl+r", "^r"), ("s,right_square_bracket", "s ]"), ("ctrl+p,colon", "^p :"), ("G,end", "G End")],
)
def test_keys_are_spelled_as_people_write_them(keys, shown):
    assert spelled(keys) == shown


@pytest.mark.parametrize("area", AREAS)
async def test_the_key_bar_shows_the_footer(area, open_review, at_desk):
    review = None if area == "welcome" else open_review("sample")
    async with at_desk(review) as hand:
        if review is not None:
            await hand.desk.show_area(area)
        last = (await hand.look()).rstrip("\n").split("\n")[-1]
        assert last == "".join(f" {key} {word}" for key, word in Keymap().footer(area, 79))
        assert len(last) <= 80
