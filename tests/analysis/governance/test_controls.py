"""Governance questions: the controls, the state of an answer, and the findings of what is open."""

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from analysis import governance
from analysis.errors import UsageError
from analysis.governance.controls import LISTS, SUBJECTS, answer_state, control, control_findings, controls
from analysis.model import LEVELS, Answer, AnswerState, Evidence, Profile, Severity, Status
from analysis.score import FAMILIES, score

TODAY = "2026-11-22"
QUESTIONS = Path(governance.__file__).with_name("questions")
#: The questions as the files of the subjects state them, in order.
ROWS = [row for subject in SUBJECTS for row in yaml.safe_load((QUESTIONS / f"{subject}.yaml").read_text("utf-8"))]
ALL_POINTS = sum(row.get("points", 0) for row in ROWS)


def answered(control_id, state, *evidence, text="It is so."):
    return Answer(control_id, AnswerState(state), text, "ana", TODAY, evidence)


def proof(level, valid_until=""):
    return Evidence("Export", level, valid_until=valid_until)


def test_every_question_of_the_files_is_a_control():
    assert [c.id for c in controls()] == [row["id"] for row in ROWS]
    assert len({c.id for c in controls()}) == len(ROWS) > 50


def test_the_points_of_all_questions_are_the_largest_deduction_of_governance():
    assert FAMILIES["GOV"] == (ALL_POINTS, ALL_POINTS)  # no point is damped
    assert {c.id: c.points for c in controls() if c.points > 1} == {
        "cred-store": 2,
        "cred-rotate": 2,
        "appr-flow": 2,
        "log-config": 3,
        "gov-rollback": 2,
        "gov-ir": 2,
        "gov-owner": 3,
    }


@pytest.mark.parametrize("asked", controls(), ids=lambda c: c.id)
def test_every_control_is_complete(asked):
    strict = asked.id.startswith(("cred-", "log-", "appr-", "iam-"))
    assert asked.min_level == ("E3" if strict else "E2")
    assert asked.question.endswith("?")
    assert asked.title
    assert asked.why.endswith(".")
    assert asked.settles.endswith(".")
    assert asked.lists
    assert set(asked.lists) <= set(LISTS)
    assert asked.who in {"platform", "owner", "iam", "compliance", "risk", "vendor"}
    assert asked.proofs
    assert asked.maps_to
    assert control(asked.id) is asked


def test_no_two_controls_ask_the_same():
    assert len({c.question for c in controls()}) == len({c.title for c in controls()}) == len(ROWS)


@pytest.mark.parametrize("listed", LISTS)
def test_a_control_is_shown_in_every_list_it_belongs_to(listed):
    shown = [c.id for c in controls() if listed in c.lists]
    assert shown == [row["id"] for row in ROWS if listed in row["lists"]]
    assert len(shown) >= 3


def test_each_profile_asks_what_the_one_before_it_asks_and_more():
    first, second, third, fourth = (set(controls(profile)) for profile in Profile)
    assert {c.id for c in first} == {row["id"] for row in ROWS if row.get("points")}
    assert first < second < third == fourth == set(controls())


def test_the_second_profile_adds_the_five_questions_and_access():
    added = set(controls(Profile.L2)) - set(controls(Profile.L1))
    wanted = {"q1", "q2", "q3", "q4", "q5", "iam"}
    assert all(wanted & set(c.lists) for c in added)
    assert not any(wanted & set(c.lists) for c in set(controls()) - set(controls(Profile.L2)))


def test_what_a_control_raises_is_a_rule_or_a_family_of_the_score():
    for asked in controls():
        assert all(name.partition("-")[0] in FAMILIES for name in asked.raises), asked.id


def test_unknown_control():
    with pytest.raises(UsageError) as caught:
        control("log-conifg")
    assert caught.value.remedy == "did you mean log-config?"


@pytest.mark.parametrize(
    ("control_id", "answer", "state"),
    [
        ("log-config", None, "unanswered"),
        ("log-config", answered("log-config", "unanswered"), "unanswered"),
        ("log-config", answered("log-config", "claimed"), "claimed"),
        ("log-config", answered("log-config", "evidenced"), "claimed"),
        ("log-config", answered("log-config", "evidenced", proof("E2")), "claimed"),
        ("log-config", answered("log-config", "evidenced", proof("E9")), "claimed"),
        ("log-config", answered("log-config", "evidenced", proof("E3")), "evidenced"),
        ("log-config", answered("log-config", "evidenced", proof("E1"), proof("E4")), "evidenced"),
        ("gov-ir", answered("gov-ir", "evidenced", proof("E1")), "claimed"),
        ("gov-ir", answered("gov-ir", "evidenced", proof("E2")), "evidenced"),
        ("gov-ir", answered("gov-ir", "evidenced", proof("E2", TODAY)), "evidenced"),
        ("gov-ir", answered("gov-ir", "evidenced", proof("E2", "2026-11-22T08:00:00Z")), "evidenced"),
        ("gov-ir", answered("gov-ir", "evidenced", proof("E2", "2026-11-21")), "claimed"),
        ("gov-ir", answered("gov-ir", "evidenced", proof("E2", "some day")), "claimed"),
        ("gov-ir", answered("gov-ir", "evidenced", proof("E2", "2026-11-21"), proof("E2")), "evidenced"),
        ("gov-ir", answered("gov-ir", "not-applicable"), "not-applicable"),
        ("gov-ir", answered("gov-ir", "not-applicable", text="  "), "unanswered"),
    ],
)
def test_state_in_effect(control_id, answer, state):
    assert answer_state(control(control_id), answer, TODAY) == state


def test_an_untouched_checklist_has_a_finding_for_every_control():
    found = control_findings({}, TODAY)
    assert [f.control for f in found] == [c.id for c in controls(Profile.L1)]
    assert sum(f.points or 0 for f in found) == ALL_POINTS
    for finding in found:
        assert finding.id == f"GOV-{finding.control}|{finding.control}"
        assert finding.rule == f"GOV-{finding.control}"
        assert finding.family == "GOV"
        assert finding.severity == {3: Severity.HIGH, 2: Severity.MEDIUM, 1: Severity.LOW}[finding.points]
        assert (finding.status, finding.tool, finding.cap, finding.matched) == (Status.OPEN, None, None, "")
        assert control(finding.control).min_level in finding.remedy
        assert finding.title.endswith("not answered")


@pytest.mark.parametrize(
    ("answer", "gap"),
    [
        (answered("gov-ir", "claimed"), "no evidence"),
        (answered("gov-ir", "evidenced", proof("E1")), "weaker than E2"),
        (answered("gov-ir", "evidenced", proof("E2", "2026-01-01")), "out of date"),
        (answered("gov-ir", "claimed", proof("E2")), "recorded as a claim"),
    ],
)
def test_a_claim_says_what_is_missing(answer, gap):
    found = {f.control: f for f in control_findings({"gov-ir": answer}, TODAY)}
    assert len(found) == len(controls(Profile.L1))
    assert found["gov-ir"].matched == "claimed"
    assert found["gov-ir"].points == 2
    assert found["gov-ir"].title == "Incident response plan: no evidence"
    assert gap in found["gov-ir"].why


def test_what_is_settled_leaves_no_finding():
    answers = {c.id: answered(c.id, "evidenced", proof("E3")) for c in controls()}
    answers["gov-ir"] = answered("gov-ir", "not-applicable", text="Test bench without users.")
    answers["unknown"] = answered("unknown", "claimed")
    assert control_findings(answers, TODAY) == []


DAYS = st.dates(date(2020, 1, 1), date(2035, 1, 1)).map(date.isoformat)


@given(st.sampled_from(controls()), st.sampled_from(LEVELS), DAYS, DAYS)
def test_evidence_holds_exactly_while_strong_and_in_date(asked, level, until, today):
    answer = answered(asked.id, "evidenced", proof(level, until))
    holds = level >= asked.min_level and until >= today
    assert answer_state(asked, answer, today) == ("evidenced" if holds else "claimed")
    open_now = asked.id in {f.control for f in control_findings({asked.id: answer}, today)}
    assert open_now is (bool(asked.points) and not holds)


ANSWERS = st.builds(
    lambda state, level, until: (state, level, until),
    st.sampled_from(["claimed", "evidenced", "not-applicable"]),
    st.sampled_from(LEVELS),
    DAYS,
)


def scored(answers):
    return score(control_findings(answers, TODAY), live_tools=1, undecided=0, unanswered=0).value


@given(st.dictionaries(st.sampled_from([c.id for c in controls()]), ANSWERS), st.data())
def test_answering_never_lowers_the_score(given_answers, data):
    answers = {
        name: answered(name, state, proof(level, until)) for name, (state, level, until) in given_answers.items()
    }
    before = scored(answers)
    left = [c.id for c in controls() if c.id not in answers]
    if left:
        name = data.draw(st.sampled_from(left))
        state, level, until = data.draw(ANSWERS)
        after = scored(answers | {name: answered(name, state, proof(level, until))})
        assert after >= before
        assert control(name).points or after == before
