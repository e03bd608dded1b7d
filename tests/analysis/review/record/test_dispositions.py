"""What becomes of findings: accepted risks that end or are voided, many at once, and what is new."""

import json
from dataclasses import replace

import pytest

from analysis.errors import UsageError
from analysis.model import AnswerState, DecisionState, Disposition, Evidence, Policy, Risk, Status
from analysis.review import commands, queries
from analysis.review.queries.findings import in_earlier_report, is_closed
from analysis.review.queries.rule_manual import statistics
from analysis.review.record.dispositions import merge_dispositions, to_event_data, validated, why_expired
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


def refusal(disposition, policy=None):
    with pytest.raises(UsageError) as caught:
        validated(disposition, policy)
    return caught.value.what, caught.value.place, caught.value.remedy


def made(status, reason="because", **more):
    return Disposition(status, reason, "ann", "2026-03-02T12:00:00Z", **more)


CODED = "one of not-present, not-reachable, not-influenced, inline-control, misread"
DATED = "write YYYY-MM-DD"
OWNED = ("accepting a risk needs a business owner and an expiry date", "", "name both; a date is YYYY-MM-DD")


@pytest.mark.parametrize(
    ("disposition", "expected"),
    [
        (made(Status.FIXED, " "), ("a disposition needs a reason", "", "")),
        (made(Status.FIXED), ("a fixed finding needs evidence", "", "name what proves it: a record, a link, a change")),
        (made(Status.FIXED, evidence="x", voids=("risk",)),
         ("only the acceptance of a risk can end early", "", "leave the conditions out")),
        (made(Status.FALSE_POSITIVE), ("a false positive needs the code of its justification", "", CODED)),
        (made(Status.FALSE_POSITIVE, code="no"), ("no justification has this code", "no", CODED.replace("one of", "codes are"))),
        (made(Status.FIXING), ("a finding that is being fixed needs a due date", "", DATED)),
        (made(Status.FIXING, until="20260630"), ("a finding that is being fixed needs a due date", "20260630", DATED)),
        (made(Status.ACCEPTED, owner="head", until=""), OWNED),
        (made(Status.ACCEPTED, owner="", until="2026-06-30"), OWNED),
        (made(Status.ACCEPTED, owner="head", until="2026-06-31"), OWNED),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(disposition, expected):
    assert refusal(disposition) == expected


@pytest.mark.parametrize(
    "complete",
    [
        made(Status.OPEN, ""),
        made(Status.NOT_APPLICABLE),
        made(Status.FIXED, evidence="CR-7"),
        made(Status.FALSE_POSITIVE, code="not-present"),
        made(Status.FIXING, until="2026-06-30"),
        made(Status.ACCEPTED, owner="head", until="2026-06-30", voids=("risk",)),
    ],
)
def test_a_complete_disposition_stays_as_it_is(complete):
    assert validated(complete, None) is complete
    assert validated(complete, Policy("", "", acceptance_days=10)) is complete


def test_an_acceptance_without_an_end_gets_the_one_of_the_policy():
    open_ended = made(Status.ACCEPTED, owner="head")
    assert validated(open_ended, Policy("", "", acceptance_days=10)).until == "2026-03-12"
    assert refusal(open_ended, Policy("", "")) == OWNED
    assert refusal(made(Status.ACCEPTED), Policy("", "", acceptance_days=10)) == OWNED


def test_what_is_recorded_has_no_empty_field(shop):
    tool = shop.tool("deleteOrder")
    whole = made(Status.ACCEPTED, owner="head", until="2026-06-30", evidence="CR-7", voids=("risk", "pilot ends"))
    assert to_event_data(whole, tool) == {
        "status": "accepted", "reason": "because", "evidence": "CR-7", "owner": "head", "until": "2026-06-30",
        "voids": ["risk", "pilot ends"], "seen": {"risk": "high"},
    }  # fmt: skip
    assert "seen" not in to_event_data(whole, None)
    every = replace(whole, voids=("definition", "risk", "decision"))
    assert to_event_data(every, tool)["seen"] == {
        "definition": tool.row.digest,
        "risk": "high",
        "decision": "undecided",
    }
    assert to_event_data(made(Status.FALSE_POSITIVE, code="not-present"), tool) == {
        "status": "false-positive", "reason": "because", "code": "not-present",
    }  # fmt: skip
    assert to_event_data(made(Status.OPEN, "x"), tool) == {}


def test_why_an_acceptance_has_ended(shop):
    tool = shop.tool("deleteOrder")
    seen = (("decision", "approved"), ("definition", "d"), ("risk", "low"))
    held = made(Status.ACCEPTED, owner="head", until="2026-06-30", seen=seen)
    assert why_expired(held, "2026-06-30") == ""
    assert why_expired(held, "2026-07-01", tool) == "it ended on 2026-06-30"
    assert why_expired(held, "2026-06-30", tool) == "the decision on the tool has changed"
    assert why_expired(replace(held, seen=seen[1:]), "2026-06-30", tool) == "the definition of the tool has changed"
    assert why_expired(replace(held, seen=seen[2:]), "2026-06-30", tool) == "the risk of the tool is higher"
    assert why_expired(replace(held, seen=(("pilot", "x"),)), "2026-06-30", tool) == ""
    assert why_expired(replace(held, status=Status.FIXING), "2026-07-01", tool) == ""


def test_one_disposition_says_what_many_say():
    first = made(Status.ACCEPTED, "small", owner="head", until="2026-06-30", voids=("risk",), evidence="CR-7")
    second = replace(first, reason="rare", actor="bob", at="2026-03-01T12:00:00Z", until="2026-05-31",
                     voids=("decision", "risk"), status=Status.FIXING, code="x")  # fmt: skip
    assert merge_dispositions([first, None, second]) == Disposition(
        Status.ACCEPTED, "small; rare", "ann; bob", "2026-03-02T12:00:00Z", "x", "CR-7", "head", "2026-05-31",
        ("risk", "decision"),
    )  # fmt: skip
    assert merge_dispositions([first, replace(first), None]) == first
    assert (merge_dispositions([None]), merge_dispositions([])) == (None, None)
    endless = replace(first, until="", reason="")
    assert merge_dispositions([endless, first]).until == "2026-06-30"
    assert merge_dispositions([endless, replace(endless, code="y")]).until == ""


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
