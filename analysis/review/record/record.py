"""The record of a review at a time: registers, profile and policy, and the state of each tool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.governance.controls import controls
from analysis.review.record import state
from analysis.review.record.expiry import effective_time, last_event_time
from analysis.review.record.people.approvers import lacking_second_approver
from analysis.review.record.people.proven_events import Authors, Proofs, Weight, weight_of
from analysis.review.record.policy import review_policy
from analysis.review.record.signed_packet import SinceSigned, events_after, recorded_packet
from analysis.review.record.understanding import SetAside, beginning, understand, unsettled
from analysis.workspace import Registers
from analysis.workspace.keys import PACKET, POLICY, PROFILE, parse_key
from analysis.workspace.order import CanonicalOrder, insert_in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from analysis.model import Answer, Disposition, FindingId, ToolId, ToolRow, ToolState
    from analysis.workspace import Event


class Record:
    """The record of a review, at the time of the reader's clock (`now`, ISO 8601) or, without one, of its last event.

    `events` are all, in canonical order; `understood` those that are understood. `refused` names events that are set aside
    for a reason outside the log, by id. Of a review of several people, `proofs` say which events are proven; what the
    others may do is in `proven_events`. `own` are the replica of this copy and whose key signs what it records, empty
    without a key: what is recorded here counts here until it is signed, and in no packet.
    """

    def __init__(
        self,
        events: Sequence[Event],
        now: str = "",
        *,
        order: CanonicalOrder | None = None,
        refused: Mapping[str, str] | None = None,
        proofs: Proofs | None = None,
        own: tuple[str, str] | None = None,
    ) -> None:
        self._order = order or CanonicalOrder(events)
        self.events = list(events) if order is not None else self._order.sorted(events)
        self.now = now
        self.refused = refused
        found = understand(self.events, known=refused)
        self.understood = list(found.events)
        self.set_aside = dict(found.set_aside)
        self.proofs = proofs or Proofs()
        self.own = own
        self._unsigned: set[str] = set()
        self._authors = Authors()
        self._authors.add(self.understood)
        self._times_proven = 0
        if self.several:
            self.proofs.bind(self.events)
        self.registers = self._folded()
        self.as_of = effective_time(self.registers, last_event_time(self.understood, now), now)
        self.policy = review_policy(self.registers)
        self.packet = recorded_packet(self.registers)
        self._since_signed = self._since_packet()
        self._drawn: set[str] = set()
        self._follow_sample(self.understood)
        self.requesters = frozenset(event.actor for event in self.understood if event.kind == "review.created")

    def _folded(self) -> Registers:
        """Return the registers of all events, each with the weight that it has."""
        registers = Registers() if self.several else Registers(self.understood)
        if self.several:
            for event in self.understood:
                self._fold(event, registers)
        for each in self.set_aside.values():
            registers.leave_aside(each.event)
        return registers

    def _fold(self, event: Event, registers: Registers) -> None:
        weight = self.weight_of(event)
        if weight is Weight.WAITS:
            registers.leave_aside(event, waits=True)
        else:
            registers.add(event, replaces=weight is Weight.WHOLE)

    def weight_of(self, event: Event) -> Weight:
        """Return what an event does: a claimed one in a review of several people less than the others."""
        if not self.several or self.proofs.key_of(event):
            self._unsigned.discard(event.id)
            return Weight.WHOLE
        weight = weight_of(event)
        own = self.own is not None and event.replica == self.own[0] and self.own[1] in {"", event.actor}
        if own and weight is not Weight.WHOLE:
            self._unsigned.add(event.id)
            return Weight.WHOLE
        return weight

    @property
    def unsigned(self) -> int:
        """How many events count on this copy alone, because they are not signed yet."""
        return len(self._unsigned)

    @property
    def several(self) -> bool:
        """Whether the review is one of several people, in which claimed events approve nothing."""
        return self._authors.several

    @property
    def day(self) -> str:
        """The ISO date of `as_of`."""
        return self.as_of[:10]

    @property
    def version(self) -> tuple[int, str, int]:
        """Changes with every event, every day, and whenever more or less is proven."""
        return len(self.events), self.day, self._times_proven

    @property
    def identity(self) -> str:
        """The id of the event with which the review began, the same in every copy; empty where none can be read."""
        first = beginning(self.understood)
        return first.id if first is not None else ""

    @property
    def unsettled(self) -> tuple[SetAside, ...]:
        """The events set aside that are not settled."""
        return unsettled(self.set_aside, self.registers)

    @property
    def contested_sources(self) -> tuple[str, ...]:
        """The sources of which two imports are live that differ in bytes or limits."""
        keys = self.registers.keys("source")
        return tuple(
            parse_key(key).subject for key in keys if len({_import_of(e) for e in self.registers.heads(key)}) > 1
        )

    def prove(self, proofs: Proofs) -> list[Event]:
        """Take in what is proven besides; return the events that have another weight for it.

        Where something is not proven any more, these are all.
        """
        before = self.proofs
        self._times_proven += 1
        proofs.bind(self.events)
        self.proofs = proofs
        if not self.several:
            return []
        lost = any(proofs.ends.get(end, (0, ""))[0] < seq for end, (seq, _) in before.ends.items())
        if lost:
            self.registers, gained = self._folded(), self.understood
        else:
            gained = [event for event in self.understood if proofs.key_of(event) and not before.key_of(event)]
            for event in gained:
                self._fold(event, self.registers)
        self.policy = review_policy(self.registers)
        self.packet = recorded_packet(self.registers)
        self._since_signed = self._since_packet()
        return gained

    def begins_several(self, events: Sequence[Event]) -> bool:
        """Whether a review becomes one of several people by some events, so that all is weighed anew."""
        return not self.several and self._authors.with_(understand(events, begun=True).events).several

    def add(self, events: Iterable[Event]) -> None:
        """Add events that were just recorded here or, except for imports, by another program.

        Not those by which the review becomes one of several people.
        """
        added = list(events)
        found = understand(added, begun=True, known=self.refused)
        insert_in_order(self.events, added, self._order)
        insert_in_order(self.understood, found.events, self._order)
        for event in found.events:
            self._fold(event, self.registers)
            if not self.now or event.at <= self.now:
                self.as_of = max(self.as_of, event.at)
        for each in found.set_aside.values():
            self.set_aside[each.event.id] = each
            self.registers.leave_aside(each.event)
        added = list(found.events)
        self._authors.add(added)
        self._follow_sample(added)
        if any(event.key in {PROFILE, POLICY} for event in added):
            self.policy = review_policy(self.registers)
        if any(event.key == PACKET for event in added):
            self.packet = recorded_packet(self.registers)
            self._since_signed = self._since_packet()
        elif self._since_signed is not None:
            self._since_signed.follow(added)

    def goes_beyond(self, heads: Mapping[str, int]) -> bool:
        """Whether something was recorded that a packet with some heads (replica -> seq) does not show."""
        return bool(events_after(self.events, heads))

    @property
    def drawn(self) -> int:
        """How many tools were drawn from the proposals taken unseen; what was undone does not count."""
        return len(self._drawn)

    def _follow_sample(self, events: Iterable[Event]) -> None:
        for event in events:
            if event.undoes:
                self._drawn.discard(event.undoes)
            if event.kind == "tool.decided" and event.data.get("sampled"):
                self._drawn.add(event.id)

    @property
    def since_packet(self) -> int:
        """How many registers differ from the signed packet known last, of those that people sign for; 0 without one."""
        return len(self._since_signed) if self._since_signed is not None else 0

    def _since_packet(self) -> SinceSigned | None:
        return None if self.packet is None else SinceSigned(self.understood, self.packet, self.registers)

    def tool_state(self, row: ToolRow) -> ToolState:
        """Return a tool with its decision, overrides, number of notes and difference from the signed packet."""
        return state.tool_state(row, self.registers, self.as_of, self.packet)

    def disposition(self, finding: FindingId) -> Disposition | None:
        """Return the disposition of a finding; None where there is none, or reviewers differ."""
        return state.disposition(finding, self.registers)

    def dispositions(self) -> dict[FindingId, Disposition]:
        """Return every disposition by finding."""
        keys = (parse_key(key).finding for key in self.registers.keys("finding"))
        found = ((finding, self.disposition(finding)) for finding in keys if finding is not None)
        return {finding: disposition for finding, disposition in found if disposition is not None}

    def answers(self) -> dict[str, Answer]:
        """Return every answer by control."""
        found = ((control.id, state.recorded_answer(control.id, self.registers)) for control in controls())
        return {control: answer for control, answer in found if answer is not None}

    def lacking_second_approver(self, tools: Iterable[ToolState]) -> tuple[ToolId, ...]:
        """Return the allowed tools of high risk with a single approver, where the profile requires two."""
        return lacking_second_approver(self.policy, tools, self.understood, self.proofs)


def _import_of(event: Event) -> tuple[str, str]:
    """Return what makes two imports the same one."""
    limits = sorted((name, value) for name, value in event.data["facts"].items() if name.startswith("limit on "))
    return event.data["sha256"], str(limits)
