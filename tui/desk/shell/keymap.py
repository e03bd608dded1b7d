"""The keys in force: the table of keys with a person's own.

A person binds keys in `$XDG_CONFIG_HOME/clearance/keys.toml`, by the published names of actions::

    [keys]
    approve = "y"
    "area('findings')" = ["4", "f2"]
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from analysis.errors import UsageError
from tui.desk.areas import AREAS, WELCOME
from tui.desk.shell import keys
from tui.desk.shell.keys import spelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tui.desk.shell.keys import Key

#: Actions that every footer shows, and the number of actions that it shows at most.
_ALWAYS: Final = frozenset({"keys"})
_MAX_FOOTER: Final = 6
_NOT_IN_PALETTE: Final = frozenset({"escape", "palette", "move", "page", "edge"})
_VALID_KEY: Final = re.compile(r"(ctrl\+)?([a-z]+[a-z_0-9]*|[A-Za-z0-9])")


class Keymap:
    """The keys of a desk; `bound` gives the keys of some actions in place of the usual ones."""

    def __init__(self, bound: Mapping[str, str] | None = None) -> None:
        self.entries = tuple(replace(key, keys=(bound or {}).get(key.action, key.keys)) for key in keys.KEYS)
        self._by_name = {entry.action: entry for entry in self.entries}
        self._actions = {
            (area, key): entry.action
            for area in (WELCOME, *AREAS)
            for entry in self.of(area)
            for key in entry.keys.split(",")
        }

    def of(self, area: str) -> list[Key]:
        """Return the entries that work in an area."""
        return [entry for entry in self.entries if not entry.areas or area in entry.areas]

    def action(self, area: str, key: str) -> str:
        """Return the action of a key in an area; empty when it has none."""
        return self._actions.get((area, key), "")

    def entry(self, action: str) -> Key:
        """Return the entry of an action by its published name."""
        return self._by_name[action]

    def in_palette(self, area: str) -> Iterator[Key]:
        """Yield the entries that the palette offers in an area."""
        return (entry for entry in self.of(area) if entry.action.partition("(")[0] not in _NOT_IN_PALETTE)

    def clashes(self) -> Iterator[tuple[str, str, str]]:
        """Yield (key, action, other action) where one key has two meanings in one area."""
        for area in (WELCOME, *AREAS):
            meanings: dict[str, str] = {}
            for entry in self.of(area):
                for key in entry.keys.split(","):
                    if meanings.setdefault(key, entry.action) != entry.action:
                        yield key, meanings[key], entry.action

    def footer(self, area: str, width: int) -> list[tuple[str, str, str]]:
        """Return (key, word, action) for the footer: at most six, as many as fit, by rank; help always, leaving if it fits."""
        ranked = sorted(
            (key for key in self.of(area) if key.rank and key.word and (not key.footer or area in key.footer)),
            key=lambda key: key.rank,
        )
        entries = [(spelled(key.keys).split()[0], key.word, key.action) for key in ranked]
        always = [entry for entry in entries if entry[2] in _ALWAYS]
        room = width - sum(_cells(entry) for entry in always)
        shown: list[tuple[str, str, str]] = []
        for entry in entries:
            if entry in always:
                continue
            room -= _cells(entry)
            if room < 0 or len(shown) + len(always) == _MAX_FOOTER:
                break
            shown.append(entry)
        return [*shown, *always]


def _cells(entry: tuple[str, str, str]) -> int:
    """Return the width of a footer entry: blank, key, blank, word, blank."""
    return len(entry[0]) + len(entry[1]) + 3


# a person's own keys -----------------------------------------------------------------------------------------


def keys_file() -> Path:
    """Return the path of a person's own keys."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "clearance" / "keys.toml"


def read_keymap() -> Keymap:
    """Return the keys, with a person's own. Raises `UsageError` that names the line."""
    path = keys_file()
    try:
        text = path.read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return Keymap()
    except (OSError, UnicodeError) as error:
        raise UsageError("the file of keys cannot be read", place=str(path), why=str(error)) from None
    return keymap_of(text, str(path))


def keymap_of(text: str, path: str) -> Keymap:
    """Return the keys that the text of a file binds. Raises `UsageError` that names the line."""
    import tomllib  # noqa: PLC0415 - only a person with own keys needs it

    def error_at(name: str, what: str, remedy: str) -> UsageError:
        lines = text.splitlines()
        line = next((n for n, each in enumerate(lines, 1) if each.lstrip(" \"'").startswith(name)), 1)
        return UsageError(what, place=f"{path}, line {line}", remedy=remedy)

    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            "the file of keys is not TOML", place=path, why=str(error), remedy="correct the line"
        ) from None
    for name in data.keys() - {"keys"}:
        raise error_at(name, f"unknown section {name!r}", "write the keys under [keys]")
    bound = {}
    for name, value in data.get("keys", {}).items():
        known = [key.action for key in keys.KEYS]
        if name not in known:
            from analysis.words import nearest  # noqa: PLC0415 - only a mistake needs it

            near = nearest(name, known)
            remedy = f"did you mean {near}?" if near else "list the names with: clearance keys"
            raise error_at(name, f"there is no action {name!r}", remedy)
        pressed = _key_list(value)
        if not pressed:
            raise error_at(
                name, f"{name} has no valid key", 'write a key such as "y", "ctrl+y" or "f2", or a list of keys'
            )
        bound[name] = ",".join(pressed)
    keymap = Keymap(bound)
    for key, one, other in keymap.clashes():
        named = one if one in bound else other
        raise error_at(named, f"{spelled(key)} means both {one} and {other}", "bind one of them to another key")
    return keymap


def _key_list(value: Any) -> list[str]:
    pressed = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return pressed if all(isinstance(key, str) and _VALID_KEY.fullmatch(key) for key in pressed) else []
