"""The audit trail as sentences, and the events that undo and redo record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from analysis.errors import CheckFailed
from analysis.model import LogEntry, parse_finding_id
from analysis.review.record.forms import LEFT_ASIDE
from analysis.review.record.signed_packet import SIGNED, SUPERSEDED
from analysis.review.record.state import FLOW_ROLE_REGISTERS
from analysis.workspace import EventDraft
from analysis.workspace.keys import ASSIGNMENT, parse_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.review.record.understanding import SetAside
    from analysis.workspace import Event, Registers
    from analysis.workspace.keys import RegisterKey

#: Kinds of events that cannot be undone: the review itself, its sources, the packets that left it.
_PERMANENT: Final = frozenset({"review.created", "source.imported", SIGNED, SUPERSEDED})
#: Kinds of events about the review as a whole, with their verbs.
_OF_REVIEW: Final = {
    "profile.set": "set the profile to",
    "policy.imported": "imported the policy",
    "intake.given": "recorded the access request:",
}
#: Kinds of events as what a person does, in a plural.
_ACTIVITIES: Final = {
    "tool.decided": "decisions", "tool.retagged": "re-tags", "tool.assigned": "assignments", "finding.disposed": "dispositions",
    "control.answered": "answers", "note.written": "notes", "view.saved": "views", "source.imported": "imports",
    "review.created": "reviews begun", "profile.set": "profiles", "policy.imported": "policies",
    "intake.given": "access requests", SIGNED: "sign-offs", SUPERSEDED: "superseded packets", LEFT_ASIDE: "events left aside",
}  # fmt: skip
#: Fields of event data that name the recorded value, the first one present counts.
_VALUE_FIELDS: Final = ("to", "value", "profile", "state", "status", "text", "query", "purpose", "owner")
#: What an override is about in words, by the name of its register.
OVERRIDE_NAMES: Final = {register: f"flow role {role.value}" for role, register in FLOW_ROLE_REGISTERS.items()}


def activity(kind: str) -> str:
    """Return a kind of events in words, such as `decisions`; one that is unknown here as it is stored."""
    return _ACTIVITIES.get(kind, kind)


def event_sentence(event: Event, names: Mapping[str, str] | None = None) -> str:
    """Return one event as a sentence without actor and time; `names` are the names of tools by id."""
    data: dict[str, Any] = event.data
    names = names or {}
    key, value = parse_key(event.key), _value(event)
    subject = names.get(key.subject, key.subject)
    reason = f" ({data['reason']})" if data.get("reason") else ""
    if event.undoes:
        return f"undid a change of {_register(key, names)}: {value}"
    if event.kind in _PERMANENT or event.kind == LEFT_ASIDE:
        return _permanent(event)
    if event.kind in _OF_REVIEW:
        return f"{_OF_REVIEW[event.kind]} {value}{reason}"
    if event.kind == "tool.decided":
        return f"{value if data.get('exposure') else 'cleared the decision on'} {subject}{reason}"
    if event.kind == "tool.retagged":
        wrong = data.get("signal")
        misread = f"; wrong here: {wrong['where']}: {wrong['matched']}: {wrong['says']}" if wrong else ""
        return f"re-tagged {OVERRIDE_NAMES.get(key.name, key.name)} of {subject} to {value}{reason}{misread}"
    if event.kind in {"tool.assigned", "note.written"}:
        return _between_people(event, subject, names)
    if event.kind in {"control.answered", "view.saved"}:
        return f"{'answered' if event.kind == 'control.answered' else 'saved the view'} {subject}: {value}"
    return f"set {_finding(key.subject, names)} to {value}{reason}"


def _between_people(event: Event, subject: str, names: Mapping[str, str]) -> str:
    """Return an assignment or a note as a sentence."""
    data = event.data
    if event.kind == "note.written":
        on = str(data.get("subject", parse_key(event.key).subject))
        where = names.get(on) or (_finding(on, names) if on.count("|") > 1 else on)
        return f"noted on {where}: {data.get('text', '')}"
    due = f", due {data['due']}" if data.get("due") else ""
    return f"assigned {subject} to {data['to']}{due}" if data else f"took the assignment of {subject} back"


def _register(key: RegisterKey, names: Mapping[str, str]) -> str:
    """Return a register in words, such as `createOrder/decision`."""
    subject = names.get(key.subject, key.subject)
    if key.finding is not None:
        return _finding(key.subject, names)
    if key.area == ASSIGNMENT:
        return f"the assignment of {subject}"
    if key.area == "note":
        return f"a note on {subject}"
    if key.name:
        return f"{subject}/{OVERRIDE_NAMES.get(key.name, key.name)}"
    return subject or key.area


def _finding(identity: str, names: Mapping[str, str]) -> str:
    rule, subject, key = parse_finding_id(identity)
    if rule == "*":  # a grouped finding: rule, source, severity, status, evidence
        source, _, rest = key.partition("|")
        evidence = rest.split("|", 2)[2:]
        return " ".join((f"{subject} in {source}", *(f"({each})" for each in evidence if each)))
    return f"{rule} on {names.get(subject, subject)}"


def _permanent(event: Event) -> str:
    data = event.data
    if event.kind == LEFT_ASIDE:
        return f"left aside the event {parse_key(event.key).subject[:12]}… ({data.get('reason', '')})"
    if event.kind == "review.created":
        return f"began the review {data.get('title', '')!r}"
    if event.kind in {SIGNED, SUPERSEDED}:
        signed = ", ".join(f"{each['role']} {each['signer']}: {each['verdict']}" for each in data.get("signoffs", ()))
        stated = f"{data.get('status')}, verdict {data.get('verdict')}, signed by {signed or 'no one'}"
        did = "recorded sign-offs of" if event.kind == SIGNED else "superseded"
        return f"{did} the packet with manifest {str(data.get('manifest'))[:12]}… ({stated})"
    return f"imported {data.get('title') or data.get('uri')}: {data.get('tools')} tools, sha256 {str(data.get('sha256'))[:12]}…"


def _value(event: Event) -> str:
    """Return the value that an event records, in words."""
    data = event.data
    if event.kind == "tool.decided":
        return str(data.get("exposure") or "undecided")
    if event.kind == "policy.imported":
        return f"{data['name']}, sha256 {data['sha256'][:12]}…" if data.get("text") else "none"
    recorded = next((data[field] for field in _VALUE_FIELDS if data.get(field)), "")
    return str(recorded) if recorded else "as before"


def log_entry(event: Event, names: Mapping[str, str], set_aside: Mapping[str, SetAside]) -> LogEntry:
    """Return one event as a line of the audit trail; `names` are the names of tools by id."""
    aside = set_aside.get(event.id)
    sentence = event_sentence(event, names) if aside is None else f"was set aside and changes nothing: {aside.why}"
    return LogEntry(
        event.id,
        event.replica,
        event.seq,
        event.at,
        event.actor,
        event.kind,
        event.key,
        sentence,
        event.body,
    )


def _actions(events: Sequence[Event], actor: str) -> list[list[Event]]:
    """Return the events of one actor, grouped into single actions, oldest first."""
    actions: list[list[Event]] = []
    batches: dict[str, list[Event]] = {}  # events of another machine may come between those of one action
    for event in events:
        if event.actor != actor or event.kind in _PERMANENT:
            continue
        if event.batch in batches:
            batches[event.batch].append(event)
            continue
        actions.append([event])
        if event.batch:
            batches[event.batch] = actions[-1]
    return actions


def stacks(events: Sequence[Event], actor: str) -> tuple[list[list[Event]], list[list[Event]]]:
    """Return the undo stack and the redo stack of an actor; the last action of each is next.

    The stacks are derived from the log, so they survive the end of the program.
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


def is_own_statement(event: Event, by_id: dict[str, Event]) -> bool:
    """Whether an event is a statement of its actor, first made or redone; an undo is none."""
    return _depth(event, by_id) % 2 == 0


def _origin(event: Event, by_id: dict[str, Event]) -> str:
    """Return the id of the plain event whose data an event carries, following undos; empty where there is none."""
    while event.undoes:
        undone = by_id.get(event.undoes)
        if undone is not None and len(undone.replaces) > 1:  # an event that resolved a conflict has no single origin
            return f"instead of {undone.id}"
        before = by_id.get(undone.replaces[0]) if undone is not None and undone.replaces else None
        if before is None:
            return ""
        event = before
    return event.id


def original_events(action: Sequence[Event], events: Sequence[Event]) -> list[Event]:
    """Return the plain events that a chain of undos and redos is about."""
    by_id = {event.id: event for event in events}
    plain = []
    for event in action:
        original = event
        while original.undoes and original.undoes in by_id:
            original = by_id[original.undoes]
        plain.append(original)
    return plain


def reverting_drafts(action: Sequence[Event], events: Sequence[Event], registers: Registers) -> list[EventDraft]:
    """Return the drafts that take an action back. Raises `CheckFailed` where the register has changed since."""
    by_id = {event.id: event for event in events}
    drafts = []
    for event in action:
        heads = registers.heads(event.key)
        if len(heads) != 1 or _origin(heads[0], by_id) != _origin(event, by_id):
            raise CheckFailed(
                "this cannot be undone: it was changed since", place=event.key, remedy="record a new decision instead"
            )
        before = [by_id[identity].data for identity in event.replaces if identity in by_id]
        # An action that resolved a conflict replaced several heads: without it, the register is undecided.
        data = dict(before[0]) if before and all(each == before[0] for each in before) else {}
        drafts.append(EventDraft(event.kind, event.key, data, (heads[0].id,), event.id))
    return drafts
