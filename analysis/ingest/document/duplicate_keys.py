"""Duplicate keys of an object: the problem that reports them, and their places in a JSON text."""

from __future__ import annotations

from contextlib import suppress
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from analysis.ingest.document.canonical_json import child
from analysis.ingest.document.json_located import Text, member
from analysis.model import Level, Problem

if TYPE_CHECKING:
    from collections.abc import Collection

#: Maximum length of a value in a message, characters.
_MAX_VALUE: Final = 60
_MAX_KEY: Final = 30


def duplicate_keys(key: str, values: list[Any], line: int | None = None, pointer: str = "") -> Problem:
    """Return the problem of a duplicate key, with its values; the last one is used."""
    stated = ", then ".join(_brief(value) for value in (*values[:2], *values[2:][-1:]))
    return Problem(
        Level.ERROR,
        f"the key {key[:80]!r} is defined twice: {stated}, which was used; readers disagree on which one wins",
        pointer,
        line=line,
        remedy="keep one of the two",
    )


def _brief(value: Any, depth: int = 2) -> str:
    """Return a value shortened for a message: of a mapping its first two members, of a list its length."""
    if isinstance(value, dict):
        inner = (f"{key[:_MAX_KEY]}: {_brief(value[key], depth - 1)}" for key in list(value)[:2])
        return f"{{{', '.join(inner)}}}" if depth else f"{{{len(value)} keys}}"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return repr(value if not isinstance(value, str) else value[:_MAX_VALUE])


def places(text: str, data: Any, holders: Collection[int]) -> dict[tuple[int, str], tuple[str, int | None]]:
    """Return (pointer, line of the last statement) of each repeated key, by the `id` of the object that states it.

    Parses the text a second time, so call it only when the parser has found such a key. `holders` are the ids of
    the objects. Objects inside a value that was overwritten are not in the data and have no entry.
    """
    pointers, ancestors = pointers_to(data, holders)
    search = _Search(text, ancestors)
    with suppress(
        LookupError, ValueError, RecursionError
    ):  # the text does not match the data: keep the lines found so far
        search.value(data)
    found: dict[tuple[int, str], tuple[str, int | None]] = {}
    line, counted = 1, 0
    for (holder, key), at in sorted(search.found.items(), key=itemgetter(1)):
        line, counted = line + text.count("\n", counted, at), at
        found[holder, key] = child(pointers[holder], key), line
    return found


def pointers_to(data: Any, holders: Collection[int]) -> tuple[dict[int, str], set[int]]:
    """Return (pointer of each object, ids of the objects and of their ancestors)."""
    pointers: dict[int, str] = {}
    ancestors: set[int] = set()
    stack: list[tuple[Any, str, tuple[Any, ...] | None]] = [(data, "", None)]
    while stack:
        node, pointer, path = stack.pop()
        path = (id(node), path)
        if id(node) in holders:
            pointers[id(node)] = pointer
            step: tuple[Any, ...] | None = path
            while step is not None and step[0] not in ancestors:
                ancestors.add(step[0])
                step = step[1]
        members = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        stack += [(value, child(pointer, key), path) for key, value in members if isinstance(value, dict | list)]
    return pointers, ancestors


class _Search(Text):
    """Walks the objects on the way to a duplicate key, and skips all others. `found` has the last place of each."""

    def __init__(self, text: str, ancestors: set[int]) -> None:
        super().__init__(text)
        self.ancestors = ancestors
        self.found: dict[tuple[int, str], int] = {}

    def value(self, node: Any) -> None:
        """Walk the value at the current position, and move behind it."""
        if self.first_character() not in "{[":
            self.take()
            return
        seen: set[str] = set()
        for key in self.members():
            if isinstance(key, str):
                if key in seen:
                    self.found[id(node), key] = self.at
                seen.add(key)
            inner = member(node, key)
            if id(inner) in self.ancestors:
                self.value(inner)
            else:
                self.take()
