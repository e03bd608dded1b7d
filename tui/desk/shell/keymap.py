"""Which key does what in which area: the table of keys, with what a person has bound otherwise.

A person binds keys in `$XDG_CONFIG_HOME/clearance/keys.toml`, by published names of actions::

    [keys]
    approve = "y"
    "area('findings')" = ["2", "f2"]
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from analysis.errors import UsageError
from tui.desk.shell.keys import KEYS, Key, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ALWAYS: Final = frozenset({"keys", "quit"})
_NOT_OFFERED: Final = frozenset({"escape", "palette", "move", "page", "edge"})
_AREAS: Final = (
    "welcome", "overview", "tools", "findings", "governance", "trail", "flows", "families", "changes", "signoff"
)  # fmt: skip
_NAMED: Final = re.compile(r"(ctrl\+)?([a-z]+[a-z_0-9]*|[A-Za-z0-9])")


class Keymap:
    """The keys of a desk."""

    def __init__(self, bound: Mapping[str, str] | None = None) -> None:
        self.entries = tuple(replace(key, keys=(bound or {}).get(key.action, key.keys)) for key in KEYS)
        self._actions = {
            (area, key): entry.action for area in _AREAS for entry in self.of(area) for key in entry.keys.split(",")
        }

    def of(self, area: str) -> list[Key]:
        """Return the entries that work in an area."""
        return [entry for entry in self.entries if not entry.areas or area in entry.areas]

    def action(self, area: str, key: str) -> str:
        """Return what a key does in an area; empty when it does nothing."""
        return self._actions.get((area, key), "")

    def offered(self, area: str) -> Iterator[Key]:
        """Yield what the palette offers in an area."""
        return (entry for entry in self.of(area) if entry.action.partition("(")[0] not in _NOT_OFFERED)

    def clashes(self) -> Iterator[tuple[str, str, str]]:
        """Yield (key, action, other action) where one key means two things in one area."""
        for area in _AREAS:
            meant: dict[str, str] = {}
            for entry in self.of(area):
                for key in entry.keys.split(","):
                    if meant.setdefault(key, entry.action) != entry.action:
                        yield key, meant[key], entry.action

    def footer(self, area: str, width: int) -> list[tuple[str, str]]:
        """Return (key, word) for the footer, as many as fit, the most needed first; the ways out always."""
        wanted = sorted((key for key in self.of(area) if key.rank and key.word), key=lambda key: key.rank)
        entries = [(spelled(key.keys).split()[0], key.word) for key in wanted]
        always = [entry for key, entry in zip(wanted, entries, strict=True) if key.action in _ALWAYS]
        room = width - sum(_cells(entry) for entry in always)
        shown = []
        for entry in entries:
            if entry in always:
                continue
            room -= _cells(entry)
            if room < 0:
                break
            shown.append(entry)
        return [*shown, *always]


def _cells(entry: tuple[str, str]) -> int:
    """Return the width of a footer entry: blank, key, blank, word."""
    return len(entry[0]) + len(entry[1]) + 2


# a person's own keys -----------------------------------------------------------------------------------------


def place() -> Path:
    """Return where a person's own keys are read from."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "clearance" / "keys.toml"


def read_keymap() -> Keymap:
    """Return the keys, with a person's own. Raises `UsageError` that names the line."""
    path = place()
    try:
        text = path.read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return Keymap()
    except (OSError, UnicodeError) as error:
        raise UsageError("the keys cannot be read", place=str(path), why=str(error)) from None
    return keymap_of(text, str(path))


def keymap_of(text: str, path: str) -> Keymap:
    """Return the keys that the text of a file binds. Raises `UsageError` that names the line."""
    import tomllib  # noqa: PLC0415 - only who binds keys needs it

    def fault(what: str, name: str, remedy: str) -> UsageError:
        lines = text.splitlines()
        line = next((n for n, each in enumerate(lines, 1) if each.lstrip(" \"'").startswith(name)), 1)
        return UsageError(what, place=f"{path}, line {line}", remedy=remedy)

    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError("the keys are not TOML", place=path, why=str(error), remedy="mend the line") from None
    for name in data.keys() - {"keys"}:
        raise fault(f"unknown section {name!r}", name, "write the keys under [keys]")
    bound = {}
    for name, given in data.get("keys", {}).items():
        known = [key.action for key in KEYS]
        if name not in known:
            from analysis.words import nearest  # noqa: PLC0415 - only a mistake needs it

            near = nearest(name, known)
            remedy = f"did you mean {near}?" if near else "list the names with: clearance keys"
            raise fault(f"no action is called {name!r}", name, remedy)
        keys = _keys(given)
        if not keys:
            raise fault(
                f"{name} is bound to no key", name, 'write a key such as "y", "ctrl+y" or "f2", or a list of keys'
            )
        bound[name] = ",".join(keys)
    made = Keymap(bound)
    for key, one, other in made.clashes():
        named = one if one in bound else other
        raise fault(f"{spelled(key)} means both {one} and {other}", named, "bind one of them to another key")
    return made


def _keys(given: Any) -> list[str]:
    keys = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    return keys if all(isinstance(key, str) and _NAMED.fullmatch(key) for key in keys) else []
