"""The table of keys: no clashes, every entry has its function, and a new line is enough for a new key."""

from __future__ import annotations

import ast
import sys
import types
from pathlib import Path

import pytest

from tui.desk import actions, areas
from tui.desk.shell import keys as table
from tui.desk.shell.keymap import Keymap, keymap_of
from tui.desk.shell.keys import KEYS, Key, spelled

LISTS = tuple(areas.AREAS)
AREAS = (areas.WELCOME, *LISTS)


@pytest.mark.parametrize("area", AREAS)
def test_no_key_means_two_things_in_an_area(area):
    pressed = [key for entry in Keymap().of(area) for key in entry.keys.split(",")]
    assert len(pressed) == len(set(pressed))


def test_every_entry_has_its_function():
    for entry in KEYS:
        assert callable(entry.handler())


def test_only_an_action_that_waits_is_a_coroutine():
    """One that returns at once is `def`, and needs no task of its own."""
    waiting = (ast.Await, ast.AsyncFor, ast.AsyncWith)
    for path in sorted(Path(actions.__file__).parent.glob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.AsyncFunctionDef):
                waits = any(isinstance(part, waiting) for part in ast.walk(node))
                assert waits, f"{path.name}:{node.lineno}: {node.name} never waits: make it a def"


async def test_an_error_of_any_action_is_shown(open_review, at_desk):
    """Of one that returns at once too: undo with nothing to undo is a sentence, and the desk goes on."""
    async with at_desk(open_review("fresh")) as hand:
        await hand.types("u")
        assert "there is nothing to undo" in hand.said[-1]
        await hand.types("j")
        assert _table(hand.desk).cursor == 1


def test_names_are_published_once():
    assert len({entry.action for entry in KEYS}) == len(KEYS)


@pytest.mark.parametrize("area", LISTS)
async def test_every_key_reaches_its_action(area, open_review, at_desk):
    async with at_desk(open_review("sample")) as hand:
        desk, done = hand.desk, []

        run = desk.dispatcher.run

        async def record(action):
            done.append(action)
            if action.startswith(("move", "page", "edge")):
                await run(action)

        await desk.show_area(area)
        desk.dispatcher.run = record
        for entry in Keymap().of(area):
            for key in entry.keys.split(","):
                before, place = list(done), _table(desk).cursor
                await hand.types(key)
                assert done == [*before, entry.action]
                if entry.action.startswith(("move", "page", "edge")):
                    assert _table(desk).cursor != place or place in {0, len(_table(desk).keys) - 1}


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
    """Some terminals do not pass on alt, ctrl+shift and super."""
    for entry in KEYS:
        for key in entry.keys.split(","):
            assert not {"alt", "super", "meta", "shift"} & set(key.split("+")[:-1])


def test_no_single_key_exports_or_imports():
    """Both ask first; see the scenarios. Their keys are capital letters, away from decisions."""
    keys = {entry.action: entry.keys for entry in KEYS}
    assert keys["export"].isupper()
    assert keys["import"].isupper()


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("width", [40, 79, 80, 100, 120, 200])
def test_the_footer_fits(area, width):
    shown = Keymap().footer(area, width)
    assert sum(len(f" {key} {word} ") for key, word, _ in shown) <= width
    assert ("?", "keys", "keys") in shown
    assert len(shown) <= 6


def test_the_footer_of_80_columns_shows_the_main_actions():
    words = [word for _, word, _ in Keymap().footer("tools", 79)]
    assert {"approve", "block", "conditions", "filter", "undo", "keys"} == set(words)
    assert words[0] == "approve"


@pytest.mark.parametrize(("area", "action"), [("signoff", "sign"), ("signoff", "export"), ("flows", "flow_role")])
def test_the_footer_names_what_a_reviewer_came_for(area, action):
    assert action in [name for _, _, name in Keymap().footer(area, 79)]


def test_a_footer_names_at_most_six_actions_each_by_its_action():
    shown = Keymap().footer("tools", 400)
    assert len(shown) == 6
    assert [Keymap().entry(action).word for _, _, action in shown] == [word for _, word, _ in shown]


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
        assert last == "".join(f" {key} {word} " for key, word, _ in Keymap().footer(area, 79)).rstrip()
        assert len(last) <= 80


# a new key ---------------------------------------------------------------------------------------------------


@pytest.fixture
def greet(monkeypatch):
    """Add a key as a developer does: a function in `tui.desk.actions`, and one line in the table."""
    module = types.ModuleType("tui.desk.actions.greeting")

    async def say_hello(desk):
        desk.messages.say("hello")

    vars(module)["greet"] = say_hello
    monkeypatch.setitem(sys.modules, module.__name__, module)
    line = Key("greet", "M", "greeting:greet", "greet", "Greet the reviewer.", ("tools",), 1)
    monkeypatch.setattr(table, "KEYS", (line, *KEYS))


async def test_one_line_adds_a_key_everywhere(greet, open_review, driver):
    from tui.desk.shell.app import Desk

    desk = Desk(open_review("fresh"), "rev")
    async with desk.run_test(size=(80, 60)) as pilot:
        hand = driver.Hand(desk, pilot)
        await hand.settle()
        footer = (await hand.look()).rstrip("\n").split("\n")[-1]
        assert "M greet" in footer
        await hand.types("?")
        assert "Greet the reviewer." in await hand.look()
        await hand.types("escape")
        offered = {command.title: command for command in desk.get_system_commands(desk.screen)}
        assert offered["greet"].help == "Greet the reviewer."
        await hand.types("M")
        offered["greet"].callback()
        await hand.until(lambda: len(desk.messages.entries) == 2)
        assert [text for _, text in desk.messages.entries] == ["hello", "hello"]


def test_one_line_adds_a_key_to_the_commands(greet, capsys):
    from tui.cli import run

    run(["keys"])
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "greet" in line]
    assert line.split()[:2] == ["M", "greet"]
    assert keymap_of('[keys]\ngreet = "f3"\n', "keys.toml").action("tools", "f3") == "greet"
