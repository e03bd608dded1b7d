"""Governance questions: the sixteen controls, the state of an answer, and the findings of what is open."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import UsageError
from analysis.governance.controls import LEVELS, answer_state, control, controls, findings
from analysis.model import Answer, AnswerState, Evidence, Severity, Status

TODAY = "2026-11-22"


def answered(control_id, state, *evidence, text="It is so."):
    return Answer(control_id, AnswerState(state), text, "ana", TODAY, evidence)


def proof(level, valid_until=""):
    return Evidence("Export", level, valid_until=valid_until)


def test_sixteen_controls_weigh_twenty_five_points():
    assert len(controls()) == len({c.id for c in controls()}) == 16
    assert sum(c.points for c in controls()) == 25
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
    strict = asked.id.startswith(("cred-", "log-", "appr-"))
    assert asked.min_level == ("E3" if strict else "E2")
    assert asked.question.endswith("?")
    assert asked.title
    assert {"governance", "documentation"} & set(asked.lists)
    assert asked.who in {"platform", "owner", "iam", "risk"}
    assert all(":" in standard and "/" in standard for standard in asked.maps_to)
    assert control(asked.id) is asked


def test_lists_are_the_ten_and_five_of_the_trade_and_rotation():
    assert sum("governance" in c.lists for c in controls()) == 11
    assert sum("documentation" in c.lists for c in controls()) == 5


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
    found = findings({}, TODAY)
    assert [f.control for f in found] == [c.id for c in controls()]
    assert sum(f.points for f in found) == 25
    for finding in found:
        assert finding.id == f"GOV-{finding.control}|{finding.control}"
        assert finding.rule == f"GOV-{finding.control}"
        assert finding.family == "GOV"
        assert finding.severity == {3: Severity.HIGH, 2: Severity.MEDIUM, 1: Severity.LOW}[finding.points]
        assert (finding.status, finding.tool, finding.ceiling, finding.matched) == (Status.OPEN, None, None, "")
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
    found = {f.control: f for f in findings({"gov-ir": answer}, TODAY)}
    assert len(found) == 16
    assert found["gov-ir"].matched == "claimed"
    assert found["gov-ir"].points == 2
    assert found["gov-ir"].title == "Incident response plan: not proved"
    assert gap in found["gov-ir"].why


def test_what_is_settled_leaves_no_finding():
    answers = {c.id: answered(c.id, "evidenced", proof("E3")) for c in controls()}
    answers["gov-ir"] = answered("gov-ir", "not-applicable", text="Test bench without users.")
    answers["unknown"] = answered("unknown", "claimed")
    assert findings(answers, TODAY) == []


DAYS = st.dates(date(2020, 1, 1), date(2035, 1, 1)).map(date.isoformat)


@settings(deadline=None)
@given(st.sampled_from(controls()), st.sampled_from(LEVELS), DAYS, DAYS)
def test_evidence_holds_exactly_while_strong_and_in_date(asked, level, until, today):
    answer = answered(asked.id, "evidenced", proof(level, until))
    holds = level >= asked.min_level and until >= today
    assert answer_state(asked, answer, today) == ("evidenced" if holds else "claimed")
    assert (asked.id in {f.control for f in findings({asked.id: answer}, today)}) is not holds
