"""Figures on labelled operations, held slightly under what was measured. A change that falls below is no improvement."""

import pytest

from tests.benchmarks.classification import measure
from tests.benchmarks.label_folds import fitted, folds, pooled


@pytest.fixture(scope="module")
def found(shared):
    folder = shared / "ground-truth"
    if not folder.is_dir():
        pytest.skip(f"there are no labelled operations at {folder}")
    return measure(folder)


def test_effects(found):
    summary = found["summary"]
    assert summary["mean_accuracy"] >= 0.988
    assert summary["worst_accuracy"] >= 0.95
    assert summary["dangerous"] <= 0.004
    assert summary["dangerous_sure"] <= 0.0005
    assert summary["overblock"] <= 0.018


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
        ("destructive", 0.85, 0.98),
        ("admin", 0.80, 0.65),
        ("paginated", 0.93, 0.91),
        ("billing", 0.68, 0.54),
        ("sensitive", 0.80, 0.82),
        ("injection", 0.96, 0.96),
    ],
)
def test_labels(found, label, recall, precision):
    assert found["labels"][label]["recall"] >= recall
    assert found["labels"][label]["precision"] >= precision


def test_destructive_is_no_edit_and_no_creation(found):
    """One server calls creations and edits destructive as well; without it, hardly any removal is missed."""
    sources = read_by_source(found)
    hits = sum(figures["rows"] * figures["recall"] for figures in sources.values())
    assert hits / sum(figures["rows"] for figures in sources.values()) >= 0.95
    assert found["labels"]["destructive_hint"]["precision"] >= 0.95


def read_by_source(found):
    """Figures of the files whose labels are of one kind: what is labelled destructive removes."""
    files = found["labels_by_source"]["destructive"]
    return {name: figures for name, figures in files.items() if figures["recall"] is not None and "mcp" not in name}


def test_a_pattern_that_was_seen_too_seldom_gets_no_share():
    often, seldom = ("post", "reads", "++"), ("post", "reads", "+-")
    cases = [("a", often, True)] * 38 + [("b", often, False)] + [("b", seldom, True)] * 3
    assert fitted(cases) == {often: 38 / 40}


def test_sources_that_state_methods_need_not_be_seen_to_be_judged(found, shared):
    """Without methods the shares of one source do not carry over, and the table promises less than it could."""
    sources = folds(shared / "ground-truth")
    assert sources
    shares = pooled(sources)
    assert shares["dangerous and sure, left out"] <= 0.002
    assert shares["dangerous and sure, fitted"] <= 0.0005
    for name, figures in sources.items():
        if figures["rows"] >= 100 and not name.startswith(("mcp_", "aws_iam")):
            assert figures["sure_wrong"] <= 0.01, name
