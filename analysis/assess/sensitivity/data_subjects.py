"""People of whom something is kept: whatever belongs to one of them is known of a person, whatever it is called.

`Weights of a gym member`, `What a reader has borrowed`, `Where each driver is`, and /patients/{id}/visits hand out what is
kept of people. `Get a customer` is the ordinary record itself, and `Number of guests` a figure: neither is meant here.
"""

from __future__ import annotations

import itertools
import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

from analysis.words import path_segments, singular, split_words, with_plurals

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.assess.sensitivity.confidential_lists import ConfidentialLists
    from analysis.model import Tool

_MAX_TEXT: Final = 300  # characters
_SENTENCE: Final = re.compile(r"[.!?;](?:\s|$)|\n")
_USER: Final = re.compile(r"\busers?\b")
_DOING: Final = re.compile(r"\bwhat (?:they|he|she) (?:are|is|were|was|have|has|did|do|does|owe|owes)\b")
_TOKEN: Final = re.compile(r"\w+")
_WORD: Final = re.compile(r"[a-z][a-z-]*")
#: What a text says of things that are open to anyone, and of help.
_PUBLIC: Final = re.compile(
    r"^how to\b|(?<!non-)(?<!not )(?<!not yet )(?<!be )(?<!being )(?<!is )(?<!are )\b(?:public(?:ly)?(?! and)(?! or)(?! repo)(?! key)|published|official|statutory|open data|freely available"
    r"|on (?:the|our) website|(?:pure|plain) arithmetic)\b"
)
#: Without any of them, a text says nothing of these.
_PUBLIC_MARKS: Final = (
    "how to",
    "public",
    "publish",
    "official",
    "statutory",
    "open data",
    "freely",
    "website",
    "arithmetic",
)
_ASKING: Final = ("who", "whom", "whose", "someone", "what")
_WHO: Final = frozenset({"who", "whom", "whose"})
#: Before a thing: `Returns the weights of a member`.
_FILLERS: Final = frozenset(
    {"the", "a", "an", "all", "each", "every", "any", "of", "for", "latest", "current", "this", "tool"}
)
_ONE: Final = r"(?:an?|the|each|every|one|all|any|some|its|their|your|specific|given)"
#: After a person, who is not part of a compound: `of a customer account` is about an account.
_ENDS: Final = (
    r"(?=\s*(?:$|[,.;()]|(?:of|in|at|on|for|with|and|or|over|by|from|who|that|is|are|was|were|has|have|had|to|during|between|as|per|since"
    r"|until|within|under|near|now|today|then|when|where|likes?d?|visited|did|does|wrote|rated|felt)\b))"
)
_SAID: Final = "have|had|has|did|do|said|wrote|own|owns|owe|owes|bought"
_DID: Final = (
    "paid|pays|bought|buys|owes?|owed|earns?|earned|gets?|got|sold|sells|won|lost|spent|spends|borrowed|did|does|made"
)
_DONE: Final = frozenset(_DID.replace("?", "").split("|")) | {"owe", "earn", "get"}
_QUESTIONS: Final = ("what", "where", "when", "how", "whether", "which")
_GIVEN: Final = "taken|filed|written|given|reported|claimed|said|owed|paid|left|sent|visited"
#: Forms of a thing that the word before them names: `tide_table`.
_FORMS: Final = frozenset({"table", "chart", "reading"})
#: Words for where something is, and things of catalogues that people carry.
_WHEREABOUTS: Final = frozenset({"location", "position", "positions", "track", "whereabouts"})
_MOVING: Final = frozenset({"device", "phone"})
_ONE_THING: Final = frozenset({"path", "argument"})
_IDENTIFIERS: Final = frozenset({"id", "ids", "no", "number", "uuid", "name", "key", "ref", "code"})


class SubjectReader:
    """Reader of whom a result is about. Caches texts, names and paths, which tools share.

    Each pattern is compiled when a text first needs it: that takes longer than a small document.
    """

    def __init__(self, lists: ConfidentialLists) -> None:
        self._lists = lists
        self._who = with_plurals((*lists.subjects, "user"))
        self._done = "|".join(sorted(lists.deeds))
        phrases = (*_ASKING, *lists.deeds)
        self._hints = frozenset(form for each in (*lists.subjects, "user") for form in _forms_of(each)) | {
            phrase.partition(" ")[0] for phrase in phrases
        }
        self._published: dict[str, bool] = {}
        self._texts: dict[tuple[str, bool], str] = {}
        self._owners: dict[tuple[str, str], str] = {}

    @cached_property
    def _hint(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:who|whom|whose|someone|what (?:they|he|she)|{self._who}|{self._done})\b")

    @cached_property
    def _asked(self) -> re.Pattern[str]:
        one = rf"{_ONE} (?:[\w-]+ )?{self._who}{_ENDS}"
        return re.compile(rf"(?:what|where|when|how|whether|which)\b[^.;]*?\b(?:{one}|someone\b)")

    @cached_property
    def _did(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:each|every|an?) {self._who} (?:{_DID})\b")

    @cached_property
    def _several(self) -> re.Pattern[str]:
        return re.compile(
            rf"(?:(?:the|all|our|registered|current|active) )?{self._who}(?<=s)(?= (?:who|that|with|near|behind|not|[a-z]+(?:ed|ing)\b))"
        )

    @cached_property
    def _said(self) -> re.Pattern[str]:
        return re.compile(rf"(?:what|which) (?:[\w-]+ )?{self._who} (?:{_SAID})\b|which {self._who}\b")

    @cached_property
    def _of(self) -> re.Pattern[str]:
        return re.compile(
            rf"(?:\b(?:of|about|against|that)(?: {_ONE})?(?: [\w-]+)??|\b(?:(?:{_GIVEN}) by|(?:ed|en|nt) to)(?: {_ONE})) {self._who}{_ENDS}"
            rf"|\b(?:{_ONE} )?{self._who}(?:'s|s'|\u2019s) (?=[\w-])"
        )

    @cached_property
    def _deeds(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{self._done})\b")

    def of_text(self, text: str, *, spoken: bool) -> str:
        """Return the words of a text that say whom its object belongs to or who did it, or an empty string.

        `spoken`: it is of a tool without a path, whose text says more than its name.
        """
        key = (text, spoken)
        found = self._texts.get(key)
        if found is None:
            head = text[:_MAX_TEXT].lower()
            told = not self._hints.isdisjoint(_TOKEN.findall(head)) and self._hint.search(head)
            sentence = _SENTENCE.split(head, maxsplit=1)[0].strip() if told else ""
            found = self._texts[key] = self._read(sentence, spoken=spoken) if sentence else ""
        return found

    def of_owner(self, name: str, path: str) -> str:
        """Return the owner in a name or a path of whom no record is ordinary: /patients/{id}/visits."""
        key = (name, path)
        found = self._owners.get(key)
        if found is None:
            found = self._owners[key] = self._in_path(path) if path else self._in_words(split_words(name))
        return found

    def of_topic(self, name: str, path: str, texts: Iterable[str]) -> str:
        """Return the protected topic of a name, a path, or the first clause of the texts of a tool without a path."""
        key = (name, f"{path}\0")
        found = self._owners.get(key)
        if found is None:
            words = split_words(" ".join(path_segments(path)[-2:])) if path else split_words(name)
            found = self._owners[key] = self._topic(words)
        if found or path or self._is_open(split_words(name)):
            return found
        clauses = (re.split(r"[.;:]", text[:_MAX_TEXT].lower(), maxsplit=1)[0] for text in texts)
        return next(filter(None, (self._topic(tuple(_WORD.findall(clause)), told=True) for clause in clauses)), "")

    def _topic(self, words: tuple[str, ...], *, told: bool = False) -> str:
        if not told and self._is_open(words):
            return ""
        plain = [singular(word) for word in words]
        phrases = (
            *plain,
            *map(" ".join, itertools.pairwise(plain)),
            *map(" ".join, zip(plain, plain[1:], plain[2:], strict=False)),
        )
        return next((phrase for phrase in phrases if phrase in self._lists.topics), "")

    def _is_open(self, words: tuple[str, ...]) -> bool:
        """Whether a name ends in something made for everybody, or in a figure: `pacemaker_models`."""
        lists = self._lists
        told = [word for word in words if word not in lists.neutral]
        while len(told) > 1 and singular(told[-1]) in _FORMS:
            told.pop()
        end = told[-1] if told else ""
        return singular(end) in lists.open_heads or end in lists.less or not lists.public.isdisjoint(words)

    def is_open(self, name: str, path: str, texts: Sequence[str]) -> bool:
        """Whether a name, a path or the beginning of a text says that what is returned is for everybody: `tide_table`.

        Or that it is help, or computed from what the caller sends: `convert_units`.
        """
        words = split_words(name)
        if words and words[0] in self._lists.computing:
            return True
        named = [words, *(split_words(segment) for segment in path_segments(path)[-1:])]
        return any(map(self._is_open, named)) or self.is_published(texts)

    def is_published(self, texts: Sequence[str]) -> bool:
        """Whether the beginning of a text says that what is returned is for everybody."""
        known = self._published
        for text in texts:
            found = known.get(text)
            if found is None:
                head = text[:_MAX_TEXT].lower()
                found = known[text] = any(mark in head for mark in _PUBLIC_MARKS) and bool(_PUBLIC.search(head))
            if found:
                return True
        return False

    def of_whereabouts(self, tool: Tool) -> str:
        """Return the words of a name or path that ask where one thing that moves is: /devices/{id}/location."""
        segments = path_segments(tool.path) if tool.path else [tool.name]
        words = split_words(segments[-1]) if segments else ()
        if not words or words[-1] not in _WHEREABOUTS or not any(each.place in _ONE_THING for each in tool.parameters):
            return ""
        of = [singular(word) for segment in segments[-2:] for word in split_words(segment)]
        return "" if any(word in self._lists.open_heads for word in of if word not in _MOVING) else words[-1]

    def of_arguments(self, tool: Tool) -> str:
        """Return the argument that names the person of whom something is read: `scooter_trips(rider)`."""
        words, lists = split_words(tool.name), self._lists
        told = [word for word in words if word not in lists.neutral]
        if not told or told[-1] in lists.less:
            return ""
        for parameter in tool.parameters:
            named = [word for word in split_words(parameter.name) if word not in _IDENTIFIERS]
            person = singular(named[-1]) if named else ""
            if person in lists.named_by and person != singular(told[-1]):
                return parameter.name
        return ""

    def _read(self, sentence: str, *, spoken: bool) -> str:
        words = _WORD.findall(sentence)
        asks = next(
            (word for at, word in enumerate(words) if word in _WHO and (at <= 1 or (spoken and word != "whose"))), ""
        )
        if asks:
            return asks
        if not spoken and _USER.search(sentence):
            return ""  # each caller of an API is a user
        if sentence.startswith(_QUESTIONS):
            asked = self._said.match(sentence) or self._asked.match(sentence)
            if asked:
                return asked.group().split()[-1]
        tokens = _TOKEN.findall(sentence)
        if not self._hints.isdisjoint(tokens[:2]):
            several = self._several.match(sentence)
            if several:
                return several.group().strip()
        doing = _DOING.search(sentence) or (None if _DONE.isdisjoint(tokens) else self._did.search(sentence))
        if doing:
            return doing.group()
        hit = self._of.search(sentence)
        if hit is None:
            deed = self._deeds.search(sentence) if spoken else None
            return deed.group() if deed else ""
        owned = hit.group().endswith(" ")
        before, after = _WORD.findall(sentence[: hit.start()]), _WORD.findall(sentence[hit.end() :])[:2]
        return hit.group().strip() if self._is_thing(before, after if owned else before[1:] or before) else ""

    def _is_thing(self, before: Sequence[str], named: Sequence[str]) -> bool:
        """Whether what belongs to a person is a thing, not a record itself, a figure, or something public."""
        lists = self._lists
        named = [word for word in named if word not in _FILLERS]
        if not lists.public.isdisjoint(before) or not named or named[-1] in lists.less:
            return False
        return any(word not in lists.neutral for word in named)

    def _in_path(self, path: str) -> str:
        segments = path_segments(path)
        if len(segments) < 2 or not self._tells(split_words(segments[-1])):
            return ""
        words = (split_words(segment) for segment in segments[:-1])
        return next((each[-1] for each in words if each and singular(each[-1]) in self._lists.owners), "")

    def _in_words(self, words: tuple[str, ...]) -> str:
        at = next((at for at, word in enumerate(words[:-1]) if singular(word) in self._lists.owners), None)
        return "" if at is None or not self._tells(words[at + 1 :]) else words[at]

    def _tells(self, words: Sequence[str]) -> bool:
        """Whether words are a thing: not only forms of one, a figure, or a setting."""
        lists = self._lists
        return bool(words) and words[-1] not in lists.less and not all(word in lists.neutral for word in words)


def _forms_of(word: str) -> tuple[str, ...]:
    return (word, f"{word}s", f"{word[:-1]}ies" if word.endswith("y") else word)
