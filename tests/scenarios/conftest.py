"""Small reviews, and the hand that works on them."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from analysis.review.session import Review
from tui.desk.shell import background_jobs


def load_driver():
    """Import the driver by its path: test folders are not packages."""
    spec = importlib.util.spec_from_file_location("desk_driver", Path(__file__).with_name("driver.py"))
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True)
def _keys_wait_for_jobs(monkeypatch):
    """Let keys wait for an export or import however busy the machine is; tests of slow jobs set a shorter time."""
    monkeypatch.setattr(background_jobs, "INPUT_WAIT_SECONDS", 60)


@pytest.fixture(scope="session")
def driver():
    return load_driver()


@pytest.fixture(scope="session")
def at_desk(driver):
    return driver.at_desk


@pytest.fixture
def review_file(kept_reviews, tmp_path):
    """Copy a review to a new path and return it."""
    return lambda name: kept_reviews.copy(name, tmp_path / f"{name}.clearance")


@pytest.fixture
def open_review(review_file):
    """Open a copy of a review."""
    return lambda name: Review.open(review_file(name))
