"""JSON parser that records the line of each object near the root, which the standard library does not offer.

Only operations, tools and named schemas are located. Their members are walked here, independent of layout; everything
below is left to the standard parser, which reports where a value ends.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

#: `/paths/~1users/get` and `/result/tools/0` lie three levels below the root.
_DEPTH: Final = 3
_BLANK: Final = re.compile(r"[ \t\r\n]*+")
#: A key without escapes, up to its value.
_KEY: Final = re.compile(r'"([^"\\\x00-\x1f]*+)"[ \t\r\n]*+:[ \t\r\n]*+')
_COLON: Final = re.compile(r"[ \t\r\n]*+:[ \t\r\n]*+")
#: The separator behind a member, up to the next one.
_NEXT: Final = re.compile(r"[ \t\r\n]*+([,\]}])[ \t\r\n]*+")
#: Skips a value without converting its numbers.
_SKIPPING: Final = json.JSONDecoder(parse_int=str, parse_float=str)


def parse_located(text: str, decoder: json.JSONDecoder) -> tuple[Any, dict[int, int]]:
    """Return the decoded data of a text, and the line of each object near the root, by its `id`.

    The decoder needs an `object_pairs_hook`. Raises what the decoder raises.
    """
    parser = _Parser(text, decoder)
    try:
        return parser.document(), parser.lines
    except (LookupError, ValueError):
        return decoder.decode(text), {}  # raises with the position of the error


class Text:
    """A JSON text, walked value by value. Invalid JSON raises LookupError or ValueError while walking."""

    def __init__(self, text: str, decoder: json.JSONDecoder = _SKIPPING) -> None:
        self.text = text
        self.at = self._skip(_BLANK, 0)
        self._decode = decoder.raw_decode
        self._line = 1
        self._counted = 0

    def first_character(self) -> str:
        """Return the first character of the value at the current position."""
        return self.text[self.at]

    def current_line(self) -> int:
        """Return the line of the current position."""
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line

    def take(self) -> Any:
        """Return the value at the current position, and move behind it."""
        value, self.at = self._decode(self.text, self.at)
        return value

    def members(self) -> Iterator[str | int]:
        """Yield the key or index of each member of the value at the current position, placed on the member's value.

        The caller takes or walks that value before it asks for the next one. At the end, the position is behind the
        closing bracket.
        """
        is_object = self.first_character() == "{"
        closing = "}" if is_object else "]"
        self.at = self._skip(_BLANK, self.at + 1)
        number = 0
        if self.first_character() == closing:
            self.at += 1
            return
        while True:
            yield self._key() if is_object else number
            number += 1
            mark = _NEXT.match(self.text, self.at)
            if mark is None or mark[1] != ",":
                break
            self.at = mark.end()
        if mark is None or mark[1] != closing:
            raise ValueError("a bracket is not closed")
        self.at = mark.end(1)

    def _key(self) -> str:
        """Read a key, and move to its value."""
        plain = _KEY.match(self.text, self.at)
        if plain is not None:
            self.at = plain.end()
            return plain[1]
        key = self.take()
        if not isinstance(key, str):
            raise ValueError("a key is not text")  # noqa: TRY004 - a fault of the text, like any other
        self.at = self._skip(_COLON, self.at)
        return key

    def _skip(self, what: re.Pattern[str], at: int) -> int:
        found = what.match(self.text, at)
        if found is None:
            raise ValueError("something is missing")
        return found.end()


class _Parser(Text):
    """Parses a text, and records the lines of objects near the root."""

    def __init__(self, text: str, decoder: json.JSONDecoder) -> None:
        super().__init__(text, decoder)
        self._made = decoder.object_pairs_hook
        self.lines: dict[int, int] = {}

    def document(self) -> Any:
        """Return the data of the whole text."""
        data = self._value(0)
        if self._skip(_BLANK, self.at) != len(self.text):
            raise ValueError("more than one value")
        return data

    def _value(self, depth: int) -> Any:
        first = self.first_character()
        if first == "[" and depth < _DEPTH:
            return [self._value(depth + 1) for _ in self.members()]
        if first != "{":
            return self.take()
        line = self.current_line()
        made = (
            self.take()
            if depth == _DEPTH
            else self._made([(str(key), self._value(depth + 1)) for key in self.members()])
        )
        self.lines[id(made)] = line
        return made


def member(node: Any, key: str | int) -> Any:
    """Return a member of parsed data, or None where text and data differ."""
    if isinstance(key, str):
        return node.get(key) if isinstance(node, dict) else None
    return node[key] if isinstance(node, list) and key < len(node) else None
