"""What a document on a review repeats from the product: lists of questions, standards, recommended controls, diagrams."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.model.assessment import ToolType
from analysis.model.decision import ConditionKind
from analysis.model.diagram import Diagram


@dataclass(frozen=True, slots=True)
class Checklist:
    """A list of governance questions, of every profile, by their ids."""

    id: str
    title: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StandardEdition:
    """A standard in one edition; references to it begin with `prefix`."""

    prefix: str
    title: str
    edition: str


@dataclass(frozen=True, slots=True)
class RecommendedControls:
    """What is recommended for a tool type: titles of controls, and kinds of condition."""

    type: ToolType
    controls: tuple[str, ...]
    conditions: tuple[ConditionKind, ...]


@dataclass(frozen=True, slots=True)
class Background:
    """All that a document takes from the product and not from people. The diagrams are over the live tools."""

    checklists: tuple[Checklist, ...] = ()
    standards: tuple[StandardEdition, ...] = ()
    recommended: tuple[RecommendedControls, ...] = ()
    diagrams: tuple[Diagram, ...] = ()


#: The background of a review that was made without one.
NO_BACKGROUND = Background()
