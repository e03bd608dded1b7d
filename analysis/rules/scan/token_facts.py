"""What a token shows, a run without blanks: of the needs of patterns, of the features of steering, and traits of its own.

The facts of a token are bits of one integer, so that a text has those of all its tokens together: its traits, above them
what `Needs` says of the patterns in `injection.yaml`, and above these what `steering_reach` says of `steering.yaml`.
"""

from __future__ import annotations

import json
import re
from functools import cache, reduce
from operator import or_
from pathlib import Path
from typing import Final

from analysis.rules.detect.act_tokens import classes_of_token, word_of_token
from analysis.rules.detect.act_words import act_words
from analysis.rules.detect.secret_shapes import has_mark
from analysis.rules.detect.steering_reach import met_by_word
from analysis.rules.scan.word_pieces import Needs
from analysis.text_folded import encoded

_MAX_KEPT: Final = 200_000
_MAX_KEPT_TOKEN: Final = 400
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
#: read as another word than it is written as, or as a part of it; long enough for a key; with encoded data; marked as a key;
#: with an address; with a mark of markup; with a separator of words joined to a name.
DISGUISED, IMITATING, SINGLE, ODD, LONG, CODED, MARKED, LINKED, MARKUP, NAMED = (1 << at for at in range(10))
#: Number of traits: the place of what is above them.
TRAITS: Final = 10
_MIN_KEY: Final = 20
_MIN_CODED: Final = 24
#: Blanks for all that is in no word.
TO_WORDS: Final = str.maketrans({sign: " " for sign in map(chr, range(128)) if not sign.isalnum()})
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


def _with_colon(token: str) -> int:
    """Return the traits that only tokens with a colon have."""
    traits = LINKED if "://" in token else 0
    return traits | MARKUP if "data:" in token or "javascript:" in token else traits


class _Words(dict[str, int]):
    """The facts of each word of a token, found when it is first asked for: pieces that it shows, and traits."""

    def __init__(self, needs: Needs) -> None:
        self._pieces = needs.pieces

    def __missing__(self, word: str) -> int:
        facts = pieces = self._pieces.of_word(word)
        if len(word) == 1:
            facts |= DISGUISED if word in _LONE_LETTERS else 0
        elif not word.isalpha():
            facts |= DISGUISED if _LEET_WORD.search(word) else 0
            spelled = word.translate(_SPELLED)
            if spelled != word and self._pieces.of_word(spelled) & ~pieces:
                facts |= IMITATING
        if len(word) <= _MAX_KEPT_TOKEN and len(self) < _MAX_KEPT:
            self[word] = facts
        return facts


class TokenFacts(dict[str, int]):
    """The facts of each token, found when it is first asked for."""

    def __init__(self) -> None:
        self.needs = Needs((pattern for _, listed in injection_needs() for pattern in listed), TRAITS)
        self.above = self.needs.end
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
            facts |= LONG | MARKED if has_mark(token) else LONG
            if len(token) >= _MIN_CODED and encoded(token):
                facts |= CODED
        facts = self._same.setdefault(facts, facts)  # few differ, and are read far more often than made
        if len(token) <= _MAX_KEPT_TOKEN and len(self) < _MAX_KEPT:
            self[token] = facts
        return facts

    def _word(self, core: str, token: str) -> int:
        """Return the facts of a token that is a word between the usual marks."""
        word = core.lower()
        facts = self._of_word.get(word)
        if facts is None:
            facts = self._words[word]
            if self._is_known(word):
                facts |= self._read(word, [word])
            if len(word) == 1 and word != "a":
                facts |= SINGLE
            if len(self._of_word) < _MAX_KEPT:
                self._of_word[word] = facts
        if word != core:
            if core.isupper():
                facts |= self._capitals
            elif not core.istitle():
                facts |= NAMED | self._called(core) if core[0].islower() else NAMED
        return facts | self._around(token) if core != token else facts

    def _around(self, token: str) -> int:
        """Return the facts of the marks around a word."""
        facts = self._colon | _with_colon(token) if ":" in token else 0
        return facts if _CODE_MARKS.isdisjoint(token) else facts | self._code

    def _called(self, core: str) -> int:
        """Return the facts of a name of several words, by the first of them; see `act_words`."""
        first = _FIRST.match(core)
        return self._tool_name if first and (first[0] in self._verbs or first[0] in _TAGS) else self._name

    def _other(self, core: str, token: str) -> int:
        """Return the facts of any other token."""
        lower = token.lower()
        words, signs = lower.translate(TO_WORDS).split(), set(_SIGNS.findall(lower))
        facts = self._shown(lower, words, signs)
        if signs:
            if not _LEET_MARKS.isdisjoint(signs):
                facts |= DISGUISED | IMITATING
            if "<" in signs:
                facts |= MARKUP
        if len(token) < _MIN_KEY and has_mark(token):
            facts |= MARKED
        if lower != token or "_" in signs or "-" in token:
            facts |= NAMED
        if ":" in token:
            facts |= _with_colon(token)
        elif lower[1:2] in _BETWEEN and _SINGLE.fullmatch(lower):
            facts |= SINGLE
        if facts & LINKED and _PLAIN_ADDRESS.match(lower):
            return facts | self._address
        if _COMPOUND.fullmatch(core) and not self._is_known(core.lower()):
            facts |= self._joined | self._around(token)
            return facts if "-" in core else facts | self._called(core)
        return facts | self._read(token, words)

    def shown_by(self, lower: str) -> int:
        """Return what a token in lower case shows of the needs of patterns, and traits of its words, without keeping it."""
        return self._shown(lower, lower.translate(TO_WORDS).split(), set(_SIGNS.findall(lower)))

    def _shown(self, lower: str, words: list[str], signs: set[str]) -> int:
        facts = reduce(or_, map(self._words.__getitem__, words), 0)
        return facts | self.needs.pieces.of_marks(lower, signs) if signs else facts

    def _read(self, token: str, words: list[str]) -> int:
        """Return the facts of a token as `act_tokens` reads it."""
        met = met_by_word(*classes_of_token(token)) << self.above
        word = word_of_token(token)
        same = [word] == words or word.translate(TO_WORDS).split() == words
        return met if same else met | ODD

    def _is_known(self, word: str) -> bool:
        """Whether a word of several parts is in the vocabulary, as it is or without a pronoun at its end."""
        known = self._known
        return word in known or (word[-1] in "aeios" and not known.isdisjoint((word[:-2], word[:-3])))


@cache
def injection_needs() -> list[tuple[str, list[list[list[str]]]]]:
    """Return, for each kind of signal, what its patterns need: for each some groups of pieces, one of each group."""
    loaded: dict[str, list[list[list[str]]]] = json.loads(Path(__file__).with_name("injection_needs.json").read_bytes())
    return [*loaded.items()]


@cache
def token_facts() -> TokenFacts:
    """Return the facts of tokens, of which those that were asked for are kept."""
    return TokenFacts()
