"""The people of a review: what each recorded, on how many copies, and what of it came from elsewhere."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.model import ToolId
from analysis.review import queries
from analysis.review.record.conflicts import conflicts
from analysis.sync.sync_memory import remembered
from analysis.workspace.keys import parse_key
from analysis.workspace.union import QUARANTINE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.model import LogEntry
    from analysis.review.record.understanding import SetAside
    from analysis.review.session import Review
    from analysis.workspace import Event


@dataclass(frozen=True, slots=True)
class Person:
    """One actor: number of events by kind, most frequent first, and the times of the first and the last."""

    name: str
    done: tuple[tuple[str, int], ...]
    first: str
    last: str

    @property
    def events(self) -> int:
        """The number of events that they recorded."""
        return sum(count for _, count in self.done)


def people_in(review: Review) -> tuple[Person, ...]:
    """Return the actors of a review, by number of events."""
    entries: dict[str, list[LogEntry]] = {}
    for entry in queries.audit_trail(review):
        entries.setdefault(entry.actor, []).append(entry)
    found = [
        Person(
            name, tuple(Counter(e.kind for e in own).most_common()), min(e.at for e in own), max(e.at for e in own)
        )
        for name, own in entries.items()
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda person: -person.events))


def known_people(review: Review) -> tuple[str, ...]:
    """Return the names of those who acted in a review, and of those to whom something is assigned, sorted."""
    assigned = {state.assignment.to for state in review.table.states if state.assignment is not None}
    return tuple(sorted({event.actor for event in review.record.understood} | assigned))


@dataclass(frozen=True, slots=True)
class FromOthers:
    """What of a review was recorded on other copies: events, decisions in effect, and who made these.

    `proven` counts the decisions that a verified signature of their actor covers.
    """

    events: int
    decisions: int
    people: tuple[str, ...]
    proven: int = 0

    @property
    def sentence(self) -> str:
        """It in words; empty where all was recorded here. Names are not escaped."""
        if not self.events:
            return ""
        who = ", ".join(self.people[:-1]) + (" and " if len(self.people) > 1 else "") + "".join(self.people[-1:])
        made = f"{self.decisions:,} decision{'s' if self.decisions != 1 else ''}" + (f" by {who}" if who else "")
        proven = f"{self.proven:,} of them proven" if self.proven else "none of them proven"
        return (
            f"from another copy: {made}, {proven}"
            if self.decisions
            else f"from another copy: {self.events:,} events, no decision"
        )


def from_others(review: Review) -> FromOthers:
    """Return what of a review was recorded on other copies than this one."""
    here = review.store.replica
    decisions = [head for head in _decisions(review, waiting=True) if head.replica != here]
    proofs = review.record.proofs
    proofs.bind(review.record.events)
    return FromOthers(
        sum(event.replica != here for event in review.record.events),
        len(decisions),
        tuple(sorted({head.actor for head in decisions})),
        sum(bool(proofs.key_of(head)) for head in decisions),
    )


def _decisions(review: Review, *, waiting: bool = False) -> Iterator[Event]:
    """Yield the live events that decide a tool, and with `waiting` those that wait for a proof."""
    registers = review.record.registers
    for key in registers.keys("tool"):
        if parse_key(key).name == "decision":
            yield from (head for head in registers.heads(key) if head.data.get("exposure"))
    for key in registers.keys_waiting if waiting else ():
        if parse_key(key).name == "decision":
            yield from registers.waiting(key)


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a team: events, tools decided and in effect, conflicts they are part of, copies, first and last seen.

    `assigned` counts the tools assigned to them that are undecided, `overdue` those of them past their day. `proven` counts
    the events that a verified signature of theirs covers, `keys` are the fingerprints of the keys they signed with,
    `waiting` the approvals that wait for a signature. `clock` says what is wrong with the times of their events, and is
    empty where nothing is.
    """

    name: str
    events: int
    decided: int
    conflicts: int
    copies: int
    first: str
    last: str
    clock: str = ""
    proven: int = 0
    keys: tuple[str, ...] = ()
    waiting: int = 0
    assigned: int = 0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Team:
    """The people of a review, what is left to decide, and the forked replicas: the name in quarantine, with its events.

    `several`: it is a review of several people, in which claimed events approve nothing. `shared_keys` are those with which
    more than one name has signed, which count as one person.
    """

    members: tuple[Member, ...]
    undecided: int
    forks: tuple[tuple[str, int], ...]
    several: bool = False
    remote: str = ""
    synced_at: str = ""
    shared_keys: tuple[str, ...] = ()


def team(review: Review) -> Team:
    """Return the team of a review, the person seen last first; then those who have only been assigned something."""
    events, registers = review.record.events, review.record.registers
    decided = Counter(head.actor for head in _decisions(review))
    contested = Counter(name for each in conflicts(registers) for name in {side.actor for side in each.sides})
    by_name: dict[str, list[Event]] = {}
    for event in events:
        by_name.setdefault(event.actor, []).append(event)
    now, times = review.record.now, {event.id: event.at for event in events}
    open_tools = [s for s in review.table.states if s.assignment is not None and not s.decision_state.settled]
    assigned = Counter(s.assignment.to for s in open_tools if s.assignment)
    overdue = Counter(s.assignment.to for s in open_tools if s.assignment and s.overdue)
    for name in assigned:
        by_name.setdefault(name, [])
    proofs, memory = review.record.proofs, remembered(review.path)
    proofs.bind(events)
    waiting = Counter(e.actor for key in registers.keys_waiting for e in registers.waiting(key))
    keys = Counter(key for name in by_name for key in proofs.of(name))
    members = [
        Member(
            name, len(own), decided[name], contested[name], len({event.replica for event in own}),
            min((event.at for event in own), default=""), max((event.at for event in own), default=""),
            _clock(own, times, now),
            sum(bool(proofs.key_of(event)) for event in own), tuple(sorted(proofs.of(name))), waiting[name],
            assigned[name], overdue[name],
        )
        for name, own in by_name.items()
    ]  # fmt: skip
    forks = Counter(event.replica for event in events if event.replica.startswith(QUARANTINE))
    progress = review.summary().progress
    return Team(
        tuple(sorted(members, key=lambda each: (each.last, each.name), reverse=True)),
        progress.tools - progress.decided,
        tuple(sorted(forks.items())),
        review.record.several,
        memory.remote,
        memory.synced_at,
        tuple(sorted(key for key, names in keys.items() if names > 1)),
    )


def _clock(events: list[Event], times: dict[str, str], now: str) -> str:
    """Return what is wrong with the times of events: ahead of the reader's clock, or before what they follow."""
    ahead = sum(bool(now) and event.at[:10] > now[:10] for event in events)
    behind = sum(
        any(times.get(cause, "") > event.at for cause in (event.prev, event.undoes, *event.replaces))
        for event in events
    )
    found = [f"{ahead:,} events dated in the future"] if ahead else []
    return ", ".join([*found, f"{behind:,} events dated before what they follow"] if behind else found)


def open_conflicts(review: Review) -> tuple[tuple[str, tuple[LogEntry, ...]], ...]:
    """Return each register on which reviewers differ, in words, with its sides as entries of the log."""
    names: dict[str, str] = {tool.row.id: tool.row.name for tool in review.table.states}
    entries = {entry.id: entry for entry in queries.audit_trail(review)}
    found = []
    for each in conflicts(review.record.registers):
        key = parse_key(each.key)
        subject = names.get(ToolId(key.subject), key.subject) or key.area
        what = f"{key.name} of {subject}" if key.name else subject
        found.append((what, tuple(entries[side.id] for side in each.sides)))
    return tuple(found)


def set_aside(review: Review) -> tuple[tuple[SetAside, bool], ...]:
    """Return the events that were set aside, oldest first, each with whether a person has settled it."""
    left = {each.event.id for each in review.record.unsettled}
    return tuple((each, each.event.id not in left) for each in review.record.set_aside.values())


def arrival(review: Review) -> list[str]:
    """Return what a person has to know of a file that they open: what came from elsewhere, and what was set aside."""
    left = len(review.record.unsettled)
    aside = f"{left:,} events cannot be understood and were set aside: see clearance status FILE" if left else ""
    return [sentence for sentence in (from_others(review).sentence, aside) if sentence]


def known_remote(review: Review) -> str:
    """Return the remote with which a review was synchronised last; empty without one."""
    memory = remembered(review.path)
    return memory.remote if memory.review == review.record.identity else ""
