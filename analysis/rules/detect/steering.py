"""Score of a text by what it orders its reader to do beyond the call it describes; the table is `steering.yaml`.

Each feature counts once in a text. Two thresholds make three tiers: nothing, read first, accused.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_
from typing import TYPE_CHECKING, Final

from analysis.rules.detect.act_tokens import related, spans, tokens
from analysis.rules.detect.act_words import act_words
from analysis.rules.detect.acts import Sentence, sentence_at, unspaced_sentences
from analysis.rules.detect.steering_reach import (
    WINDOW,
    any_window_reaches,
    asking_the_text,
    can_reach,
    features_of,
    named_otherwise,
    possible,
    possible_in_text,
)
from analysis.rules.detect.steering_table import steering_table
from analysis.rules.scan.look import may_steer
from analysis.text_folded import plain_marks

if TYPE_CHECKING:
    from analysis.rules.detect.acts import Act
    from analysis.rules.detect.steering_table import Feature

_CONTEXT: Final = 6


@dataclass(frozen=True, slots=True)
class Steering:
    """What was found in a text: the score, and the features with the words they were found in, heaviest first."""

    score: float
    found: tuple[tuple[Feature, str], ...]
    tools: frozenset[str] = frozenset()  # names of other tools, in lower case

    def is_workflow(self, siblings: frozenset[str]) -> bool:
        """Whether a text only puts tools of its own server into a sequence. `siblings`: their names in lower case."""
        rest = sum(feature.weight for feature, _ in self.found if not feature.workflow)
        return bool(self.tools) and self.tools <= siblings and rest < steering_table().read_first


@lru_cache(maxsize=16_384)
def steering(text: str, own: str = "", siblings: frozenset[str] = frozenset()) -> Steering:
    """Return the score of a text and the features found in it.

    `own` is the name of the tool that the text describes, `siblings` are the names of the tools of its server, in lower case.
    """
    spaced, least = plain_marks(text).isascii(), steering_table().read_first
    if spaced and not may_steer(text, least):
        return _NOTHING
    read = tokens(text)
    if spaced and not can_reach(possible_in_text(read.every), least):
        return _NOTHING
    read = related(read, own, siblings)
    foreign = () if spaced else unspaced_sentences(text)
    in_text = -1 if foreign else possible_in_text(read.every)
    places = [(start, end, possible(bits) & in_text) for start, end, bits in spans(read)]
    if not foreign and not any_window_reaches([mask for _, _, mask in places], least):
        return _NOTHING
    asking = reduce(or_, (mask for _, _, mask in places), 0) & asking_the_text()
    all_count = foreign or not all(read.every & group for feature in features_of(asking) for group in feature.text)
    parsed = [(sentence_at(read, start, end) if mask or all_count else _EMPTY, mask) for start, end, mask in places]
    parsed += [(sentence, -1) for sentence in foreign]
    everything = read.every
    for sentence, _ in parsed:
        everything |= sentence.bits
    listed = _densest([_found(sentence, mask, everything) for sentence, mask in parsed])
    name = act_words().bit["TOOL_NAME"] | act_words().bit["KIN"]
    tools = frozenset(word.partition("(")[0] for word, bits in zip(read.words, read.bits, strict=True) if bits & name)
    return Steering(round(sum(feature.weight for feature, _ in listed), 2), tuple(listed), tools)


def may_score(text: str, least: float) -> bool:
    """Whether a text can have this score, whatever its own tool and those of its server are called: a look before it is parsed."""
    if not plain_marks(text).isascii():
        return True
    if not may_steer(text, least):
        return False
    read = tokens(text)
    in_text = possible_in_text(named_otherwise(read.every))
    if not can_reach(in_text, least):
        return False
    return any_window_reaches([possible(named_otherwise(bits)) & in_text for _, _, bits in spans(read)], least)


_NOTHING: Final = Steering(0.0, ())
_EMPTY: Final = Sentence((), 0, ())


def _found(sentence: Sentence, mask: int, everything: int) -> dict[Feature, str]:
    """Return the features of a sentence with the words they were found in."""
    found: dict[Feature, str] = {}
    for feature in features_of(mask) if mask else ():
        if _fits_sentence(feature, sentence, everything):
            act = _fitting_act(feature, sentence)
            if act is not None:
                found[feature] = _words(sentence, act)
    return found


def _densest(found: list[dict[Feature, str]]) -> list[tuple[Feature, str]]:
    """Return the features of the consecutive sentences that weigh most: a long manual is no sum of its parts."""
    best: list[tuple[Feature, str]] = []
    most = 0.0
    for start in range(len(found)):
        if not found[start]:
            continue
        together: dict[Feature, str] = {}
        for each in found[start : start + WINDOW]:
            together = each | together
        weight = sum(feature.weight for feature in together)
        if weight > most:
            best, most = sorted(together.items(), key=lambda pair: (-pair[0].weight, pair[0].id)), weight
    return best


def _fits_sentence(feature: Feature, sentence: Sentence, everything: int) -> bool:
    bits = sentence.bits
    if bits & feature.without:
        return False
    for group in feature.sentence:
        if not bits & group:
            return False
    return not feature.text or all(everything & group for group in feature.text)


def _fitting_act(feature: Feature, sentence: Sentence) -> int | None:
    """Return the place of the first act that fits, 0 if the feature is about no act, or None."""
    if not feature.act:
        return 0
    for act in sentence.acts:
        if act.bits & feature.act and _fits_act(feature, act):
            if feature.also and not any(
                other.bits & feature.also
                and other.ordered
                and other.place != act.place
                and not (other.negated and feature.negated is False)
                for other in sentence.acts
            ):
                continue
            return act.place
    return None


def _fits_act(feature: Feature, act: Act) -> bool:
    if feature.ordered and not act.ordered:
        return False
    if feature.negated is not None and feature.negated is not act.negated:
        return False
    for group in feature.near:
        if not act.near & group:
            return False
    return not feature.objects or all(act.objects & group for group in feature.objects)


def _words(sentence: Sentence, place: int) -> str:
    return " ".join(sentence.words[max(0, place - 2) : place + _CONTEXT])
