"""The audit trail in words, and what undo and redo have to record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.errors import CheckFailed
from analysis.model import LogEntry
from analysis.workspace import EventDraft

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.workspace import Event, Registers

#: What cannot be taken back by a key: the review itself and its sources.
_LASTING = frozenset({"review.created", "source.imported"})
#: What is said of the review as a whole.
_OF_REVIEW = {
    "profile.set": "set the profile to",
    "policy.imported": "imported the policy",
    "intake.given": "gave the intake:",
}


def sentence(event: Event, names: Mapping[str, str] | None = None) -> str:
    """Return one event as a sentence without actor and time; `names` are what tools are called."""
    data: dict[str, Any] = event.data
    subject = event.key.split("/", 1)[-1]
    register, _, what = subject.rpartition("/")
    subject = f"{names[register]}/{what}" if names and register in names else subject
    reason = f" ({data['reason']})" if data.get("reason") else ""
    if event.undoes:
        return f"undid a change of {subject}: {_value(event)}"
    if event.kind in _LASTING:
        return _began(event)
    if event.kind in _OF_REVIEW:
        return f"{_OF_REVIEW[event.kind]} {_value(event)}{reason}"
    subject = subject if event.kind == "view.saved" else subject.rpartition("/")[0] or subject
    if event.kind == "tool.decided":
        return f"{_value(event)} {subject}{reason}"
    if event.kind == "tool.retagged":
        return f"re-tagged {event.key.rpartition('/')[2]} of {subject} to {_value(event)}{reason}"
    if event.kind == "note.written":
        on = str(data.get("subject", subject))
        return f"noted on {(names or {}).get(on, on)}: {data.get('text', '')}"
    if event.kind in {"control.answered", "view.saved"}:
        verb = "answered" if event.kind == "control.answered" else "saved the view"
        return f"{verb} {subject}: {_value(event)}"
    rule, _, rest = subject.partition("|")
    on = rest.rpartition("|")[0]
    return f"set {rule} on {(names or {}).get(on, on)} to {_value(event)}{reason}"


def _began(event: Event) -> str:
    data = event.data
    if event.kind == "review.created":
        return f"began the review {data.get('title', '')!r}"
    return f"imported {data.get('title') or data.get('uri')}: {data.get('tools')} tools, sha256 {str(data.get('sha256'))[:12]}…"


def _value(event: Event) -> str:
    data = event.data
    if event.kind == "tool.decided":
        return str(data.get("exposure") or "cleared the decision on")
    if event.kind == "policy.imported":
        return f"{data['name']}, sha256 {data['sha256'][:12]}…" if data.get("text") else "none"
    fields = ("value", "profile", "state", "status", "text", "query", "purpose", "owner")
    stated = next((data[field] for field in fields if data.get(field)), "")
    return str(stated) if stated else "as before"


def log_entry(event: Event, names: Mapping[str, str]) -> LogEntry:
    """Return one event as a line of the audit trail; `names` are what tools are called."""
    return LogEntry(
        event.id,
        event.replica,
        event.seq,
        event.at,
        event.actor,
        event.kind,
        event.key,
        sentence(event, names),
        event.body,
    )


def _actions(events: Sequence[Event], actor: str) -> list[list[Event]]:
    """Return what one actor did, grouped into single actions, oldest first."""
    actions: list[list[Event]] = []
    for event in events:
        if event.actor != actor or event.kind in _LASTING:
            continue
        if actions and event.batch and actions[-1][0].batch == event.batch:
            actions[-1].append(event)
        else:
            actions.append([event])
    return actions


def stacks(events: Sequence[Event], actor: str) -> tuple[list[list[Event]], list[list[Event]]]:
    """Return (what can be undone, what can be redone) as stacks of actions; the last is next.

    The stacks follow from the log alone, so they outlive the program.
    """
    by_id = {event.id: event for event in events}
    undo: list[list[Event]] = []
    redo: list[list[Event]] = []
    for action in _actions(events, actor):
        depth = _depth(action[0], by_id)
        if depth == 0:
            redo.clear()
            undo.append(action)
            continue
        source, target = (undo, redo) if depth % 2 else (redo, undo)
        if source:
            source.pop()
        target.append(action)
    return undo, redo


def _depth(event: Event, by_id: dict[str, Event]) -> int:
    """Return 0 for a plain event, an odd number for an undo, an even one for a redo."""
    depth = 0
    while event.undoes and event.undoes in by_id:
        event = by_id[event.undoes]
        depth += 1
    return depth


def stands(event: Event, by_id: dict[str, Event]) -> bool:
    """Whether an event says something itself, or says it again: an undo only takes back."""
    return _depth(event, by_id) % 2 == 0


def _meaning(event: Event, by_id: dict[str, Event]) -> str:
    """Return the plain event whose data an event stands for, following undos; empty when it stands for nothing."""
    while event.undoes:
        undone = by_id.get(event.undoes)
        if undone is not None and len(undone.replaces) > 1:  # what settled a conflict stands for itself alone
            return f"instead of {undone.id}"
        before = by_id.get(undone.replaces[0]) if undone is not None and undone.replaces else None
        if before is None:
            return ""
        event = before
    return event.id


def meant(action: Sequence[Event], events: Sequence[Event]) -> list[Event]:
    """Return the plain events that a chain of undos and redos is about."""
    by_id = {event.id: event for event in events}
    plain = []
    for event in action:
        at = event
        while at.undoes and at.undoes in by_id:
            at = by_id[at.undoes]
        plain.append(at)
    return plain


def plan(action: Sequence[Event], events: Sequence[Event], registers: Registers) -> list[EventDraft]:
    """Return the drafts that take an action back. Raises `CheckFailed` when something newer builds on it."""
    by_id = {event.id: event for event in events}
    drafts = []
    for event in action:
        heads = registers.heads(event.key)
        if len(heads) != 1 or _meaning(heads[0], by_id) != _meaning(event, by_id):
            raise CheckFailed(
                "this cannot be undone: somebody has changed it since", place=event.key, remedy="decide it anew instead"
            )
        before = [by_id[identity].data for identity in event.replaces if identity in by_id]
        # An action that settled a conflict took over from several heads: without it, nobody has decided.
        data = dict(before[0]) if before and all(each == before[0] for each in before) else {}
        drafts.append(EventDraft(event.kind, event.key, data, (heads[0].id,), event.id))
    return drafts
