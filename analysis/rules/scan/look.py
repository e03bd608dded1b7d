"""One look at a text by its tokens alone: what patterns of injection and features of steering are possible at all.

A token is a run without blanks. Its facts are kept, as the texts of a document share most of their words; they are bits of
one integer, so that a text has those of all its tokens together: what `Needs` says of the patterns in `injection.yaml`,
whether letters are disguised, and above these what `steering_reach` says of the features in `steering.yaml`.
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache, reduce
from importlib import resources
from itertools import pairwise
from operator import or_
from typing import Final

from analysis.rules.detect.act_tokens import classes_of_token, word_of_token
from analysis.rules.detect.act_words import act_words
from analysis.rules.detect.secret_shapes import has_mark
from analysis.rules.detect.steering_reach import can_reach, met_by_word, phrases_by, possible_by
from analysis.rules.scan.word_pieces import Needs
from analysis.text_folded import encoded

_MAX_KEPT: Final = 200_000
_MAX_KEPT_TOKEN: Final = 400
#: A digit between letters of a lower-case word: `1gnore`.
LEET: Final = re.compile(r"(?<![a-z0-9_])[a-z]*[0134578$!@]+[a-z][a-z0-9]")
#: What a word without signs has where `LEET` matches, and the signs; with them a word may end elsewhere.
_LEET_WORD: Final = re.compile(r"[0134578][a-z][a-z0-9]")
_LEET_MARKS: Final = frozenset("$!@")
#: Of marks that patterns ask for, and of `_LEET_MARKS`.
_SIGNS: Final = re.compile(r"[][<>|#!~@_+$]")
_SPELLED: Final = str.maketrans("013457", "oieast")
#: A letter by itself that may be one of a word whose letters are spaced out: `i g n o r e`. A zero may be an `o`.
_LONE_LETTERS: Final = frozenset("grluoh0")
#: A letter by itself, or letters with one sign between them: what may be a part of such a word.
_SINGLE: Final = re.compile(r"\w(?:[._*\-]\w)*")
_BETWEEN: Final = frozenset(("", ".", "_", "*", "-"))
#: Traits of tokens: letters may be written as digits or spaced out; as digits, in a word that patterns ask for; `_SINGLE`;
#: read as another word than it is written as, or as a part of it; long enough for a key; with encoded data; marked as a key.
DISGUISED, IMITATING, SINGLE, ODD, LONG, CODED, MARKED = (1 << at for at in range(7))
_TRAITS: Final = 7
_MIN_KEY: Final = 20
_MIN_CODED: Final = 24
#: Blanks for all that is in no word.
_WORDS: Final = str.maketrans({sign: " " for sign in map(chr, range(128)) if not sign.isalnum()})
#: What a word usually has before and behind it, without what makes it something else: `.env`, `!x`.
_BEFORE: Final = "(\"'`"
_BEHIND: Final = ".,:;!?)\"'`"
_CODE_MARKS: Final = frozenset("\"'`")
#: An address and nothing else.
_PLAIN_ADDRESS: Final = re.compile(r"https?://[a-z][^{<>(\[]*\Z")
#: Words joined to one, or letters and digits, but no place of secrets such as `id_rsa`.
_COMPOUND: Final = re.compile(r"(?!id_)[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?")
_FIRST: Final = re.compile(r"[a-z0-9]+")
_TAGS: Final = frozenset(("mcp", "function", "functions"))
#: Classes of words by the marks they have: in code or quotes, before a colon, in capitals; those of an address; of names.
_MARKED: Final = (
    ("CODE", "QUOTE"),
    ("COLON",),
    ("CAPITALS",),
    ("ADDRESS", "MAILBOX", "JOINED", "IDENTIFIER", "ID_NAME", "NUMBER", "CODE", "QUOTE", "COLON"),
    ("JOINED", "IDENTIFIER", "ID_NAME", "NUMBER", "CAPITALS"),
    ("NAME",),
    ("NAME", "TOOL_NAME"),
)


class _Words(dict[str, int]):
    """The facts of each word of a token, found when it is first asked for: pieces that it shows, and traits."""

    def __init__(self, needs: Needs) -> None:
        self._pieces, self._traits = needs.pieces, needs.size

    def __missing__(self, word: str) -> int:
        pieces = self._pieces.of_word(word)
        traits = 0
        if len(word) == 1:
            traits = DISGUISED if word in _LONE_LETTERS else 0
        elif not word.isalpha():
            traits = DISGUISED if _LEET_WORD.search(word) else 0
            if self._pieces.of_word(word.translate(_SPELLED)) & ~pieces:
                traits |= IMITATING
        facts = pieces | traits << self._traits
        if len(word) <= _MAX_KEPT_TOKEN and len(self) < _MAX_KEPT:
            self[word] = facts
        return facts


class _Facts(dict[str, int]):
    """The facts of each token, found when it is first asked for."""

    def __init__(self) -> None:
        self.needs = Needs(pattern for _, listed in injection_needs() for pattern in listed)
        self.traits = self.needs.size
        self.above = self.needs.size + _TRAITS
        self.long, self.coded, self.marked, self.odd = (each << self.traits for each in (LONG, CODED, MARKED, ODD))
        self._words = _Words(self.needs)
        self._of_word: dict[str, int] = {}
        self._same: dict[int, int] = {}
        known = act_words()
        self._code, self._colon, self._capitals, self._address, self._joined, self._name, self._tool_name = (
            met_by_word(known.mask(listed)) << self.above for listed in _MARKED
        )
        self._known = (
            known.words.keys() | known.next_to_anchors.keys() | known.lists["programs"] | known.lists["dangerous"]
        )
        self._verbs = known.lists["name_verbs"] | {
            word for word, bits in known.words.items() if bits & known.bit["BASE"]
        }

    def __missing__(self, token: str) -> int:
        core = token.rstrip(_BEHIND).lstrip(_BEFORE)
        facts = self._word(core, token) if core.isalpha() and core.isascii() else self._other(core, token)
        if len(token) >= _MIN_KEY:
            facts |= self._long(token) << self.traits
        facts = self._same.setdefault(facts, facts)  # few differ, and are read far more often than made
        if len(token) <= _MAX_KEPT_TOKEN and len(self) < _MAX_KEPT:
            self[token] = facts
        return facts

    def _long(self, token: str) -> int:
        """Return the traits of a long token."""
        traits = LONG | MARKED if has_mark(token) else LONG
        return traits | CODED if len(token) >= _MIN_CODED and encoded(token) else traits

    def _word(self, core: str, token: str) -> int:
        """Return the facts of a token that is a word between the usual marks."""
        word = core.lower()
        facts = self._of_word.get(word)
        if facts is None:
            facts = self._words[word] | self._read(word, [word])
            if len(word) == 1 and word != "a":
                facts |= SINGLE << self.traits
            if len(self._of_word) < _MAX_KEPT:
                self._of_word[word] = facts
        if not core.islower():
            if core.isupper():
                facts |= self._capitals
            elif core[0].islower():
                facts |= self._called(core)
        return facts | self._around(token) if core != token else facts

    def _around(self, token: str) -> int:
        """Return the facts of the marks around a word."""
        facts = self._colon if ":" in token else 0
        return facts if _CODE_MARKS.isdisjoint(token) else facts | self._code

    def _called(self, core: str) -> int:
        """Return the facts of a name of several words, by the first of them; see `act_words`."""
        first = _FIRST.match(core)
        return self._tool_name if first and (first[0] in self._verbs or first[0] in _TAGS) else self._name

    def _other(self, core: str, token: str) -> int:
        lower = token.lower()
        words = lower.translate(_WORDS).split()
        facts = reduce(or_, map(self._words.__getitem__, words), 0)
        if _SIGNS.search(lower):
            facts |= self.needs.pieces.of_marks(lower)
            if not _LEET_MARKS.isdisjoint(lower):
                facts |= (DISGUISED | IMITATING) << self.traits
        if len(token) < _MIN_KEY and has_mark(token):
            facts |= MARKED << self.traits
        if lower[1:2] in _BETWEEN and _SINGLE.fullmatch(lower):
            facts |= SINGLE << self.traits
        if _PLAIN_ADDRESS.match(lower):
            return facts | self._address
        if _COMPOUND.fullmatch(core) and not self._is_known(core.lower()):
            facts |= self._joined | self._around(token)
            return facts if "-" in core else facts | self._called(core)
        return facts | self._read(token, words)

    def _read(self, token: str, words: list[str]) -> int:
        """Return the facts of a token as `act_tokens` reads it."""
        met = met_by_word(*classes_of_token(token)) << self.above
        word = word_of_token(token)
        same = [word] == words or word.translate(_WORDS).split() == words
        return met if same else met | self.odd

    def _is_known(self, word: str) -> bool:
        """Whether a word of several parts is in the vocabulary, as it is or without a pronoun at its end."""
        known = self._known
        return word in known or (word[-1] in "aeios" and not known.isdisjoint((word[:-2], word[:-3])))


@cache
def injection_needs() -> list[tuple[str, list[list[list[str]]]]]:
    """Return, for each kind of signal, what its patterns need: for each some groups of pieces, one of each group."""
    text = resources.files("analysis.rules.scan").joinpath("injection_needs.json").read_text("utf-8")
    loaded: list[tuple[str, list[list[list[str]]]]] = [(kind, listed) for kind, listed in json.loads(text).items()]
    return loaded


@cache
def _facts() -> _Facts:
    return _Facts()


@lru_cache(maxsize=65_536)
def _at_first_sight(text: str) -> int:
    return reduce(or_, map(_facts().__getitem__, text.split()), 0)


def has_long_token(text: str) -> bool:
    """Whether a text has a run without blanks that is long enough for a key or encoded data."""
    return _at_first_sight(text) & _facts().long != 0


def may_have_secret(text: str) -> bool:
    """Whether a text has a token that is marked as a key of a known service."""
    return _at_first_sight(text) & _facts().marked != 0


def may_have_code(text: str) -> bool:
    """Whether a text has a token with encoded data, and no address."""
    return _at_first_sight(text) & _facts().coded != 0


def patterns_at_first_sight(text: str, spelled: str = "") -> int:
    """Return the patterns of injection, as bits, that an ASCII text can match as it is.

    `spelled`: the same text with other letters in some of its words, which is looked at too.
    """
    every, facts = _at_first_sight(text), _facts()
    if spelled:
        for token in set(spelled.split()).difference(text.lower().split()):
            every |= facts[token]
    return facts.needs.possible(every)


def traits_at_first_sight(text: str) -> int:
    """Return the traits of the tokens of a text, as bits."""
    facts = _facts()
    return _at_first_sight(text) >> facts.traits & (1 << _TRAITS) - 1


def may_steer(text: str, least: float) -> bool:
    """Whether an ASCII text can have this score of steering, whatever its tools are called."""
    facts = _facts()
    met = _at_first_sight(text) >> facts.above
    if can_reach(possible_by(met), least):
        return True
    phrases = phrases_by(met)
    if not phrases or not can_reach(possible_by(met, phrases), least):
        return False
    if _at_first_sight(text) & facts.odd:
        return True
    words = text.lower().translate(_WORDS).split()
    pairs = act_words().pairs
    found = reduce(or_, [pairs[pair] for pair in pairs.keys() & set(pairwise(words))], 0)
    return bool(found) and can_reach(possible_by(met, found), least)
