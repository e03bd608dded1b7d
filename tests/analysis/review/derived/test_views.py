"""What is kept per tool is what would be worked out anew: after any sequence of commands, to the last figure."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from analysis.model import (
    AnswerState,
    Condition,
    ConditionKind,
    DecisionState,
    Disposition,
    Evidence,
    FlowRole,
    OpenFlowRole,
    Risk,
    Status,
    ToolId,
    ToolType,
)
from analysis.review import commands, queries
from analysis.review.derived import Views
from analysis.review.derived import findings as finding_index
from analysis.review.derived.view import ToolTable
from analysis.review.queries import decision_proposals
from analysis.review.sources.sample import build_sample
from analysis.rules import run_each, run_set, run_states, set_rules
from analysis.rules.detect.lethal_trifecta import blocking_sets, exposed_path
from analysis.rules.engine.examples import example_state

AT = "2026-03-05T10:00:00Z"
KEYS = {
    "risk": lambda tool: -tool.risk.rank,
    "status": lambda tool: ("undecided", "conditional", "approved", "blocked").index(tool.decision_state.simple),
    "name": lambda tool: tool.row.name.lower(),
}
HOW: dict[str, Any] = {"reason": "x", "actor": "rev", "at": AT}


@pytest.fixture
def review(tmp_path):
    made = build_sample(tmp_path / "sample.clearance")
    yield made
    made.close()


def anew(review):
    """Work everything out again, from the same record."""
    table = ToolTable(review.table.states)
    return Views(table, review.record, review.views._definition_findings, review.views._not_run).summary


def same(kept, fresh):
    assert kept.by_tool == fresh.by_tool
    assert kept.figures == fresh.figures
    assert kept.progress == fresh.progress
    assert kept.findings == fresh.findings
    assert kept.queue == fresh.queue
    assert kept.score == fresh.score
    assert kept.gates == fresh.gates
    assert kept.not_run == fresh.not_run


def test_rules_that_count_by_one_key_both_follow_a_change(review):
    """Blocking the only sure sink leaves a path that is not known: one rule has a finding less, the other one more."""
    roles = (FlowRole.PRIVATE_DATA, FlowRole.UNTRUSTED_CONTENT)
    sink = example_state("sendMessage", ToolType.SIDE_EFFECT, flow_roles=(FlowRole.EXFILTRATION_SINK,))
    left_open = OpenFlowRole(FlowRole.EXFILTRATION_SINK, "the effect is unclear")
    unclear = example_state("processRecord", ToolType.SIDE_EFFECT, open_flow_roles=(left_open,))
    table = ToolTable([example_state("readInbox", flow_roles=roles), sink, unclear])
    index = finding_index.FindingIndex(table, (), review.record)
    path_rules = {"FLO-006", "FLO-008"}
    assert {finding.rule for finding in index.general()} & path_rules == {"FLO-006"}
    table.put(replace(sink, decision_state=DecisionState.BLOCKED))
    assert {finding.rule for finding in index.current().general()} & path_rules == {"FLO-008"}
    table.put(sink)
    assert {finding.rule for finding in index.current().general()} & path_rules == {"FLO-006"}


def act(review, chance):
    """Do something that a reviewer does."""
    tools = [tool.row.id for tool in review.tools()]
    some = chance.sample(tools, chance.choice((1, 1, 1, 5)))
    kind = chance.randrange(7)
    if kind == 0:
        commands.decide(review, some, DecisionState.BLOCKED, **HOW)
    elif kind == 1:
        commands.decide(review, some, chance.choice((DecisionState.APPROVED, None)), opened=some, **HOW)
    elif kind == 2:
        made = [Condition(ConditionKind.APPROVAL, "two persons", chance.choice(("", "wf.pdf")))]
        commands.decide(review, some, DecisionState.CONDITIONAL, conditions=made, opened=some, **HOW)
    elif kind == 3:
        commands.override_risk(review, some[0], chance.choice(list(Risk)), **HOW)
    elif kind == 4:
        commands.override_type(review, some[0], chance.choice(list(ToolType)), **HOW)
    elif kind == 5:
        found = queries.single_findings(review, [chance.choice(review.summary().findings).id])
        commands.dispose(review, found, Disposition(Status.FALSE_POSITIVE, "x", "rev", AT, code="not-present"))
    else:
        commands.answer(
            review,
            "cred-store",
            chance.choice((AnswerState.CLAIMED, AnswerState.UNANSWERED)),
            text="x",
            actor="rev",
            at=AT,
        )


@pytest.mark.parametrize("seed", range(4))
def test_kept_and_anew_are_the_same(seed, review):
    chance = random.Random(seed)
    for _ in range(25):
        act(review, chance)
        same(review.summary(), anew(review))


def test_a_summary_says_what_was_true_when_it_was_made(review):
    """Its findings are read later from rows that have gone on, or from what it kept."""
    chance, before = random.Random(5), review.summary()
    expected = anew(review)
    for _ in range(10):
        act(review, chance)
        _ = review.summary().findings
    assert review.summary().findings != expected.findings
    same(before, expected)


@pytest.mark.parametrize("seed", range(2))
def test_flows_and_orders_follow_what_is_done(seed, review):
    chance = random.Random(seed)
    flow_roles = [flow_role for flow_role in FlowRole for _ in range(2)]
    for _ in range(40):
        act(review, chance)
        tool = chance.choice(review.tools()).row.id
        commands.override_flow_role(review, tool, chance.choice(flow_roles), present=chance.random() < 0.5, **HOW)
        tools = review.tools()
        assert review.views.flows.exposed == exposed_path(tools)
        assert review.views.flows.blocking_sets_with(tool) == tuple(
            cut for cut in blocking_sets(exposed_path(tools)) if tool in cut.tools
        )
        allowed = [t.row.id for t in tools if t.decision_state.allowed and FlowRole.PRIVATE_DATA in t.flow_roles]
        assert list(review.views.flows.all().allowed.flow_roles[FlowRole.PRIVATE_DATA]) == allowed
        some = [t.row.id for t in tools if chance.random() < 0.5]
        for order, key in KEYS.items():
            for asked in (some, [t.row.id for t in tools]):
                assert queries.ordered(review, asked, order) == sorted(asked, key=lambda t: key(review.tool(t)))


def test_what_rules_count_is_what_they_find_without_counting(review, monkeypatch):
    """An index changes how long a rule takes, never what it finds; one that fails is said not to have run."""
    chance = random.Random(3)
    plain = [replace(rule, index_key=None, partition_key=None) for rule in set_rules()]
    for _ in range(10):
        act(review, chance)
        kept = review.summary()
        with monkeypatch.context() as patched:
            patched.setattr(finding_index, "set_rules", lambda: plain)
            same(kept, anew(review))


def test_a_rule_that_fails_while_it_counts_is_said_not_to_have_run(review, monkeypatch):
    def fails(_):
        raise ValueError("out of order")

    broken = [replace(rule, index_key=fails, check=fails) for rule in set_rules()[:1]]
    monkeypatch.setattr(finding_index, "set_rules", lambda: broken)
    for _ in range(2):
        assert [entry.rule for entry in anew(review).not_run if "out of order" in entry.reason] == [broken[0].id]


def test_families_are_found_by_their_members(review):
    for family in review.views.duplicates.groups:
        assert all(review.views.duplicates.group_of(row.id) is not None for row in family.members)
    assert review.views.duplicates.group_of(ToolId("no such tool")) is None


def test_a_condition_without_proof_holds_the_verdict_until_it_is_proved(sample_review):
    work, review = sample_review, sample_review.review
    for control in (
        "cred-store",
        "log-config",
        *(c.id for c, answer, _ in queries.asked_controls(review) if answer is None),
    ):
        work.answer(control, AnswerState.EVIDENCED, "seen", evidence=[Evidence("Observed", "E4")])
    work.block("deleteCustomer refundPayment")

    def stands():
        summary = review.summary()
        assert (summary.progress.decided, summary.progress.answered, summary.open_gates) == (48, 16, ())
        return summary.unmet, summary.figures.verdict, summary.score.because

    assert stands() == (0, "approvable", ())
    one, other, *_ = (
        t.row.name for t in review.tools() if t.decision_state.simple == "conditional" and t.risk is not Risk.HIGH
    )
    proved = ("approval", "one person", "REC-1")
    work.conditional(one, proved, ("rate", "5 per hour", ""))
    assert stands() == (1, "approvable with conditions", ("1 unmet condition",))
    work.conditional(other, proved, ("audit", "every call", ""))
    assert stands() == (2, "approvable with conditions", ("2 unmet conditions",))
    work.conditional(one, proved, ("rate", "5 per hour", "REC-2"))
    work.block(other)
    assert stands() == (0, "approvable", ())


def test_undo_is_reckoned_too(review):
    before = review.summary()
    by_tool = dict(before.by_tool)
    tool = review.tools()[0].row.id
    commands.decide(review, [tool], DecisionState.BLOCKED, **HOW)
    assert review.summary().by_tool != by_tool
    commands.undo(review, actor="rev", at=AT)
    assert review.summary().by_tool == by_tool
    assert review.summary().figures == before.figures


def test_figures_and_score_agree(review):
    summary = review.summary()
    assert summary.figures.value == summary.score.value
    assert summary.figures.verdict == summary.score.verdict
    assert summary.figures.ledger == ()


@pytest.mark.repeats
@pytest.mark.parametrize(
    "rule", [each for each in set_rules() if each.partition_key is not None], ids=lambda each: each.id
)
def test_tools_of_different_groups_do_not_matter_to_each_other(rule, review):
    """A rule that names groups finds in each group alone what it finds in the whole."""
    live = [tool for tool in review.tools() if tool.live]
    whole, _ = run_set(rule, live)
    groups = {}
    for tool in live:
        groups.setdefault(rule.partition_key(tool), []).append(tool)
    apart = [found for members in groups.values() for found in run_set(rule, members)[0]]
    assert sorted(whole, key=lambda f: f.id) == sorted(apart, key=lambda f: f.id)


def test_rules_run_apart_find_what_they_find_in_one_run(review):
    tools = review.tools()
    apart = run_each(tools)[0] + [
        found for rule in set_rules() for found in run_set(rule, [t for t in tools if t.live])[0]
    ]
    assert apart == run_states(tools)[0]


@pytest.mark.parametrize("seed", range(3))
def test_what_a_baseline_proposes_is_followed_tool_by_tool(review, seed):
    """Also by rules that only a look at the whole review can answer."""
    chance = random.Random(seed)
    kept = decision_proposals.baseline_of(review)
    whole = replace(kept, baseline=tuple(replace(rule, where=f"({rule.where}) -is:marked") for rule in kept.baseline))
    for _ in range(25):
        act(review, chance)
        made = decision_proposals.propose(review, kept)
        fresh = Views(ToolTable(review.table.states), review.record, review.views._definition_findings, ())
        assert {each.tool: each for each in made} == fresh.baseline_proposals.of(kept)
        assert made == list(decision_proposals.propose(review, whole))
        assert fresh.flows.all() == review.views.flows.all()
