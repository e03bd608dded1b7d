"""Calls of which nothing can be restored, as the definition says: content overwritten without a copy, losses for good.

A `destructiveHint: true` is heard where the words agree. No hint lowers anything.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from analysis.assess.signals import words_of
from analysis.model import Reason

if TYPE_CHECKING:
    from analysis.assess.effect import EffectVerdict
    from analysis.assess.vocabulary import Vocabulary
    from analysis.model import Tool

_MAX_TEXT: Final = 1_000  # characters; what a call loses is said near the beginning
_MAX_BEGINNING: Final = 100  # characters; later sentences describe options and other tools
_LOSES: Final = "cannot be undone, as the text says"
_OVERWRITES: Final = "overwrites without a copy"
#: A text whose first verb overwrites.
_OVERWRITES_FIRST: Final = re.compile(r"\s*overwrit(?:es?|ing)\b(?! ?(?:protection|mode|flag))", re.IGNORECASE)
_REPLACES: Final = "may replace what exists"
#: A sentence that begins with two acts in one: what a caller means to create may exist, and is replaced.
_UPSERTS: Final = re.compile(
    r"(?:^|[.\n] ?)\s*(?:this (?:command|tool|operation|method|endpoint|call) (?:will )?(?:either )?)?"
    r"(creates? ?(?:or|/) ?(?:fully )?(?:updates?|replaces?|sets?|overwrites?)|"
    r"creates?\b[^.]{0,80} or (?:fully updates?|replaces?|overwrites?)|(?:updates?|replaces?) or creates?|upserts?)\b",
    re.IGNORECASE,
)
_UPSERT_NAMES: Final = re.compile(r"(?:^|_)(?:create_or_(?:update|replace)|(?:update|replace)_or_create|upsert)(?:_|$)")
#: Parts of words of which every phrase has one: most texts have none, and are not searched further.
_MARKS: Final = re.compile(
    "undo|undone|withdrawn|recalled|taken back|revers|revert|recover|restor|permanent|for good|forever|overwr|replace|truncat|content"
)
#: Words before a phrase that deny it.
_DENIED: Final = re.compile(r"(?:\bnot|n't|\bnever|\bno|\bwithout|\bnothing|\bneither)\W+(?:\w+\W+){0,2}$")


class LossFinder:
    """Finder of losses by one vocabulary. Caches the phrases of texts, which tools share."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._lists = vocabulary.lists
        self._lost: dict[str, str] = {"": ""}
        self._overwritten: dict[str, str] = {"": ""}
        self._upserts: dict[str, str] = {}

    def of_tool(self, tool: Tool, effect: EffectVerdict) -> Reason | None:
        """Return why a call that acts cannot be undone, or None."""
        if effect.reads:
            return None
        said = _phrase(self._lists["loss-phrases"], tool, self._lost)
        if said:
            return Reason("text", said, _LOSES)
        begins = next((text for text in (tool.summary, tool.description) if _OVERWRITES_FIRST.match(text)), "")
        if begins:
            return Reason("text", " ".join(begins.split()[:4]), _OVERWRITES)
        overwrites = effect.word in self._lists["overwriting"]
        contents = overwrites and not self._lists["overwritten-objects"].isdisjoint(words_of(tool))
        phrase = _phrase(self._lists["overwrite-phrases"], tool, self._overwritten) if contents else ""
        if phrase:
            return Reason("text", phrase, _OVERWRITES)
        if ("destructiveHint", True) not in tool.hints or ("readOnlyHint", True) in tool.hints:
            return None
        if contents:
            return Reason("hint", "destructiveHint: true", f"{_OVERWRITES}, as the name agrees")
        verb = effect.word if effect.kind == "soft-destroy" or overwrites else self._first_verb(tool)
        return Reason("hint", "destructiveHint: true", f'confirmed by "{verb}"') if verb else None

    def upsert_of(self, tool: Tool, effect: EffectVerdict) -> Reason | None:
        """Return why a call replaces what exists under the name that it is given, where it says so, or None."""
        if effect.reads:
            return None
        if _UPSERT_NAMES.search("_".join(words_of(tool))):
            return Reason("name", "create or update", _REPLACES)
        for text in (tool.summary, tool.description):
            found = self._upserts.get(text)
            if found is None:
                hit = _UPSERTS.search(text[:_MAX_TEXT])
                found = self._upserts[text] = " ".join(hit[1].lower().split()) if hit else ""
            if found:
                return Reason("text", found, _REPLACES)
        return None

    def _first_verb(self, tool: Tool) -> str:
        """Return a verb of loss near the beginning of the texts."""
        first = f"{tool.summary} {tool.description.strip()[:_MAX_BEGINNING]}".lower()
        hit = _pattern(self._lists["loss-verbs"]).search(first)
        return hit.group() if hit else ""


def _phrase(phrases: frozenset[str], tool: Tool, known: dict[str, str]) -> str:
    """Return the first phrase of the texts; `known` has those of texts already read, for these phrases."""
    for text in (tool.summary, tool.description):
        found = known.get(text)
        if found is None:
            found = known[text] = _first(phrases, text)
        if found:
            return found
    return ""


def _first(phrases: frozenset[str], text: str) -> str:
    """Return the first phrase that is not denied: `does not permanently delete`."""
    head = text[:_MAX_TEXT].lower()
    if not _MARKS.search(head):
        return ""
    hits = (hit for hit in _pattern(phrases).finditer(head) if not _DENIED.search(head, 0, hit.start()))
    return next((hit.group() for hit in hits), "")


@cache
def _pattern(phrases: frozenset[str]) -> re.Pattern[str]:
    """Compiled when a text first needs it."""
    return re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, phrases), key=len, reverse=True)) + r")\b")
