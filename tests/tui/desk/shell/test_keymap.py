"""A person's own keys: read, or refused with the line of the error."""

from __future__ import annotations

import pytest

from analysis.errors import UsageError
from tui.desk.shell.keymap import Keymap, keymap_of, keys_file, read_keymap


def test_own_keys():
    made = keymap_of('[keys]\napprove = "y"\n"area(\'findings\')" = ["4", "f2"]\n', "keys.toml")
    assert made.action("tools", "y") == "approve"
    assert made.action("tools", "a") == ""
    assert made.action("tools", "f2") == made.action("trail", "4") == "area('findings')"
    assert ("y", "approve", "approve") in made.footer("tools", 80)


def test_the_default_keys_do_not_clash():
    assert list(Keymap().clashes()) == []


@pytest.mark.parametrize(
    ("text", "says", "line"),
    [
        ('[keys]\n\naprove = "y"\n', "did you mean approve?", 3),
        ('[keys]\napprove = "b"\n', "means both", 2),
        ("[keys]\napprove = 7\n", "has no valid key", 2),
        ('[keys]\napprove = ["y", "not a key"]\n', "has no valid key", 2),
        ('[colours]\nred = "1"\n', "unknown section", 1),
        ("[keys\n", "not TOML", None),
    ],
)
def test_an_error_names_its_line(text, says, line):
    with pytest.raises(UsageError) as caught:
        keymap_of(text, "keys.toml")
    told = "\n".join(caught.value.lines())
    assert says in told
    assert line is None or f"keys.toml, line {line}" in told


def test_the_path_of_the_file(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert keys_file() == tmp_path / "clearance" / "keys.toml"
    assert read_keymap().action("tools", "a") == "approve"
    keys_file().parent.mkdir()
    keys_file().write_text('[keys]\napprove = "y"\n')
    assert read_keymap().action("tools", "y") == "approve"
    keys_file().write_bytes(b"\xff")
    with pytest.raises(UsageError):
        read_keymap()


async def test_the_desk_uses_own_keys(open_review, driver):
    from tui.desk.shell.app import Desk

    review = open_review("fresh")
    desk = Desk(review, "rev", keymap=keymap_of('[keys]\napprove = "y"\nblock = "a"\n', "keys.toml"))
    async with desk.run_test(size=(80, 24)) as pilot:
        hand = driver.Hand(desk, pilot)
        await hand.settle()
        await hand.types("y enter a enter")
        assert [line.split()[2] for line in hand.recorded()] == ["approved", "blocked"]
