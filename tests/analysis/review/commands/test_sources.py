"""The result of a validation is stored with the source that was validated, and with no other."""

from __future__ import annotations

import pytest

from analysis.conformance.process import Conformance
from analysis.errors import UsageError
from analysis.model import Level, Problem
from analysis.review import commands
from analysis.review.commands.sources import begin_validation, keep_validation
from analysis.review.session import Review

NOW = "2026-03-20T09:00:00Z"
FOUND = Problem(Level.NOTE, "a response has no description", "/paths/~1a/get")


@pytest.fixture
def review(kept_reviews, tmp_path):
    made = Review.open(kept_reviews.copy("sample", tmp_path / "sample.clearance"), now=NOW)
    yield made
    made.close()


def reopened(review):
    return Review.open(review.path, writable=False, now=NOW).sources()[0]


def left_out(source):
    return [skipped.reason for skipped in source.not_checked if skipped.check == "conformance"]


def test_a_finished_validation_is_kept_once(review):
    for _ in range(2):
        keep_validation(review, review.sources()[0].info, Conformance(finished=True, problems=(FOUND,), reason=""))
    assert [each for each in reopened(review).problems if each == FOUND] == [FOUND]
    assert left_out(reopened(review)) == []


def test_one_that_was_not_finished_says_so(review):
    keep_validation(
        review, review.sources()[0].info, Conformance(finished=False, problems=(), reason="it took too long")
    )
    assert left_out(reopened(review)) == ["not finished: it took too long"]


def test_a_source_that_was_imported_again_meanwhile_gets_nothing(review):
    before = review.sources()[0].info
    document = review.store.files(before.id)[0][1].replace(b"2.4.0", b"2.5.0", 1)
    commands.import_source(review, document, actor="rev", at=NOW, name=before.id)
    with pytest.raises(UsageError, match="imported again"):
        keep_validation(review, before, Conformance(finished=True, problems=(FOUND,), reason=""))
    assert FOUND not in reopened(review).problems


def test_a_validation_runs_in_its_own_process(review):
    check = begin_validation(review, review.sources()[0].info)
    assert check.wait().finished
