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
from operator import or_
from typing import Final

from analysis.rules.detect.act_tokens import classes_of_token
from analysis.rules.detect.act_words import act_words
from analysis.rules.detect.steering_reach import met_by_word, possible_by
from analysis.rules.scan.pieces import Needs

_MAX_KEPT: Final = 200_000
_MAX_KEPT_TOKEN: Final = 80
#: A digit between letters of a lower-case word: `1gnore`.
LEET: Final = re.compile(r"(?<![a-z0-9_])[a-z]*[0134578$!@]+[a-z][a-z0-9]")
_LEET_SIGNS: Final = frozenset("0134578$!@")
#: A letter by itself that may be one of a word whose letters are spaced out: `i g n o r e`.
_LONE: Final = re.compile(r"(?<![a-z0-9])[grluoh0](?![a-z0-9])")
_LONE_LETTERS: Final = frozenset("grluoh")
#: What a word usually has before and behind it, without what makes it something else: `.env`, `!x`.
_BEFORE: Final = "(\"'`"
_BEHIND: Final = ".,:;!?)\"'`"
_CODE_MARKS: Final = frozenset("\"'`")
#: An address and nothing else.
_PLAIN_ADDRESS: Final = re.compile(r"https?://[a-z][^{<>(\[]*\Z")
#: Classes of words by the marks they have: in code or quotes, before a colon, in capitals, and those of an address.
_MARKED: Final = (
    ("CODE", "QUOTE"),
    ("COLON",),
    ("CAPITALS",),
    ("ADDRESS", "MAILBOX", "JOINED", "IDENTIFIER", "ID_NAME", "NUMBER", "CODE", "QUOTE", "COLON"),
)


class _Facts(dict[str, int]):
    """The facts of each token, found when it is first asked for."""

    def __init__(self) -> None:
        self.needs = Needs(pattern for _, listed in injection_needs() for pattern in listed)
        self.disguise = 1 << self.needs.size
        self.above = self.needs.size + 1
        self._of_word: dict[str, int] = {}
        bit = act_words().bit
        self._code, self._colon, self._capitals, self._address = (
            met_by_word(reduce(or_, map(bit.__getitem__, classes))) << self.above for classes in _MARKED
        )

    def __missing__(self, token: str) -> int:
        core = token.rstrip(_BEHIND).lstrip(_BEFORE)
        facts = self._word(core, token) if core.isalpha() and core.isascii() else self._other(token)
        if len(token) <= _MAX_KEPT_TOKEN and len(self) < _MAX_KEPT:
            self[token] = facts
        return facts

    def _word(self, core: str, token: str) -> int:
        """Return the facts of a token that is a word between the usual marks."""
        if core.islower() or core.istitle():
            facts = 0
        elif core.isupper():
            facts = self._capitals
        else:
            return self._other(token)
        word = core.lower()
        found = self._of_word.get(word)
        if found is None:
            found = self.needs.pieces.of_word(word) | met_by_word(classes_of_token(word)) << self.above
            found |= self.disguise if word in _LONE_LETTERS else 0
            if len(self._of_word) < _MAX_KEPT:
                self._of_word[word] = found
        if core != token:
            if ":" in token:
                facts |= self._colon
            if not _CODE_MARKS.isdisjoint(token):
                facts |= self._code
        return facts | found

    def _other(self, token: str) -> int:
        lower = token.lower()
        facts = self.needs.pieces.of_token(lower)
        if (not _LEET_SIGNS.isdisjoint(lower) and LEET.search(lower)) or _LONE.search(lower):
            facts |= self.disguise
        if _PLAIN_ADDRESS.match(lower):
            return facts | self._address
        return facts | met_by_word(classes_of_token(token)) << self.above


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


def patterns_at_first_sight(text: str) -> int:
    """Return the patterns of injection, as bits, that an ASCII text can match as it is."""
    return _facts().needs.possible(_at_first_sight(text))


def may_be_disguised(text: str) -> bool:
    """Whether words of a text may be written with digits, or with spaces between their letters."""
    return bool(_at_first_sight(text) & _facts().disguise)


def features_at_first_sight(text: str) -> int:
    """Return the features of steering, as bits, that an ASCII text can have."""
    return possible_by(_at_first_sight(text) >> _facts().above)
