"""The words that differ between two texts, with a few words around them."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Blanks, letters of scripts that write none, words with what belongs to names and addresses, any other sign.
_TOKEN: Final = re.compile(r"\s+|[\u0e00-\u0eff\u3040-\u9fff]|[\w/:@#-]+(?:\.[\w/:@#-]+)*|[^\s\w]")
#: Words of an unchanged passage that are shown at each of its ends.
_CONTEXT: Final = 6
#: Maximum number of words that are compared; longer texts are shown as a whole.
_MAX_TOKENS: Final = 3_000


def word_changes(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """Return two texts as passages: (sign, text), where the sign is `-` removed, `+` added, or a blank for the rest.

    Of longer unchanged passages the ends are shown.
    """
    one, other = _TOKEN.findall(before), _TOKEN.findall(after)
    if max(len(one), len(other)) > _MAX_TOKENS:
        return (("-", before), ("+", after))
    return tuple(_passages(one, other))


def _passages(one: list[str], other: list[str]) -> Iterator[tuple[str, str]]:
    steps = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    for number, (step, start, end, to_start, to_end) in enumerate(steps):
        if step == "equal":
            yield " ", _shortened(one[start:end], first=number == 0, last=number == len(steps) - 1)
            continue
        if start < end:
            yield "-", "".join(one[start:end])
        if to_start < to_end:
            yield "+", "".join(other[to_start:to_end])


def _shortened(tokens: list[str], *, first: bool, last: bool) -> str:
    """Return an unchanged passage: its end before a change, its beginning after one."""
    if len(tokens) <= 2 * _CONTEXT:
        return "".join(tokens)
    head = "" if first else "".join(tokens[:_CONTEXT])
    tail = "" if last else "".join(tokens[-_CONTEXT:])
    return f"{head}…{tail}"


def marked(before: str, after: str) -> str:
    """Return two texts as one, what was removed as [-…-], what was added as {+…+}."""
    form = {"-": "[-{}-]", "+": "{{+{}+}}", " ": "{}"}
    return "".join(form[sign].format(text) for sign, text in word_changes(before, after))
