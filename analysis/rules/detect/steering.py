"""Score of a text by what it orders its reader to do beyond the call it describes; the table is `steering.yaml`.

Each feature counts once in a text. Two thresholds make three tiers: nothing, read first, accused.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

from analysis.rules.detect.act_words import ORDERABLE, act_words, load_table
from analysis.rules.detect.acts import classes, sentence_at, spans, tokens, unspaced_sentences

if TYPE_CHECKING:
    from analysis.rules.detect.acts import Act, Sentence

_Groups = tuple[int, ...]
_CONTEXT: Final = 6


@dataclass(frozen=True, slots=True)
class Feature:
    """One row of the table: its condition as masks, weight, and what it says of a text."""

    id: str
    bit: int  # its place in the table
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
    workflow: bool
    needs: _Groups  # the groups of one sentence together


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


@dataclass(frozen=True, slots=True)
class SteeringTable:
    """All features and the two thresholds."""

    features: tuple[Feature, ...]
    accused: float
    read_first: float
    document_margin: (
        float  # added to `accused` for operations of API documents, whose texts are long and for developers
    )
    relevant: int  # bits that any feature asks for, or from which such bits follow


@cache
def steering_table() -> SteeringTable:
    """Return the table, loaded on first use."""
    loaded = load_table("steering.yaml")
    features = tuple(_feature(entry, place) for place, entry in enumerate(loaded["features"]))
    relevant = 0
    for given, _ in _derived():
        relevant |= given
    for feature in features:
        if feature.weight <= 0:
            continue
        relevant |= feature.act | feature.act << ORDERABLE
        for group in feature.needs:
            relevant |= group
    return SteeringTable(features, loaded["accused"], loaded["read_first"], loaded["document_margin"], relevant)


def _feature(loaded: dict[str, Any], place: int) -> Feature:
    known = act_words()

    def groups(name: str) -> _Groups:
        return tuple(known.mask(group.split("|")) for group in loaded.get(name, ()))

    def mask(name: str) -> int:
        return known.mask(loaded[name].split("|")) if name in loaded else 0

    return Feature(
        loaded["id"], 1 << place, loaded.get("weight", loaded["prior"]), loaded["prior"], loaded["says"], mask("act"), loaded.get("ordered"),
        loaded.get("negated"), groups("near"), groups("objects"), groups("sentence"), groups("text"),
        known.mask(loaded.get("without", ())), mask("also"), loaded.get("workflow", False),
        tuple(group for name in ("near", "objects", "sentence") for group in groups(name)),
    )  # fmt: skip


@lru_cache(maxsize=16_384)
def steering(text: str, own: str = "") -> Steering:
    """Return the score of a text and the features found in it. `own`: name of the tool that the text describes."""
    table = steering_table()
    if text.isascii() and not _may_reach(text, table.relevant):
        return _NOTHING
    read = tokens(text, own)
    places = [(start, end, _possible(bits & table.relevant)) for start, end, bits in spans(read)]
    foreign = () if text.isascii() else unspaced_sentences(text)
    possible = 0
    for _, _, mask in places:
        possible |= mask
    if not foreign and not _reaches(possible):
        return _NOTHING
    parsed = [(sentence_at(read, start, end), mask) for start, end, mask in places if mask]
    parsed += [(sentence, -1) for sentence in foreign]
    everything = read.every
    for sentence, _ in parsed:
        everything |= sentence.bits
    found: dict[str, tuple[Feature, str]] = {}
    for sentence, mask in parsed:
        for feature in _of(mask):
            if feature.id not in found and _fits_sentence(feature, sentence, everything):
                act = _fitting_act(feature, sentence)
                if act is not None:
                    found[feature.id] = (feature, _words(sentence, act))
    listed = sorted(found.values(), key=lambda pair: (-pair[0].weight, pair[0].id))
    name = act_words().bit["TOOL_NAME"]
    tools = frozenset(word.partition("(")[0] for word, bits in zip(read.words, read.bits, strict=True) if bits & name)
    return Steering(round(sum(feature.weight for feature, _ in listed), 2), tuple(listed), tools)


def _may_reach(text: str, relevant: int) -> bool:
    """Whether the words of a text, sentence by sentence, allow features that reach the lower threshold: a fast first look."""
    possible = 0
    for part in text.split(". "):
        possible |= _possible(classes(part) & relevant)
    return _reaches(possible)


_NOTHING: Final = Steering(0.0, ())


@lru_cache(maxsize=16_384)
def _possible(every: int) -> int:
    """Return the features, as bits, that a sentence can have whose words have these bits."""
    for given, derived in _derived():
        if every & given:
            every |= derived | derived << ORDERABLE
    found = 0
    for feature in steering_table().features:
        if feature.weight <= 0:
            found |= feature.bit
            continue
        if feature.act and not every & (feature.act << ORDERABLE if feature.ordered else feature.act):
            continue
        for group in feature.needs:
            if not every & group:
                break
        else:
            found |= feature.bit
    return found


@lru_cache(maxsize=16_384)
def _of(possible: int) -> tuple[Feature, ...]:
    """Return the features of bits."""
    return tuple(feature for feature in steering_table().features if possible & feature.bit)


@lru_cache(maxsize=16_384)
def _reaches(possible: int) -> bool:
    """Whether features can reach the lower threshold together."""
    return sum(max(0.0, each.weight) for each in _of(possible)) >= steering_table().read_first


@cache
def _derived() -> tuple[tuple[int, int], ...]:
    known = act_words()
    return tuple((known.mask(given), known.mask(derived)) for given, derived in _DERIVED)


#: What a sentence may show once its words are related, and the words without which it cannot.
_DERIVED: Final = (
    (("PROGRAM",), ("SHELL",)),
    (("COLON",), ("LABEL",)),
    (("TOOL",), ("OTHER_TOOL", "TOOL_NAME")),
    (("CODE",), ("TOOL_NAME",)),
    (("TOOL_NAME",), ("TOWARDS_TOOL",)),
    (("ADDRESS",), ("DESTINATION",)),
    (("MODEL",), ("ADDRESSED",)),
    (("USE", "CALL", "RUN"), ("SELF",)),
)


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
    return not feature.objects or all(act.objects & group for group in feature.objects)


def _words(sentence: Sentence, place: int) -> str:
    return " ".join(sentence.words[max(0, place - 2) : place + _CONTEXT])
