"""The date that ends an approval, and what ends then."""

from __future__ import annotations

import dataclasses

from analysis.model import Answer, AnswerState, Evidence
from analysis.output.packet.document.first_end import FirstEnd, first_end


def with_evidence(snapshot, *ends):
    """Return the review with evidence of its first question that ends on some dates."""
    (control, _), *others = snapshot.controls
    evidence = tuple(Evidence(f"proof {n}", "E2", valid_until=until) for n, until in enumerate(ends))
    answer = Answer(control.id, AnswerState.EVIDENCED, "", "ann", "2026-01-01T00:00:00Z", evidence)
    return dataclasses.replace(snapshot, controls=((control, answer), *others)), control


def test_the_first_end_is_named(plain):
    found = first_end(plain)
    assert found.date == "2027-01-31"
    assert found.item == "the approval of updateCustomer"


def test_evidence_that_ends_first_is_named_with_its_question(plain):
    snapshot, control = with_evidence(plain, "2026-12-31", "2026-12-30")
    assert first_end(snapshot) == FirstEnd("2026-12-30", f"the evidence 'proof 1' of {control.title}")


def test_several_ends_on_one_day_are_counted(plain):
    snapshot, _ = with_evidence(plain, "2026-12-30", "2026-12-30", "2026-12-30", "2027-12-30")
    assert first_end(snapshot).item.endswith(", and 2 more")


def test_an_accepted_risk_that_ends_first_is_named(plain):
    finding, disposition = next((f, d) for f, d in plain.dispositions.items() if d.until)
    snapshot = dataclasses.replace(plain, dispositions={finding: dataclasses.replace(disposition, until="2026-12-01")})
    assert first_end(snapshot).date == "2026-12-01"
    assert first_end(snapshot).item.startswith(f"the accepted risk {finding.split('|')[0]} on ")


def test_words_are_no_date(plain):
    bare = dataclasses.replace(plain, tools=(), dispositions={}, controls=plain.controls[:1])
    snapshot, _ = with_evidence(bare, "after the pilot")
    assert first_end(snapshot) == FirstEnd()
