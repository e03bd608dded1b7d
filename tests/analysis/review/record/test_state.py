"""What the registers say: one reading of every kind of event, and who counts where reviewers differ."""

from analysis.model import Condition, ConditionKind, Decision, DecisionState, Evidence, FindingId, FlowRole, Status
from analysis.review.record import state
from analysis.workspace import EventDraft, Registers
from analysis.workspace.events import record
from analysis.workspace.keys import answer_key, decision_key, finding_key, note_key, override_key, view_key


def event(key, data, *, actor="ann", at="2026-03-02T09:00:00Z", replica="0", kind="k"):
    draft = EventDraft(kind, key, data)
    return record(draft, replica=replica * 32, seq=1, prev="", actor=actor, at=at, batch="")


def registers(*events):
    made = Registers()
    for each in events:
        made.add(each)
    return made


def test_a_decision_is_read_whole():
    conditions = [{"kind": "rate", "value": "5 per hour"}, {"kind": "audit", "value": "all", "evidence": "SIEM"}]
    data = {"exposure": "conditional", "reason": "r", "definition": "d", "conditions": conditions}
    assert state.decision_of(event("x", data)) == Decision(
        DecisionState.CONDITIONAL, "r", "d", "ann", "2026-03-02T09:00:00Z",
        (Condition(ConditionKind.RATE, "5 per hour"), Condition(ConditionKind.AUDIT, "all", "SIEM")),
    )  # fmt: skip
    assert state.decision_of(event("x", {"exposure": "blocked"})) == Decision(
        DecisionState.BLOCKED, "", "", "ann", "2026-03-02T09:00:00Z"
    )
    assert state.decision_of(event("x", {"reason": "r"})) is None


def test_views_are_listed_by_name_and_the_later_one_counts():
    first = event(view_key("B"), {"name": "B", "query": "old"}, replica="1", at="2026-03-02T09:00:00Z")
    later = event(view_key("b"), {"name": "b", "query": "new"}, replica="2", at="2026-03-02T10:00:00Z")
    other = event(view_key("A"), {"name": "A", "query": "risk:high"})
    gone = event(view_key("C"), {"name": "C"})
    nameless = event(view_key("D"), {"query": "x"})
    for order in ([first, later, other, gone, nameless], [nameless, gone, other, later, first]):
        found = state.recorded_views(registers(*order))
        assert list(found.items()) == [("A", "risk:high"), ("b", "new")]


def test_a_flow_role_is_present_where_reviewers_differ(shop):
    row = shop.tool("listOrders").row
    key = override_key(row.id, "leg-way-out")
    heads = [
        event(key, {"value": "absent", "reason": "no"}, actor="ann", replica="1"),
        event(key, {"value": "present", "reason": "mail"}, actor="bob", replica="2"),
        event(key, {}, actor="cleo", replica="3"),
        event(override_key(row.id, "leg-code"), {"value": "absent"}, replica="4", at="2026-03-02T10:00:00Z"),
    ]
    for order in (heads, heads[::-1]):
        found = state.tool_state(row, registers(*order)).flow_role_overrides
        assert [(role, o.value, o.reason, o.actor, o.at) for role, o in found] == [
            (FlowRole.EXFILTRATION_SINK, "present", "mail", "bob", "2026-03-02T09:00:00Z"),
            (FlowRole.CODE_EXECUTION, "absent", "", "ann", "2026-03-02T10:00:00Z"),
        ]


def test_overrides_and_notes_of_a_tool_are_kept_with_who_and_when(shop):
    row = shop.tool("listOrders").row
    found = state.tool_state(row, registers(
        event(override_key(row.id, "risk"), {"value": "medium", "reason": "r"}, actor="bob"),
        event(override_key(row.id, "type"), {"value": "billing"}, at="2026-03-02T10:00:00Z"),
        event(note_key(row.id, "1"), {"subject": row.id, "text": "x"}),
        event(note_key(row.id, "2"), {"subject": row.id}),
        event(decision_key(row.id), {"exposure": "approved", "definition": row.digest}),
    ), "2026-03-03")  # fmt: skip
    risk, kind = found.risk_override, found.type_override
    assert (risk.value, risk.reason, risk.actor, risk.at) == ("medium", "r", "bob", "2026-03-02T09:00:00Z")
    assert (kind.value, kind.reason, kind.actor, kind.at) == ("billing", "", "ann", "2026-03-02T10:00:00Z")
    assert (found.risk.value, found.type.value, found.effect.value, found.notes) == ("medium", "billing", "critical", 1)
    assert (found.decision.state, found.decision_state) == (DecisionState.APPROVED, DecisionState.APPROVED)
    plain = state.tool_state(row, registers())
    assert (plain.risk, plain.type, plain.effect) == (row.risk, row.types[0], row.effect)
    assert (plain.decision, plain.risk_override, plain.type_override, plain.notes) == (None, None, None, 0)
    assert plain.flow_role_overrides == ()


def test_notes_are_listed_from_the_oldest_on():
    events = [
        event(note_key("a", "1"), {"subject": "a", "text": "third"}, at="2026-03-04T09:00:00Z"),
        event(note_key("a", "2"), {"subject": "a", "text": "first"}, at="2026-03-02T09:00:00Z", actor="bob"),
        event(note_key("b", "1"), {"subject": "b", "text": "second"}, at="2026-03-03T09:00:00Z"),
        event(note_key("b", "2"), {"subject": "b", "text": ""}, at="2026-03-01T09:00:00Z"),
    ]
    told = [(n.subject, n.text, n.actor, n.at) for n in state.all_notes(registers(*events))]
    first, second, third = (
        ("a", "first", "bob", "2026-03-02T09:00:00Z"),
        ("b", "second", "ann", "2026-03-03T09:00:00Z"),
        ("a", "third", "ann", "2026-03-04T09:00:00Z"),
    )
    assert told == [first, second, third]
    assert [(n.subject, n.text, n.actor, n.at) for n in state.notes_on("a", registers(*events))] == [first, third]


def test_notes_of_one_time_have_one_order():
    events = [event(note_key("a", str(n)), {"subject": "a", "text": str(n)}) for n in range(9)]
    expected = [e.data["text"] for e in sorted(events, key=lambda e: e.id)]
    for order in (events, events[::-1]):
        assert [note.text for note in state.all_notes(registers(*order))] == expected
        assert [note.text for note in state.notes_on("a", registers(*order))] == expected


def test_a_disposition_is_read_whole():
    data = {
        "status": "accepted", "reason": "r", "code": "c", "evidence": "e", "owner": "o", "until": "2027-01-31",
        "voids": ["risk", "definition"], "seen": {"risk": "low", "definition": "d"},
    }  # fmt: skip
    found = state.disposition(FindingId("f"), registers(event(finding_key("f"), data)))
    assert (found.status, found.reason, found.actor, found.at) == (Status.ACCEPTED, "r", "ann", "2026-03-02T09:00:00Z")
    assert (found.code, found.evidence, found.owner, found.until) == ("c", "e", "o", "2027-01-31")
    assert (found.voids, found.seen) == (("risk", "definition"), (("definition", "d"), ("risk", "low")))
    least = state.disposition(FindingId("f"), registers(event(finding_key("f"), {"status": "fixing"})))
    assert (least.reason, least.code, least.evidence, least.owner, least.until, least.voids, least.seen) == (
        "", "", "", "", "", (), (),
    )  # fmt: skip
    assert state.disposition(FindingId("g"), registers(event(finding_key("f"), data))) is None


def test_evidence_says_who_brought_it_and_when_unless_it_was_recorded():
    given = {"title": "t", "level": "E3", "collected_by": "scanner", "collected_at": "2026-01-01"}
    data = {"state": "evidenced", "text": "x", "evidence": [{"title": "t", "level": "E3"}, given]}
    found = state.recorded_answer("c", registers(event(answer_key("c"), data)))
    assert (found.control, found.state.value, found.text, found.actor, found.at) == (
        "c", "evidenced", "x", "ann", "2026-03-02T09:00:00Z",
    )  # fmt: skip
    assert found.evidence == (
        Evidence("t", "E3", collected_by="ann", collected_at="2026-03-02T09:00:00Z"),
        Evidence("t", "E3", collected_by="scanner", collected_at="2026-01-01"),
    )
    assert state.recorded_answer("c", registers(event(answer_key("c"), {"state": "claimed"}))).text == ""


def test_of_two_access_requests_the_later_one_counts():
    first = event("intake", {"owner": "a", "data": ["names"]}, replica="1", at="2026-03-02T09:00:00Z")
    later = event("intake", {"owner": "b"}, replica="2", at="2026-03-02T10:00:00Z")
    empty = event("intake", {}, replica="3", at="2026-03-02T11:00:00Z")
    for order in ([first, later, empty], [empty, later, first]):
        assert state.recorded_intake(registers(*order)).owner == "b"
    assert state.recorded_intake(registers(first)).data == ("names",)
    assert state.recorded_intake(registers(empty)) is None
    assert state.recorded_intake(registers()) is None


def test_the_title_of_a_review():
    assert state.recorded_title(registers(event("review", {"title": "Shop"}))) == "Shop"
    assert state.recorded_title(registers(event("review", {}))) == ""
    assert state.recorded_title(registers()) == ""


def test_the_sides_of_values_that_differ_are_all_there():
    heads = [event("x", {"value": value}, replica=str(n)) for n, value in enumerate(("low", "high", "low", None))]
    assert state.override_values(heads) == {"low", "high", ""}


def test_a_decision_that_was_looked_at_in_a_sample_says_so(shop):
    row = shop.tool("listOrders").row
    data = {"exposure": "approved", "definition": row.digest, "sampled": True}
    assert state.tool_state(row, registers(event(decision_key(row.id), data))).decision.sampled is True
    assert (
        state.tool_state(row, registers(event(decision_key(row.id), data | {"sampled": False}))).decision.sampled
        is False
    )
