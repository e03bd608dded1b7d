"""Figures on labelled operations, held slightly under what was measured. A change that falls below is no improvement."""

import pytest

from tests.benchmarks.classification import measure


@pytest.fixture(scope="module")
def found(shared):
    folder = shared / "ground-truth"
    if not folder.is_dir():
        pytest.skip(f"there are no labelled operations at {folder}")
    return measure(folder)


def test_effects(found):
    summary = found["summary"]
    assert summary["mean_accuracy"] >= 0.985
    assert summary["worst_accuracy"] >= 0.935
    assert summary["dangerous"] <= 0.005
    assert summary["overblock"] <= 0.020


def test_whoever_is_called_sure_is_right(found):
    summary = found["summary"]
    assert summary["sure_share"] >= 0.75
    assert summary["sure_wrong"] <= 0.01
    for name, figures in found["sources"].items():
        assert figures["sure_wrong"] <= 0.01, name


def test_no_promise_is_broken_by_more_than_chance(found):
    for line in found["calibration"]:
        if line["rows"] >= 100:
            assert line["right"] >= line["promised"] - 0.02, line


@pytest.mark.parametrize(
    ("label", "recall", "precision"),
    [
        ("destructive", 0.87, 0.90),
        ("admin", 0.70, 0.63),
        ("paginated", 0.92, 0.90),
        ("billing", 0.65, 0.50),
        ("sensitive", 0.78, 0.80),
        ("injection", 0.96, 0.96),
    ],
)
def test_labels(found, label, recall, precision):
    assert found["labels"][label]["recall"] >= recall
    assert found["labels"][label]["precision"] >= precision
