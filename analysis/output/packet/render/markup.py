"""HTML as a type of its own: every piece comes from `h`, which takes HTML only, or from the two functions that escape.

The type checker therefore finds a text that was not escaped.
"""

from __future__ import annotations

import html as escape
from typing import TYPE_CHECKING, Final, NewType

from analysis import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Html = NewType("Html", str)

#: Maximum length of a text from outside in one cell, characters; the data has it whole.
MAX_TEXT: Final = 2_000
_EMPTY: Final = frozenset({"meta", "br", "col"})


def h(tag: str, *children: Html, **attributes: str) -> Html:
    """Return an element. A trailing underscore is dropped from an attribute's name, others become hyphens."""
    start = _start(tag, attributes)
    return Html(start if tag in _EMPTY else f"{start}{''.join(children)}</{tag}>")


def around(tag: str, children: Iterable[Html], **attributes: str) -> Iterator[Html]:
    """Yield an element in pieces: its start, its children, its end; names of attributes as in `h`."""
    yield _start(tag, attributes)
    yield from children
    yield Html(f"</{tag}>")


def _start(tag: str, attributes: Mapping[str, str]) -> Html:
    inside = ""
    for name, value in attributes.items():
        if value:
            inside += f' {name.rstrip("_").replace("_", "-")}="{escape.escape(value)}"'
    return Html(f"<{tag}{inside}>")


def outside_text(words: str) -> Html:
    """Return text from outside as HTML, its writing direction isolated."""
    return h("bdi", Html(text.html(words, MAX_TEXT)))


def safe_text(words: str) -> Html:
    """Return text that needs no isolation as HTML."""
    return Html(escape.escape(words))
