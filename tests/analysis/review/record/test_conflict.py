"""Two reviewers on two copies: where they differ nothing is allowed until a person settles it."""

import contextlib
import shutil
import sqlite3
from itertools import permutations

import pytest

from analysis.errors import CheckFailed
from analysis.model import AnswerState, DecisionState, Disposition, FindingId, Risk, Status, ToolType
from analysis.output.allowlist.canonical import canonical
from analysis.review import queries
from analysis.review.packets.export import review_snapshot
from analysis.review.record import state
from analysis.review.record.conflicts import conflicts
from analysis.workspace import EventDraft, Registers
from analysis.workspace.events import record
from analysis.workspace.keys import answer_key, decision_key, finding_key, override_key

pytestmark = pytest.mark.usefixtures("everyone_signs")


@pytest.fixture
def two(shop, opened, tmp_path):
    """Ann and Bob each have a copy of the review in which Ann approved the making of orders."""
    shop.approve("createOrder")
    return shop, opened(shutil.copy(shop.review.path, tmp_path / "bob.clearance"))


def merge(work, other):
    """Bring the events of another copy in, as a merge does: the bodies as they are, in order."""
    target = sqlite3.connect(work.review.path)
    known = {identity for (identity,) in target.execute("SELECT id FROM events")}
    new = [e for e in other.review.store.events if e.id not in known]
    target.executemany(
        "INSERT INTO events (id, replica, seq, key, body) VALUES (?, ?, ?, ?, ?)",
        [(e.id, e.replica, e.seq, e.key, e.body) for e in new],
    )
    target.commit()
    target.close()
    assert work.review.refresh()


def decision_of(work, name):
    return {t["id"]: t["decision"] for t in canonical(review_snapshot(work.review))["tools"]}[work.id(name)]


def test_two_different_decisions_are_a_conflict_and_allow_nothing(two, opened):
    ann, bob = two
    ann.conditional("createOrder", ("rate", "5 per hour", "REC"))
    bob.block("createOrder", actor="bob")
    merge(ann, bob)
    merge(bob, ann)
    for work in (ann, bob, opened(ann.review.path)):
        tool, summary = work.tool("createOrder"), work.review.summary()
        assert (tool.conflict, tool.undecided, tool.decision_state.simple, tool.live) == (
            True,
            True,
            "undecided",
            False,
        )
        assert (summary.progress.conflicts, summary.progress.decided) == (1, 0)
        assert "1 tools on which reviewers differ" in [gate.why for gate in summary.open_gates]
        assert decision_of(work, "createOrder") == "block"
        assert queries.select(work.review, "is:conflict") == [work.id("createOrder")]
    assert ann.seen() == bob.seen()


def test_a_person_settles_a_conflict_for_both_copies(two):
    ann, bob = two
    ann.conditional("createOrder")
    bob.block("createOrder", actor="bob")
    merge(ann, bob)
    ann.block("createOrder", reason="settled", actor="cleo")
    merge(bob, ann)
    for work in two:
        assert (work.tool("createOrder").decision_state.simple, work.tool("createOrder").conflict) == ("blocked", False)
        assert work.tool("createOrder").decision.reason == "settled"


def test_taking_a_settlement_back_does_not_pick_a_winner(two):
    ann, bob = two
    ann.conditional("createOrder")
    bob.block("createOrder", actor="bob")
    merge(ann, bob)
    ann.approve("createOrder", actor="cleo")
    try:
        ann.undo("cleo")
    except CheckFailed:
        assert ann.tool("createOrder").decision_state.simple == "approved"
    else:
        assert ann.tool("createOrder").undecided


@pytest.mark.parametrize("turn", range(6))  # which of the two heads comes first is a matter of chance
def test_what_stood_in_a_conflict_is_not_undone_past_a_settlement_that_was_taken_back(two, turn):
    """Else Ann's undo would bring her first approval back over Bob's block, which nobody has withdrawn."""
    ann, bob = two
    ann.conditional("createOrder", reason=f"turn {turn}")
    bob.block("createOrder", actor="bob")
    merge(ann, bob)
    ann.approve("createOrder", actor="cleo")
    ann.undo("cleo")
    with contextlib.suppress(CheckFailed):
        ann.undo()
    assert ann.tool("createOrder").undecided
    assert decision_of(ann, "createOrder") == "block"


def test_the_same_decision_on_both_copies_is_no_conflict(two):
    ann, bob = two
    ann.block("createOrder", reason="no")
    bob.block("createOrder", reason="no", actor="bob")
    merge(ann, bob)
    assert (ann.tool("createOrder").decision_state.simple, ann.tool("createOrder").conflict) == ("blocked", False)
    ann.clear("createOrder")
    assert ann.tool("createOrder").decision_state.simple == "undecided"


def test_decisions_on_different_tools_and_notes_are_both_kept(two):
    ann, bob = two
    ann.block("deleteOrder")
    ann.note("createOrder", "from ann")
    bob.approve("listOrders", actor="bob")
    bob.note("createOrder", "from bob", actor="bob")
    merge(ann, bob)
    assert {t.row.name: t.decision_state.simple for t in ann.review.tools()} == {
        "listOrders": "approved", "createOrder": "approved", "deleteOrder": "blocked",
    }  # fmt: skip
    assert sorted(note.text for note in queries.notes(ann.review, ann.id("createOrder"))) == ["from ann", "from bob"]
    assert ann.review.summary().progress.conflicts == 0


# --- registers made by hand: heads side by side, in every order ----------------------------------------


def heads(key, *contents):
    """Yield registers in which contents stand side by side, in each order of arrival."""
    made = [
        record(
            EventDraft("k", key, data),
            replica=f"{n}" * 32,
            seq=1,
            prev="",
            actor=f"p{n}",
            at="2026-03-02T09:00:00Z",
            batch="",
        )
        for n, data in enumerate(contents)
    ]
    for order in permutations(made):
        registers = Registers()
        for event in order:
            registers.add(event)
        yield registers


@pytest.fixture
def row(shop):
    """A tool whose risk the engine takes for high."""
    return shop.tool("deleteOrder").row


def said(decision_state, row, **more):
    return {
        "exposure": decision_state and DecisionState(decision_state).value,
        "reason": "r",
        "definition": row.digest,
    } | more


@pytest.mark.parametrize("others", [["blocked"], ["conditional"], [None], ["approved", "blocked"], ["blocked", None]])
def test_heads_that_differ_are_a_conflict_in_every_order(row, others):
    for registers in heads(decision_key(row.id), *[said(e, row) for e in ["approved", *others]]):
        tool = state.tool_state(row, registers)
        assert (tool.conflict, tool.undecided, tool.decision) == (True, True, None)


def test_heads_for_different_definitions_are_a_conflict(row):
    for registers in heads(decision_key(row.id), said("approved", row), said("approved", row, definition="0")):
        assert state.tool_state(row, registers).undecided


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"exposure": "approved", "reason": "a"}, {"exposure": "approved", "reason": "b"}),
        ({"exposure": None, "reason": "a"}, {}),
        (
            {"exposure": "conditional", "conditions": [{"kind": "rate", "value": "5"}, {"kind": "env", "value": "test"}]},
            {"exposure": "conditional", "conditions": [{"kind": "env", "value": "test", "evidence": "E"}, {"kind": "rate", "value": "5"}]},
        ),
    ],
)  # fmt: skip
def test_two_who_decide_the_same_for_different_reasons_agree(row, one, other):
    for registers in heads(decision_key(row.id), one | {"definition": row.digest}, other | {"definition": row.digest}):
        tool = state.tool_state(row, registers)
        assert not tool.conflict
        expected = one["exposure"] or "undecided"
        assert (tool.decision_state.value, tool.undecided) == (expected, one["exposure"] is None)


def test_of_two_who_agree_the_approval_that_ends_first_counts(row):
    def until(*dates):
        conditions = [{"kind": "rate", "value": "5"}, *({"kind": "expires", "value": day} for day in dates)]
        return said("conditional", row, conditions=conditions)

    for registers in heads(decision_key(row.id), until("2026-05-01"), until("2026-04-01"), until()):
        assert state.tool_state(row, registers, "2026-04-01T00:00:00Z").decision_state is DecisionState.CONDITIONAL
        assert state.tool_state(row, registers, "2026-04-02T00:00:00Z").decision_state is DecisionState.EXPIRED


@pytest.mark.parametrize(
    ("what", "values", "expected"),
    [
        ("risk", ["low", "medium"], Risk.MEDIUM),
        ("risk", ["low"], Risk.LOW),
        ("risk", ["low", None], Risk.HIGH),  # one has lowered it, the other has taken that back: the engine says high
        ("risk", [None], Risk.HIGH),
        ("type", ["read-only", "billing"], ToolType.BILLING),
        ("type", ["read-only", "side-effect"], ToolType.SIDE_EFFECT),
        ("type", ["read-only", None], ToolType.CRITICAL),
    ],
)
def test_where_re_tags_differ_the_most_dangerous_counts(row, what, values, expected):
    contents = [{"value": value, "reason": "r"} if value else {} for value in values]
    for registers in heads(override_key(row.id, what), *contents):
        assert getattr(state.tool_state(row, registers), what) is expected


@pytest.mark.parametrize(
    ("contents", "expected"),
    [
        ([{"status": "fixing", "reason": "a"}], Status.FIXING),
        ([{"status": "fixing", "reason": "a"}, {"status": "fixing", "reason": "a"}], Status.FIXING),
        ([{"status": "fixing", "reason": "a"}, {"status": "fixing", "reason": "b"}], Status.FIXING),
        ([{"status": "fixing", "reason": "a"}, {"status": "fixing", "reason": "a", "owner": "o"}], None),
        ([{"status": "fixing", "reason": "a"}, {"status": "fixed", "reason": "a"}], None),
        ([{"status": "false-positive", "reason": "a"}, {}], None),  # one says so, the other has taken it back
        ([{}], None),
    ],
)
def test_where_dispositions_differ_the_finding_stays_open(contents, expected):
    for registers in heads(finding_key("f"), *contents):
        made = state.disposition(FindingId("f"), registers)
        assert (made.status if isinstance(made, Disposition) else made) == expected


@pytest.mark.parametrize(
    ("contents", "expected"),
    [
        ([{"state": "claimed", "text": "a"}], AnswerState.CLAIMED),
        ([{"state": "claimed", "text": "a"}, {"state": "claimed", "text": "b"}], AnswerState.CLAIMED),
        ([{"state": "claimed", "text": "a"}, {"state": "not-applicable", "text": "a"}], None),
        ([{"state": "not-applicable", "text": "a"}, {}], None),
        ([{}], None),
    ],
)
def test_where_answers_differ_the_question_is_open(contents, expected):
    for registers in heads(answer_key("cred-store"), *contents):
        made = state.recorded_answer("cred-store", registers)
        assert (made.state if made else None) == expected


def test_the_sides_of_a_conflict_are_listed_in_order_of_time(two):
    ann, bob = two
    bob.block("createOrder", actor="bob")
    ann.conditional("createOrder", ("rate", "5 per hour", "REC"))
    merge(ann, bob)
    (found,) = conflicts(ann.review.record.registers)
    assert found.key == decision_key(ann.id("createOrder"))
    assert [side.at for side in found.sides] == sorted(side.at for side in found.sides)
    assert {side.actor for side in found.sides} == {"bob", "ann"}


def test_equal_overrides_with_other_reasons_agree_and_other_values_do_not(two):
    ann, bob = two
    for work, value, reason in ((ann, Risk.HIGH, "a"), (bob, Risk.HIGH, "b")):
        work.risk("createOrder", value, reason)
    merge(ann, bob)
    assert conflicts(ann.review.record.registers) == ()
    ann.risk("createOrder", Risk.LOW, "c")
    bob.risk("createOrder", Risk.MEDIUM, "d")
    merge(ann, bob)
    (found,) = conflicts(ann.review.record.registers)
    assert found.key == override_key(ann.id("createOrder"), "risk")
