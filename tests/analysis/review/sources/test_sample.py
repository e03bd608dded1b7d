"""The worked example, for ever: exactly four findings count, the score is exactly 85, and the verdict is "blocked"."""

import pytest

from analysis.model import AnswerState, Disposition, Evidence, Status
from analysis.review import commands
from analysis.review.queries.status import status_data
from analysis.review.sources.sample import build_sample

FOUR = {
    "EXP-001": "deleteCustomer",
    "EXP-002": "refundPayment",
    "GOV-cred-store": "cred-store",
    "GOV-log-config": "log-config",
}


def open_findings(work):
    names = {tool.row.id: tool.row.name for tool in work.review.tools()}
    found = [f for f in work.review.summary().findings if f.status in {Status.OPEN, Status.FIXING}]
    return sorted((f.rule, names.get(f.tool, f.control)) for f in found)


def test_the_worked_example(sample_review):
    summary, report = sample_review.review.summary(), status_data(sample_review.review)
    assert open_findings(sample_review) == sorted(FOUR.items())
    assert (summary.score.value, summary.score.verdict) == (85, "blocked")
    assert report["counts"]["effect"] == {"read-only": 28, "side-effect": 12, "critical": 8}
    assert report["counts"]["tools"] == 48
    progress = summary.progress
    assert (progress.decided, progress.tools, progress.answered, progress.controls) == (47, 48, 14, 16)
    assert (progress.stale, progress.conflicts) == (0, 0)
    assert tuple(gate.why for gate in summary.open_gates) == (
        "1 of 48 tools undecided",
        "2 open critical findings",
        "2 of 16 questions unanswered",
    )
    assert summary.not_run == ()


def test_the_ledger_explains_all_fifteen_points(sample_review):
    ledger = sample_review.review.summary().score.ledger
    assert {line.rule: (line.points, line.penalty, line.gain) for line in ledger} == {
        "EXP-001": (5, 5, 4), "EXP-002": (5, 5, 4), "GOV-log-config": (3, 3, 3), "GOV-cred-store": (2, 2, 2),
    }  # fmt: skip


def prove(control):
    return lambda w: w.answer(control, AnswerState.EVIDENCED, "seen", evidence=[Evidence("Observed", "E4")])


WORKFLOW = ("approval", "one person", "REC-9")
MENDED = {
    "the deletion blocked": ("EXP-001", lambda w: w.block("deleteCustomer"), 89),
    "the deletion approved by a workflow": ("EXP-001", lambda w: w.conditional("deleteCustomer", WORKFLOW), 89),
    "the refund blocked": ("EXP-002", lambda w: w.block("refundPayment"), 89),
    "the refund given a workflow": ("EXP-002", lambda w: w.conditional("refundPayment", WORKFLOW), 89),
    "logging proved": ("GOV-log-config", prove("log-config"), 88),
    "storage proved": ("GOV-cred-store", prove("cred-store"), 87),
}


@pytest.mark.parametrize(("rule", "mend", "score"), MENDED.values(), ids=MENDED)
def test_mending_a_single_one(sample_review, rule, mend, score):
    mend(sample_review)
    assert open_findings(sample_review) == sorted((r, of) for r, of in FOUR.items() if r != rule)
    assert sample_review.review.summary().score.value == score
    assert sample_review.review.summary().score.verdict == "blocked"
    sample_review.undo()
    assert sample_review.review.summary().score.value == 85


@pytest.mark.parametrize(
    ("rule", "score"), [("EXP-001", 89), ("EXP-002", 89), ("GOV-log-config", 88), ("GOV-cred-store", 87)]
)
def test_marking_a_single_one_as_fixed(sample_review, rule, score):
    (finding,) = [f.id for f in sample_review.review.summary().findings if f.rule == rule]
    made = Disposition(Status.FIXED, "mended", "ann", "2026-03-03T09:00:00Z", evidence="REC-9")
    commands.dispose(sample_review.review, [finding], made)
    assert sample_review.review.summary().score.value == score


def test_the_sample_is_the_same_for_everybody_but_for_the_copy_that_wrote_it(tmp_path, opened):
    """No clock, no chance, no path of this machine in it."""
    reviews = [build_sample(tmp_path / name) for name in ("one.clearance", "two.clearance")]
    seen = [
        [(e.actor, e.at, e.kind, e.key.partition("#")[0], e.data) for e in review.store.events] for review in reviews
    ]
    assert seen[0] == seen[1]
    assert str(tmp_path) not in repr(seen)
    for review in reviews:
        review.close()
