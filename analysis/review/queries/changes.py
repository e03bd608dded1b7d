"""Changes of definitions by re-imports, and which earlier decisions they leave to be confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.model import DecisionState, SourceId, ToolId
from analysis.output.drift.records import BRINGS_NOTHING, ChangeGroup, Drift, DriftKind, most_severe
from analysis.output.drift.reports import drift_data
from analysis.review.record.recorded_drift import by_tool, recorded_drift
from analysis.review.record.state import decision_of
from analysis.workspace.keys import decision_key, parse_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from analysis.model import Decision, ToolState
    from analysis.review.session import Review
    from analysis.workspace import Event

_ALONE = frozenset({DriftKind.NEW, DriftKind.REMOVED, DriftKind.RENAMED, DriftKind.MOVED})


@dataclass(frozen=True, slots=True)
class DefinitionChange:
    """One tool that an import added, removed, changed, renamed or moved, with every difference; `was`: its earlier identity."""

    kind: DriftKind
    tool: ToolId
    name: str
    source: SourceId
    at: str
    actor: str
    drift: tuple[Drift, ...]
    was: str = ""

    @property
    def group(self) -> ChangeGroup:
        """The most severe group among the differences."""
        return group_of(self.drift)

    @property
    def substance(self) -> bool:
        """Whether any difference has substance."""
        return any(each.substance for each in self.drift)


@dataclass(frozen=True, slots=True)
class PendingDecision:
    """A tool whose earlier decision was on another definition, or under another name.

    `drift` are all differences since that decision, over every import in between; empty where they are not known.
    `alone` says why it is confirmed by itself, and is empty where the differences bring nothing in that it has not seen.
    """

    tool: ToolId
    name: str
    origin: ToolId
    decision: Decision
    event: str
    drift: tuple[Drift, ...]
    alone: str

    @property
    def group(self) -> ChangeGroup:
        """The most severe group among the differences."""
        return group_of(self.drift)

    @property
    def renamed(self) -> bool:
        """Whether the decision was made under another identity."""
        return self.origin != self.tool


def group_of(drift: Iterable[Drift]) -> ChangeGroup:
    """Return the group of a tool: the most severe of its differences with substance, else of all."""
    listed = list(drift)
    groups = [each.group for each in listed if each.substance] or [each.group for each in listed]
    return most_severe(groups) if groups else ChangeGroup.CONTRACT


def import_sentence(source: SourceId, tools: int, difference: Mapping[str, Any] | None) -> str:
    """Return an import as a sentence; `difference` is that to the import before, None for the first one."""
    if difference is None:
        return f"imported {source}: {tools} tools"
    kinds = [_kind(drift) for drift in by_tool(recorded_drift({"changes": difference}).drift).values()]
    counts = [
        f"{kinds.count(kind)} {word}"
        for kind, word in ((DriftKind.CHANGED, "changed"), (DriftKind.NEW, "new"), (DriftKind.REMOVED, "gone"))
    ]
    counts += [f"{kinds.count(k)} {k.value}" for k in (DriftKind.RENAMED, DriftKind.MOVED) if k in kinds]
    return f"refreshed {source}: {', '.join(counts)}"


def changes_of(review: Review) -> tuple[DefinitionChange, ...]:
    """Return the changes by the last import of each source that changed anything."""
    last = {}
    for event in _imports(review):
        if found := tuple(_changes_by(event)):
            last[event.key] = found
    return tuple(change for found in last.values() for change in found)


def _imports(review: Review) -> Iterator[Event]:
    yield from (event for event in review.record.understood if event.kind == "source.imported")


def _changes_by(event: Event) -> Iterator[DefinitionChange]:
    source = SourceId(parse_key(event.key).subject)
    for tool, drift in by_tool(recorded_drift(event.data).drift).items():
        name = next((each.name for each in drift if each.name), tool.removeprefix(f"{source}:"))
        was = next((each.was for each in drift if each.was), "")
        yield DefinitionChange(_kind(drift), tool, name, source, event.at, event.actor, tuple(drift), was)


def _kind(drift: Iterable[Drift]) -> DriftKind:
    """Return what happened to a tool; one that is known by a new operation id is still the same."""
    return next(
        (e.kind for e in drift if e.kind in _ALONE and (e.kind is not DriftKind.RENAMED or e.was)), DriftKind.CHANGED
    )


class _Steps:
    """The recorded changes as steps from one definition to the next: each is a tool with a digest."""

    def __init__(self, review: Review) -> None:
        self._to: dict[tuple[str, str], tuple[tuple[str, str], tuple[Drift, ...]]] = {}
        for event in _imports(review):
            found = recorded_drift(event.data)
            drift = by_tool(found.drift)
            for tool, (before, after) in found.digests.items():
                if before and after:
                    records = tuple(drift.get(ToolId(tool), ()))
                    earlier = [each.was for each in records if each.was and each.group is ChangeGroup.NAME]
                    self._to[tool, after] = (earlier[0] if earlier else tool, before), records

    def back(self, tool: ToolId, digest: str, decided: Mapping[str, str]) -> tuple[ToolId, tuple[Drift, ...]] | None:
        """Return the tool whose decision was on an earlier definition of this one, with all differences since."""
        place, seen = (str(tool), digest), {(str(tool), digest)}
        drift: tuple[Drift, ...] = ()
        while place in self._to:
            place, records = self._to[place]
            drift = (*records, *drift)
            if place in seen:
                return None
            seen.add(place)
            if decided.get(place[0]) == place[1] and records:
                return ToolId(place[0]), drift
        return None


def pending_decisions(review: Review) -> dict[ToolId, PendingDecision]:
    """Return every tool that waits with an earlier decision, by identity, in document order."""
    waiting = [state for state in review.table.states if _waits(state)]
    if not waiting:
        return {}
    registers = review.record.registers
    decided: dict[str, tuple[Decision, str]] = {}
    for key in registers.keys("tool"):
        parsed = parse_key(key)
        heads = registers.heads(key) if key == decision_key(parsed.subject) else []
        if len(heads) == 1 and (decision := decision_of(heads[0])) is not None:
            decided[parsed.subject] = decision, heads[0].id
    steps = _Steps(review)
    digests = {tool: decision.definition for tool, (decision, _) in decided.items()}
    found = {}
    for state in waiting:
        origin = steps.back(state.row.id, state.row.digest, digests)
        if origin is None and state.row.id in decided:
            origin = state.row.id, ()
        if origin is not None:
            decision, event = decided[origin[0]]
            alone = _alone(origin[1], renamed=origin[0] != state.row.id)
            earlier, drift = origin
            found[state.row.id] = PendingDecision(state.row.id, state.row.name, earlier, decision, event, drift, alone)
    return found


def _waits(state: ToolState) -> bool:
    return state.decision_state in {DecisionState.STALE, DecisionState.UNDECIDED}


def _alone(drift: tuple[Drift, ...], *, renamed: bool) -> str:
    """Return why an earlier decision is confirmed by itself, or an empty string."""
    if not drift:
        return "what has changed since the decision is not known"
    substantial = [each for each in drift if each.substance and each.group not in BRINGS_NOTHING]
    if substantial:
        groups = dict.fromkeys(each.group.value for each in substantial)
        return f"{', '.join(groups)}: {substantial[0].field}"
    return "it has another name" if renamed and any(e.kind is DriftKind.RENAMED and e.was for e in drift) else ""


def pending_groups(review: Review) -> dict[ChangeGroup, list[PendingDecision]]:
    """Return the tools whose changes bring nothing in, by group: each group is confirmed as one."""
    found: dict[ChangeGroup, list[PendingDecision]] = {}
    for each in pending_decisions(review).values():
        if not each.alone:
            found.setdefault(each.group, []).append(each)
    return dict(sorted(found.items(), key=lambda pair: list(ChangeGroup).index(pair[0])))


def change_data(change: DefinitionChange, pending: PendingDecision | None) -> dict[str, Any]:
    """Return a change as JSON data, with what waits to be confirmed."""
    return {
        "kind": change.kind.value, "tool": change.tool, "name": change.name, "source": change.source, "was": change.was,
        "at": change.at, "actor": change.actor, "group": change.group.value, "substance": change.substance,
        "fields": [drift_data(each) for each in change.drift],
        "pending": None if pending is None else {
            "decision": pending.decision.state.value, "of": pending.origin, "by": pending.decision.actor,
            "at": pending.decision.at, "group": pending.group.value, "alone": pending.alone,
        },
    }  # fmt: skip
