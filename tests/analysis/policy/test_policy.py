"""The policy of an organisation: what it may say, what is told of every fault, and what it does to findings."""

import json
from contextlib import suppress
from importlib import resources
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from analysis.model import Condition, ConditionKind, Finding, FindingId, Policy, Profile, Severity, ToolType
from analysis.policy import applied, read_policy, recorded_policy, switched_off
from analysis.policy.reading import MAX_DAYS, MAX_SIGN_OFFS, VERSION

SAMPLE = Path(__file__).parents[3] / "sample_data" / "policy.yaml"


def read(text):
    return read_policy(text, rules=["EXP-001", "EXP-004", "QLT-002"], kinds=["money", "read"])


def finding(rule, severity=Severity.CRITICAL, cap=None):
    return Finding(FindingId(f"{rule}|x|"), rule, rule, severity, "high", "why", "remedy", cap=cap)


def test_the_sample_is_understood_whole():
    text = SAMPLE.read_text("utf-8")
    policy = read(text)
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
    policy = read("policy: 1")
    assert isinstance(policy, Policy)
    assert policy.name.startswith("policy ")
    assert applied(policy, [finding("EXP-001")]) == [finding("EXP-001")]
    assert switched_off(policy) == ()


FAULTS = {
    "empty": ("", "", None, "empty"),
    "no mapping": ("[1]", "", 1, "mapping"),
    "not YAML": ("a: [", "", 1, "not YAML"),
    "two documents": ("policy: 1\n---\npolicy: 1", "", 2, "not YAML"),
    "a control character": ("policy: 1\nname: a\x07b", "", None, "not YAML"),
    "nested far too deep": ("[" * 700, "", None, "nested deeper"),
    "nested too deep": ("policy: 1\nname: " + "[" * 20 + "]" * 20, "", 2, "nested deeper"),
    "too long": ("#" * 300_000, "", None, "longer"),
    "too many values": ("policy: 1\nname: [" + "a," * 10_001 + "]", "", 2, "more than 10,000 values"),
    "an alias inside itself": ("policy: 1\nname: &a [*a]", "", 2, "nested deeper"),
    "aliases without end": (
        "a: &a [x, x]\n" + "".join(f"{n}: &{n} [{', '.join(['*' + m] * 9)}]\n" for m, n in pairwise("abcdefgh")),
        "", 1, "more than 10,000 values",
    ),
    "no version": ("name: x", "", 1, "policy is missing"),
    "another version": ("policy: 2", "policy", 1, "'2'"),
    "an unknown section": ("policy: 1\nprofil: L1", "profil", 2, "'profil'"),
    "a key that is no text": ("policy: 1\n? [a]\n: b", "", 2, "''"),
    "a section twice": ("policy: 1\nname: a\nname: b", "name", 3, "twice"),
    "an empty name": ("policy: 1\nname: ' '", "name", 2, "empty"),
    "a name that is a list": ("policy: 1\nname: [a]", "name", 2, "has to be a text"),
    "rules that are a list": ("policy: 1\nrules: [EXP-001]", "rules", 2, "has to be a mapping"),
    "an unknown rule": ("policy: 1\nrules:\n  EXP-01: {severity: low}", "rules/EXP-01", 3, "'EXP-01'"),
    "an unknown rule over two lines": ("policy: 1\nrules:\n  EXP-01:\n    severity: low", "rules/EXP-01", 3, "'EXP-01'"),
    "an unknown severity": ("policy: 1\nrules:\n  EXP-001: {severity: hihg}", "rules/EXP-001/severity", 3, "'hihg'"),
    "off without a reason": ("policy: 1\nrules:\n  EXP-001: {switch: off}", "rules/EXP-001", 3, "reason is missing"),
    "off with a blank reason": ("policy: 1\nrules: {EXP-001: {switch: off, reason: ' '}}", "rules/EXP-001/reason", 2, "empty"),
    "a switch halfway": ("policy: 1\nrules: {EXP-001: {switch: no}}", "rules/EXP-001/switch", 2, "'no'"),
    "an unknown profile": ("policy: 1\nprofile: L5", "profile", 2, "'L5'"),
    "an unknown kind of word": ("policy: 1\nvocabulary: {mony: []}", "vocabulary/mony", 2, "'mony'"),
    "words that are no list": ("policy: 1\nvocabulary: {money: remit}", "vocabulary/money", 2, "has to be a list"),
    "no words": ("policy: 1\nvocabulary: {money: [{words: [], reason: r, example: e}]}", "vocabulary/money/1/words", 2, "empty"),
    "words without a reason": (
        "policy: 1\nvocabulary: {money: [{words: [remit], example: remitFees}]}", "vocabulary/money/1", 2, "reason is missing",
    ),
    "words in capitals": (
        "policy: 1\nvocabulary: {money: [{words: [Remit], reason: r, example: e}]}",
        "vocabulary/money/1/words/1", 2, "'Remit'",
    ),
    "an unknown type": ("policy: 1\nconditions: {biling: {rate: 1}}", "conditions/biling", 2, "'biling'"),
    "an unknown condition": ("policy: 1\nconditions: {billing: {rat: 1}}", "conditions/billing/rat", 2, "'rat'"),
    "a day that no calendar has": (
        "policy: 1\nconditions: {billing: {expires: 2027-02-30}}", "conditions/billing/expires", 2, "calendar",
    ),
    "no number of days": ("policy: 1\nexpiry: {approvals: soon}", "expiry/approvals", 2, "whole number"),
    "no day at all": ("policy: 1\nexpiry: {approvals: 0}", "expiry/approvals", 2, "'0'"),
    "too many days": ("policy: 1\nexpiry: {acceptances: 99999}", "expiry/acceptances", 2, "'99999'"),
    "more digits than a number has": (f"policy: 1\nexpiry: {{acceptances: {'9' * 5000}}}", "expiry/acceptances", 2, "number"),
    "too many sign-offs": ("policy: 1\nsign-off: {needed: 21}", "sign-off/needed", 2, "'21'"),
    "a role that is none": ("policy: 1\nsign-off: {roles: [iam, IAM team]}", "sign-off/roles/2", 2, "'IAM team'"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "place", "line", "says"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_reported_with_its_place_and_what_to_write(text, place, line, says):
    problems = read(text)
    assert not isinstance(problems, Policy)
    found = [p for p in problems if p.pointer == place and says in p.what]
    assert found, problems
    assert found[0].line == line
    assert found[0].remedy


#: What a rule pack of another version may make of a name, and what only an import checks.
IMPORT_ONLY = {
    "an unknown rule", "an unknown rule over two lines", "an unknown kind of word", "no words", "words in capitals",
    "a day that no calendar has", "a role that is none",
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_recorded_policy_is_refused_in_words_where_no_import_lets_it_through(name):
    text = FAULTS[name][0]
    if name in IMPORT_ONLY:
        assert recorded_policy(text).text == text
        return
    with pytest.raises(ValueError, match=r"^[A-Za-z'].{8,}"):
        recorded_policy(text)


def test_the_nearest_name_is_offered_and_all_faults_are_reported_at_once():
    problems = read("policy: 1\nrules: {EXP-01: {severity: hihg}}\nprofil: L1")
    assert {(p.line, p.remedy) for p in problems} == {
        (3, "did you mean profile?"), (2, "did you mean EXP-001?"), (2, "did you mean high?"),
    }  # fmt: skip
    assert [p.line for p in problems] == [2, 2, 3]


def test_names_that_are_allowed_are_listed_where_none_is_near():
    (problem,) = read("policy: 1\nrules: {zzz: {severity: low}}")
    assert problem.remedy == "allowed are EXP-001, EXP-004, QLT-002"


def test_a_policy_in_force_is_read_even_when_a_rule_has_gone():
    text = "policy: 1\nrules: {OLD-001: {severity: low}}"
    assert not isinstance(read(text), Policy)
    assert recorded_policy(text).rules["OLD-001"].severity is Severity.LOW


# --- the published schema -----------------------------------------------------------------------------------


SCHEMA = json.loads(resources.files("analysis.policy").joinpath("policy.schema.json").read_text("utf-8"))


def test_the_schema_is_a_schema_and_names_what_the_program_knows():
    Draft202012Validator.check_schema(SCHEMA)
    sections, parts = SCHEMA["properties"], SCHEMA["$defs"]
    assert sections["profile"]["enum"] == list(Profile)
    assert parts["rule"]["properties"]["severity"]["enum"] == list(Severity)
    assert list(sections["conditions"]["properties"]) == list(ToolType)
    assert list(parts["conditions"]["properties"]) == list(ConditionKind)
    assert parts["days"]["maximum"] == MAX_DAYS
    assert sections["sign-off"]["properties"]["needed"]["maximum"] == MAX_SIGN_OFFS
    assert sections["policy"]["const"] == VERSION


def test_an_editor_can_explain_every_section():
    assert [
        name for name, section in SCHEMA["properties"].items() if not section.keys() >= {"title", "description"}
    ] == []


WRITTEN = st.recursive(
    st.sampled_from(["", "x", "iam", "L2", "on", "off", "high", "2027-01-31"]) | st.integers(-1, 4000),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["words", "reason", "rate", "x"]), inner)
    ),
    max_leaves=4,
)
TEXTS = st.sampled_from(["x", "two persons", 5])
POLICIES = st.fixed_dictionaries(
    {"policy": st.just(1)},
    optional={
        "name": TEXTS | WRITTEN,
        "profile": st.sampled_from(list(Profile)) | WRITTEN,
        "rules": st.fixed_dictionaries({}, optional={"EXP-001": st.fixed_dictionaries({}, optional={
            "switch": st.sampled_from(["on", "off", 1]), "severity": st.sampled_from([*Severity, "x"]), "reason": TEXTS | WRITTEN,
        })}) | st.sampled_from(["x", [{}]]),
        "vocabulary": st.fixed_dictionaries({"money": st.lists(st.fixed_dictionaries(
            {"words": st.just(["remit"]) | WRITTEN, "reason": TEXTS}, optional={"example": TEXTS}), max_size=2) | WRITTEN}),
        "sign-off": st.fixed_dictionaries({}, optional={"roles": st.just(["iam", "risk"]) | WRITTEN, "needed": st.integers(-1, 22)}),
        "conditions": st.dictionaries(st.sampled_from([*ToolType, "x"]), st.dictionaries(
            st.sampled_from(["owner", "note", "x"]), TEXTS | WRITTEN, max_size=2), max_size=2),
        "expiry": st.fixed_dictionaries({}, optional={"approvals": st.integers(-1, 3652), "acceptances": WRITTEN}),
    },
)  # fmt: skip


@given(POLICIES)
def test_what_the_schema_accepts_is_a_policy_and_stays_one_when_recorded(stated):
    text = json.dumps(stated)
    accepted = Draft202012Validator(SCHEMA).is_valid(stated)
    found = read(text)
    assert isinstance(found, Policy) is accepted
    if accepted:
        assert recorded_policy(text) == found


def test_severities_change_and_switched_off_rules_are_listed_never_silent():
    policy = read("policy: 1\nrules: {EXP-001: {severity: low}, QLT-002: {switch: off, reason: gateway}}")
    findings = [finding("EXP-001", cap=89), finding("QLT-002"), finding("INJ-001")]
    assert [(f.rule, f.severity, f.cap) for f in applied(policy, findings)] == [
        ("EXP-001", Severity.LOW, 89),
        ("INJ-001", Severity.CRITICAL, None),
    ]
    assert [(n.rule, n.reason) for n in switched_off(policy)] == [("QLT-002", "switched off by policy: gateway")]
    assert applied(None, findings) == findings


@given(st.text(max_size=200) | st.text(alphabet="policy: 1\nrules{}[],&*!|>-'\"#EXP-001 off", max_size=120))
def test_no_text_makes_it_fail(text):
    found = read(text)
    assert isinstance(found, Policy) or all(p.what and p.remedy for p in found)
    with suppress(ValueError):
        assert recorded_policy(text).text == text
