"""What is only claimed may block, and approves, settles and counts for nothing: whatever is mixed with what."""

from __future__ import annotations

import random
from typing import Any

import pytest

from analysis.model import Effect, Profile, Reversibility, Risk, SourceId, ToolId, ToolRow, ToolType
from analysis.review.record.people.proven_events import Proofs, Weight, weight_of
from analysis.review.record.record import Record
from analysis.sync.signed_commits import Proof
from analysis.workspace.events import Event, EventDraft, record
from analysis.workspace.keys import PROFILE, decision_key, override_key
from analysis.workspace.order import CanonicalOrder

TOOLS = ("wipe", "list")
PEOPLE = ("ann", "bob", "cleo")
DIGEST = "0" * 64


def row(name: str) -> ToolRow:
    return ToolRow(
        id=ToolId(name), source=SourceId("s"), position=0, name=name, method="", path="", operation_id="", summary="",
        digest=DIGEST, pointer="", line=None, tags=(), deprecated=False, effect=Effect.CRITICAL, types=(ToolType.CRITICAL,),
        reversibility=Reversibility.UNKNOWN, risk=Risk.HIGH, data=(), unclear=False, confidence=0.0, credential="unknown",
        scopes=(), servers=(), tokens=0,
    )  # fmt: skip


def decision(exposure: str | None) -> dict[str, Any]:
    made: dict[str, Any] = {"exposure": exposure, "definition": DIGEST, "reason": "as agreed"}
    return made | ({"conditions": [{"kind": "rate", "value": "5 per hour"}]} if exposure == "conditional" else {})


class Log:
    """A log in the making: every person has a copy, and some write under the names of others."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        first = EventDraft("review.created", "review", {"title": "t", "product": "p"})
        self.events = [record(first, replica="0", seq=1, prev="", actor="ann", at="2026-03-01T00:00:00Z", batch="")]
        self.chains: dict[str, list[Event]] = {}

    def add(self) -> None:
        chance, replica = self.chance, self.chance.choice("abcd")
        chain = self.chains.setdefault(replica, [])
        tool, made = chance.choice(TOOLS), self._draft(chance)
        key = decision_key(tool) if made[0] == "tool.decided" else override_key(tool, "risk")
        known = [event.id for event in self.events if event.key == key]
        replaces = tuple(chance.sample(known, chance.randrange(len(known) + 1)))
        event = record(
            EventDraft(*made[:1], key, made[1], replaces), replica=replica, seq=len(chain) + 1,
            prev=chain[-1].id if chain else "", actor=chance.choice(PEOPLE), at=f"2026-03-02T00:{len(self.events):02}:00Z", batch="",
        )  # fmt: skip
        chain.append(event)
        self.events.append(event)

    @staticmethod
    def _draft(chance: random.Random) -> tuple[str, dict[str, Any]]:
        if chance.random() < 0.2:
            return "tool.retagged", {"value": chance.choice([None, "low", "high"]), "reason": "seen"}
        return "tool.decided", decision(chance.choice(["approved", "approved", "conditional", "blocked", None]))

    def proofs(self) -> list[Proof]:
        """Return signatures over some beginnings of some chains, by anyone."""
        chance, found = self.chance, []
        for replica, chain in self.chains.items():
            for _ in range(chance.randrange(3)):
                end = chance.choice(chain)
                person = chance.choice(PEOPLE)
                found.append(Proof(person, f"key of {person}", {replica: (end.seq, end.id)}))
        return found


def mix(seed: int) -> tuple[Record, Record, Log]:
    """Return the record of a random log, and that of its proven events alone."""
    log = Log(random.Random(seed))
    for _ in range(log.chance.randrange(4, 12)):
        log.add()
    signed = log.proofs()
    whole = Record(log.events, proofs=Proofs(signed))
    proofs = Proofs(signed)
    proofs.bind(log.events)
    proven = [event for event in log.events if proofs.key_of(event)]
    each = [Proof(event.actor, proofs.key_of(event), {event.replica: (event.seq, event.id)}) for event in proven]
    return whole, Record([log.events[0], *proven], proofs=Proofs(each)), log


def loosened(seed: int) -> str:
    """Return what claimed events loosen in a mix; empty where they loosen nothing, or one person has written all."""
    whole, alone, _ = mix(seed)
    if not whole.several:
        return ""
    for name in TOOLS:
        with_claims, without = whole.tool_state(row(name)), alone.tool_state(row(name))
        if with_claims.decision_state.allowed and not without.decision_state.allowed:
            return f"{name} is allowed by a claim"
        if with_claims.risk.rank < without.risk.rank:
            return f"the risk of {name} is lower by a claim"
        if with_claims.decision_state.allowed and with_claims.decision is not None and without.decision is not None:
            kept = {(c.kind, c.value) for c in without.decision.conditions}
            if kept - {(c.kind, c.value) for c in with_claims.decision.conditions}:
                return f"{name} lost a condition by a claim"
    return ""


@pytest.mark.parametrize("mixes", [range(1_000), pytest.param(range(1_000, 10_000), marks=pytest.mark.e2e)])
def test_no_claimed_event_approves_in_10_000_random_mixes(mixes):
    found = {seed: why for seed in mixes if (why := loosened(seed))}
    assert found == {}


def test_the_mixes_hold_what_they_are_about():
    whole = [mix(seed)[0] for seed in range(400)]
    several = [each for each in whole if each.several]
    states = [each.tool_state(row(name)) for each in several for name in TOOLS]
    assert len(several) > 200
    assert sum(state.decision_state.allowed for state in states) > 20
    assert sum(bool(state.claimed) for state in states) > 100
    assert sum(state.conflict for state in states) > 20


def test_what_is_proven_later_counts_as_if_it_had_been_proven_before():
    for seed in range(300):
        whole, _, log = mix(seed)
        later = Record(log.events)
        later.prove(Proofs(whole.proofs.signed))
        for name in TOOLS:
            assert later.tool_state(row(name)) == whole.tool_state(row(name)), seed


def test_what_is_not_proven_any_more_counts_no_more():
    for seed in range(300):
        whole, _, log = mix(seed)
        whole.prove(Proofs())
        bare = Record(log.events)
        for name in TOOLS:
            assert whole.tool_state(row(name)) == bare.tool_state(row(name)), seed


def test_events_added_one_by_one_weigh_the_same():
    for seed in range(200):
        whole, _, log = mix(seed)
        start = next((n for n in range(2, len(log.events)) if Record(log.events[:n]).several), None)
        if start is None:
            continue
        grown = Record(log.events[:start], proofs=Proofs(whole.proofs.signed), order=CanonicalOrder(log.events))
        grown.prove(Proofs(whole.proofs.signed))
        for event in log.events[start:]:
            grown.add([event])
            grown.prove(Proofs(whole.proofs.signed))
        for name in TOOLS:
            assert grown.tool_state(row(name)) == whole.tool_state(row(name)), seed


def two(*drafts: tuple[str, str, EventDraft]) -> list[Event]:
    """Return a log in which each draft is recorded on a copy by a person."""
    log = Log(random.Random(0))
    for replica, actor, draft in drafts:
        chain = log.chains.setdefault(replica, [])
        event = record(
            draft, replica=replica, seq=len(chain) + 1, prev=chain[-1].id if chain else "", actor=actor,
            at=f"2026-03-02T00:{len(log.events):02}:00Z", batch="",
        )  # fmt: skip
        chain.append(event)
        log.events.append(event)
    return log.events


def decided(exposure: str | None, *replaces: str) -> EventDraft:
    return EventDraft("tool.decided", decision_key("wipe"), decision(exposure), replaces)


def signed(events: list[Event], actor: str, key: str = "") -> Proof:
    heads = {event.replica: (event.seq, event.id) for event in events if event.actor == actor}
    return Proof(actor, key or f"key of {actor}", heads)


def test_a_claimed_block_is_heard_next_to_a_proven_approval_and_a_claimed_clear_does_not_lift_it():
    events = two(("a", "ann", decided("approved")))
    events = two(("a", "ann", decided("approved")), ("b", "bob", decided("blocked", events[1].id)))
    held = Record(events, proofs=Proofs([signed(events, "ann")])).tool_state(row("wipe"))
    assert held.conflict
    events = two(
        ("a", "ann", decided("approved")),
        ("b", "bob", decided("blocked", events[1].id)),
        ("b", "bob", decided(None, events[2].id)),
    )
    assert Record(events, proofs=Proofs([signed(events, "ann")])).tool_state(row("wipe")).conflict


def test_a_solo_review_needs_no_key_on_however_many_machines():
    events = two(("a", "ann", decided("approved")), ("b", "ann", EventDraft("profile.set", PROFILE, {"profile": "L1"})))
    assert Record(events).tool_state(row("wipe")).decision_state.allowed


def test_two_names_on_one_copy_are_one_hand_and_never_close_four_eyes():
    profile = EventDraft("profile.set", PROFILE, {"profile": Profile.L4.value, "reason": "regulated"})
    events = two(("a", "ann", profile), ("a", "ann", decided("approved")), ("a", "bob", decided("approved")))
    found = Record(events)
    state = found.tool_state(row("wipe"))
    assert state.decision_state.allowed
    assert found.lacking_second_approver([state]) == ("wipe",)


@pytest.mark.parametrize(
    ("keys", "closed"),
    [
        ({"ann": "A", "bob": "B"}, True),
        ({"ann": "A", "bob": "A"}, False),  # two names on one key
        ({"ann": "A"}, False),  # bob only claims
        ({}, False),
    ],
)
def test_four_eyes_are_two_names_with_two_keys(keys, closed):
    profile = EventDraft("profile.set", PROFILE, {"profile": Profile.L4.value, "reason": "regulated"})
    events = two(("a", "ann", profile), ("a", "ann", decided("approved")), ("b", "bob", decided("approved")))
    found = Record(events, proofs=Proofs([signed(events, name, key) for name, key in keys.items()]))
    state = found.tool_state(row("wipe"))
    lacking = found.lacking_second_approver([state]) if state.decision_state.allowed else ("wipe",)
    assert lacking == (() if closed else ("wipe",))


def test_one_person_with_two_keys_is_one_person():
    profile = EventDraft("profile.set", PROFILE, {"profile": Profile.L4.value, "reason": "regulated"})
    events = two(("a", "ann", profile), ("a", "ann", decided("approved")), ("b", "Ann", decided("approved")))
    found = Record(events, proofs=Proofs([signed(events, "ann", "A"), signed(events, "Ann", "B")]))
    assert found.lacking_second_approver([found.tool_state(row("wipe"))]) == ("wipe",)


@pytest.mark.parametrize(
    ("kind", "data", "weight"),
    [
        ("tool.decided", decision("blocked"), Weight.ADDS),
        ("tool.decided", {"exposure": None}, Weight.ADDS),
        ("tool.decided", decision("approved"), Weight.WAITS),
        ("tool.decided", decision("conditional"), Weight.WAITS),
        ("tool.retagged", {"value": "high"}, Weight.ADDS),
        ("tool.retagged", {"value": "low"}, Weight.WAITS),
        ("tool.retagged", {"value": "absent"}, Weight.WAITS),
        ("tool.retagged", {"value": "critical"}, Weight.WAITS),
        ("finding.disposed", {}, Weight.ADDS),
        ("finding.disposed", {"status": "accepted"}, Weight.WAITS),
        ("control.answered", {"state": "evidenced"}, Weight.WAITS),
        ("profile.set", {"profile": "L4"}, Weight.ADDS),
        ("profile.set", {"profile": "L1"}, Weight.WAITS),
        ("policy.imported", {"text": ""}, Weight.WAITS),
        ("intake.given", {"owner": "x"}, Weight.WAITS),
        ("event.left-aside", {"reason": "x"}, Weight.WAITS),
        ("packet.signed", {"manifest": "x"}, Weight.WAITS),
        ("something.newer", {"exposure": "approved"}, Weight.WAITS),
        ("note.written", {"text": "x"}, Weight.ADDS),
        ("source.imported", {}, Weight.WHOLE),
        ("review.created", {}, Weight.WHOLE),
    ],
)
def test_what_a_claimed_event_may_do(kind, data, weight):
    event = record(
        EventDraft(kind, "review", data), replica="a", seq=1, prev="", actor="ann", at="2026-03-01T00:00:00Z", batch=""
    )
    assert weight_of(event) is weight
