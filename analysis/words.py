"""Names split into words, the way people read them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_CAMEL: Final = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_VERSION: Final = re.compile(r"^v\d+$")


@lru_cache(maxsize=65_536)
def split_words(name: str) -> tuple[str, ...]:
    """Return the lower-case words of a name: `getCustomerV2`, `get-customer_v2` -> get, customer, v2."""
    words: list[str] = []
    for word in _CAMEL.findall(name):
        lower = word.lower()
        if words and lower.isdigit() and words[-1] in {"v", "oauth", "mp", "s", "md", "sha", "base"}:
            words[-1] += lower
        else:
            words.append(lower)
    return tuple(words)


def snake(name: str) -> str:
    """Return a name in snake case, the one spelling in which field names are compared."""
    return "_".join(split_words(name))


def path_segments(path: str) -> list[str]:
    """Return the segments of a path template without parameters and versions: `/v1/users/{id}` -> users."""
    segments = [part for part in path.split("/") if part]
    return [part for part in segments if not part.startswith("{") and not _VERSION.match(part.lower())]


def nearest(word: str, choices: list[str]) -> str | None:
    """Return the choice a person most likely meant by a mistyped word, if one is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - only an error message needs it

    found = get_close_matches(word, choices, n=1, cutoff=0.6)
    return found[0] if found else None
