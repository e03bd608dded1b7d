"""Proposals are taken by people: by layer, never high risk, with a sample that is looked at before sign-off."""

from __future__ import annotations

import random
from typing import Any

import pytest

from analysis.errors import CheckFailed, InputRefused, UsageError
from analysis.model import Condition, ConditionKind, DecisionState, GateId, Risk
from analysis.query import parse
from analysis.review import commands, queries
from analysis.review.commands.taking import SAMPLE_SHARE, _sample, take
from analysis.review.queries.decision_proposals import baseline_of, built_in_baseline, layers, propose
from analysis.review.record.drafts import policy_imported

HOW: dict[str, Any] = {"reason": "pilot", "actor": "ann", "at": "2026-03-05T09:00:00Z"}
OWN = """policy: 1
baseline:
  - {name: tags, where: "name:tag", decision: approve, reason: names of colours}
  - {name: rest, where: "effect:read-only", decision: conditions, reason: with care, conditions: {rate: 10 per hour}}
"""


@pytest.fixture
def fresh(opened, kept_reviews, tmp_path):
    """The inventory of the sample, nothing decided."""
    return opened(kept_reviews.copy("fresh", tmp_path / "fresh.clearance"))


def proposals(work, baseline=None):
    return propose(work.review, baseline or built_in_baseline())


def by_name(work, made):
    return {work.review.tool(each.tool).row.name: each for each in made}


def gate(work):
    return next((gate for gate in work.review.summary().gates if gate.id is GateId.SAMPLED), None)


def test_the_built_in_baseline_is_conservative(fresh):
    made = by_name(fresh, proposals(fresh))
    assert {name: made[name].decision for name in ("listTags", "deleteCustomer", "refundPayment", "updateCustomer")} == {
        "listTags": DecisionState.APPROVED, "deleteCustomer": DecisionState.BLOCKED,
        "refundPayment": DecisionState.BLOCKED, "updateCustomer": DecisionState.CONDITIONAL,
    }  # fmt: skip
    assert "listCustomers" not in made  # a list of people is left to a person
    for each in made.values():
        state = fresh.review.tool(each.tool)
        if each.decision is DecisionState.APPROVED:
            assert (state.effect.value, state.risk, state.row.confidential, state.row.unclear) == (
                "read-only",
                Risk.LOW,
                (),
                False,
            )
    assert made["updateCustomer"].conditions == (
        Condition(ConditionKind.APPROVAL, "one person"), Condition(ConditionKind.AUDIT, "every call"),
    )  # fmt: skip


def test_a_baseline_of_the_policy_takes_the_place_of_the_built_in_one(fresh):
    assert baseline_of(fresh.review).name == "conservative baseline"
    commands.import_policy(fresh.review, OWN, actor="ann", at=HOW["at"])
    own = baseline_of(fresh.review)
    made = by_name(fresh, proposals(fresh, own))
    assert made["listTags"].source.layer == "tags"  # the first rule that selects it
    assert made["getCustomer"].conditions == (Condition(ConditionKind.RATE, "10 per hour"),)
    assert "deleteCustomer" not in made


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("decision: approve", "decision: allow"), "allow"),
        (('where: "name:tag"', 'where: "nme:tag"'), "nme"),
        (("rate: 10 per hour", "rate: '10'"), "a rate is a number of calls in a period"),
        (("decision: approve, reason", "decision: conditions, reason"), "conditions"),
        ((", conditions: {rate: 10 per hour}", ""), "conditions"),
    ],
)
def test_a_faulty_baseline_is_refused_with_what_is_wrong(change, said):
    text = OWN.replace(*change)
    assert text != OWN
    with pytest.raises(InputRefused) as refused:
        policy_imported(text, "policy.yaml")
    assert said in f"{refused.value.why} {refused.value.remedy}"


def test_the_queries_of_the_built_in_baseline_can_be_read():
    built_in = built_in_baseline()
    assert policy_imported(built_in.text, "baseline.yaml")[1] == built_in  # it would be let in as a policy
    assert [str(parse(rule.where)) for rule in built_in.baseline] != []


def test_a_layer_is_taken_as_one_action_that_names_its_source(fresh):
    layer = layers(proposals(fresh))["low reads"]
    outcome = take(fresh.review, layer, chance=random.Random(1), **HOW)
    assert set(outcome.tools) == {each.tool for each in layer}
    decision = fresh.tool("listTags").decision
    assert decision is not None
    assert (decision.state, decision.proposal, decision.actor) == (DecisionState.APPROVED, "baseline low reads", "ann")
    assert decision.reason == "it reads, and returns nothing confidential; pilot"
    assert queries.select(fresh.review, "is:proposed") == [
        s.row.id for s in fresh.review.tools() if s.row.id in outcome.tools
    ]
    fresh.undo()
    assert queries.select(fresh.review, "is:proposed") == []
    assert gate(fresh) is None  # what was undone was not drawn


def test_high_risk_and_executors_are_never_taken_by_layer(fresh):
    for layer in layers(proposals(fresh)).values():
        high = {each.tool for each in layer if fresh.review.tool(each.tool).risk is Risk.HIGH}
        if len(high) == len(layer):
            with pytest.raises(CheckFailed, match="no proposal was taken"):
                take(fresh.review, layer, chance=random.Random(1), **HOW)
        else:
            assert set(take(fresh.review, layer, chance=random.Random(1), **HOW).left_out) == high
    assert all(state.undecided for state in fresh.review.tools() if state.risk is Risk.HIGH)


def test_what_is_decided_already_is_not_decided_again(fresh):
    layer = layers(proposals(fresh))["low reads"]
    fresh.block("listTags", reason="mine")
    take(fresh.review, layer, chance=random.Random(1), **HOW)
    assert fresh.tool("listTags").decision.reason == "mine"


@pytest.mark.parametrize("seed", range(3))
def test_a_sample_is_drawn_and_holds_up_the_sign_off_until_each_is_looked_at(fresh, seed, monkeypatch):
    layer = layers(proposals(fresh))["low reads"]
    monkeypatch.setitem(SAMPLE_SHARE, Risk.LOW, 0.16)
    take(fresh.review, layer, chance=random.Random(seed), **HOW)
    drawn = queries.select(fresh.review, "is:sampled")
    assert len(drawn) == 2  # of 13
    assert gate(fresh).open
    names = [fresh.review.tool(tool).row.name for tool in drawn]
    for name in names:
        fresh.approve(name, reason="read its page")
    assert (gate(fresh).open, queries.select(fresh.review, "is:sampled")) == (False, [])
    assert f"0 of {len(drawn)} drawn tools not yet looked at" in gate(fresh).why


def test_what_was_opened_is_not_drawn(fresh, monkeypatch):
    monkeypatch.setitem(SAMPLE_SHARE, Risk.MEDIUM, 1.0)
    layer = [each for each in proposals(fresh) if each.source.layer == "writes"]
    opened = {each.tool for each in layer[1:]}
    take(fresh.review, layer, chance=random.Random(1), opened=opened, **HOW)
    assert queries.select(fresh.review, "is:sampled") == [
        each.tool for each in layer[:1] if fresh.review.tool(each.tool).risk is not Risk.HIGH
    ]


def test_small_groups_are_drawn_from_as_often_as_one_large_one(fresh):
    """A fraction of a tool is a probability: over many draws, the share is that of the table."""
    layer = layers(proposals(fresh))["low reads"]
    drawn = [_sample(fresh.review, layer[:1], (), random.Random(seed)) for seed in range(400)]
    assert 5 <= sum(map(len, drawn)) <= 40  # 20 expected
    assert all(len(_sample(fresh.review, layer, (), random.Random(seed))) in {0, 1} for seed in range(20))


def test_drawn_tools_are_not_decided_in_bulk(fresh):
    take(fresh.review, layers(proposals(fresh))["low reads"], chance=random.Random(1), **HOW)
    with pytest.raises(CheckFailed, match="drawn to be looked at"):
        fresh.approve(" ".join(state.row.name for state in fresh.review.tools() if state.risk is Risk.LOW))


def test_a_block_in_bulk_is_not_held_up_by_a_sample(fresh, monkeypatch):
    monkeypatch.setitem(SAMPLE_SHARE, Risk.LOW, 1.0)
    layer = layers(proposals(fresh))["low reads"]
    take(fresh.review, layer, chance=random.Random(1), **HOW)
    names = " ".join(fresh.review.tool(each.tool).row.name for each in layer)
    with pytest.raises(CheckFailed, match="drawn to be looked at"):
        fresh.clear(names)
    fresh.block(names)
    assert queries.select(fresh.review, "is:sampled") == []
    assert {fresh.review.tool(each.tool).decision_state for each in layer} == {DecisionState.BLOCKED}


def test_without_a_reason_or_a_tool_nothing_is_taken(fresh):
    layer = layers(proposals(fresh))["low reads"]
    with pytest.raises(UsageError, match="needs a reason"):
        take(fresh.review, layer, chance=random.Random(1), **(HOW | {"reason": " "}))
    take(fresh.review, layer, chance=random.Random(1), **HOW)
    with pytest.raises(CheckFailed, match="no proposal was taken"):
        take(fresh.review, layer, chance=random.Random(1), **HOW)
