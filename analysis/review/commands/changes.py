"""Confirm earlier decisions on definitions that have changed: a group without substance as one, anything else alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.errors import CheckFailed, UsageError
from analysis.model import DecisionState
from analysis.review.commands.outcome import Outcome
from analysis.review.queries.changes import pending_decisions, pending_groups
from analysis.review.record import drafts
from analysis.text import visible, without_surrogates
from analysis.workspace import EventDraft
from analysis.workspace.keys import decision_key, note_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.model import ToolId
    from analysis.output.drift.records import ChangeGroup
    from analysis.review.queries.changes import PendingDecision
    from analysis.review.session import Review


def confirm_group(review: Review, group: ChangeGroup, *, reason: str, actor: str, at: str) -> Outcome:
    """Confirm the earlier decisions on all tools of a group of changes in which the engine finds no substance.

    Each tool gets a decision of its own, with the earlier conditions and a reason that names the earlier decision.
    Raises `UsageError` without a reason, `CheckFailed` where the group is empty or has changed since it was shown.
    """
    shown = [each.tool for each in pending_groups(review).get(group, ())]
    if not shown:
        raise CheckFailed(
            f"no change is confirmed as one in the group {group.value!r}", place=str(review.path),
            remedy="list the changes with: clearance changes FILE",
        )  # fmt: skip
    return _confirm(review, shown, f"unchanged in substance: {group.value}", reason=reason, actor=actor, at=at)


def confirm_alone(review: Review, tool: ToolId, *, reason: str, actor: str, at: str) -> Outcome:
    """Confirm the earlier decision on one tool whose definition has changed, whatever has changed. Raises `CheckFailed`."""
    found = pending_decisions(review).get(tool)
    if found is None:
        raise CheckFailed("no earlier decision waits here", place=review.tool(tool).row.name, remedy="decide the tool")
    if not found.drift:
        raise CheckFailed(found.alone, place=visible(found.name, 100), remedy="decide the tool anew")
    said = "changed and confirmed" if found.alone else "unchanged in substance"
    return _confirm(review, [tool], f"{said}: {found.group.value}", reason=reason, actor=actor, at=at)


def confirm_tools(review: Review, tools: Sequence[ToolId], *, reason: str, actor: str, at: str) -> Outcome:
    """Confirm the earlier decisions on several tools as one action, where the engine finds no substance in any change.

    Raises `CheckFailed` that names the first tool which is confirmed alone or on which no decision waits.
    """
    waiting = pending_decisions(review)
    for tool in tools:
        found = waiting.get(tool)
        if found is None or found.alone:
            raise CheckFailed(
                "is confirmed alone" if found is not None else "no earlier decision waits here",
                place=visible(review.tool(tool).row.name, 100), why=found.alone if found is not None else "",
                remedy="take its mark off, and confirm it alone" if found is not None else "take its mark off",
            )  # fmt: skip
    return _confirm(review, tools, "unchanged in substance", reason=reason, actor=actor, at=at)


def _confirm(review: Review, tools: Sequence[ToolId], said: str, *, reason: str, actor: str, at: str) -> Outcome:
    if not reason.strip():
        raise UsageError("a decision needs a reason", remedy="say in a few words why the earlier decision holds")
    seen = pending_decisions(review)

    def make() -> list[EventDraft]:
        now = pending_decisions(review)
        if any(tool not in now or now[tool] != seen[tool] for tool in tools):
            raise CheckFailed("the changes are not those that were shown", remedy="look at them again")
        return [draft for tool in tools for draft in _drafts(review, now[tool], f"{said}; {reason.strip()}")]

    review.commit(make, actor, at)
    named = visible(review.tool(tools[0]).row.name, 60) if len(tools) == 1 else f"{len(tools)} tools"
    states = [seen[tool].decision.state for tool in tools]
    counts = ", ".join(f"{states.count(state)} {state.value}" for state in DecisionState if state in states)
    return Outcome(f"confirmed {named}: {counts}", tuple(tools))


def _drafts(review: Review, pending: PendingDecision, reason: str) -> Iterator[EventDraft]:
    """Yield the decision on the changed definition, and the notes that came under an earlier name."""
    earlier = pending.decision
    origin = f" on {pending.origin}" if pending.renamed else ""
    source = f"decision{origin} by {earlier.actor} of {earlier.at[:10]}, event {pending.event[:12]}"
    data: dict[str, Any] = {
        "exposure": earlier.state.value,
        "reason": without_surrogates(f"{reason}; {source}"),
        "definition": review.tool(pending.tool).row.digest,
        "confirms": pending.event,
    }
    if earlier.conditions:
        data["conditions"] = [
            {"kind": c.kind.value, "value": c.value, "evidence": c.evidence} for c in earlier.conditions
        ]
    yield drafts.replacing(review.record.registers, "tool.decided", decision_key(pending.tool), data)
    if pending.renamed:
        yield from _notes(review, pending)


def _notes(review: Review, pending: PendingDecision) -> Iterator[EventDraft]:
    registers = review.record.registers
    for number, key in enumerate(registers.notes(pending.origin)):
        for event in registers.heads(key):
            if event.data.get("text"):
                text = f"{event.data['text']} (note of {event.actor}, {event.at[:10]}, on {pending.origin})"
                named = f"{review.store.replica}-{len(review.record.events)}-{number}"
                yield EventDraft("note.written", note_key(pending.tool, named), {"subject": pending.tool, "text": text})
