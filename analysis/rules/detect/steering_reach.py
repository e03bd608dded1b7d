"""Which features a text can have, by the classes of its words alone: the fast look before a text is parsed.

All features are tested at once. A feature needs one class of each of its groups, so each class has the groups that it
meets, as bits of one integer: a field of as many bits as there are features for the first group of each, one for the
second group, and so on. The union over all classes of a sentence has a feature's bit in every field where it is possible.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from operator import or_
from typing import TYPE_CHECKING, Final

from analysis.rules.detect.act_words import ORDERABLE, act_words
from analysis.rules.detect.steering_table import derived_classes, steering_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.rules.detect.steering_table import Feature, Groups

#: Bits of all classes; no phrase is an act in a form of its own, so the bits from `ORDERABLE` on are not in phrases.
_CLASSES: Final = ORDERABLE
_MASK: Final = (1 << _CLASSES) - 1
#: Classes that are looked up together, and combinations of them that are kept.
_STEP: Final = 30
_STEP_MASK: Final = (1 << _STEP) - 1
_MAX_KNOWN: Final = 50_000
#: Consecutive sentences whose features are added up.
WINDOW: Final = 6


@dataclass(frozen=True, slots=True)
class _Fields:
    """The groups that each class meets, and those that need none, in fields of `width` bits."""

    of_class: dict[int, int]
    mask: int  # of all these classes
    empty: int
    width: int
    count: int
    known: dict[int, int]  # some classes, at their place in steps of `_STEP` bits, marked by the step -> the groups met

    def met(self, every: int) -> int:
        """Return the groups that these classes meet."""
        found, step = 0, 0
        every &= self.mask
        while every:
            if part := every & _STEP_MASK:
                key = part << 8 | step
                met = self.known.get(key)
                found |= self._met(part, step, key) if met is None else met
            every >>= _STEP
            step += 1
        return found

    def _met(self, part: int, step: int, key: int) -> int:
        found, left = 0, part
        while left:
            lowest = left & -left
            found |= self.of_class.get(lowest << _STEP * step, 0)
            left ^= lowest
        if len(self.known) < _MAX_KNOWN:
            self.known[key] = found
        return found

    def possible(self, every: int) -> int:
        """Return the features, as bits, whose groups all have one of these classes."""
        return self.of_met(self.met(every))

    def of_met(self, met: int) -> int:
        """Return the features, as bits, whose groups are all met."""
        met |= self.empty
        found = met
        for _ in range(self.count - 1):
            met >>= self.width
            found &= met
        return found & ((1 << self.width) - 1)


def _fields(groups_of: Callable[[Feature], Groups]) -> _Fields:
    features = steering_table().features
    listed = [groups_of(feature) for feature in features]
    width, count = len(features), max(map(len, listed))
    of_class: dict[int, int] = {}
    empty = 0
    for feature, groups in zip(features, listed, strict=True):
        for at in range(count):
            place = feature.bit << at * width
            group = groups[at] if at < len(groups) else 0
            empty |= 0 if group else place
            while group:
                lowest = group & -group
                of_class[lowest] = of_class.get(lowest, 0) | place
                group ^= lowest
    return _Fields(of_class, reduce(or_, of_class), empty, width, count, {})


@cache
def _of_sentence() -> _Fields:
    return _fields(lambda feature: feature.needs)


@cache
def _of_text() -> _Fields:
    return _fields(lambda feature: (*feature.needs, *feature.text))


@cache
def _relevant() -> int:
    """Return the classes that any feature asks for, or from which such classes follow."""
    asked = reduce(or_, _of_text().of_class)
    return reduce(or_, (given | also for given, also, _ in derived_classes()), asked)


@lru_cache(maxsize=16_384)
def _closed(every: int) -> int:
    """Return classes with all that may follow from them once the words are related."""
    for given, also, derived in derived_classes():
        if every & given and (not also or every & also):
            every |= derived
    return every


def possible(every: int) -> int:
    """Return the features, as bits, that a sentence can have whose words have these classes."""
    return _possible(every & _relevant())


@lru_cache(maxsize=16_384)
def _possible(every: int) -> int:
    return _of_sentence().possible(_closed(every))


def possible_in_text(every: int) -> int:
    """Return the features, as bits, that the sentences of a text can have whose words have these classes."""
    return _of_text().possible(_closed(every & _relevant()))


@cache
def asking_the_text() -> int:
    """Return the features, as bits, that depend on other sentences of the text."""
    return reduce(or_, (feature.bit for feature in steering_table().features if feature.text), 0)


@lru_cache(maxsize=16_384)
def features_of(found: int) -> tuple[Feature, ...]:
    """Return the features of bits."""
    return tuple(feature for feature in steering_table().features if found & feature.bit)


@lru_cache(maxsize=16_384)
def most_of(found: int) -> float:
    """Return the score of features, as bits, without those that lower it."""
    weights, most = _weights(), 0.0
    while found:
        lowest = found & -found
        most += weights[lowest]
        found ^= lowest
    return most


@cache
def _weights() -> dict[int, float]:
    """Return the weight of each feature, by its bit; nothing for one that lowers the score."""
    return {feature.bit: max(0.0, feature.weight) for feature in steering_table().features}


def can_reach(found: int, least: float) -> bool:
    """Whether features, as bits, can reach a score together."""
    return most_of(found) >= least


def any_window_reaches(masks: list[int], least: float) -> bool:
    """Whether the features of consecutive sentences can reach a score."""
    return any(mask and can_reach(reduce(or_, masks[at : at + WINDOW]), least) for at, mask in enumerate(masks))


def named_otherwise(every: int) -> int:
    """Return classes with those that words may also have once it is known which tools there are."""
    for given, derived in _by_names():
        if every & given:
            every |= derived
    return every | act_words().bit["OWN"]


@cache
def _by_names() -> tuple[tuple[int, int], ...]:
    bit = act_words().bit
    return (bit["TOOL_NAME"], bit["NAME"] | bit["KIN"] | bit["ACTING"]), (bit["JOINED"], bit["KIN"])


@cache
def _alone() -> tuple[tuple[int, int], ...]:
    """Return what follows from classes of one word."""
    return (*((given, derived) for given, also, derived in derived_classes() if not also), *_by_names())


@cache
def _together() -> tuple[tuple[int, int, int], ...]:
    """Return what follows from classes of two words."""
    return tuple(each for each in derived_classes() if each[1])


def _alone_closed(every: int) -> int:
    before = 0
    while before != every:
        before = every
        for given, derived in _alone():
            if every & given:
                every |= derived
    return every


@lru_cache(maxsize=16_384)
def met_by_word(every: int, anchored: int = 0, adjacent: int = 0) -> int:
    """Return the groups that a word with these classes meets in its text, as `possible_by` takes them: the union over all words.

    Above the groups are its share in `_together`, and the classes of phrases of which it may be the anchor, and the word
    next to the anchor.
    """
    found, left = 0, every
    while left:
        lowest = left & -left
        found |= _met_by_class(lowest)
        left ^= lowest
    return found | ((anchored & _MASK) | (adjacent & _MASK) << _CLASSES) << _places()[1]


@cache
def _met_by_class(one: int) -> int:
    """Return the same for one class: what several classes meet is the union over them."""
    fields, closed = _of_text(), _alone_closed(one)
    met, place = fields.met(closed), fields.width * fields.count
    for given, also, _ in _together():
        met |= (bool(closed & given) | bool(closed & also) << 1) << place
        place += 2
    return met


@cache
def _places() -> tuple[int, int, int]:
    """Return the places above the groups, of the shares in `_together` and of the classes of phrases, and a mask of what is below."""
    pairs_at = _of_text().width * _of_text().count
    phrases_at = pairs_at + 2 * len(_together())
    return pairs_at, phrases_at, (1 << phrases_at) - 1


def phrases_by(met: int) -> int:
    """Return the classes of phrases that a text may have whose words meet these groups."""
    phrases = met >> _places()[1]
    return phrases & phrases >> _CLASSES & _MASK if phrases else 0


def possible_by(met: int, of_phrases: int = 0) -> int:
    """Return the features, as bits, that a text can have whose words meet these groups, whatever its tools are called.

    `of_phrases`: the classes of the phrases in it.
    """
    pairs_at, _, below = _places()
    met &= below
    if of_phrases:
        met |= met_by_word(of_phrases)
    return _of_text().of_met(met | _met_together(met >> pairs_at))


def most_by(met: int) -> float:
    """Return a score that no text exceeds whose words meet these groups, whatever phrases they make."""
    return most_of(possible_by(met, phrases_by(met)))


@lru_cache(maxsize=16_384)
def _met_together(pairs: int) -> int:
    every, before = act_words().bit["OWN"], 0
    while before != every:
        before = every
        for at, (given, also, derived) in enumerate(_together()):
            if (pairs >> 2 * at & 1 or every & given) and (pairs >> 2 * at & 2 or every & also):
                every |= derived
        every = _alone_closed(every)
    return _of_text().met(every)
