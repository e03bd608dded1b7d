"""Two readings of one source compared: definitions field by field, and what the engine makes of them before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from analysis.assess import assess_some, extended
from analysis.assess.effects.text_additions import TextAdditions
from analysis.assess.vocabulary import built_in_vocabulary
from analysis.model import Severity, ToolRow
from analysis.output.drift.compare import DefinitionSet, TextReaders, compare_definitions
from analysis.output.drift.differences import shown
from analysis.output.drift.records import ChangeDirection, ChangeGroup, Drift, DriftKind
from analysis.rules import SharedTexts, ToolContext, run_definitions
from analysis.rules.text_signals import TextSignals

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from analysis.assess.vocabulary import Vocabulary
    from analysis.ingest import Reading
    from analysis.model import Assessment, Finding, Inventory, Tool

#: Facts of an assessment that are compared, with their fields; those with an order are raised or lowered.
_ORDERED: Final = ("effect", "risk", "reversibility", "confidentiality")
_LISTED: Final = ("types", "data", "flow_roles", "confidential")
#: Places of signals that other comparisons tell: hints by themselves, data as data, other tools as what can be undone.
_TOLD: Final = frozenset({"hint", "definition", "request", "response", "deeper", "other tools"})
#: What a signal says where it speaks for a read.
_HARMLESS: Final = ("read", "usually read")
_SEVERE: Final = frozenset({Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM})
#: Rules on the quality of descriptions, which say nothing of what a tool reaches.
_QUALITY: Final = "QLT"


@dataclass(frozen=True, slots=True)
class SourceDrift:
    """The differences between two readings of a source; `equal` counts the definitions that are equal."""

    drift: tuple[Drift, ...]
    equal: int


def source_drift(before: Reading, after: Reading, own_words: Mapping[str, Any] | None = None) -> SourceDrift:
    """Compare two readings of one source, both made with their canonical texts."""
    sides = [_definitions(each) for each in (before, after)]
    names = {tool.name for side in sides for tool in side.tools}
    vocabulary = extended(built_in_vocabulary(), own_words) if own_words else built_in_vocabulary()
    readers = TextReaders(TextSignals(names), TextAdditions(vocabulary))
    compared = compare_definitions(sides[0], sides[1], readers)
    if not compared.pairs:
        return SourceDrift(compared.drift, compared.equal)
    was, now = (
        _views(_inventory(side), [pair[at] for pair in compared.pairs], vocabulary)
        for at, side in enumerate((before, after))
    )
    raised = [_assessment(pair, b, a) for pair, b, a in zip(compared.pairs, was, now, strict=True)]
    drift = [*compared.drift, *(record for records in raised for record in records)]
    return SourceDrift(tuple(drift), compared.equal)


def _inventory(reading: Reading) -> Inventory:
    if reading.inventory is None:
        raise ValueError("a source that could not be read has no definitions to compare")
    return reading.inventory


def _definitions(reading: Reading) -> DefinitionSet:
    if reading.texts is None:
        raise ValueError("the source was read without the texts of its definitions")
    return DefinitionSet(_inventory(reading).tools, reading.texts)


@dataclass(frozen=True, slots=True)
class _View:
    row: ToolRow
    assessment: Assessment
    findings: Mapping[str, Finding]


def _views(inventory: Inventory, tools: Sequence[Tool], vocabulary: Vocabulary) -> list[_View]:
    """Return some tools of one side, in their order: assessed and checked among the names and shared texts of their source."""
    assessed = assess_some(inventory.tools, {tool.id for tool in tools}, vocabulary)
    assessments = [assessed[tool.id] for tool in tools]
    shared = SharedTexts(inventory.text_spans, (tool.name for tool in inventory.tools))
    found, _ = run_definitions([ToolContext(t, a, shared) for t, a in zip(tools, assessments, strict=True)], ())
    by_tool: dict[str, dict[str, Finding]] = {}
    for each in found:
        if each.severity in _SEVERE and not each.rule.startswith(_QUALITY):
            by_tool.setdefault(each.tool or each.subject, {}).setdefault(each.rule, each)
    return [_View(ToolRow.of(t, a), a, by_tool.get(t.id, {})) for t, a in zip(tools, assessments, strict=True)]


def _assessment(pair: tuple[Tool, Tool], before: _View, after: _View) -> Iterator[Drift]:
    """Yield what the engine says of a tool otherwise than before: what is raised has substance."""
    was = pair[0].id if pair[0].id != pair[1].id else ""
    for field in _ORDERED:
        old, new = getattr(before.row, field), getattr(after.row, field)
        if old != new:
            order = list(new.__class__)
            raised = order.index(new) > order.index(old)
            yield _said(pair[1], was, f"assessment.{field}", old.value, new.value, raised=raised)
    for field in _LISTED:
        old, new = (sorted(str(each) for each in getattr(view.row, field)) for view in (before, after))
        if old != new:
            yield _said(pair[1], was, f"assessment.{field}", old, new, raised=bool(set(new) - set(old)))
    for field, (old, new) in _signals(before.assessment, after.assessment).items():
        if old != new:
            yield _said(pair[1], was, f"assessment.{field}", old, new, raised=bool(set(new) - set(old)))
    for rule, finding in after.findings.items():
        if rule not in before.findings:
            said = f"{finding.title}: {finding.matched}" if finding.matched else finding.title
            yield _said(pair[1], was, f"finding.{rule}", None, said, raised=True)


def _signals(before: Assessment, after: Assessment) -> dict[str, tuple[list[str], list[str]]]:
    """Return what else two assessments say, before and after: areas, what is left open, and the signals of an act."""
    sides = [
        {
            "areas": sorted(area.value for area in side.areas),
            "open_flow_roles": sorted(role.flow_role.value for role in side.open_flow_roles),
            "destructive": ["destructive"] if side.destructive else [],
            "unclear": ["unclear"] if side.unclear else [],
            "signals": sorted(
                {
                    f"{r.where}: {r.says}"
                    for r in side.reasons
                    if not r.against and r.where not in _TOLD and not r.says.startswith(_HARMLESS)
                }
            ),
        }
        for side in (before, after)
    ]
    return {name: (sides[0][name], sides[1][name]) for name in sides[0]}


def _said(tool: Tool, was: str, field: str, before: Any, after: Any, *, raised: bool) -> Drift:
    return Drift(
        DriftKind.CHANGED, tool.id, shown(tool.name), field, shown(before), shown(after), substance=raised,
        group=ChangeGroup.ASSESSMENT if raised else ChangeGroup.WORDING,
        direction=ChangeDirection.NONE, why="the engine assesses it anew", was=was,
    )  # fmt: skip
