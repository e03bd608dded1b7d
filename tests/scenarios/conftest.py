"""Small reviews, and the hand that works on them."""

from __future__ import annotations

import pytest

from analysis.review.session import Review
from tests.fixtures.desk import at_desk, driver, keys_wait_for_jobs, quick_drawing  # noqa: F401 - fixtures of this folder


@pytest.fixture
def review_file(kept_reviews, tmp_path):
    """Copy a review to a new path and return it."""
    return lambda name: kept_reviews.copy(name, tmp_path / f"{name}.clearance")


@pytest.fixture
def open_review(review_file):
    """Open a copy of a review."""
    return lambda name: Review.open(review_file(name))
