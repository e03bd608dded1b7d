"""Score of a text by what it orders its reader to do beyond the call it describes; the table is `steering.yaml`.

Each feature counts once in a text. Two thresholds make three tiers: nothing, read first, accused.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

from analysis.rules.detect.act_words import act_words, load_table
from analysis.rules.detect.acts import sentences

if TYPE_CHECKING:
    from analysis.rules.detect.acts import Act, Sentence

_Groups = tuple[int, ...]
_CONTEXT: Final = 6


@dataclass(frozen=True, slots=True)
class Feature:
    """One row of the table: its condition as masks, weight, and what it says of a text."""

    id: str
    weight: float
    prior: float
    says: str
    act: int
    ordered: bool | None
    negated: bool | None
    near: _Groups
    objects: _Groups
    sentence: _Groups
    text: _Groups
    without: int
    also: int


@dataclass(frozen=True, slots=True)
class Steering:
    """What was found in a text: the score, and the features with the words they were found in, heaviest first."""

    score: float
    found: tuple[tuple[Feature, str], ...]


@dataclass(frozen=True, slots=True)
class SteeringTable:
    """All features and the two thresholds."""

    features: tuple[Feature, ...]
    accused: float
    read_first: float


@cache
def steering_table() -> SteeringTable:
    """Return the table, loaded on first use."""
    loaded = load_table("steering.yaml")
    features = tuple(_feature(entry) for entry in loaded["features"])
    return SteeringTable(features, loaded.get("accused", 4.0), loaded.get("read_first", 2.0))


def _feature(loaded: dict[str, Any]) -> Feature:
    known = act_words()

    def groups(name: str) -> _Groups:
        return tuple(known.mask(group.split("|")) for group in loaded.get(name, ()))

    def mask(name: str) -> int:
        return known.mask(loaded[name].split("|")) if name in loaded else 0

    return Feature(
        loaded["id"], loaded.get("weight", loaded["prior"]), loaded["prior"], loaded["says"], mask("act"), loaded.get("ordered"),
        loaded.get("negated"), groups("near"), groups("objects"), groups("sentence"), groups("text"),
        known.mask(loaded.get("without", ())), mask("also"),
    )  # fmt: skip


@lru_cache(maxsize=16_384)
def steering(text: str, own: str = "") -> Steering:
    """Return the score of a text and the features found in it. `own`: name of the tool that the text describes."""
    found: dict[str, tuple[Feature, str]] = {}
    parsed = sentences(text, own)
    everything = 0
    for sentence in parsed:
        everything |= sentence.bits
    for sentence in parsed:
        for feature in steering_table().features:
            if feature.id not in found and _fits_sentence(feature, sentence, everything):
                act = _fitting_act(feature, sentence)
                if act is not None:
                    found[feature.id] = (feature, _words(sentence, act))
    listed = sorted(found.values(), key=lambda pair: -pair[0].weight)
    return Steering(sum(feature.weight for feature, _ in listed), tuple(listed))


def _fits_sentence(feature: Feature, sentence: Sentence, everything: int) -> bool:
    bits = sentence.bits
    if bits & feature.without:
        return False
    for group in feature.sentence:
        if not bits & group:
            return False
    for group in feature.text:
        if not everything & group:
            return False
    return True


def _fitting_act(feature: Feature, sentence: Sentence) -> int | None:
    """Return the place of the first act that fits, 0 if the feature is about no act, or None."""
    if not feature.act:
        return 0
    for act in sentence.acts:
        if act.bits & feature.act and _fits_act(feature, act):
            if feature.also and not any(
                other.bits & feature.also and other.ordered and other.place != act.place for other in sentence.acts
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
    for group in feature.objects:
        if not act.objects & group:
            return False
    return True


def _words(sentence: Sentence, place: int) -> str:
    return " ".join(sentence.words[max(0, place - 2) : place + _CONTEXT])
