"""What a review is held to: profile, policy, second approvers, ends of approvals. Whoever says it, in whatever order."""

import json
import random
from hashlib import sha256

import pytest

from analysis.errors import CheckFailed, InputRefused, UsageError
from analysis.governance.controls import controls
from analysis.model import (
    AnswerState,
    ConditionKind,
    DecisionState,
    Disposition,
    Evidence,
    EvidenceKind,
    Profile,
    Risk,
    Status,
    ToolType,
)
from analysis.review import commands, queries
from analysis.review.packets.dry_run import dry_run
from analysis.review.packets.export import export
from analysis.review.queries.governance import diagrams, required_controls
from analysis.review.queries.related_tools import related_tools
from analysis.review.record.people.approvers import lacking_second_approver
from analysis.review.record.people.proven_events import Proofs
from analysis.review.record.policy import ReviewPolicy, review_policy
from analysis.review.session import Review
from analysis.review.sources.importing import examine_source
from analysis.workspace import EventDraft, Registers, keys
from analysis.workspace.order import in_order
from tui.desk.pages.tool import page

POLICY = """
policy: 1
name: House rules
profile: L2
rules:
  EXP-003: {severity: high}
  EXP-004: {switch: off, reason: reads are decided by the gateway}
expiry: {approvals: 30, acceptances: 10}
"""

pytestmark = pytest.mark.usefixtures("everyone_signs")


def profile(work, name, actor="ann", reason="because"):
    return commands.set_profile(work.review, Profile(name), reason=reason, actor=actor, at=work.at())


def policy(work, text=POLICY, actor="ann"):
    return commands.import_policy(work.review, text, actor=actor, at=work.at(), place="policy.yaml")


def gates(work):
    return " · ".join(gate.why for gate in work.review.summary().open_gates)


# --- profile -----------------------------------------------------------------------------------------


def test_without_a_word_the_first_profile_holds(shop):
    assert shop.review.policy.profile is Profile.L1
    asked = queries.asked_controls(shop.review)
    assert shop.review.summary().progress.controls == len(asked) == len(controls(Profile.L1))


@pytest.mark.parametrize("name", ["L1", "L2", "L3", "L4"])
def test_a_profile_asks_more_and_costs_nothing(sample_review, name):
    before, count = sample_review.review.summary(), len(controls(Profile(name)))
    profile(sample_review, name)
    after = sample_review.review.summary()
    assert (after.progress.answered, after.progress.controls) == (14, count)
    assert after.score.value == before.score.value == 85
    assert [f.id for f in after.findings] == [f.id for f in before.findings]
    assert f"{count - 14} of {count} questions unanswered" in [gate.why for gate in after.open_gates]


def test_unanswered_questions_of_the_profile_keep_a_review_from_being_approvable(shop):
    shop.block("listOrders createOrder deleteOrder")
    shop.decide("listOrders", None)
    shop.approve("listOrders")
    for control, _, _ in queries.asked_controls(shop.review):
        shop.answer(control.id, AnswerState.EVIDENCED, "seen", evidence=[Evidence("Observed", "E4")])
    assert shop.review.summary().score.verdict == "approvable"
    profile(shop, "L3")
    assert shop.review.summary().score.verdict == "not reviewed"
    added = len(controls(Profile.L3)) - len(controls(Profile.L1))
    assert shop.review.summary().score.because == (f"{added} unanswered questions",)


def test_a_profile_needs_a_reason_and_can_be_taken_back(shop):
    with pytest.raises(UsageError, match="reason"):
        profile(shop, "L3", reason=" ")
    profile(shop, "L3")
    profile(shop, "L2")
    shop.undo()
    assert shop.review.policy.profile is Profile.L3
    shop.undo()
    assert shop.review.policy.profile is Profile.L1
    assert "set the profile to L3 (because)" in [entry.sentence for entry in queries.audit_trail(shop.review)]


def test_an_answer_outside_the_profile_stays_on_record_and_is_shown(shop):
    shop.answer("comp-pci", AnswerState.CLAIMED, "None.")
    assert "comp-pci" in {control.id for control, _, _ in queries.asked_controls(shop.review)}
    progress = shop.review.summary().progress
    assert (progress.answered, progress.controls) == (0, 16)


def test_the_profile_can_be_chosen_at_the_beginning(document, tmp_path):
    made = Review.create(
        tmp_path / "x.clearance",
        [examine_source(document())],
        actor="ann",
        at="2026-03-02T08:00:00Z",
        profile=Profile.L3,
    )
    assert made.policy.profile is Profile.L3
    made.close()


# --- second approver ---------------------------------------------------------------------------------


LONE = "1 high-risk decision lacks a second approver"


@pytest.fixture
def high(shop):
    profile(shop, "L4")
    assert shop.tool("deleteOrder").risk is Risk.HIGH
    shop.approve("deleteOrder")
    return shop


def test_one_person_alone_does_not_let_a_high_risk_through(high):
    assert LONE in gates(high)
    high.approve("deleteOrder", actor="ann", reason="once more")
    assert LONE in gates(high)
    high.approve("deleteOrder", actor="bob", reason="for other reasons")
    assert LONE not in gates(high)


def test_what_one_person_alone_let_through_is_not_handed_to_the_agent(high, tmp_path):
    def handed():
        made = export(high.review, tmp_path / "packet")
        listed = json.loads((tmp_path / "packet" / "allowlist.json").read_text())["tools"]
        counts = json.loads((tmp_path / "packet" / "review.json").read_text())["counts"]["by_state"]
        entry = next(tool for tool in listed if tool["id"] == high.id("deleteOrder"))
        return made.allowed, entry["as_decided"], entry["decided"], counts["awaiting-second"], entry["why"]

    assert handed()[:4] == (0, "block", False, 1)
    assert "a second approver has to decide the same" in handed()[4]
    assert dry_run(high.review, tmp_path).allowed == 0
    assert "not approved until a second" in _page(high)
    high.approve("deleteOrder", actor="bob")
    assert handed()[:4] == (1, "allow", True, 0)
    assert dry_run(high.review, tmp_path).allowed == 1
    assert "not approved until a second" not in _page(high)


def _page(work):
    tool = work.id("deleteOrder")
    seen = queries.reviewed_tool(work.review, tool)
    lines = page(seen, (), (), related_tools(work.review, seen))
    return "\n".join("".join(text for text, _ in each.parts) for each in lines)


def test_only_the_last_profile_asks_for_a_second_person(high):
    profile(high, "L3")
    assert "approver" not in gates(high)


SECOND = {
    "another decision": (lambda w: w.conditional("deleteOrder", ("rate", "5 per hour", ""), actor="bob"), True),
    "a block": (lambda w: w.block("deleteOrder", actor="bob"), False),
    "a clearing": (lambda w: w.clear("deleteOrder", actor="bob"), False),
    "a low risk": (lambda w: w.risk("deleteOrder", Risk.LOW, "soft", actor="bob"), False),
    "a note": (lambda w: w.note("deleteOrder", "fine", actor="bob"), True),
}


@pytest.mark.parametrize(("act", "alone"), SECOND.values(), ids=SECOND)
def test_what_counts_as_a_second_person(high, act, alone):
    act(high)
    assert (LONE in gates(high)) is alone


def test_an_end_that_the_policy_gave_on_another_day_is_no_disagreement(high):
    policy(high, "policy: 1\nexpiry: {approvals: 30}\n")
    high.approve("deleteOrder", actor="bob")
    assert LONE not in gates(high)
    work, tool = high.review, high.id("deleteOrder")
    commands.decide(work, [tool], DecisionState.APPROVED, reason="again", actor="ann", at="2026-03-05T09:00:00Z")
    assert LONE not in gates(high)


def test_who_takes_it_back_no_longer_stands_behind_it(high):
    high.approve("deleteOrder", actor="bob")
    high.undo(actor="bob")
    assert LONE in gates(high)
    high.redo(actor="bob")
    assert LONE not in gates(high)


def test_in_whatever_order_the_words_are_stored(high):
    high.approve("deleteOrder", actor="bob")
    high.block("deleteOrder", actor="ann")
    high.approve("deleteOrder", actor="bob")
    events, tools = list(high.review.store.events), high.review.tools()
    shuffled = random.Random(1)
    for _ in range(20):
        shuffled.shuffle(events)
        assert lacking_second_approver(ReviewPolicy(Profile.L4), tools, in_order(events), Proofs()) == (
            high.id("deleteOrder"),
        )


# --- policy ------------------------------------------------------------------------------------------


def test_a_policy_is_recorded_whole_and_is_part_of_the_packet(shop, tmp_path):
    done = policy(shop)
    held = shop.review.policy.policy
    assert held.text == POLICY
    assert held.sha256 in done.sentence
    exported = export(shop.review, tmp_path / "packet")
    assert (tmp_path / "packet" / "policy.yaml").read_text() == POLICY
    row = json.loads((tmp_path / "packet" / "review.json").read_text())
    assert (row["profile"], row["policy"]["sha256"], row["policy"]["file"]) == ("L2", held.sha256, "policy.yaml")
    assert "policy.yaml" in exported.files
    assert "switched off" in (tmp_path / "packet" / "review.md").read_text()
    export(shop.review, tmp_path / "packet")  # and what it wrote is no stranger to the next


def test_a_packet_without_a_policy_has_none(shop, tmp_path):
    assert "policy.yaml" not in export(shop.review, tmp_path / "packet").files


def test_severities_and_switches_are_in_effect_and_listed(shop):
    before = {f.rule: f.severity.value for f in shop.review.summary().queue}
    assert "EXP-004" in before
    policy(shop)
    summary = shop.review.summary()
    after = {f.rule: f.severity.value for f in summary.queue}
    assert "EXP-004" not in after
    assert after["EXP-003"] == "high"
    (switched,) = [n for n in summary.not_run if "switched off" in n.reason]
    assert (switched.rule, switched.reason) == ("EXP-004", "switched off by policy: reads are decided by the gateway")
    shop.undo()
    assert {f.rule: f.severity.value for f in shop.review.summary().queue} == before
    assert not [n for n in shop.review.summary().not_run if "switched off" in n.reason]


def test_the_policy_sets_the_profile_until_somebody_does(shop):
    policy(shop)
    assert shop.review.policy.profile is Profile.L2
    assert "asks less" not in gates(shop)
    profile(shop, "L1")
    assert shop.review.policy.profile is Profile.L1
    assert "profile L1 asks less than the policy's L2" in gates(shop)
    profile(shop, "L4")
    assert "asks less" not in gates(shop)


def test_a_faulty_policy_is_refused_with_everything_that_is_wrong_and_nothing_is_recorded(shop):
    before = len(shop.review.record.events)
    with pytest.raises(InputRefused) as caught:
        policy(shop, "policy: 1\nrules: {EXP-03: {severity: low}}\nvocabulary: {mony: []}\n")
    assert caught.value.place == "policy.yaml"
    assert "did you mean EXP-003?" in caught.value.why
    assert "did you mean money?" in caught.value.why
    assert len(shop.review.record.events) == before


HOSTILE = {
    "no sign-offs": "policy: 1\nsign-off: {roles: [iam], needed: -1}",
    "letters for roles": "policy: 1\nsign-off: {roles: iam}",
    "an end beyond all calendars": "policy: 1\nexpiry: {approvals: 999999999}",
    "a section of another version": "policy: 1\nquorum: 3",
    "a rule off without a reason": "policy: 1\nrules: {EXP-001: {switch: off}}",
    "a severity that is none": "policy: 1\nrules: {EXP-001: {severity: harmless}}",
    "aliases without end": "a: &a [*a, *a]",
    "no mapping": "- policy",
    "nested too deep": "[" * 700,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_policy_that_no_import_lets_through_is_set_aside(shop, text):
    draft = EventDraft(
        "policy.imported", keys.POLICY, {"name": "x", "text": text, "sha256": sha256(text.encode()).hexdigest()}
    )
    shop.review.store.append([draft], actor="eve", at=shop.at())
    path = shop.review.store.path
    shop.review.close()
    opened = Review.open(path, writable=False)
    (aside,) = opened.record.unsettled
    assert aside.why.startswith("its policy cannot be read: ")
    assert opened.policy.policy is None
    opened.close()


def test_an_approval_ends_as_the_policy_says_unless_a_reviewer_says_when(shop):
    policy(shop)
    done = shop.approve("listOrders")
    assert "until 2026-04-01 by policy" in done.sentence
    (end,) = shop.tool("listOrders").decision.conditions
    assert (end.kind, end.value) == (ConditionKind.EXPIRES, "2026-04-01")
    assert end.evidence
    assert shop.tool("listOrders").decision_state.simple == "conditional"
    shop.conditional("createOrder", ("expires", "2026-03-10", ""))
    assert [c.value for c in shop.tool("createOrder").decision.conditions] == ["2026-03-10"]
    shop.block("deleteOrder")
    assert shop.tool("deleteOrder").decision.conditions == ()


def test_an_accepted_risk_ends_as_the_policy_says(shop):
    found = next(f for f in shop.review.summary().findings if f.tool)
    made = Disposition(Status.ACCEPTED, "small", "ann", "2026-03-02T10:00:00Z", owner="owner")
    with pytest.raises(UsageError, match="expiry"):
        commands.dispose(shop.review, [found.id], made)
    policy(shop)
    found = next(f for f in shop.review.summary().findings if f.tool)
    commands.dispose(shop.review, [found.id], made)
    assert shop.review.record.disposition(found.id).until == "2026-03-12"


def test_a_type_of_tool_calls_for_what_the_policy_says_before_the_table(shop):
    own, listed = required_controls(ToolType.BILLING, shop.review)
    assert listed == ("approval=two persons", "rate=")
    policy(shop, "policy: 1\nconditions: {billing: {approval: two persons, rate: 20 per day}}\n")
    assert required_controls(ToolType.BILLING, shop.review) == (own, ("approval=two persons", "rate=20 per day"))
    assert required_controls(ToolType.READ, shop.review) == required_controls(ToolType.READ)


def test_diagrams_are_drawn_of_what_is_live(shop):
    assert [drawn.id for drawn in diagrams(shop.review)] == ["data-flow", "credential-flow"]
    assert diagrams(shop.review)[0].edges[0].tools == 3
    shop.block("deleteOrder")
    assert diagrams(shop.review)[0].edges[0].tools == 2


# --- evidence ----------------------------------------------------------------------------------------


def test_evidence_is_recorded_whole_and_says_who_brought_it(shop):
    proof = Evidence(
        "x", "E3", sha256="0" * 64, kind=EvidenceKind.FILE, source="SIEM", size=7, valid_until="2026-12-31"
    )
    shop.answer("log-config", AnswerState.EVIDENCED, "All.", evidence=[proof])
    (kept,) = queries.answer_to(shop.review, "log-config").evidence
    assert (kept.kind, kept.source, kept.size, kept.sha256) == (EvidenceKind.FILE, "SIEM", 7, "0" * 64)
    assert kept.collected_by == "ann"
    assert kept.collected_at.startswith("2026-03-02")


@pytest.mark.parametrize("proof", [Evidence("x", "E5"), Evidence("x", ""), Evidence("x", "E3", valid_until="soon")])
def test_evidence_that_could_never_hold_is_refused(shop, proof):
    with pytest.raises(UsageError):
        shop.answer("log-config", AnswerState.EVIDENCED, "All.", evidence=[proof])


def test_evidence_that_runs_out_leaves_a_claim(shop):
    proof = Evidence("x", "E3", valid_until="2026-03-02")
    shop.answer("log-config", AnswerState.EVIDENCED, "All.", evidence=[proof])
    assert queries.control_state(shop.review, "log-config")[2] is AnswerState.EVIDENCED
    commands.note(shop.review, "review", "a day later", actor="ann", at="2026-03-03T08:00:00Z")
    assert queries.control_state(shop.review, "log-config")[2] is AnswerState.CLAIMED


# --- order -------------------------------------------------------------------------------------------


def folded(events):
    registers = Registers()
    for event in events:
        registers.add(event)
    return review_policy(registers)


def test_the_order_of_events_does_not_matter(shop):
    policy(shop)
    profile(shop, "L3")
    profile(shop, "L2", actor="bob")
    policy(shop, "policy: 1\nprofile: L4\n", actor="bob")
    events, expected = list(shop.review.store.events), shop.review.policy
    shuffled = random.Random(1)
    for _ in range(20):
        shuffled.shuffle(events)
        assert folded(events) == expected


def test_where_reviewers_differ_the_stricter_profile_and_no_policy_counts(shop):
    start = len(shop.review.store.events)
    for name in ("L2", "L3"):
        profile(shop, name)
    for text in (POLICY, "policy: 1\nprofile: L1\n"):
        policy(shop, text)
    own = shop.review.store.events[start:]
    apart = [event for event in own if not event.replaces]  # what two copies would hold that never met
    apart += [_alone(event) for event in own if event.replaces]
    held = folded(apart)
    assert held.profile is Profile.L3
    assert held.policy is None
    assert "contradict each other" in held.gates[0].why


def _alone(event):
    return event._replace(replaces=())


def test_a_decision_by_nobody_needs_no_second_person(shop):
    assert (
        lacking_second_approver(ReviewPolicy(Profile.L4), shop.review.tools(), shop.review.store.events, Proofs()) == ()
    )
    with pytest.raises(CheckFailed):
        shop.undo(actor="carol")
