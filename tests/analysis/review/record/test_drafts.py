"""Drafts of events: the recorded data to the letter, because every review file holds it, and every refusal."""

from types import SimpleNamespace
from typing import Any

import pytest

from analysis import __version__
from analysis.errors import InputRefused, UsageError
from analysis.model import (
    AnswerState,
    Condition,
    ConditionKind,
    DecisionState,
    Evidence,
    EvidenceKind,
    Intake,
    Policy,
    Profile,
)
from analysis.review.record import drafts
from analysis.workspace import EventDraft

CONTROL: Any = SimpleNamespace(id="log-config", title="Log settings")
PROOF = {"title": "Log export", "level": "E3", "where": "", "sha256": "", "valid_until": ""}


def refusal(call, *given):
    with pytest.raises(UsageError) as caught:
        call(*given)
    return caught.value.what, caught.value.place, caught.value.remedy


def test_a_review_begins_with_its_title_and_the_product():
    data = {"title": "Shop\ufffd", "product": f"clearance {__version__}"}
    assert drafts.review_created("Shop\ud800") == EventDraft("review.created", "review", data)


def test_an_import_records_what_was_read():
    info = SimpleNamespace(
        id="shop", kind=SimpleNamespace(value="openapi"), uri="shop.json", sha256="0" * 64, title="Shop", version="2",
        format="OpenAPI 3.1", facts={"a": 1},
    )  # fmt: skip
    result: Any = SimpleNamespace(info=info, tools=[1, 2, 3], files=[1])
    data = {
        "kind": "openapi", "uri": "shop.json", "sha256": "0" * 64, "title": "Shop", "version": "2",
        "format": "OpenAPI 3.1", "tools": 3, "files": 1, "facts": {"a": 1},
    }  # fmt: skip
    assert drafts.source_imported(result) == EventDraft("source.imported", "source/shop", data)
    changes = {"new": ["x"]}
    assert drafts.source_imported(result, changes).data == data | {"changes": changes}


# --- answers and evidence ----------------------------------------------------------------------------


def test_an_answer_is_recorded_with_its_evidence():
    proof = Evidence("Log export", "E3")
    data = {"state": "evidenced", "text": "Every call.", "evidence": [PROOF]}
    draft = drafts.control_answered(CONTROL, AnswerState.EVIDENCED, "  Every call. ", [proof])
    assert draft == EventDraft("control.answered", "control/log-config/answer", data)


def test_an_answer_without_evidence_has_no_such_field_and_none_is_empty():
    claimed = drafts.control_answered(CONTROL, AnswerState.CLAIMED, " They say so. ", [])
    assert claimed.data == {"state": "claimed", "text": "They say so."}
    assert drafts.control_answered(CONTROL, AnswerState.UNANSWERED, "x", []).data == {}


def test_other_fields_of_evidence_are_recorded_where_they_say_something():
    proof = Evidence("x", "E4", "CR-7", "0" * 64, "2027-01-31", EvidenceKind.FILE, "SIEM", size=7)
    draft = drafts.control_answered(CONTROL, AnswerState.EVIDENCED, "", [proof])
    assert draft.data["evidence"] == [
        {"title": "x", "level": "E4", "where": "CR-7", "sha256": "0" * 64, "valid_until": "2027-01-31",
         "kind": "file", "source": "SIEM", "size": 7}
    ]  # fmt: skip


def test_an_answer_that_cannot_hold_is_refused():
    def answering(state, text, *evidence):
        return refusal(drafts.control_answered, CONTROL, state, text, evidence)

    assert answering(AnswerState.EVIDENCED, "yes") == (
        "an evidenced answer needs evidence", "Log settings", "name what proves it",
    )  # fmt: skip
    assert answering(AnswerState.NOT_APPLICABLE, " ") == (
        "not applicable needs a reason", "Log settings", "say why the question does not apply",
    )  # fmt: skip
    assert answering(AnswerState.EVIDENCED, "", Evidence("x", "E9\u202e")) == (
        "'E9⟨U+202E⟩' is not an evidence level", "x", "levels are E1, E2, E3, E4",
    )  # fmt: skip
    assert answering(AnswerState.EVIDENCED, "", Evidence("x", "E3", valid_until="2027-02-30")) == (
        "'2027-02-30' is not a date", "x", "write YYYY-MM-DD",
    )  # fmt: skip
    assert answering(AnswerState.CLAIMED, "", Evidence("x", "E3"), Evidence("y", "?"))[1] == "y"


def test_what_is_quoted_in_a_refusal_is_short():
    level = refusal(drafts.control_answered, CONTROL, AnswerState.EVIDENCED, "", [Evidence("x", "L" * 90)])[0]
    date = refusal(
        drafts.control_answered, CONTROL, AnswerState.EVIDENCED, "", [Evidence("x", "E1", valid_until="d" * 90)]
    )[0]
    assert level == f"'{'L' * 20}…+70' is not an evidence level"
    assert date == f"'{'d' * 40}…+50' is not a date"


# --- profile, access request, policy -----------------------------------------------------------------


def test_a_profile_needs_a_reason():
    assert drafts.profile_set(Profile.L3, " production ") == EventDraft(
        "profile.set", "profile", {"profile": "L3", "reason": "production"}
    )
    assert refusal(drafts.profile_set, Profile.L3, "  ") == (
        "a profile needs a reason", "", "say in a few words where the tools will run",
    )  # fmt: skip


def test_an_access_request_is_recorded_as_far_as_it_is_stated():
    request = Intake(owner="team", purpose="support", data=("names",), writes="no")
    assert drafts.intake_given(request) == EventDraft(
        "intake.given", "intake", {"owner": "team", "purpose": "support", "data": ["names"], "writes": "no"}
    )
    assert drafts.intake_given(Intake(writes="yes")).data == {"writes": "yes"}
    assert refusal(drafts.intake_given, Intake()) == (
        "the access request is empty", "", "state the purpose and the owner of the tools",
    )  # fmt: skip
    assert refusal(drafts.intake_given, Intake(roles=("IAM team",))) == (
        "IAM team is not a role", "", "e.g. iam",
    )  # fmt: skip
    with pytest.raises(UsageError, match="is not a role") as caught:
        drafts.intake_given(Intake(roles=("IAM team",)))
    assert caught.value.why == "lower-case letters, digits and -, at most 31"
    assert refusal(drafts.intake_given, Intake(owner="x", writes=f"maybe\x1b{'e' * 90}")) == (
        "the field `writes` is yes or no", f"maybe⟨U+001B⟩{'e' * 27}…+56", "",
    )  # fmt: skip


def test_a_policy_is_recorded_whole():
    text = "policy: 1\nname: Ours\n"
    draft, policy = drafts.policy_imported(text, "ours.yaml")
    assert draft == EventDraft(
        "policy.imported", "policy", {"name": policy.name, "text": text, "sha256": policy.sha256}
    )
    assert policy.name == "Ours"


def test_a_policy_is_refused_with_every_fault_and_its_line():
    with pytest.raises(InputRefused) as caught:
        drafts.policy_imported("policy: 1\nprofile: L9\nrules: {EXP-999: {severity: low}}\n", "ours.yaml")
    error = caught.value
    assert (error.what, error.place, error.remedy) == (
        "the policy was refused", "ours.yaml", "correct the file; nothing was recorded",
    )  # fmt: skip
    lines = error.why.split("\n")
    assert len(lines) == len(error.problems) == 2
    for line, problem in zip(lines, error.problems, strict=True):
        assert line == f"ours.yaml:{problem.line}: {problem.pointer}: {problem.what}; {problem.remedy}"
    assert {problem.line for problem in error.problems} == {2, 3}


@pytest.mark.parametrize(("faults", "shown"), [(100, 100), (103, 101)])
def test_a_hundred_faults_are_shown(faults, shown):
    rules = "".join(f"  NONE-{number:03}: {{severity: low}}\n" for number in range(faults))
    with pytest.raises(InputRefused) as caught:
        drafts.policy_imported(f"policy: 1\nrules:\n{rules}", "ours.yaml")
    lines = caught.value.why.split("\n")
    assert len(lines) == shown
    assert lines[100:] == (["and 3 more"] if faults > 100 else [])


# --- expiry ------------------------------------------------------------------------------------------

AT = "2026-03-02T09:00:00Z"
POLICY = Policy(name="ours", sha256="0123456789abcdef" * 4, text="", approval_days=30)
BY_POLICY = Condition(ConditionKind.EXPIRES, "2026-04-01", "policy, sha256 0123456789ab")
RATE = Condition(ConditionKind.RATE, "5 per hour")
END = Condition(ConditionKind.EXPIRES, "2026-03-10")


@pytest.mark.parametrize(
    ("state", "given", "policy", "expected"),
    [
        (DecisionState.APPROVED, [], POLICY, (DecisionState.CONDITIONAL, (BY_POLICY,))),
        (DecisionState.CONDITIONAL, [RATE], POLICY, (DecisionState.CONDITIONAL, (RATE, BY_POLICY))),
        (DecisionState.CONDITIONAL, [RATE, END], POLICY, (DecisionState.CONDITIONAL, (RATE, END))),
        (DecisionState.BLOCKED, [], POLICY, (DecisionState.BLOCKED, ())),
        (None, [], POLICY, (None, ())),
        (DecisionState.APPROVED, [], None, (DecisionState.APPROVED, ())),
        (DecisionState.APPROVED, [], Policy("", ""), (DecisionState.APPROVED, ())),
    ],
)
def test_an_approval_without_an_end_gets_the_one_of_the_policy(state, given, policy, expected):
    assert drafts.with_policy_expiry(state, given, policy, AT) == expected


def test_days_are_counted_over_months_and_years():
    assert drafts.date_after("2027-12-31T23:59:59Z", 60) == "2028-02-29"
    assert drafts.date_after(AT, 0) == "2026-03-02"


def test_lone_surrogates_are_replaced_in_every_text():
    data = {"a": "x\ud800", "b": ["\udfff", {"c": "\ud800y"}], "d": 1, "e": None}
    cleaned = drafts.sanitized(EventDraft("k", "key", data, ("h",), "u"))
    assert cleaned == EventDraft("k", "key", {"a": "x\ufffd", "b": ["\ufffd", {"c": "\ufffdy"}], "d": 1, "e": None}, ("h",), "u")  # fmt: skip
