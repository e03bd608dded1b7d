"""Score of a text by what it orders its reader to do beyond the call it describes; the table is `steering.yaml`.

Each feature counts once in a text. Two thresholds make three tiers: nothing, read first, accused.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Final

from analysis.rules.detect.act_words import ORDERABLE, act_words, load_table
from analysis.rules.detect.acts import Sentence, classes, sentence_at, spans, tokens, unspaced_sentences

if TYPE_CHECKING:
    from analysis.rules.detect.acts import Act

_Groups = tuple[int, ...]
_CONTEXT: Final = 6
#: Consecutive sentences whose features are added up.
_WINDOW: Final = 6
#: The same for the first look, whose sentences end at abbreviations too.
_FIRST_LOOK: Final = 8


@dataclass(frozen=True, slots=True, eq=False)
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
    document_margin: float  # added to both for operations of API documents, whose texts are long and for developers
    relevant: int  # bits that any feature asks for, or from which such bits follow


@cache
def steering_table() -> SteeringTable:
    """Return the table, loaded on first use."""
    loaded = load_table("steering.yaml")
    features = tuple(_feature(entry, place) for place, entry in enumerate(loaded["features"]))
    relevant = 0
    for given, also, _ in _derived():
        relevant |= given | also
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
def steering(text: str, own: str = "", siblings: frozenset[str] = frozenset()) -> Steering:
    """Return the score of a text and the features found in it.

    `own` is the name of the tool that the text describes, `siblings` are the names of the tools of its server, in lower case.
    """
    table = steering_table()
    if text.isascii() and not _may_reach(text, table.relevant):
        return _NOTHING
    read = tokens(text, own, siblings)
    places = [(start, end, _possible(bits & table.relevant)) for start, end, bits in spans(read)]
    foreign = () if text.isascii() else unspaced_sentences(text)
    masks = [mask for _, _, mask in places]
    if not foreign and not any(
        _reaches(reduce(or_, masks[at : at + _WINDOW])) for at, mask in enumerate(masks) if mask
    ):
        return _NOTHING
    parsed = [(sentence_at(read, start, end) if mask else _EMPTY, mask) for start, end, mask in places]
    parsed += [(sentence, -1) for sentence in foreign]
    everything = read.every
    for sentence, _ in parsed:
        everything |= sentence.bits
    listed = _densest([_found(sentence, mask, everything) for sentence, mask in parsed])
    name = act_words().bit["TOOL_NAME"] | act_words().bit["KIN"]
    tools = frozenset(word.partition("(")[0] for word, bits in zip(read.words, read.bits, strict=True) if bits & name)
    return Steering(round(sum(feature.weight for feature, _ in listed), 2), tuple(listed), tools)


def _may_reach(text: str, relevant: int) -> bool:
    """Whether the words of consecutive sentences allow features that reach the lower threshold: a fast first look."""
    parts = [_possible(classes(part) & relevant) for part in text.split(". ")]
    if len(parts) <= _FIRST_LOOK:
        return _reaches(reduce(or_, parts))
    return any(
        parts[start] and _reaches(reduce(or_, parts[start : start + _FIRST_LOOK])) for start in range(len(parts))
    )


_NOTHING: Final = Steering(0.0, ())
_EMPTY: Final = Sentence((), 0, ())


def _found(sentence: Sentence, mask: int, everything: int) -> dict[Feature, str]:
    """Return the features of a sentence with the words they were found in."""
    found: dict[Feature, str] = {}
    for feature in _of(mask) if mask else ():
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
        for each in found[start : start + _WINDOW]:
            together = each | together
        weight = sum(feature.weight for feature in together)
        if weight > most:
            best, most = sorted(together.items(), key=lambda pair: (-pair[0].weight, pair[0].id)), weight
    return best


@lru_cache(maxsize=16_384)
def _possible(every: int) -> int:
    """Return the features, as bits, that a sentence can have whose words have these bits."""
    for given, also, derived in _derived():
        if every & given and (not also or every & also):
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
def _derived() -> tuple[tuple[int, int, int], ...]:
    known = act_words()
    return tuple((known.mask(given), known.mask(also), known.mask(derived)) for given, also, derived in _DERIVED)


#: What a sentence may show once its words are related: (one of these words, and one of these if any, what they show).
_DERIVED: Final[tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...]] = (
    (("PROGRAM",), (), ("SHELL",)),
    (("COLON",), ("AUTHORITY", "ORDER_NOTE"), ("LABEL",)),
    (("TOOL",), (), ("OTHER_TOOL", "TOOL_NAME")),
    (("CODE",), ("CALL",), ("TOOL_NAME",)),
    (("CODE",), ("OPTION", "PATH", "OPERATOR", "PROGRAM"), ("CODE_SPAN",)),
    (("TOOL_NAME",), (), ("TOWARDS_TOOL", "ACTING", "CHAIN", "KIN")),
    (("CODE", "NAME"), (), ("KIN",)),
    (("TOOL", "COMMAND"), ("OTHER",), ("OTHERS",)),
    (("DEAD", "BAD"), ("TOOL_NAME", "NAME", "TOOL", "CODE"), ("DEAD_TOOL",)),
    (("ADDRESS",), (), ("DESTINATION",)),
    (("MODEL",), (), ("ADDRESSED",)),
    (("WHOLE",), ("USER",), ("CONVERSATION",)),
    (("USE", "CALL", "RUN"), (), ("SELF",)),
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
