"""A tool of a review in full, its notes and history; the audit trail; what was not checked."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from analysis.model import (
    Assessment,
    ReviewedTool,
    Skipped,
    SourceKind,
    Tool,
    parse_finding_id,
    require_second_approver,
)
from analysis.review.record import history, state
from analysis.review.record.expiry import dated_ahead
from analysis.review.record.people.approvers import approved_by
from analysis.text import visible
from analysis.workspace import from_plain
from analysis.workspace.keys import assignment_key, decision_key, override_key, parse_key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from analysis.model import Finding, LogEntry, Note, SourceId, SourceInfo, ToolId, ToolState
    from analysis.review.session import Review
    from analysis.workspace import Event

#: Kinds of events of which one action may record many.
_IN_BULK: Final = frozenset({"tool.decided", "tool.retagged", "tool.assigned", "finding.disposed"})
#: Fields of their data that are of one tool, and no part of what was done.
_OF_ONE_TOOL: Final = frozenset({"definition", "seen", "sampled"})

#: Maximum number of people that are named.
_MAX_NAMED: Final = 3


def reviewed_tool(
    review: Review,
    tool: ToolId,
    findings: Sequence[Finding] | None = None,
) -> ReviewedTool:
    """Return one tool in full: definition, assessment, state, findings (those in effect by default) and notes."""
    found = review.summary().by_tool.get(tool, ()) if findings is None else findings
    return _whole(review, review.tool(tool), review.store.record(tool), found, lacking_second_approver(review))


def reviewed_tools(review: Review) -> Iterator[ReviewedTool]:
    """Yield every tool in full, in document order; see `reviewed_tool`. Of a large review they take much memory together."""
    found, lacking = review.summary().by_tool, frozenset(lacking_second_approver(review))
    for tool, record in zip(review.tools(), review.store.records(), strict=True):
        yield _whole(review, tool, record, found.get(tool.row.id, ()), lacking)


def _whole(
    review: Review,
    now: ToolState,
    record: Mapping[str, Any],
    findings: Sequence[Finding],
    lacking: Collection[ToolId],
) -> ReviewedTool:
    tool = now.row.id
    in_effect = require_second_approver(now.decision_state, lacking=tool in lacking)
    return ReviewedTool(
        tool=from_plain(Tool, record["tool"]),
        assessment=from_plain(Assessment, record["assessment"]),
        state=now if in_effect is now.decision_state else replace(now, decision_state=in_effect),
        findings=tuple(finding.id for finding in findings),
        notes=notes(review, tool),
    )


def lacking_second_approver(review: Review) -> tuple[ToolId, ...]:
    """Return the allowed tools of high risk that still need a second approver, where the profile requires one."""
    return review.record.lacking_second_approver(review.table.states)


def second_approvals(review: Review, actor: str) -> tuple[tuple[ToolId, ...], tuple[ToolId, ...]]:
    """Return the tools that lack a second approver: those on which a person is asked, and those that they have approved."""
    lacking = lacking_second_approver(review)
    own = (
        approved_by(actor, [review.tool(tool) for tool in lacking], review.record.understood)
        if lacking
        else frozenset()
    )
    return tuple(tool for tool in lacking if tool not in own), tuple(tool for tool in lacking if tool in own)


def last_findings(review: Review, tool: ToolId) -> tuple[Finding, ...]:
    """Return the findings of a tool in the last summary, which may be older than the last events."""
    return review.views.last_findings().get(tool, ())


def notes(review: Review, subject: str | None = None) -> tuple[Note, ...]:
    """Return the notes on a subject, or all of them, oldest first."""
    registers = review.record.registers
    return state.all_notes(registers) if subject is None else state.notes_on(subject, registers)


def audit_trail(review: Review) -> list[LogEntry]:
    """Return the audit trail, oldest first."""
    names: dict[str, str] = {tool.row.id: tool.row.name for tool in review.table.states}
    return [history.log_entry(event, names, review.record.set_aside) for event in review.record.events]


@dataclass(frozen=True, slots=True)
class RecordedAction:
    """Events of one action that say the same of several subjects, as one sentence; mostly a single one."""

    sentence: str
    entries: tuple[LogEntry, ...]
    tools: tuple[ToolId, ...] = ()  # those of the review that it is about


def recorded_actions(review: Review, *, together: bool = True) -> list[RecordedAction]:
    """Return the audit trail with a bulk as one: the events of an action that have the same kind, value and reason.

    Without `together`, every event stays by itself.
    """
    by_id = {event.id: event for event in review.record.events}
    groups: dict[tuple[str, ...], list[LogEntry]] = {}
    for entry in audit_trail(review):
        alone = not together or entry.id in review.record.set_aside
        groups.setdefault((entry.id,) if alone else _said(by_id[entry.id]), []).append(entry)
    return [_action(review, entries, by_id) for entries in groups.values()]


def _said(event: Event) -> tuple[str, ...]:
    """Return what events of one action share that say the same."""
    if not event.batch or event.kind not in _IN_BULK:
        return (event.id,)
    key = parse_key(event.key)
    what = key.name if key.finding is None else parse_finding_id(key.subject)[0]
    same = {name: value for name, value in event.data.items() if name not in _OF_ONE_TOOL}
    return event.batch, event.kind, what, str(bool(event.undoes)), json.dumps(same, sort_keys=True)


def _action(review: Review, entries: list[LogEntry], by_id: Mapping[str, Event]) -> RecordedAction:
    tools = tuple(tool for entry in entries if (tool := review.tool_of(by_id[entry.id])) is not None)
    if len(entries) == 1:
        return RecordedAction(entries[0].sentence, tuple(entries), tools)
    event = by_id[entries[0].id]
    key = parse_key(event.key)
    subject = key.subject if key.finding is None else parse_finding_id(key.subject)[1]
    return RecordedAction(history.event_sentence(event, {subject: f"{len(entries):,} tools"}), tuple(entries), tools)


def history_of(review: Review, tool: ToolId) -> list[LogEntry]:
    """Return the events about one tool, oldest first."""
    keys = {decision_key(tool), assignment_key(tool), *(override_key(tool, what) for what in state.OVERRIDABLE)}
    keys |= set(review.record.registers.notes(tool))
    names: dict[str, str] = {tool: review.tool(tool).row.name}
    aside = review.record.set_aside
    return [history.log_entry(event, names, aside) for event in review.record.events if event.key in keys]


def stored_files(review: Review, source: SourceId) -> list[tuple[str, bytes]]:
    """Return the stored files of a source as (relative name, bytes), the entry first."""
    return review.store.files(source)


def validated_sources(review: Review) -> list[SourceInfo]:
    """Return the sources that can be validated against a specification."""
    return [source.info for source in review.sources() if source.info.kind is SourceKind.OPENAPI]


def checks_left_out(review: Review) -> tuple[Skipped, ...]:
    """Return the checks that were left out, each once; events dated in the future and claimed ones included."""
    left_out = (skipped for source in review.sources() for skipped in source.not_checked)
    dated = dated_ahead(review.record.events, review.record.now)
    return tuple(dict.fromkeys((*left_out, *dated, *_claimed(review))))


def _claimed(review: Review) -> tuple[Skipped, ...]:
    """Report the events that change nothing because no signature of their actor covers them."""
    registers = review.record.registers
    waiting = [event for key in registers.keys_waiting for event in registers.waiting(key)]
    if not waiting:
        return ()
    people = sorted({visible(event.actor, 60) for event in waiting})
    named = ", ".join(people[:_MAX_NAMED]) + (
        f" and {len(people) - _MAX_NAMED} more" if len(people) > _MAX_NAMED else ""
    )
    count = f"{len(waiting):,} events by {named} are" if len(waiting) > 1 else f"1 event by {named} is"
    why = f"{count} only claimed: no verified signature proves who recorded it, and it approves and settles nothing"
    return (Skipped("who recorded events", why),)
