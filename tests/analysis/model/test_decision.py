"""States of a decision: in every case of doubt the agent may not call the tool."""

import pytest

from analysis.model import (
    Condition,
    ConditionKind,
    Decision,
    DecisionState,
    decision_state_of,
    iso_date,
    recorded_state,
)
from analysis.model.decision import RECORDED, expired, require_second_approver

D = DecisionState
AS_OF = "2026-03-02T23:59:59Z"


def decision(state=D.APPROVED, *conditions, definition="d"):
    made = tuple(Condition(ConditionKind(kind), value, evidence) for kind, value, evidence in conditions)
    return Decision(state, "because", definition, "ann", "2026-03-01T09:00:00Z", made)


@pytest.mark.parametrize(
    ("state", "allowed", "settled", "live", "simple"),
    [
        (D.APPROVED, True, True, True, D.APPROVED),
        (D.CONDITIONAL, True, True, True, D.CONDITIONAL),
        (D.BLOCKED, False, True, False, D.BLOCKED),
        (D.UNDECIDED, False, False, True, D.UNDECIDED),
        (D.STALE, False, False, True, D.UNDECIDED),
        (D.CONFLICT, False, False, False, D.UNDECIDED),
        (D.EXPIRED, False, False, True, D.UNDECIDED),
        (D.AWAITING_SECOND, False, False, True, D.UNDECIDED),
    ],
)
def test_what_a_state_means(state, allowed, settled, live, simple):
    assert (state.allowed, state.settled, state.live, state.simple) == (allowed, settled, live, simple)


RATE, PAST = ("rate", "5 per hour", ""), ("expires", "2026-03-01", "")
TODAY = ("expires", "2026-03-02", "")
STATES = (
    (None, "d", False, D.UNDECIDED),
    (None, "d", True, D.CONFLICT),
    (decision(), "d", True, D.CONFLICT),
    (decision(), "d", False, D.APPROVED),
    (decision(), "other", False, D.STALE),
    (decision(D.BLOCKED), "d", False, D.BLOCKED),
    (decision(D.BLOCKED), "other", False, D.STALE),
    (decision(D.BLOCKED, PAST), "d", False, D.BLOCKED),  # what was blocked stays so
    (decision(D.APPROVED, RATE), "d", False, D.CONDITIONAL),
    (decision(D.CONDITIONAL, RATE), "d", False, D.CONDITIONAL),
    (decision(D.CONDITIONAL), "d", False, D.UNDECIDED),  # says that there are conditions, and has none
    (decision(D.CONDITIONAL, RATE, PAST), "d", False, D.EXPIRED),
    (decision(D.CONDITIONAL, RATE, TODAY), "d", False, D.CONDITIONAL),
)


@pytest.mark.parametrize(("made", "definition", "conflict", "expected"), STATES)
def test_the_state_of_a_decision(made, definition, conflict, expected):
    assert decision_state_of(made, definition, AS_OF, conflict=conflict) is expected


@pytest.mark.parametrize(
    ("ends", "over"),
    [
        (["2026-03-01"], True),
        (["2026-03-02"], False),
        (["2026-03-03"], False),
        (["2027-01-01", "2026-03-01"], True),
        (["2026-03-01T23:00:00Z"], True),
        (["after the pilot"], False),
        ([], False),
    ],
)
def test_a_decision_is_valid_to_the_end_of_its_last_day(ends, over):
    assert expired(decision(D.CONDITIONAL, *(("expires", end, "") for end in ends)), AS_OF) is over
    others = [("note", end, "") for end in ends]
    assert not expired(decision(D.CONDITIONAL, *others), AS_OF)


def test_a_second_approver_matters_only_to_what_is_allowed():
    for state in D:
        expected = D.AWAITING_SECOND if state in {D.APPROVED, D.CONDITIONAL} else state
        assert require_second_approver(state, lacking=True) is expected
        assert require_second_approver(state, lacking=False) is state


def test_conditions_without_evidence_are_unmet_but_for_an_expiry_and_an_owner():
    made = decision(
        D.CONDITIONAL, RATE, ("audit", "every call", "SIEM"), TODAY, ("owner", "team", ""), ("env", "x", "")
    )
    assert [condition.kind.value for condition in made.unmet] == ["rate", "env"]


def test_a_decision_has_a_kind_of_condition():
    made = decision(D.CONDITIONAL, RATE, ("audit", "every call", "SIEM"))
    kinds = ConditionKind
    assert [made.has(kind) for kind in (kinds.RATE, kinds.AUDIT, kinds.GROUP)] == [True, True, False]
    assert [made.has(kind, evidenced=True) for kind in (kinds.RATE, kinds.AUDIT, kinds.GROUP)] == [False, True, False]


def test_three_states_are_recorded():
    assert RECORDED == (D.APPROVED, D.CONDITIONAL, D.BLOCKED)
    assert [recorded_state(state.value) for state in RECORDED] == list(RECORDED)
    for state in set(D) - set(RECORDED):
        with pytest.raises(ValueError, match=f"^'{state.value}' is not a decision$"):
            recorded_state(state.value)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("2026-03-02", "2026-03-02"), ("2026-03-02T09:00:00Z", "2026-03-02"), ("2026-03-02, or before", "2026-03-02"),
        ("2026-03-021", ""), ("after 2026-03-02", ""), ("26-03-02", ""), ("", ""), ("\u0662026-03-02", ""),
    ],
)  # fmt: skip
def test_the_date_at_the_start_of_a_value(value, found):
    assert iso_date(value) == found
