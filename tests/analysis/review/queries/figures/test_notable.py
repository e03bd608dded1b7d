"""Ten things to know: one for each rule, worst first, each with its proof; and the doubts of the review itself."""

from __future__ import annotations

import pytest

from analysis.model import DecisionState, Disposition, Status
from analysis.review import commands, queries
from analysis.review.queries.figures.notable import notable_facts
from analysis.review.session import Review
from analysis.review.sources.importing import examine_source
from analysis.review.sources.sample import build_sample

DOCUMENT = """openapi: 3.0.3
info: {title: Things, version: "1"}
paths:
  /things:
    get: {operationId: listThings, summary: List things, responses: {"200": {description: ok}}}
  /things/{id}/frobnicate:
    post: {operationId: frobnicateThing, summary: Frobnicate, parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {"200": {description: ok}}}
"""


@pytest.fixture
def sample(tmp_path):
    made = build_sample(tmp_path / "sample.clearance")
    yield made
    made.close()


def test_the_sample_has_its_two_criticals_first_and_the_questions_as_one(sample):
    facts = notable_facts(sample)
    assert [(fact.severity, fact.rule) for fact in facts[:2]] == [("critical", "EXP-001"), ("critical", "EXP-002")]
    assert facts[0].text.startswith("deleteCustomer: ")
    assert [fact.rule for fact in facts].count("GOV") == 1
    assert "2 governance questions" in next(fact.text for fact in facts if fact.rule == "GOV")
    assert all(fact.finding is not None or fact.query or fact.area for fact in facts)


def test_each_rule_appears_once_and_its_count_is_that_of_its_findings(sample):
    commands.decide(
        sample, [tool.row.id for tool in sample.tools()], None, reason="again", actor="ann", at="2026-03-03T09:00:00Z"
    )
    facts = notable_facts(sample, 99)
    rules = [fact.rule for fact in facts if fact.rule]
    assert len(rules) == len(set(rules))
    for fact in facts:
        if fact.text.partition(" ")[2].startswith("tools: "):
            found = [
                each for each in sample.summary().findings if each.rule == fact.rule and each.status is Status.OPEN
            ]
            tools = {tool for each in found for tool in (each.tools or (each.tool,))}
            assert int(fact.text.partition(" ")[0]) == len(tools)
    assert notable_facts(sample, 2) == facts[:2]


def test_what_is_disposed_of_is_no_longer_listed(sample):
    finding = next(fact.finding for fact in notable_facts(sample) if fact.rule == "EXP-002")
    ids = queries.single_findings(sample, [finding.id])
    made = Disposition(Status.FIXED, "done", "ann", "2026-03-03T09:00:00Z", evidence="ticket 7")
    commands.dispose(sample, ids, made)
    assert "EXP-002" not in [fact.rule for fact in notable_facts(sample)]


def test_a_changed_definition_and_an_unclear_effect_are_doubts(tmp_path):
    at = "2026-03-02T09:00:00Z"
    review = Review.create(tmp_path / "r.clearance", [examine_source(DOCUMENT.encode())], actor="ann", at=at)
    unclear = [tool for tool in review.tools() if tool.row.unclear]
    texts = {fact.text: fact for fact in notable_facts(review, 99)}
    if unclear:
        assert texts[f"{len(unclear)} tool of unclear effect"].query == "is:unclear is:undecided"
    tool = next(tool.row.id for tool in review.tools() if tool.row.name == "listThings")
    commands.decide(review, [tool], DecisionState.APPROVED, reason="fine", actor="ann", at=at)
    changed = DOCUMENT.replace("summary: List things", "summary: List things and delete them")
    commands.import_source(review, changed.encode(), actor="ann", at="2026-03-03T09:00:00Z")
    fact = next(fact for fact in notable_facts(review, 99) if "changed since the decision" in fact.text)
    assert (fact.text, fact.area, fact.query) == ("1 tool changed since the decision", "changes", "is:stale")
    review.close()
