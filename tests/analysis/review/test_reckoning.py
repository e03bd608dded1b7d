"""What is kept per tool is what would be worked out anew: after any sequence of commands, to the last figure."""

from __future__ import annotations

import random

import pytest

from analysis.model import AnswerState, Condition, ConditionKind, Disposition, Exposure, Risk, Status, ToolType
from analysis.review.reckoning import Reckoning
from analysis.review.sample import build_sample
from analysis.review.standing import Standing
from analysis.rules import run_each, run_set, run_states, set_rules

AT = "2026-03-05T10:00:00Z"
HOW = {"reason": "x", "actor": "rev", "at": AT}


@pytest.fixture
def review(tmp_path):
    made = build_sample(tmp_path / "sample.clearance")
    yield made
    made.close()


def anew(review):
    """Work everything out anew."""
    reckoning = Reckoning(review._definition_findings, review.disposition, review._day, review.terms().policy)
    reckoning.take_in(review._states, None)
    answers = {c.id: a for c, a, _ in review.controls() if a is not None}
    return Standing.of(reckoning, answers, review._engine_not_run(), review.terms(), review._circumstances())


def same(kept, fresh):
    assert kept.by_tool == fresh.by_tool
    assert kept.figures == fresh.figures
    assert kept.progress == fresh.progress
    assert kept.findings == fresh.findings
    assert kept.score == fresh.score
    assert kept.open_gates == fresh.open_gates


def act(review, chance):
    """Do something that a reviewer does."""
    tools = [tool.row.id for tool in review.tools()]
    some = chance.sample(tools, chance.choice((1, 1, 1, 5)))
    kind = chance.randrange(7)
    if kind == 0:
        review.decide(some, Exposure.BLOCKED, **HOW)
    elif kind == 1:
        review.decide(some, chance.choice((Exposure.APPROVED, None)), **HOW)
    elif kind == 2:
        made = [Condition(ConditionKind.APPROVAL, "two persons", chance.choice(("", "wf.pdf")))]
        review.decide(some, Exposure.CONDITIONAL, conditions=made, **HOW)
    elif kind == 3:
        review.retag_risk(some[0], chance.choice(list(Risk)), **HOW)
    elif kind == 4:
        review.retag_type(some[0], chance.choice(list(ToolType)), **HOW)
    elif kind == 5:
        found = review.single([chance.choice(review.standing().findings).id])
        review.dispose(found, Disposition(Status.FALSE_POSITIVE, "x", "rev", AT, code="not-present"))
    else:
        review.answer(
            "cred-store", chance.choice((AnswerState.CLAIMED, AnswerState.UNANSWERED)), text="x", actor="rev", at=AT
        )


@pytest.mark.parametrize("seed", range(4))
def test_kept_and_anew_are_the_same(seed, review):
    chance = random.Random(seed)
    for _ in range(25):
        act(review, chance)
        same(review.standing(), anew(review))


def test_undo_is_reckoned_too(review):
    before = review.standing()
    tool = review.tools()[0].row.id
    review.decide([tool], Exposure.BLOCKED, **HOW)
    assert review.standing() != before
    review.undo(actor="rev", at=AT)
    assert review.standing().by_tool == before.by_tool
    assert review.standing().figures == before.figures


def test_a_standing_that_is_held_does_not_change(review):
    before = review.standing()
    findings = before.findings
    review.decide([tool.row.id for tool in review.tools()], Exposure.BLOCKED, **HOW)
    assert review.standing().findings != findings
    assert Standing.findings.func(before) == findings


def test_figures_and_score_agree(review):
    standing = review.standing()
    assert standing.figures.value == standing.score.value
    assert standing.figures.verdict == standing.score.verdict
    assert standing.figures.ledger == ()


@pytest.mark.parametrize("rule", [each for each in set_rules() if each.group is not None], ids=lambda each: each.id)
def test_tools_of_different_groups_do_not_matter_to_each_other(rule, review):
    """A rule that names groups finds in each group alone what it finds in the whole."""
    live = [tool for tool in review.tools() if tool.live]
    whole, _ = run_set(rule, live)
    groups = {}
    for tool in live:
        groups.setdefault(rule.group(tool), []).append(tool)
    apart = [found for members in groups.values() for found in run_set(rule, members)[0]]
    assert sorted(whole, key=lambda f: f.id) == sorted(apart, key=lambda f: f.id)


def test_rules_run_apart_find_what_they_find_in_one_run(review):
    tools = review.tools()
    apart = run_each(tools)[0] + [
        found for rule in set_rules() for found in run_set(rule, [t for t in tools if t.live])[0]
    ]
    assert apart == run_states(tools)[0]
