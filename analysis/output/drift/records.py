"""Drift: a difference between a definition that was reviewed and the one that is served now."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from analysis.model.source import SourceId, ToolId


class DriftKind(StrEnum):
    """What happened to a capability."""

    NEW = "new"
    REMOVED = "removed"
    CHANGED = "changed"
    RENAMED = "renamed"  # the same definition under another name
    MOVED = "moved"  # the same definition at another path or URI


class ChangeGroup(StrEnum):
    """What kind of difference it is, the most severe first: the group of a tool is the first of its differences'."""

    CONTRACT = "contract"  # what may be sent, what comes back, where it goes, under which credential
    HINTS_CHANGED = "hints changed"  # a hint says something else, or protects no longer
    TEXT_SIGNAL = (
        "new text signal"  # a text has an act, a destination, an instruction, a reference, something concealed
    )
    ASSESSMENT = "assessment"  # the engine assesses the tool otherwise than before
    OPTIONAL_INPUT = "optional input"
    NARROWER_INPUT = "narrower input"  # less may be sent than before, and nothing else
    NAME = "name"  # another name or place for the same definition
    HINTS_ADDED = "hints added"
    WORDING = "wording"
    SERIALISATION = "serialisation"  # the same meaning, written in another way


class ChangeDirection(StrEnum):
    """Whether a difference lets more through, or less; empty where neither can be said."""

    WIDENED = "widened"
    NARROWED = "narrowed"
    NONE = ""


#: Groups whose differences have no substance by themselves.
WITHOUT_SUBSTANCE: Final = frozenset(
    {ChangeGroup.NAME, ChangeGroup.HINTS_ADDED, ChangeGroup.WORDING, ChangeGroup.SERIALISATION}
)
#: Groups whose differences bring nothing in that a decision has not seen: they may be confirmed together.
BRINGS_NOTHING: Final = WITHOUT_SUBSTANCE | {ChangeGroup.NARROWER_INPUT}
_ORDER: Final = tuple(ChangeGroup)


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference of one capability, or of all `tools` of a source, of which `tool` is the identity then.

    `before` and `after` are JSON values whose texts are escaped for display; None where there is nothing. `was` is the
    earlier identity of what was renamed or moved, `why` a sentence where the values do not speak for themselves.
    """

    kind: DriftKind
    tool: ToolId | SourceId
    name: str
    field: str
    before: Any
    after: Any
    substance: bool
    group: ChangeGroup
    direction: ChangeDirection = ChangeDirection.NONE
    why: str = ""
    was: str = ""
    tools: tuple[ToolId, ...] = ()


def most_severe(groups: list[ChangeGroup]) -> ChangeGroup:
    """Return the most severe of some groups, of which there is at least one."""
    return min(groups, key=_ORDER.index)
