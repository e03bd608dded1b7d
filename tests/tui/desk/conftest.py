"""Reviews with fixed content, and the hand that opens them."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.review.session import Review
from tests.fixtures.desk import at_desk, driver, keys_wait_for_jobs, quick_drawing  # noqa: F401 - fixtures of this folder


@pytest.fixture
def open_review(kept_reviews, tmp_path, monkeypatch):
    """Open a copy of a review in the current folder, so that no screen depends on where the tests run."""
    opened = []
    monkeypatch.chdir(tmp_path)

    def copy(name):
        opened.append(Review.open(kept_reviews.copy(name, Path(f"{name}.clearance"))))
        return opened[-1]

    yield copy
    for review in opened:
        review.close()
