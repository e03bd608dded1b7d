"""The data of the Rego policy: a list per kind of condition, and an end in nanoseconds."""

from __future__ import annotations

import json

from analysis.model import Condition, ConditionKind, DecisionState


def test_the_approval_ends_with_the_end_of_its_day(exported, snapshot):
    until = Condition(ConditionKind.EXPIRES, "2027-01-31")
    files, _ = exported("rego", snapshot(("getCustomer", DecisionState.CONDITIONAL, until)))
    terms = json.loads(files["data.json"])["clearance_allowlist"]["servers"]["crm"]["getCustomer"]
    assert terms == {"ends_ns": [1_801_440_000 * 10**9]}  # 2027-02-01T00:00:00Z


def test_two_audiences_have_to_be_met_both(exported, snapshot):
    conditions = [Condition(ConditionKind.GROUP, "a, b"), Condition(ConditionKind.GROUP, "c")]
    files, _ = exported("rego", snapshot(("getCustomer", DecisionState.CONDITIONAL, *conditions)))
    terms = json.loads(files["data.json"])["clearance_allowlist"]["servers"]["crm"]["getCustomer"]
    assert terms == {"teams": [["a", "b"], ["c"]]}


def test_the_policy_denies_by_default():
    from analysis.output.allowlist.targets.policies.rego_policy import POLICY

    assert b"\ndefault allow := false\n" in POLICY
