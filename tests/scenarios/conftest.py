"""Small reviews, and the hand that works on them."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pytest

from analysis.review.session import Review
from analysis.review.sources.importing import examine_source
from analysis.review.sources.sample import DOCUMENT, build_sample, sample_folder


def load_driver():
    """Import the driver by its path: test folders are not packages."""
    spec = importlib.util.spec_from_file_location("desk_driver", Path(__file__).with_name("driver.py"))
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def driver():
    return load_driver()


@pytest.fixture(scope="session")
def at_desk(driver):
    return driver.at_desk


@pytest.fixture(scope="session")
def review_files(tmp_path_factory):
    """The reviews that scenarios start with, written once: `fresh` (nothing decided) and `sample`."""
    folder = tmp_path_factory.mktemp("reviews")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        source = examine_source(str(sample_folder() / DOCUMENT))
        Review.create(folder / "fresh.clearance", [source], actor="importer", at="2026-03-02T09:00:00Z").close()
        build_sample(folder / "sample.clearance").close()
    return folder


@pytest.fixture
def review_file(review_files, tmp_path):
    """Copy a review to a new path and return it."""

    def copy(name):
        return Path(shutil.copy(review_files / f"{name}.clearance", tmp_path / f"{name}.clearance"))

    return copy


@pytest.fixture
def open_review(review_file):
    """Open a copy of a review."""
    return lambda name: Review.open(review_file(name))
