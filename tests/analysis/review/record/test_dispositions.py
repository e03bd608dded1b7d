"""What becomes of findings: accepted risks that end or are voided, many at once, and what is new."""

import json
from dataclasses import replace

import pytest

from analysis.errors import UsageError
from analysis.model import AnswerState, DecisionState, Disposition, Evidence, Risk, Status
from analysis.review import commands, queries
from analysis.review.queries.findings import in_earlier_report, is_closed
from analysis.review.queries.rule_manual import statistics
from analysis.review.session import Review
from analysis.review.sources.importing import examine_source


def accepted(until="2026-06-30", voids=(), at="2026-03-02T12:00:00Z", **more):
    return Disposition(Status.ACCEPTED, "needed", "ann", at, owner="head of sales", until=until, voids=voids, **more)


def finding(work, rule, name):
    return next(f for f in queries.findings_by_id(work.review).values() if f.rule == rule and f.tool == work.id(name))


def status(work, rule, name):
    return finding(work, rule, name).status


@pytest.fixture
def risky(shop):
    """A finding of high severity on a tool that is allowed, and the review of it."""
    shop.approve("deleteOrder")
    return shop, finding(shop, "EXP-005", "deleteOrder").id


@pytest.mark.parametrize(
    ("now", "found"),
    [
        ("", Status.ACCEPTED),
        ("2026-06-30T23:59:59Z", Status.ACCEPTED),
        ("2026-07-01T00:00:00Z", Status.OPEN),
        ("2031-01-01T00:00:00Z", Status.OPEN),
    ],
)
def test_an_acceptance_that_has_ended_is_open_again_although_nobody_wrote_anything(risky, opened, now, found):
    work, identity = risky
    commands.dispose(work.review, [identity], accepted())
    before = work.review.summary().score.value
    work.review.close()
    review = Review.open(work.review.path, writable=False, now=now)
    try:
        shown = queries.findings_by_id(review)[identity]
        assert shown.status is found
        assert queries.reopened_reason(review, shown) == ("" if found is Status.ACCEPTED else "it ended on 2026-06-30")
        assert (review.summary().score.value == before) is (found is Status.ACCEPTED)
        assert review.as_of == (work.review.as_of if found is Status.ACCEPTED else "2026-07-01T00:00:00Z")
    finally:
        review.close()


def test_evidence_and_approvals_run_out_with_the_day_they_are_read(shop):
    proof = Evidence("Log settings", "E3", valid_until="2026-04-01")
    shop.answer("log-config", AnswerState.EVIDENCED, "Every call.", evidence=[proof])
    shop.conditional("listOrders", ("expires", "2026-05-01", ""))
    shop.review.close()
    for now, answer, listed in (
        ("2026-04-01T10:00:00Z", "evidenced", "conditional"),
        ("2026-04-02T10:00:00Z", "claimed", "conditional"),
        ("2026-05-02T10:00:00Z", "claimed", "undecided"),
    ):
        review = Review.open(shop.review.path, writable=False, now=now)
        assert review.summary().answers["log-config"].value == answer
        assert [t.decision_state.simple for t in review.tools() if t.row.name == "listOrders"] == [listed]
        review.close()


@pytest.mark.parametrize(
    ("voids", "act", "found"),
    [
        (("risk",), lambda work: work.risk("deleteOrder", Risk.HIGH), Status.ACCEPTED),
        (("decision",), lambda work: work.approve("deleteOrder", reason="again"), Status.ACCEPTED),
        (("decision",), lambda work: work.conditional("deleteOrder"), Status.OPEN),
        ((), lambda work: work.conditional("deleteOrder"), Status.ACCEPTED),
        (("when the pilot ends",), lambda work: work.conditional("deleteOrder"), Status.ACCEPTED),
    ],
)
def test_what_voids_an_acceptance_ends_it(risky, voids, act, found):
    work, identity = risky
    commands.dispose(work.review, [identity], accepted(voids=voids))
    assert work.review.record.disposition(identity).voids == voids
    act(work)
    assert status(work, "EXP-005", "deleteOrder") is found


def test_a_risk_that_rises_voids_and_one_that_falls_does_not(shop):
    shop.approve("createOrder")
    shop.risk("createOrder", Risk.MEDIUM, reason="x")
    identity = next(f.id for f in queries.findings_by_id(shop.review).values() if f.tool == shop.id("createOrder"))
    commands.dispose(shop.review, [identity], accepted(voids=("risk",)))
    shop.risk("createOrder", Risk.LOW, reason="small sums")
    assert queries.findings_by_id(shop.review)[identity].status is Status.ACCEPTED
    shop.risk("createOrder", Risk.HIGH)
    shown = queries.findings_by_id(shop.review)[identity]
    assert (shown.status, queries.reopened_reason(shop.review, shown)) == (
        Status.OPEN,
        "the risk of the tool is higher",
    )


def test_a_changed_definition_voids(shop, document):
    lasting = [f for f in queries.findings_by_id(shop.review).values() if f.rule == "QLT-001"]
    identity = next(f.id for f in lasting if f.tool == shop.id("createOrder"))
    other = next(f.id for f in lasting if f.tool == shop.id("deleteOrder"))
    commands.dispose(shop.review, [identity, other], accepted(voids=("definition",)))
    shop.load(document(createOrder="Charges"))
    found = queries.findings_by_id(shop.review)
    assert (found[identity].status, found[other].status) == (Status.OPEN, Status.ACCEPTED)


def test_only_an_acceptance_can_be_voided_and_codes_are_known(risky):
    work, identity = risky
    fixed = Disposition(Status.FIXED, "x", "ann", work.at(), evidence="REC-1", voids=("risk",))
    coded = Disposition(Status.FALSE_POSITIVE, "x", "ann", work.at(), code="because")
    bare = Disposition(Status.FALSE_POSITIVE, "x", "ann", work.at())
    undated = Disposition(Status.FIXING, "x", "ann", work.at())
    misdated = Disposition(Status.FIXING, "x", "ann", work.at(), until="2026-02-30")
    endless = accepted(until="2026-13-01")
    for made in (fixed, coded, bare, undated, misdated, endless):
        with pytest.raises(UsageError):
            commands.dispose(work.review, [identity], made)


def test_what_shares_a_cause_is_disposed_of_together_and_taken_back_in_one_step(shop):
    found = queries.findings_by_id(shop.review)
    one = next(f.id for f in found.values() if f.rule == "QLT-001")
    alike = queries.same_cause(shop.review, one)
    assert len(alike) == 3
    commands.dispose(shop.review, alike, Disposition(Status.FALSE_POSITIVE, "x", "ann", shop.at(), code="not-present"))
    assert {f.id for f in queries.findings_by_id(shop.review).values() if is_closed(f)} == set(alike)
    shop.undo()
    assert not any(is_closed(f) for f in queries.findings_by_id(shop.review).values())


MISREAD = Disposition(Status.FALSE_POSITIVE, "a boolean", "ann", "2026-03-01T10:00:00Z", code="misread")


@pytest.fixture
def doors(tmp_path):
    """A review in which one rule has three kinds of evidence on six tools."""
    names = {
        "openDoor": "pin_code",
        "openGate": "pin_code",
        "openSafe": "pin_code",
        "openBox": "api_key",
        "openBag": "api_key",
    }
    tools = [
        {
            "name": name,
            "description": "Opens it.",
            "inputSchema": {"type": "object", "properties": {field: {"type": "string"}}},
        }
        for name, field in names.items()
    ]
    source = examine_source(json.dumps({"tools": tools}).encode())
    made = Review.create(tmp_path / "doors.clearance", [source], actor="ann", at="2026-03-01T10:00:00Z")
    yield made
    made.close()


def closed(review):
    return sorted(f.tool.rpartition(":")[2] for f in queries.findings_by_id(review).values() if is_closed(f))


def secret_of(review, name):
    found = queries.findings_by_id(review).values()
    return next(f.id for f in found if f.rule == "CRD-009" and f.tool.endswith(name))


def test_what_a_rule_misread_is_closed_wherever_the_evidence_is_the_same(doors):
    told = commands.dispose(doors, [secret_of(doors, "openDoor")], MISREAD).sentence
    assert told == "3 findings: false-positive, 2 of them with the same evidence"
    assert closed(doors) == ["openDoor", "openGate", "openSafe"]
    counts = statistics(doors)["CRD-009"]
    assert (counts["findings"], counts["open"], counts["false_positive_codes"]) == (5, 2, {"misread": 3})
    commands.undo(doors, actor="ann", at="2026-03-01T10:05:00Z")
    assert closed(doors) == []


def test_other_codes_close_only_what_is_named_and_misreading_spares_what_was_disposed_of(doors):
    other = replace(MISREAD, code="inline-control")
    commands.dispose(doors, [secret_of(doors, "openGate")], other)
    assert closed(doors) == ["openGate"]
    commands.dispose(doors, [secret_of(doors, "openDoor")], MISREAD)
    assert closed(doors) == ["openDoor", "openGate", "openSafe"]
    assert statistics(doors)["CRD-009"]["false_positive_codes"] == {"inline-control": 1, "misread": 2}


def test_a_rule_about_decisions_cannot_have_misread_a_definition(shop):
    critical = next(f.id for f in queries.findings_by_id(shop.review).values() if f.rule == "EXP-001")
    with pytest.raises(UsageError, match="cannot have misread"):
        commands.dispose(shop.review, [critical], MISREAD)


def test_what_is_listed_is_gathered_of_what_is_kept_alone(shop):
    shop.decide("listOrders", DecisionState.APPROVED)
    listed = queries.listed_findings(
        shop.review, lambda each: each.rule == "QLT-001" and each.tool != shop.id("listOrders")
    )
    assert [len(f.members) for f in listed] == [2]
    assert queries.concerns(shop.review, finding(shop, "QLT-001", "listOrders"), "ann")
    assert not queries.concerns(shop.review, finding(shop, "QLT-001", "deleteOrder"), "ann")


def test_a_finding_is_known_by_itself_or_by_the_gathered_one_of_an_earlier_report(shop):
    one = finding(shop, "QLT-001", "listOrders")
    assert in_earlier_report({"findings": [{"id": one.id, "rule": "X"}]})(one)
    assert in_earlier_report({"findings": [{"id": "*", "rule": "QLT-001", "tools": [one.tool]}]})(one)
    assert not in_earlier_report({"findings": [{"id": "*", "rule": "QLT-002", "tools": [one.tool]}]})(one)
    with pytest.raises(UsageError):
        in_earlier_report({"findings": "none"})
