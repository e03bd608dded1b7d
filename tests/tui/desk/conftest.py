"""Reviews with fixed content, and the hand that opens them."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from analysis.review.session import Review
from tui.desk.shell import background_jobs


def load_driver():
    """Import the driver of the scenarios by its path: test folders are not packages."""
    path = Path(__file__).parents[2] / "scenarios" / "driver.py"
    spec = importlib.util.spec_from_file_location("desk_driver", path)
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
