"""On which line of a JSON file an object begins. The parser of the standard library does not say.

Only objects near the root are located: operations, tools, named schemas. A document that is printed with one
indentation throughout gives them away by it; a small one that is not is read token by token; a large one that is
not has no line numbers, only pointers. Whatever does not agree with the parsed data is not believed.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

#: `/paths/~1users/get` and `/result/tools/0` lie three levels below the root.
_DEPTH: Final = 3
#: Characters up to which a document is read token by token, at some 0.3 microseconds for each.
_SMALL: Final = 1_000_000
_FIRST_INDENT: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]\r?\n([ \t]+)\S")
_TOKEN: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"|[{}\[\],]')


def object_lines(raw: bytes, data: Any) -> dict[int, int]:
    """Return the line of each object near the root, by `id` of the parsed object; {} where it cannot be told.

    `raw` is UTF-8: searching bytes takes a quarter of the time and memory of searching text with one emoji in it.
    """
    first = _FIRST_INDENT.match(raw)
    try:
        if first is not None:
            return _Indented(raw, first[1]).lines_of(data)
        if b"\n" not in raw.strip():
            return dict.fromkeys(map(id, _near(data)), _leading_lines(raw))
    except (LookupError, ValueError, StopIteration):
        pass
    return _token_by_token(raw, data) if len(raw) <= _SMALL else {}


def _leading_lines(raw: bytes) -> int:
    return raw[: len(raw) - len(raw.lstrip())].count(b"\n") + 1


def _near(data: Any, depth: int = _DEPTH) -> Iterator[dict[str, Any]]:
    """Yield the objects up to a depth."""
    if isinstance(data, dict):
        yield data
    if depth and isinstance(data, dict | list):
        for inner in data.values() if isinstance(data, dict) else data:
            yield from _near(inner, depth - 1)


class _Indented:
    """Reads the lines that stand one to three indents deep, and holds each against the data."""

    def __init__(self, raw: bytes, indent: bytes) -> None:
        self.raw = raw
        self.width = len(indent)
        self.starts = re.finditer(rb"\n((?:%b){1,%d})(?=[^\s}\]])" % (re.escape(indent), _DEPTH), raw)
        self.line = 1
        self.at = 0
        self.found: dict[int, int] = {}

    def lines_of(self, data: Any) -> dict[int, int]:
        """Return the lines. Raises `StopIteration` or `ValueError` where text and data part."""
        self.line = _leading_lines(self.raw)
        self.at = len(self.raw) - len(self.raw.lstrip())
        if isinstance(data, dict):
            self.found[id(data)] = self.line
        self._members(data, 1)
        if next(self.starts, None) is not None:
            raise ValueError("more lines than the data has members")
        return self.found

    def _members(self, node: Any, depth: int) -> None:
        for key in node if isinstance(node, dict) else range(len(node)):
            start = next(self.starts)
            self.line += self.raw.count(b"\n", self.at, start.end())
            self.at = start.end()
            if len(start[1]) != depth * self.width or (isinstance(key, str) and not self._is_key(key)):
                raise ValueError("a line that the data does not have")
            value = node[key]
            if isinstance(value, dict):
                self.found[id(value)] = self.line
            if depth < _DEPTH and value and isinstance(value, dict | list) and self._goes_on():
                self._members(value, depth + 1)

    def _is_key(self, key: str) -> bool:
        """Whether the key of a member begins here."""
        if self.raw.startswith(b'"%b"' % key.encode(), self.at):
            return True
        token = _TOKEN.match(self.raw, self.at)
        return token is not None and token[0][:1] == b'"' and json.loads(token[0]) == key

    def _goes_on(self) -> bool:
        """Whether the line ends with an open bracket, so that what it holds stands on lines of its own."""
        end = self.raw.find(b"\n", self.at)
        return end > 0 and self.raw[self.at : end].rstrip()[-1:] in {b"{", b"["}


def _token_by_token(raw: bytes, data: Any) -> dict[int, int]:
    """Follow brackets and keys through the whole text; a key that stands twice ends with the object that won."""
    found: dict[int, int] = {}
    stack: list[tuple[Any, Any]] = []  # (container or None, where in it we are)
    line, at = 1, 0
    for token in _TOKEN.finditer(raw):
        what = token[0]
        line, at = line + raw.count(b"\n", at, token.start()), token.start()
        if what in {b"{", b"["}:
            node = _at(*stack[-1]) if stack else data
            if isinstance(node, dict) and len(stack) <= _DEPTH:
                found[id(node)] = line
            stack.append((node, None if what == b"{" else 0))
        elif what in {b"}", b"]"}:
            if not stack:
                return {}
            stack.pop()
        elif stack and what == b",":
            where = stack[-1][1]
            stack[-1] = (stack[-1][0], where + 1 if isinstance(where, int) else None)
        elif stack and stack[-1][1] is None:
            stack[-1] = (stack[-1][0], json.loads(what))
    return found


def _at(container: Any, where: Any) -> Any:
    """Return a member, or None where text and data differ."""
    try:
        return container[where]
    except (LookupError, TypeError):
        return None
