"""Proven and claimed: whose events are covered by a verified signature of their actor, and what the others may do.

In a review of several people a claimed event may block, and never approves, settles or counts for four eyes: what it would
loosen waits until its actor has signed it or another person records it. A copy without a signature is one hand, however
many names it uses, so a review is of several people once two names have made statements on two copies.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final

from analysis.model import Profile, Risk, Status
from analysis.sync.signed_commits import Proof, read_commit
from analysis.workspace.union import QUARANTINE, place_in_quarantine

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from analysis.sync.sync_memory import SyncMemory
    from analysis.workspace import Event


class Weight(Enum):
    """What a claimed event does in a review of several people."""

    WHOLE = "whole"  # the same as a proven one: it neither approves nor settles anything
    ADDS = "adds"  # it is heard next to what is recorded, and replaces nothing
    WAITS = "waits"  # it changes nothing until it is proven


#: Kinds that state nothing about what an agent may do: where a review and its sources come from, remarks, and who is to decide.
_PLAIN: Final = frozenset({"review.created", "source.imported"})
_REMARKS: Final = frozenset({"note.written", "view.saved", "tool.assigned"})
_STRICTEST: Final = frozenset({Risk.HIGH.value, "present", Profile.L4.value})


def weight_of(event: Event) -> Weight:
    """Return what an event does as long as it is only claimed. It depends on the event alone, not on what else is recorded."""
    if event.kind in _PLAIN:
        return Weight.WHOLE
    return Weight.ADDS if event.kind in _REMARKS or _restricts(event) else Weight.WAITS


def _restricts(event: Event) -> bool:
    """Whether an event can only make a review stricter, whatever it is heard next to."""
    data = event.data
    if event.kind == "tool.decided":
        return data.get("exposure") in (None, "blocked")
    if event.kind == "tool.retagged":
        return str(data.get("value")) in _STRICTEST
    if event.kind == "profile.set":
        return str(data.get("profile")) in _STRICTEST
    if event.kind == "finding.disposed":
        return str(data.get("status", Status.OPEN.value)) == Status.OPEN.value
    if event.kind == "control.answered":
        return not data or data.get("state") == "unanswered"
    return False


@dataclass(slots=True)
class Authors:
    """Whose statements a review consists of: the names, and the copies on which they were recorded."""

    names: set[str] = field(default_factory=set)
    copies: set[str] = field(default_factory=set)

    @property
    def several(self) -> bool:
        """Whether they are several people: two names, on two copies."""
        return len(self.names) > 1 and len(self.copies) > 1

    def add(self, events: Iterable[Event]) -> None:
        """Add the authors of events that state something about what an agent may do."""
        for event in events:
            if event.kind not in _PLAIN and event.kind not in _REMARKS:
                self.names.add(event.actor)
                self.copies.add(event.replica)

    def with_(self, events: Iterable[Event]) -> Authors:
        """Return them with those of further events."""
        more = Authors(set(self.names), set(self.copies))
        more.add(events)
        return more


class Proofs:
    """Which events are proven, by the ends of the chains that verified signatures cover."""

    def __init__(self, signed: Sequence[Proof] = ()) -> None:
        self.signed = tuple(signed)
        #: By replica and person: the place up to which that person has signed the chain, and the key.
        self._covered: dict[tuple[str, str], tuple[int, str]] = {}

    def bind(self, events: Sequence[Event]) -> None:
        """Find the signed ends among events; one that is not there, or is another event, covers nothing."""
        ends: dict[str, list[tuple[Proof, str, int]]] = {}
        for each in self.signed:
            for replica, (seq, identity) in each.heads.items():
                ends.setdefault(identity, []).append((each, replica, seq))
        if not ends:
            return
        forks: dict[str, list[Event]] = {}
        for event in events:
            if event.id in ends:
                for proof, replica, seq in ends.pop(event.id):
                    if (event.replica, event.seq) == (replica, seq):
                        self._cover(replica, proof, seq)
            if event.replica.startswith(QUARANTINE):
                forks.setdefault(event.replica, []).append(event)
        if forks and ends:
            self._bind_forks(events, forks, ends)

    def _cover(self, replica: str, proof: Proof, seq: int) -> None:
        if seq > self._covered.get((replica, proof.person), (0, ""))[0]:
            self._covered[replica, proof.person] = seq, proof.key

    def _bind_forks(
        self,
        events: Iterable[Event],
        forks: Mapping[str, Sequence[Event]],
        ends: Mapping[str, Sequence[tuple[Proof, str, int]]],
    ) -> None:
        """Find signed ends that are in quarantine here, under another id."""
        wanted = {replica for each in ends.values() for _, replica, _ in each}
        chains: dict[str, list[Event]] = {}
        for event in events:
            if event.replica in wanted:
                chains.setdefault(event.replica, []).append(event)
        for identity, each in ends.items():
            for proof, replica, seq in each:
                for name, line in forks.items():
                    count = place_in_quarantine(line, chains.get(replica, []), (replica, seq, identity))
                    if count:
                        self._cover(name, proof, count)

    def key_of(self, event: Event) -> str:
        """Return the fingerprint of the key by which the actor of an event has signed it; empty for a claimed event."""
        seq, key = self._covered.get((event.replica, event.actor), (0, ""))
        return key if event.seq <= seq else ""

    def of(self, actor: str) -> frozenset[str]:
        """Return the keys with which a person has signed."""
        return frozenset(proof.key for proof in self.signed if proof.person == actor)

    @property
    def ends(self) -> Mapping[tuple[str, str], tuple[int, str]]:
        """The chains covered: (replica, person) -> (place of the last event covered, key)."""
        return self._covered


def proofs_of(memory: SyncMemory) -> tuple[Proof, ...]:
    """Return what the commits prove that this machine has verified. They are not verified again."""
    return tuple(
        Proof(each.person, each.key, read_commit(each.text.encode("latin-1")).heads, each.text)
        for each in memory.commits
        if each.key
    )
