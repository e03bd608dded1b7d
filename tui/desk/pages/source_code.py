"""Source lines in the inks of documents: names, strings, references, and the rest."""

from __future__ import annotations

import asyncio
import re
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from analysis.review.queries.excerpts import excerpt_at, source_text
from analysis.text import visible
from tui.desk.widgets.lines import Line, line
from tui.desk.widgets.symbols import CURSOR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from analysis.model import SourceId
    from analysis.review.session import Review

#: Longest line that is coloured and shown, characters.
_MAX_LINE: Final = 300
_MAX_INDENT: Final = 40
#: A key that names another place of the document; its value is a reference.
_REFERENCE: Final = frozenset({'"$ref"', "'$ref'", "$ref"})


class SourceCache:
    """Reads lines of stored sources in a thread, since unpacking one takes time; the one that was read last is kept."""

    def __init__(self, review: Review) -> None:
        self._review = review
        self._kept: tuple[SourceId, tuple[bytes, ...]] | None = None

    def has(self, source: SourceId) -> bool:
        """Whether a source is read."""
        return self._kept is not None and self._kept[0] == source

    async def read(self, source: SourceId) -> None:
        """Read a source, unless it is read already."""
        if not self.has(source):
            self._kept = source, await asyncio.to_thread(source_text, self._review, source)

    def excerpt(self, source: SourceId, start: int | None) -> list[tuple[int, str]]:
        """Return (line number, text) of the definition that begins at a line of a source; none where it is not read."""
        return excerpt_at(self._kept[1], start) if self._kept is not None and self._kept[0] == source else []


def source_lines(found: Sequence[tuple[int, str]], matched: Sequence[str] = (), at: int | None = None) -> list[Line]:
    """Return (number, text) lines of a JSON or YAML document in its inks, matched words and the line `at` marked.

    Numbers are as wide as the largest. Texts are made safe before they are coloured.
    """
    margin = min((_indent(text) for _, text in found if text.strip()), default=0)
    digits = max((len(str(number)) for number, _ in found), default=0)
    words = sorted({visible(word, 80) for word in matched if word.strip()}, key=len, reverse=True)
    pattern = re.compile(f"({'|'.join(map(re.escape, words))})", re.IGNORECASE) if words else None
    shown = []
    for number, text in found:
        indent = min(max(_indent(text) - margin, 0), _MAX_INDENT)
        code = visible(text.strip(), _MAX_LINE)
        parts = _joined(_marked(tuple(_coloured(code)), pattern))
        bar = (f"{CURSOR} ", "link") if number == at else ("  ", "")
        shown.append(line((f"{number:>{digits}} ", "dim"), bar, (" " * indent, ""), *parts, indent=digits + 3 + indent))
    return shown


def _joined(parts: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return parts with neighbours of one style as one."""
    return [("".join(text for text, _ in same), style) for style, same in groupby(parts, key=itemgetter(1))]


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _coloured(code: str) -> Iterator[tuple[str, str]]:
    """Yield the parts of one line with the names of their styles."""
    from pygments.lexers.data import JsonLexer, YamlLexer  # noqa: PLC0415 - only a page with source lines needs it
    from pygments.token import Comment, Keyword, Literal, Name, Number, String  # noqa: PLC0415

    lexer = (
        JsonLexer(ensurenl=False, stripnl=False) if code[:1] in '"{}[]' else YamlLexer(ensurenl=False, stripnl=False)
    )
    after_reference = False
    for kind, text in lexer.get_tokens(code):
        if kind in Name.Tag:
            after_reference = text in _REFERENCE
            yield text, "reference" if after_reference else "name"
        elif kind in String or kind in Literal.Scalar or kind in Literal.String:
            yield text, "reference" if after_reference else "string"
        elif kind in Number or kind in Keyword:
            yield text, "string"
        elif kind in Comment:
            yield text, "dim"
        else:
            yield text, "soft" if text.strip() else ""


def _marked(parts: Sequence[tuple[str, str]], pattern: re.Pattern[str] | None) -> Iterator[tuple[str, str]]:
    """Yield parts with the matched words in the style of a mark, also where they lie in two parts."""
    if pattern is None:
        yield from parts
        return
    whole = "".join(text for text, _ in parts)
    spans = [found.span() for found in pattern.finditer(whole)]
    place = 0
    for text, style in parts:
        start = place
        place += len(text)
        at = start
        for span in spans:
            first, last = max(span[0], start), min(span[1], place)
            if first >= last:
                continue
            if at < first:
                yield whole[at:first], style
            yield whole[first:last], "mark"
            at = last
        if at < place:
            yield whole[at:place], style
