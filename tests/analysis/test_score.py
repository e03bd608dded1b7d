"""The score model: the worked example, each gate and cap, and the properties that hold for every list of findings."""

import math
from dataclasses import replace
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.model import Finding, FindingId, LedgerLine, Severity, Status, ToolId
from analysis.score import FAMILIES, score


def finding(rule, number=0, severity="low", status="open", **more):
    subject: dict[str, Any] = {"control": rule[4:]} if rule.startswith("GOV") else {"tool": ToolId(f"tool {number}")}
    identity = FindingId(f"{rule}|{number}")
    words: dict[str, Any] = {"title": "A title", "confidence": "high", "why": "", "remedy": ""}
    return Finding(identity, rule, severity=Severity(severity), status=Status(status), **words, **subject, **more)


def scored(findings, **counts):
    return score(findings, **{"live_tools": 48, "undecided": 0, "unanswered": 0} | counts)


# --- the worked example ------------------------------------------------------------------------------

EXAMPLE = (
    finding("EXP-001", severity="critical"),
    finding("EXP-002", severity="critical"),
    finding("GOV-log-config", severity="high", points=3),
    finding("GOV-cred-store", severity="medium", points=2),
)
OPEN_ENDS = {"undecided": 1, "unanswered": 2}


def test_the_worked_example_is_85_and_blocked():
    result = scored(EXAMPLE, **OPEN_ENDS)
    assert (result.value, result.without_acceptances, result.quality) == (85, 85, 100)
    assert (result.verdict, result.because) == ("blocked", ("2 open critical findings",))
    assert result.caps == ((89, "2 open critical findings"), (94, "1 undecided tool"))
    assert [(line.rule, line.points, line.penalty, line.gain) for line in result.ledger] == [
        ("EXP-001", 5, 5, 4),
        ("EXP-002", 5, 5, 4),
        ("GOV-log-config", 3, 3, 3),
        ("GOV-cred-store", 2, 2, 2),
    ]
    assert result.ledger[0].label == "A title · tool 0"
    assert result.ledger[2].label == "A title · log-config"


@pytest.mark.parametrize(("place", "value"), [(0, 89), (1, 89), (2, 88), (3, 87)])
def test_fixing_one_of_the_example(place, value):
    fixed = [replace(f, status=Status.FIXED) if n == place else f for n, f in enumerate(EXAMPLE)]
    assert scored(fixed, **OPEN_ENDS).value == value


def test_accepting_all_of_the_example():
    result = scored([replace(f, status=Status.ACCEPTED) for f in EXAMPLE], **OPEN_ENDS)
    assert (result.value, result.without_acceptances) == (92, 85)
    assert result.caps == ((94, "2 accepted critical findings"), (94, "1 undecided tool"))
    assert result.ledger[-1] == LedgerLine(None, "Rounded down to whole points", "rounding", 0.5, 0.5, 0)
    assert result.verdict == "not reviewed"


# --- points ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "value"),
    [("open", 95), ("fixing", 95), ("accepted", 97), ("fixed", 100), ("false-positive", 100), ("not-applicable", 100)],
)
def test_the_deduction_of_a_status(status, value):
    found = [finding("EXP-003", n, "low", status) for n in range(5)]
    assert scored(found).value == value


def test_a_claimed_answer_counts_half_and_a_matched_word_does_not():
    claim = finding("GOV-log-config", severity="high", points=3, claimed=True)
    assert scored([claim]).ledger[0].penalty == 1.5
    assert scored([replace(claim, status=Status.ACCEPTED)]).ledger[0].penalty == 1.5
    assert scored([finding("INJ-009", severity="high", matched="claimed")]).ledger[0].penalty == 3


def test_the_shares_of_the_families_add_up_to_one_hundred():
    assert sum(largest for _, largest in FAMILIES.values()) == 100
    found = [finding(f"{family}-001", n, "critical") for family in FAMILIES for n in range(3000)]
    assert scored(found).value == 0


def test_a_family_is_damped_above_its_threshold():
    full, largest = FAMILIES["EXP"]
    found = [finding("EXP-003", n, "medium") for n in range(50)]
    expected = full + (largest - full) * math.log(100 / full) / math.log(200)
    assert scored(found).value == math.floor(100 - round(expected, 1)) == 81
    assert scored(found * 20).value == 70


@pytest.mark.parametrize(
    ("medium", "low", "tenths", "value"),
    [
        (42, 0, 180, 82),  # 84 points cost 18.03, rounded down
        (42, 1, 181, 81),  # 85 points cost 18.08, rounded up: cut to 18.0 it would be 82
        (50, 0, 187, 81),  # 100 points cost 18.69
    ],
)
def test_a_damped_deduction_is_rounded_to_a_tenth(medium, low, tenths, value):
    found = [finding("EXP-003", n, "medium") for n in range(medium)]
    result = scored(found + [finding("EXP-003", medium + n, "low") for n in range(low)])
    assert result.value == value
    assert sum(round(10 * line.penalty) for line in result.ledger if line.finding) == tenths


def test_the_tenth_that_rounding_leaves_goes_to_the_largest_remainder():
    found = [finding("EXP-003", n, "medium") for n in range(42)] + [finding("EXP-003", 42, "low")]
    tenths = {line.finding: round(10 * line.penalty) for line in scored(found).ledger if line.finding}
    # 18.1 points over 85 half points: 4.26 tenths for a medium one, 2.13 for the low one, which therefore gets none
    assert tenths.pop(found[-1].id) == 2
    assert sorted(tenths.values()) == [4] * 31 + [5] * 11
    assert [each for each, value in tenths.items() if value == 5] == sorted(tenths)[:11]


def test_quality_is_a_number_of_its_own():
    found = [finding("QLT-001", n, "medium") for n in range(50)]
    result = scored(found)
    assert result.value == 96
    assert result.quality == math.floor(100 - round(2 + 98 * math.log(100 / 2) / math.log(200), 1)) == 25
    assert scored([finding("EXP-003", severity="high")]).quality == 100


def test_info_and_accountability_cost_nothing():
    result = scored([finding("QLT-005", severity="info"), finding("ACC-001", severity="high")])
    assert (result.value, result.ledger) == (100, ())
    assert result.verdict == "blocked"


def test_a_family_outside_the_model_is_never_scored_silently():
    with pytest.raises(KeyError):
        scored([finding("XYZ-001")])


def test_no_live_tool_has_no_number():
    result = scored([finding("GOV-log-config", severity="high", points=3)], live_tools=0, unanswered=1)
    assert (result.value, result.without_acceptances, result.quality, result.ledger) == (None, None, None, ())
    assert (result.verdict, result.because) == ("not reviewed", ("1 unanswered question", "no tool is live"))
    assert scored([], live_tools=0).verdict == "not reviewed"


# --- caps and verdict --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "counts", "value", "rule", "gain"),
    [
        ([finding("INJ-001", severity="critical", cap=49)], {}, 49, "cap", 40),
        ([finding("CRD-001", severity="critical", cap=59)], {"undecided": 3}, 59, "cap", 30),
        ([finding("FLO-006", severity="high", cap=79)], {}, 79, "cap", 18),
        ([finding("EXP-001", severity="critical", cap=89)], {}, 89, "cap", 6),
        ([], {"undecided": 1}, 94, "cap", 6),
        ([finding("EXP-001", severity="critical", status="accepted")], {}, 94, "cap", 3),
    ],
)
def test_a_binding_cap_has_its_own_line(found, counts, value, rule, gain):
    result = scored(found, **counts)
    assert result.value == result.caps[0][0] == value
    line = next(line for line in result.ledger if line.finding is None)
    assert (line.rule, line.gain) == (rule, gain)
    assert result.caps[0][1] in line.label
    assert line.points == line.penalty


def test_an_accepted_or_fixed_finding_sets_no_cap():
    poison = finding("INJ-001", severity="critical", cap=49)
    assert scored([replace(poison, status=Status.ACCEPTED)]).value == 94
    assert scored([replace(poison, status=Status.FIXED)]).value == 100
    assert scored([replace(poison, status=Status.FIXING)]).value == 49
    assert scored([replace(poison, status=Status.ACCEPTED)]).without_acceptances == 49


def test_one_of_two_causes_of_a_cap_gains_nothing():
    twice = [finding("INJ-001", n, "critical", cap=49) for n in range(2)]
    assert [line.gain for line in scored(twice).ledger if line.finding] == [0, 0]


@pytest.mark.parametrize(
    ("found", "counts", "verdict", "because"),
    [
        ([finding("EXP-001", severity="critical")], {"undecided": 1}, "blocked", "1 open critical finding"),
        ([finding("FLO-006", severity="high", cap=79)], {}, "blocked", "score capped at 79: 1 open FLO-006 finding"),
        ([finding("ACC-003", severity="medium")], {}, "blocked", "1 open accountability finding"),
        ([finding("EXP-005", severity="high")], {"undecided": 2}, "not reviewed", "2 undecided tools"),
        ([], {"unanswered": 1, "unmet_conditions": 1}, "not reviewed", "1 unanswered question"),
        ([finding("EXP-005", severity="high")], {}, "approvable with conditions", "1 open high finding"),
        ([], {"unmet_conditions": 2}, "approvable with conditions", "2 unmet conditions"),
        ([finding("DAT-001", status="accepted")], {}, "approvable with conditions", "1 accepted risk"),
        ([finding("DAT-001", severity="medium")], {}, "approvable", None),
        ([finding("EXP-001", severity="critical", status="fixed")], {}, "approvable", None),
    ],
)
def test_verdict(found, counts, verdict, because):
    result = scored(found, **counts)
    assert result.verdict == verdict
    assert result.because == ((because,) if because else ())


# --- properties --------------------------------------------------------------------------------------


@st.composite
def some_finding(draw):
    family = draw(st.sampled_from([*FAMILIES]))
    return finding(
        f"{family}-{draw(st.integers(1, 3)):03}",
        draw(st.integers(0, 10**6)),
        draw(st.sampled_from(Severity)),
        draw(st.sampled_from(["open", "open", *Status])),
        cap=draw(st.sampled_from([None, None, None, None, 49, 59, 79, 89])),
        points=draw(st.sampled_from([None, 1, 2, 3])) if family == "GOV" else None,
        matched=draw(st.sampled_from(["", "claimed"])),
    )


def repeated(drawn):
    """Repeat a short list until it reaches the damped part of the curve; every finding has an id of its own."""
    found, times = drawn
    return [replace(f, id=FindingId(f"{f.id}.{place}")) for place, f in enumerate(found * times)]


MANY = st.tuples(st.lists(some_finding(), max_size=12), st.sampled_from([1, 1, 5, 40])).map(repeated)
COUNTS = st.fixed_dictionaries({"undecided": st.integers(0, 2), "unanswered": st.integers(0, 2)})


@given(MANY, COUNTS)
def test_the_ledger_explains_every_point(found, counts):
    result = scored(found, **counts)
    assert round(sum(line.penalty for line in result.ledger), 6) == 100 - result.value
    assert all(line.penalty >= 0 and line.gain >= 0 for line in result.ledger)
    assert 0 <= result.without_acceptances <= result.value <= 100
    assert result == scored(found[::-1], **counts)
    findings_only = [line for line in result.ledger if line.rule != "rounding"]
    assert findings_only == sorted(findings_only, key=lambda line: (-line.gain, -line.penalty, line.label))


@given(MANY, COUNTS, some_finding())
def test_one_more_finding_never_raises_the_score(found, counts, more):
    assert scored([*found, more], **counts).value <= scored(found, **counts).value


@given(MANY, COUNTS, st.data())
def test_fixing_a_finding_never_lowers_the_score_and_gains_what_the_ledger_says(found, counts, data):
    result = scored(found, **counts)
    gains = {line.finding: line.gain for line in result.ledger if line.finding}
    for place in data.draw(st.sets(st.integers(0, max(0, len(found) - 1)), max_size=4)) if found else ():
        fixed = [*found[:place], replace(found[place], status=Status.FIXED), *found[place + 1 :]]
        after = scored(fixed, **counts).value
        assert after >= result.value
        if found[place].id in gains:
            assert after - result.value == gains[found[place].id]
        if found[place].status in {Status.OPEN, Status.FIXING}:
            fixed[place] = replace(found[place], status=Status.ACCEPTED)
            assert result.value <= scored(fixed, **counts).value <= after


@given(MANY, st.integers(0, 3), st.integers(0, 3))
def test_an_undecided_tool_never_raises_the_score(found, some, more):
    assert scored(found, undecided=some + more).value <= scored(found, undecided=some).value


def test_five_thousand_findings_are_scored_in_linear_time():
    rules = [f"{family}-00{n}" for family in FAMILIES for n in (1, 2)]
    levels = [*Severity]
    found = [finding(rules[n % 20], n, levels[n % 5], cap=49 if n % 500 == 0 else None) for n in range(5000)]
    start = process_time()
    scored(found)
    assert process_time() - start < 2  # measured 0.02 s; a square of the findings would take a minute
