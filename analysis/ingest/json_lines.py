"""On which line of a JSON file an object begins. The parser of the standard library does not say.

Only objects near the root are located: operations, tools, named schemas. Their members are walked by hand, whatever
the layout; everything below is skipped by the standard parser, which knows where a value ends.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

#: `/paths/~1users/get` and `/result/tools/0` lie three levels below the root.
_DEPTH: Final = 3
_MARK: Final = b"\xef\xbb\xbf"
_BLANK: Final = re.compile(r"[ \t\r\n]*+")
#: Ends a value without making numbers of its digits.
_skip = json.JSONDecoder(parse_int=str, parse_float=str, strict=False).raw_decode


def object_lines(raw: bytes, data: Any) -> dict[int, int]:
    """Return the line of each object near the root, by `id` of the parsed object. `raw` is UTF-8 and valid JSON."""
    walk = _Walk(raw)
    with suppress(LookupError, ValueError, RecursionError):  # a text that is not the data's tells no further
        walk.value(data, 0)
    return walk.found


class Text:
    """A JSON text, walked value by value.

    It is taken byte for byte as Latin-1: brackets, quotes and line ends are the same, at a quarter of the memory.
    """

    def __init__(self, raw: bytes) -> None:
        self.text = raw.removeprefix(_MARK).decode("latin-1")
        self.at = self._blank(0)
        self._line = 1
        self._counted = 0

    def opened(self) -> str:
        """Return the first character of the value that begins here."""
        return self.text[self.at]

    def line_here(self) -> int:
        """Return the line on which we stand."""
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line

    def skip(self) -> None:
        """Stand behind the value that begins here."""
        self.at = _skip(self.text, self.at)[1]

    def members(self) -> Iterator[str | int]:
        """Yield the key or index of each member of the value that begins here, standing on the member's value.

        Whoever asks walks or skips that value before the next one. At the end, we stand behind the last bracket.
        """
        is_object = self.opened() == "{"
        self.at = self._blank(self.at + 1)
        number = 0
        while self.text[self.at] not in "}]":
            yield self._key() if is_object else number
            self.at = self._blank(self.at)
            if self.text[self.at] == ",":
                self.at = self._blank(self.at + 1)
            number += 1
        self.at += 1

    def _key(self) -> str:
        """Read a key, and stand on its value."""
        key: str
        key, end = _skip(self.text, self.at)
        if not key.isascii():  # its bytes, or what its escapes made of them
            key = json.loads(self.text[self.at : end].encode("latin-1"), strict=False)
        self.at = self._blank(self._blank(end) + 1)
        return key

    def _blank(self, at: int) -> int:
        blank = _BLANK.match(self.text, at)
        return blank.end() if blank else at


class _Walk(Text):
    """Walks text and data side by side. Of a key that is stated twice, the last object has its line: it is the one used."""

    def __init__(self, raw: bytes) -> None:
        super().__init__(raw)
        self.found: dict[int, int] = {}

    def value(self, node: Any, depth: int) -> None:
        """Walk the value that begins here, and stand behind it."""
        opened = self.opened()
        if opened == "{" and isinstance(node, dict):
            self.found[id(node)] = self.line_here()
        if depth == _DEPTH or opened not in "{[":
            self.skip()
            return
        for key in self.members():
            self.value(member(node, key), depth + 1)


def member(node: Any, key: str | int) -> Any:
    """Return a member of parsed data, or None where text and data differ."""
    if isinstance(key, str):
        return node.get(key) if isinstance(node, dict) else None
    return node[key] if isinstance(node, list) and key < len(node) else None
