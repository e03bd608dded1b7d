"""What a changed text says a tool does, reaches or touches that its earlier definition did not say.

It accuses no one and decides no assessment: it tells which rewording a person has to see before a decision holds for it.
So it would rather name one act too many than miss one: what is no act by its words stays wording.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from analysis.assess.effects.other_languages import ForeignReader
from analysis.assess.texts import TextReader
from analysis.text import visible
from analysis.words import split_words
from analysis.yaml_tables import load_table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from analysis.assess.vocabulary import Vocabulary

_TOKEN: Final = re.compile(r"[^\W\d_][\w'\u2019-]*|[.,;:!?()\n\u2022]")
_WORD: Final = re.compile(r"[^\W\d_]")
_MAX_TEXT: Final = 20_000  # characters of a text that are read; a change behind them is told as such
_MAX_SHOWN: Final = 40
_MAX_CACHED: Final = 16_384
_STARTS: Final = frozenset(".;:!?(\n\u2022")
_CLAUSE: Final = 5  # words before a verb among which a negation is expected
_PARTICIPLES: Final = {
    "sent": "send", "written": "write", "overwritten": "overwrite", "paid": "pay", "sold": "sell", "run": "run", "made": "make",
    "given": "give", "withdrawn": "withdraw", "kept": "keep", "shut": "shutdown", "built": "build", "bought": "buy",
    "spent": "spend", "put": "put", "set": "set", "fed": "feed", "told": "tell", "taken": "take", "reset": "reset",
}  # fmt: skip
_ACTING: Final = frozenset({"write", "destroy", "soft-destroy", "money", "unclear"})


class _Act(NamedTuple):
    stem: str
    shown: str


@dataclass(frozen=True, slots=True)
class _Lists:
    """Words by list, and each verb that means the same as others with the one that represents them."""

    lists: Mapping[str, frozenset[str]]
    same: Mapping[str, str]


@cache
def _lists() -> _Lists:
    loaded = load_table("analysis.assess.effects", "text_additions.yaml")
    lists = {name: frozenset(word for group in groups for word in group["words"]) for name, groups in loaded.items()}
    same = {word: min(group["words"]) for group in loaded["same-acts"] for word in group["words"]}
    return _Lists(lists, same)


class TextAdditions:
    """Reader of what changed texts bring in, by one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._reader = TextReader(vocabulary)
        self._foreign = ForeignReader(vocabulary)
        self._words = _lists()
        self._things = vocabulary.lists["things"]
        self._runs = vocabulary.lists["runs"]
        self._objects = vocabulary.lists["object-starters"]

    def __call__(
        self, before: Collection[str], after: Collection[str], known: Collection[str], own: str
    ) -> tuple[str, ...]:
        """Return what texts say that the earlier ones did not, each in a few words; none for a mere rewording.

        `before` and `after` are the texts of what has changed, `known` all texts of the earlier definition, and `own`
        the name of the tool.
        """
        was, now = "\n".join(sorted(before)), "\n".join(sorted(after))
        if len(now) > _MAX_TEXT and was != now:
            return ("a text too long to be compared by its words",)
        one, other = _tokens(was), _tokens(now)
        words = frozenset().union(*map(_known_words, (*known, own)))
        if self._foreign.is_foreign(now) and self._words.lists["english"].isdisjoint(other):
            return self._of_foreign(one, other)
        found = [
            f"act \u201c{visible(act, _MAX_SHOWN)}\u201d"
            for act in self._new_acts(one, other, () if one else (*known, own))
        ]
        for name, said in (("destinations", "destination"), ("objects", "names")):
            found += [f"{said} \u201c{visible(word, _MAX_SHOWN)}\u201d" for word in self._new_words(name, other, words)]
        found += [f"no longer says \u201c{visible(word, _MAX_SHOWN)}\u201d" for word in self._lost(one, other)]
        return tuple(dict.fromkeys(found))

    def _lost(self, before: list[str], after: list[str]) -> Iterator[str]:
        """Yield what limited a tool or was denied of it, and is not any more."""
        listed = self._words.lists["assurances"]
        yield from (word for word in dict.fromkeys(before) if word in listed and word not in after)
        denied = {self._identity(act.stem) for act in self._acts(after, negated=True)}
        yield from (f"not {a.shown}" for a in self._acts(before, negated=True) if self._identity(a.stem) not in denied)

    def _of_foreign(self, before: list[str], after: list[str]) -> tuple[str, ...]:
        """Return what a text in another language brings in: every word counts, because its grammar is not read."""
        more = Counter(filter(_WORD.match, after)) - Counter(filter(_WORD.match, before))
        return ("words in another language than English",) if more else ()

    def _new_acts(self, before: list[str], after: list[str], known: Collection[str]) -> Iterator[str]:
        """Yield acts that a text has more often than its earlier form; of a new text, those that nothing known has."""
        said = Counter(self._identity(act.stem) for act in self._acts(before))
        told = {self._identity(act.stem) for text in known for act in self._acts(_tokens(text))}
        told |= {self._identity(word) for text in known if " " not in text for word in split_words(text)[:1]}
        for act in self._acts(after):
            identity = self._identity(act.stem)
            if said[identity]:
                said[identity] -= 1
            elif identity not in told:
                yield act.shown

    def _identity(self, stem: str) -> str:
        return next((self._words.same[base] for base in _bases(stem) if base in self._words.same), stem)

    def _new_words(self, name: str, after: list[str], known: frozenset[str]) -> Iterator[str]:
        listed = self._words.lists[name]
        for at, word in enumerate(after):
            pair = f"{word} {after[at + 1]}" if at + 1 < len(after) else ""
            for each in (pair, word):
                single = _singular(each)
                if (each in listed or single in listed) and single not in known:
                    yield each
                    break

    def _acts(self, tokens: list[str], *, negated: bool = False) -> Iterator[_Act]:
        """Yield the verbs of a text that do something, in the forms in which a tool or its reader does it; or those denied."""
        for at, word in enumerate(tokens):
            if not _WORD.match(word) or _is_negated(tokens, at) is not negated:
                continue
            stem = self._acting(word)
            if stem and (negated or self._is_predicate(tokens, at, stem)):
                yield _Act(stem, word)
            elif not stem and not negated and (self._is_unknown_predicate(tokens, at) or _is_of_others(tokens, at)):
                yield _Act(word, word)

    def _acting(self, word: str) -> str:
        """Return the base form of a verb that does something, or an empty string."""
        known = _PARTICIPLES.get(word, f"{word[:-3]}y" if word.endswith("ied") else word)
        stem, kind = self._reader.stem_and_kind(known)
        lists = self._words.lists
        for base in (stem, *_bases(word)):
            if base in lists["acts"]:
                return base
        if stem in lists["plain-verbs"] and kind in {"unclear", "read", "asking", ""}:
            return ""
        return stem if kind in _ACTING or stem in self._runs else ""

    def _is_predicate(self, tokens: list[str], at: int, stem: str) -> bool:
        word, after = tokens[at], _at(tokens, at + 1)
        before = _before(tokens, at)
        if stem in self._words.lists["lasting"] and after in {"its", "their"}:
            return False
        if word.endswith("ed") or word in _PARTICIPLES:
            had = before in {"it", "them"} and _before(tokens, at - 1) in self._words.lists["have"]
            if before in {"and", "or", ","}:
                clause = tokens[max(0, at - _CLAUSE) : at]
                had = not self._words.lists["be"].isdisjoint(clause) or not self._words.lists["have"].isdisjoint(clause)
            if before in self._words.lists["be"] or had:
                return True
        if word.endswith("ing"):
            return before in self._words.lists["before-gerunds"] and after not in self._words.lists["be"]
        if word.endswith("ed") and word != stem:
            return False
        thing = stem in self._things or stem in self._words.lists["acts"]
        if before in _STARTS or not before:
            return (
                not thing
                or after in self._objects
                or (word.endswith("s") and after not in self._words.lists["after-things"])
            )
        if before in self._words.lists["links"]:
            ambiguous = thing and before in {"and", "or", ",", "to"}
            lost = before == "to" and self._reader.stem_and_kind(word)[1] in {"destroy", "soft-destroy", "money"}
            return not ambiguous or lost or after in self._objects or after in {"to", "up", "out"}
        return word.endswith("s") and after in self._objects and before not in self._objects

    def _is_unknown_predicate(self, tokens: list[str], at: int) -> bool:
        """Whether a word that no list has does something by its place: `and fobbles it to`."""
        word, before, after = tokens[at], _before(tokens, at), _at(tokens, at + 1)
        if not word.endswith("s") or word.endswith("ss") or after not in self._objects:
            return False
        if before not in {"and", "then", "also", "it", "tool", "additionally", "plus"}:
            return False
        stem, kind = self._reader.stem_and_kind(word)
        return not kind and self._words.lists["plain-verbs"].isdisjoint((stem, *_bases(word)))


def _tokens(text: str) -> list[str]:
    return [token.replace("\u2019", "'") for token in _TOKEN.findall(text[:_MAX_TEXT].lower())]


@lru_cache(maxsize=_MAX_CACHED)
def _known_words(text: str) -> frozenset[str]:
    """Return the words of a text in singular, and those of the names in it: `deleteFile` has two."""
    return frozenset(map(_singular, (*split_words(text[:_MAX_TEXT]), *_tokens(text))))


def _is_of_others(tokens: list[str], at: int) -> bool:
    """Whether a word is what others than the caller can do: `Neighbours can see it`."""
    subject = _at(tokens, at - 2) if at > 1 else ""
    return (
        tokens[at] in _lists().lists["seeing"]
        and tokens[at - 1] in {"can", "may", "could", "will"}
        and bool(_WORD.match(subject))
        and subject not in _lists().lists["callers"]
    )


def _is_negated(tokens: list[str], at: int) -> bool:
    """Whether the clause of a verb denies it: `is not sent`, `without deleting`, and not `not only deletes`."""
    for back in range(at - 1, max(-1, at - 1 - _CLAUSE), -1):
        if tokens[back] in _STARTS or tokens[back] in {"but", "and", "then", ","}:
            return False
        if tokens[back] in _lists().lists["negations"]:
            return tokens[back + 1 : back + 2] != ["only"]
    return False


def _at(tokens: list[str], at: int) -> str:
    return tokens[at] if at < len(tokens) else ""


def _before(tokens: list[str], at: int) -> str:
    """Return the word before a place, without adverbs between: `and also silently deletes`."""
    back = at - 1
    while back > 0 and (tokens[back].endswith("ly") or tokens[back] in {"also", "then", "now", "not"}):
        if tokens[back] in {"also", "then"} and tokens[back - 1] not in _lists().lists["be"]:
            return tokens[back]
        back -= 1
    return tokens[back] if back >= 0 else ""


def _bases(word: str) -> tuple[str, ...]:
    """Return what an inflected verb may be the form of."""
    found = [word]
    for ending, instead in (("ies", "y"), ("es", ""), ("s", ""), ("ing", ""), ("ing", "e"), ("ed", ""), ("ed", "e")):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            found.append(word[: -len(ending)] + instead)
    return tuple(found)


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word
