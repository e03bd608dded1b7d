"""Keys that one object states twice: what is said of them, and where in a JSON text they stand."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from analysis.ingest.document.canonical import child
from analysis.ingest.document.json_located import Text, member
from analysis.model import Level, Problem

if TYPE_CHECKING:
    from collections.abc import Collection

#: So much of a value is shown in a message.
_BRIEF: Final = 60
_NAME: Final = 30


def duplicate_keys(key: str, values: list[Any], line: int | None = None, pointer: str = "") -> Problem:
    """Return the problem of a key that one mapping states more than once: what it states, and that the last is used."""
    stated = ", then ".join(_brief(value) for value in (*values[:2], *values[2:][-1:]))
    return Problem(
        Level.ERROR,
        f"the key {key[:80]!r} is defined twice: {stated}, which was used; readers disagree on which one wins",
        pointer,
        line=line,
        remedy="keep one of the two",
    )


def _brief(value: Any, depth: int = 2) -> str:
    """Return a value in a few characters: of a mapping or a list, what tells it from another one."""
    if isinstance(value, dict):
        inner = (f"{key[:_NAME]}: {_brief(value[key], depth - 1)}" for key in list(value)[:2])
        return f"{{{', '.join(inner)}}}" if depth else f"{{{len(value)} keys}}"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return repr(value if not isinstance(value, str) else value[:_BRIEF])


def places(text: str, data: Any, holders: Collection[int]) -> dict[tuple[int, str], tuple[str, int | None]]:
    """Return (pointer, line of the last statement) of each repeated key, by the `id` of the object that states it.

    This reads the text once more, so it is asked for only when the parser met such a key.
    `holders` are the ids of such objects. What lies in a value that was not used is not in the data, and has no place.
    """
    pointers, above = _find(data, holders)
    search = _Search(text, above)
    with suppress(LookupError, ValueError, RecursionError):  # a text that is not the data's tells no further
        search.value(data)
    return {(holder, key): (child(pointers[holder], key), line) for (holder, key), line in search.lines.items()}


def _find(data: Any, holders: Collection[int]) -> tuple[dict[int, str], set[int]]:
    """Return (pointer of each of the objects, ids of the objects and of all that they lie in)."""
    pointers: dict[int, str] = {}
    above: set[int] = set()
    stack: list[tuple[Any, str, tuple[Any, ...] | None]] = [(data, "", None)]
    while stack:
        node, pointer, way = stack.pop()
        way = (id(node), way)
        if id(node) in holders:
            pointers[id(node)] = pointer
            step: tuple[Any, ...] | None = way
            while step is not None and step[0] not in above:
                above.add(step[0])
                step = step[1]
        members = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        stack += [(value, child(pointer, key), way) for key, value in members if isinstance(value, dict | list)]
    return pointers, above


class _Search(Text):
    """Enters the objects that lead to a repeated key, and skips all others."""

    def __init__(self, text: str, above: set[int]) -> None:
        super().__init__(text)
        self.above = above
        self.lines: dict[tuple[int, str], int] = {}

    def value(self, node: Any) -> None:
        """Walk the value that begins here, and stand behind it."""
        if id(node) not in self.above or self.opened() not in "{[":
            self.take()
            return
        seen: set[str] = set()
        for key in self.members():
            if isinstance(key, str):
                if key in seen:
                    self.lines[id(node), key] = self.line_here()
                seen.add(key)
            self.value(member(node, key))
