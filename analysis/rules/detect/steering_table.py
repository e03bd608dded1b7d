"""The table of features of steering texts, `steering.yaml`, with its conditions as masks of classes of words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from analysis.rules.detect.act_words import ORDERABLE, act_words
from analysis.yaml_tables import load_table

if TYPE_CHECKING:
    from collections.abc import Iterable

Groups = tuple[int, ...]


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
    near: Groups
    objects: Groups
    sentence: Groups
    text: Groups
    without: int
    also: int
    workflow: bool

    @property
    def needs(self) -> Groups:
        """The groups of classes of which a sentence with this feature shows one each."""
        act = (self.act << ORDERABLE if self.ordered else self.act,) if self.act else ()
        negation = (act_words().bit["NOT"],) if self.negated else ()
        also = (self.also << ORDERABLE,) if self.also else ()
        return (*act, *negation, *also, *self.near, *self.objects, *self.sentence)


@dataclass(frozen=True, slots=True)
class SteeringTable:
    """All features and the two thresholds."""

    features: tuple[Feature, ...]
    accused: float
    read_first: float
    document_margin: float  # added to both for operations of API documents, whose texts are long and for developers


@cache
def steering_table() -> SteeringTable:
    """Return the table, loaded on first use."""
    loaded = load_table("analysis.rules.detect", "steering.yaml")
    features = tuple(_feature(entry, place) for place, entry in enumerate(loaded["features"]))
    return SteeringTable(features, loaded["accused"], loaded["read_first"], loaded["document_margin"])


def _feature(loaded: dict[str, Any], place: int) -> Feature:
    known = act_words()

    def groups(name: str) -> Groups:
        return tuple(known.mask(group.split("|")) for group in loaded.get(name, ()))

    def mask(name: str) -> int:
        return known.mask(loaded[name].split("|")) if name in loaded else 0

    return Feature(
        loaded["id"], 1 << place, loaded.get("weight", loaded["prior"]), loaded["prior"], loaded["says"], mask("act"), loaded.get("ordered"),
        loaded.get("negated"), groups("near"), groups("objects"), groups("sentence"), groups("text"),
        known.mask(loaded.get("without", ())), mask("also"), loaded.get("workflow", False),
    )  # fmt: skip


@cache
def derived_classes() -> tuple[tuple[int, int, int], ...]:
    """Return what follows once the words of a sentence are related: (given, also given if any, derived), as bits of classes."""
    known = act_words()

    def ordered(names: Iterable[str]) -> int:
        return known.mask(names) | known.mask(names) << ORDERABLE

    return tuple((known.mask(given), known.mask(also), ordered(derived)) for given, also, derived in _DERIVED)


#: What a sentence may show once its words are related: (one of these words, and one of these if any, what they show).
_DERIVED: Final[tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...]] = (
    (("BASE",), (), ("PURPOSE",)),
    (("PROGRAM",), ("OPTION", "PATH", "SECRET_PATH", "ADDRESS", "OPERATOR", "RUN", "DANGER"), ("SHELL",)),
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
