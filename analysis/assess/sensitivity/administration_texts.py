"""Texts about administration: a text that restricts a tool to administrators, or begins with an act on access rights."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

#: A text that begins with an act on the access rights.
_GRANTED: Final = re.compile(
    r"\W*(grants?|revokes?|gives?|removes?|withdraws?|denies|deny)\b(?! permissions? to\b)(?: [\w'-]+){1,4}? (access|permissions?|privileges|rights)\b(?! (?:key|token|log)s?\b)",
    re.IGNORECASE,
)
#: A text that begins with letting several people in: `Shares a report with a group`.
_SHARED: Final = re.compile(
    r"\W*(shares?|unshares?)\b[^.;]{0,60}\bwith (?:\w+ ){0,2}(users?|groups?|members?|teams?|people|everyone|organi[sz]ations?|collaborators?)\b",
    re.IGNORECASE,
)
#: A text that begins with raising a person, or with a measure against one: `Makes a player operator`, `Lifts a ban`.
_RAISED: Final = re.compile(
    r"\W*(makes?|promotes?|appoints?)\b[^.;,]{1,40} (operator|admin|administrator|moderator|owner|superuser|maintainer|organi[sz]er)s?"
    r"(?=\s*(?:[.;,]|$|of\b|in\b|for\b))|\W*(lifts?|imposes?)\b(?: [\w']+){0,3}? (ban|suspension|restriction)s?\b",
    re.IGNORECASE,
)


class AdministrationTexts:
    """Reader of texts about administration. Caches texts, which tools share."""

    def __init__(self, phrases: Collection[str]) -> None:
        self._phrases = tuple(sorted(phrases))
        self._needles = _needles(self._phrases)
        self._restricting: dict[str, bool] = {"": False}
        self._granting: dict[str, str] = {"": ""}

    def restrict(self, text: str) -> bool:
        """Return whether a text restricts the tool to administrators."""
        found = self._restricting.get(text)
        if found is None:
            lowered = text.lower()
            found = self._restricting[text] = _any_in(lowered, self._needles) and _any_in(lowered, self._phrases)
        return found

    def granted(self, text: str) -> str:
        """Return the act on rights that a text begins with, or an empty string: `Grants a team access to a project`."""
        found = self._granting.get(text)
        if found is None:
            said = _GRANTED.match(text) or _SHARED.match(text) or _RAISED.match(text)
            found = self._granting[text] = " ".join(filter(None, said.groups())).lower() if said else ""
        return found


def _any_in(text: str, parts: tuple[str, ...]) -> bool:
    for part in parts:  # noqa: SIM110 - a generator is slower
        if part in text:
            return True
    return False


def _needles(phrases: tuple[str, ...]) -> tuple[str, ...]:
    """Return a small set of words that covers every phrase, as a fast pre-check of texts."""
    left, found = set(phrases), []
    while left:
        words = sorted(
            {part for phrase in left for part in (*phrase.split(), phrase) if len(part) > 3 or part == phrase}
        )
        best = max(words, key=lambda word: sum(word in phrase for phrase in left))
        found.append(best)
        left = {phrase for phrase in left if best not in phrase}
    return tuple(found)
