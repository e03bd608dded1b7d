"""One look at a text by its tokens alone: which detectors have to read it.

The facts of a token are kept, as the texts of a document share most of their words; see `token_facts`.
"""

from __future__ import annotations

import re
from functools import lru_cache, reduce
from itertools import pairwise
from operator import or_
from typing import TYPE_CHECKING, Final

from analysis.rules.detect.act_words import act_words
from analysis.rules.detect.steering_reach import can_reach, most_by, phrases_by, possible_by
from analysis.rules.detect.steering_table import steering_table
from analysis.rules.scan.token_facts import DISGUISED, IMITATING, ODD, SINGLE, TO_WORDS, TRAITS, token_facts

if TYPE_CHECKING:
    from collections.abc import Iterable

#: A digit between letters of a lower-case word: `1gnore`.
LEET: Final = re.compile(r"(?<![a-z0-9_])[a-z]*[0134578$!@]+[a-z][a-z0-9]")
#: Traits of texts, above those of tokens: a pattern of injection may match; an order may be in it that is read first, and
#: one that is read first in an API document.
INJECTS, STEERS, STEERS_IN_DOCUMENT = (1 << TRAITS + at for at in range(3))
#: What is said of a text that cannot be looked at: every detector has to read it.
ALL_TRAITS: Final = (1 << TRAITS + 3) - 1
_OF_TOKENS: Final = (1 << TRAITS) - 1
_LONE: Final = "a"
_MIN_SPACED: Final = 3


@lru_cache(maxsize=65_536)
def _facts_of(text: str) -> int:
    return reduce(or_, map(token_facts().__getitem__, text.split()), 0)


def traits_of(text: str) -> int:
    """Return the traits of a text, as bits: those of its tokens, and what these say of detectors."""
    facts = _facts_of(text)
    traits = facts & _OF_TOKENS
    if not text.isascii():  # the patterns and features are not known by its tokens
        return traits | INJECTS | STEERS | STEERS_IN_DOCUMENT
    known, table = token_facts(), steering_table()
    if known.needs.possible(facts) or (traits & DISGUISED and _may_be_spelled(text, traits)):
        traits |= INJECTS
    most = most_by(facts >> known.above)
    if most >= table.read_first:
        traits |= STEERS
        if most >= table.read_first + table.document_margin:
            traits |= STEERS_IN_DOCUMENT
    return traits


def _may_be_spelled(text: str, traits: int) -> bool:
    """Whether a text may have words whose letters are spaced out, or written as digits, that patterns ask for."""
    return bool(traits & (SINGLE | IMITATING)) or text.lower().split().count(_LONE) >= _MIN_SPACED


def patterns_at_first_sight(text: str, spelled: Iterable[str] = ()) -> int:
    """Return the patterns of injection, as bits, that an ASCII text can match; `spelled`: tokens that are looked at too."""
    every, facts = _facts_of(text), token_facts()
    for token in spelled:
        every |= facts.shown_by(token)
    return facts.needs.possible(every)


def traits_at_first_sight(text: str) -> int:
    """Return the traits of the tokens of a text, as bits."""
    return _facts_of(text) & _OF_TOKENS


def may_steer(text: str, least: float) -> bool:
    """Whether a text, ASCII but for marks of typography, can have this score of steering, whatever its tools are called."""
    met = _facts_of(text) >> token_facts().above
    if can_reach(possible_by(met), least):
        return True
    phrases = phrases_by(met)
    if not phrases or not can_reach(possible_by(met, phrases), least):
        return False
    if _facts_of(text) & ODD:
        return True
    words = text.lower().translate(TO_WORDS).split()
    pairs = act_words().pairs
    found = reduce(or_, [pairs[pair] for pair in pairwise(words) if pair in pairs], 0)
    return bool(found) and can_reach(possible_by(met, found), least)
