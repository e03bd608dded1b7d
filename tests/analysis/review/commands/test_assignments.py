"""Assignments are folded, merged and undone like other records, and no one signs for them."""

from __future__ import annotations

import pytest

from analysis.review import commands
from analysis.review.packets.export import review_snapshot
from analysis.review.session import Review

AT = "2026-03-05T09:00:00Z"


@pytest.fixture
def review(kept_reviews, tmp_path):
    """A copy of the completed sample review."""
    opened = Review.open(kept_reviews.copy("completed", tmp_path / "r.clearance"))
    yield opened
    opened.close()


def test_the_packet_says_nothing_of_assignments_but_in_its_log(review):
    before = review_snapshot(review)
    commands.assign(review, [review.tools()[0].row.id], "ben", due="2026-04-01", actor="rev", at=AT)
    after = review_snapshot(review)
    assert len(after.log) == len(before.log) + 1
    assert (after.score, after.gates, after.findings) == (before.score, before.gates, before.findings)
    assert not after.draft


def test_the_last_assignment_counts_and_overdue_follows_the_day(review):
    tool = review.tools()[0].row.id
    commands.assign(review, [tool], "ann", due="2026-03-01", actor="rev", at=AT)
    commands.assign(review, [tool], "ben", due="2026-03-01", actor="rev", at=AT)
    assert review.tool(tool).assignment.to == "ben"
    assert not review.tool(tool).overdue  # it is decided
    commands.decide(review, [tool], None, reason="again", actor="rev", at=AT)
    assert review.tool(tool).overdue
    commands.assign(review, [tool], "ben", due="2999-03-05", actor="rev", at=AT)
    assert not review.tool(tool).overdue
