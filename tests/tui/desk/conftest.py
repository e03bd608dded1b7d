"""Reviews with fixed content, and the hand that opens them."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pytest

from analysis.review.session import Review
from analysis.review.sources.importing import examine_source
from analysis.review.sources.sample import DOCUMENT, build_sample, sample_folder
from analysis.workspace import replicas


def load_driver():
    """Import the driver of the scenarios by its path: test folders are not packages."""
    path = Path(__file__).parents[2] / "scenarios" / "driver.py"
    spec = importlib.util.spec_from_file_location("desk_driver", path)
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
    """`fresh` and `sample`, by a replica of zeros: with the sample's fixed times every event has one identity."""
    folder = tmp_path_factory.mktemp("reviews")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        patch.setattr(replicas, "new_replica", lambda: "0" * 32)
        source = examine_source(str(sample_folder() / DOCUMENT))
        Review.create(folder / "fresh.clearance", [source], actor="importer", at="2026-03-02T09:00:00Z").close()
        build_sample(folder / "sample.clearance").close()
    return folder


@pytest.fixture
def open_review(review_files, tmp_path, monkeypatch):
    """Open a copy of a review in the current folder, so that no screen depends on where the tests run."""
    opened = []
    monkeypatch.chdir(tmp_path)

    def copy(name):
        opened.append(Review.open(Path(shutil.copy(review_files / f"{name}.clearance", f"{name}.clearance"))))
        return opened[-1]

    yield copy
    for review in opened:
        review.close()
