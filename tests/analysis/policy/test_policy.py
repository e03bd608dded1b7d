"""The policy of an organisation: what it may say, what is told of every fault, and what it does to findings."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.model import Condition, ConditionKind, Finding, FindingId, Policy, Profile, Severity, ToolType
from analysis.policy import Known, applied, read_policy, switched_off

SAMPLE = Path(__file__).parents[3] / "sample_data" / "policy.yaml"
KNOWN = Known(rules=["EXP-001", "EXP-004", "QLT-002"], kinds=["money", "read"])


def finding(rule, severity=Severity.CRITICAL, cap=None):
    return Finding(FindingId(f"{rule}|x|"), rule, rule, severity, "high", "why", "remedy", cap=cap)


def test_the_sample_is_understood_whole():
    text = SAMPLE.read_text("utf-8")
    policy = read_policy(text, KNOWN)
    assert isinstance(policy, Policy)
    assert policy.text == text
    assert len(policy.sha256) == 64
    assert policy.profile is Profile.L2
    assert policy.rules["QLT-002"].off
    assert policy.rules["EXP-004"].severity is Severity.INFO
    assert policy.vocabulary["money"][0].words == ("remit", "settle")
    assert (policy.roles, policy.sign_offs) == (("iam", "risk"), 2)
    assert policy.conditions[ToolType.BILLING] == (
        Condition(ConditionKind.APPROVAL, "two persons"),
        Condition(ConditionKind.RATE, "20 per day"),
    )
    assert (policy.approval_days, policy.acceptance_days) == (180, 90)


def test_the_smallest_policy_changes_nothing():
    policy = read_policy("policy: 1")
    assert isinstance(policy, Policy)
    assert policy.name.startswith("policy ")
    assert applied(policy, [finding("EXP-001")]) == [finding("EXP-001")]
    assert switched_off(policy) == ()


FAULTS = {
    "empty": ("", "", None, "empty"),
    "no mapping": ("[1]", "", 1, "mapping"),
    "not YAML": ("a: [", "", 1, "not YAML"),
    "two documents": ("policy: 1\n---\npolicy: 1", "", 2, "not YAML"),
    "nested too deep": ("[" * 20_000, "", None, "not YAML"),
    "too long": ("#" * 300_000, "", None, "longer"),
    "no version": ("name: x", "policy", 1, "missing"),
    "another version": ("policy: 2", "policy", 1, "'2'"),
    "an unknown section": ("policy: 1\nprofil: L1", "profil", 2, "'profil'"),
    "a section twice": ("policy: 1\nname: a\nname: b", "name", 3, "twice"),
    "an unknown rule": ("policy: 1\nrules:\n  EXP-01: {severity: low}", "rules/EXP-01", 3, "'EXP-01'"),
    "an unknown severity": ("policy: 1\nrules:\n  EXP-001: {severity: hihg}", "rules/EXP-001/severity", 3, "'hihg'"),
    "off without a reason": ("policy: 1\nrules:\n  EXP-001: {switch: off}", "rules/EXP-001", 3, "without a reason"),
    "off with a blank reason": ("policy: 1\nrules: {EXP-001: {switch: off, reason: ' '}}", "rules/EXP-001/reason", 2, "empty"),
    "a switch halfway": ("policy: 1\nrules: {EXP-001: {switch: no}}", "rules/EXP-001/switch", 2, "'no'"),
    "an unknown profile": ("policy: 1\nprofile: L5", "profile", 2, "'L5'"),
    "an unknown kind of word": ("policy: 1\nvocabulary: {mony: []}", "vocabulary/mony", 2, "'mony'"),
    "words without a reason": (
        "policy: 1\nvocabulary: {money: [{words: [remit], example: remitFees}]}", "vocabulary/money/1", 2, "a reason",
    ),
    "words in capitals": (
        "policy: 1\nvocabulary: {money: [{words: [Remit], reason: r, example: e}]}",
        "vocabulary/money/1/words", 2, "lower case",
    ),
    "an unknown type": ("policy: 1\nconditions: {biling: {rate: 1}}", "conditions/biling", 2, "'biling'"),
    "an unknown condition": ("policy: 1\nconditions: {billing: {rat: 1}}", "conditions/billing/rat", 2, "'rat'"),
    "no number of days": ("policy: 1\nexpiry: {approvals: soon}", "expiry/approvals", 2, "number"),
    "no day at all": ("policy: 1\nexpiry: {approvals: 0}", "expiry/approvals", 2, "number"),
    "too many days": ("policy: 1\nexpiry: {acceptances: 99999}", "expiry/acceptances", 2, "number"),
    "a role that is none": ("policy: 1\nsign-off: {roles: [IAM team]}", "sign-off/roles", 2, "short word"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "place", "line", "says"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_told_with_its_place_and_what_to_do(text, place, line, says):
    problems = read_policy(text, KNOWN)
    assert not isinstance(problems, Policy)
    found = [p for p in problems if p.pointer == place and says in p.what]
    assert found, problems
    assert found[0].line == line
    assert found[0].remedy


def test_the_nearest_name_is_offered_and_all_faults_are_told_at_once():
    problems = read_policy("policy: 1\nrules: {EXP-01: {severity: hihg}}\nprofil: L1", KNOWN)
    assert [(p.line, p.remedy) for p in problems] == [(3, "did you mean profile?"), (2, "did you mean EXP-001?")]


def test_a_policy_in_force_is_read_even_when_a_rule_has_gone():
    text = "policy: 1\nrules: {OLD-001: {severity: low}}"
    assert not isinstance(read_policy(text, KNOWN), Policy)
    assert isinstance(read_policy(text), Policy)


def test_severities_change_and_switched_off_rules_are_listed_never_silent():
    policy = read_policy("policy: 1\nrules: {EXP-001: {severity: low}, QLT-002: {switch: off, reason: gateway}}", KNOWN)
    findings = [finding("EXP-001", cap=89), finding("QLT-002"), finding("INJ-001")]
    assert [(f.rule, f.severity, f.cap) for f in applied(policy, findings)] == [
        ("EXP-001", Severity.LOW, 89),
        ("INJ-001", Severity.CRITICAL, None),
    ]
    assert [(n.rule, n.reason) for n in switched_off(policy)] == [("QLT-002", "switched off by policy: gateway")]
    assert applied(None, findings) == findings


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=200) | st.text(alphabet="policy: 1\nrules{}[],&*!|>-'\"#EXP-001 off", max_size=120))
def test_no_text_makes_it_fail(text):
    found = read_policy(text, KNOWN)
    assert isinstance(found, Policy) or all(p.what and p.remedy for p in found)
