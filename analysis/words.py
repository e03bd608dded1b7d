"""Words of names: splitting, and their forms."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Names whose words are kept. Several readers go over all names of a document in turn, so fewer than it has would help none.
_MAX_KEPT: Final = 262_144
_CAMEL: Final = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_DIGIT: Final = re.compile(r"\d")
_VERSION: Final = re.compile(r"^v\d+$")
#: Words that keep a following number: `v2`, `oauth2`, `s3`.
_NUMBERED: Final = frozenset({"v", "oauth", "mp", "s", "md", "sha", "base"})


@lru_cache(maxsize=_MAX_KEPT)
def split_words(name: str) -> tuple[str, ...]:
    """Return the lower-case words of a name: `getCustomerV2`, `get-customer_v2` -> get, customer, v2."""
    found = _CAMEL.findall(name)
    if not _DIGIT.search(name):
        return tuple(map(str.lower, found))
    words: list[str] = []
    for word in found:
        if words and word.isdigit() and words[-1] in _NUMBERED:
            words[-1] += word
        else:
            words.append(word.lower())
    return tuple(words)


@lru_cache(maxsize=_MAX_KEPT)
def snake(name: str) -> str:
    """Return a name in snake case, the form in which field names are compared."""
    spelled = "_".join(split_words(name))
    return name if spelled == name else spelled  # most are in it, and are kept


@lru_cache(maxsize=16_384)
def singular(word: str) -> str:
    """Return the singular of an English noun: `entries` -> entry."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else word


def has_letter_of(text: str, ranges: Iterable[str]) -> bool:
    """Whether a text has a character of some ranges, each as its first and last one: compiling such a class takes longer.

    No range has characters of ASCII.
    """
    if text.isascii():
        return False
    others = (character for character in text if not character.isascii())
    return any(each[0] <= character <= each[1] for character in others for each in ranges)


def with_plurals(words: Iterable[str], plural: str = "s?") -> str:
    """Return a pattern of words and their plurals, the longest first. Each word is written once, as compiling takes time."""
    listed = sorted(set(words), key=lambda word: (-len(word), word))
    irregular = [re.escape(f"{word[:-1]}ies") for word in listed if word.endswith("y")]
    regular = "|".join(map(re.escape, listed))
    return f"(?:{'|'.join([*irregular, f'(?:{regular}){plural}'])})"


def path_segments(path: str) -> list[str]:
    """Return the segments of a path template without parameters and versions: `/v1/users/{id}` -> users."""
    parts = path.split("/")
    return [
        part for part in parts if part and part[0] != "{" and (part[0] not in "vV" or not _VERSION.match(part.lower()))
    ]


def nearest(word: str, choices: list[str]) -> str | None:
    """Return the closest choice to a mistyped word, or None."""
    from difflib import get_close_matches  # noqa: PLC0415 - needed only by error messages

    found = get_close_matches(word, choices, n=1, cutoff=0.6)
    return found[0] if found else None
