"""Figures over labelled rows: effect per source, other labels by recall and precision, confidence against the truth."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from analysis.assess import assess_all
from analysis.model import Area, Effect

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.model import Assessment
    from tests.benchmarks.label_rows import Row

#: Upper ends of the classes of the calibration table.
BINS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1.01)
SURE = 0.95
_FOUND = {
    "destructive": lambda said: said.destructive,
    "admin": lambda said: not {Area.ACCESS_CONTROL, Area.SYSTEM_OPERATION}.isdisjoint(said.areas),
    "billing": lambda said: Area.BILLING in said.areas,
    "paginated": lambda said: said.paginated,
}


def judged(rows: list[Row]) -> list[tuple[Row, Assessment]]:
    """Return every row that describes a tool, with what the product says of it."""
    rows = [row for row in rows if "sensitive" not in row.labels]
    return list(zip(rows, assess_all(row.tool for row in rows), strict=True))


def with_effect(cases: list[tuple[Row, Assessment]]) -> list[tuple[Row, Assessment]]:
    """Return the cases whose effect is labelled, and not by a lax scope only."""
    return [(row, said) for row, said in cases if "effect" in row.labels and row.sure]


def right(row: Row, said: Assessment) -> bool:
    """Whether the effect is the labelled one; critical and unclear count as not-read."""
    return bool((said.effect is Effect.READ) == (row.labels["effect"] == "read"))


def dangerous(row: Row, said: Assessment) -> bool:
    """Whether a tool that acts is called a read."""
    return bool(row.labels["effect"] != "read" and said.effect is Effect.READ)


def effect_figures(cases: list[tuple[Row, Assessment]]) -> dict[str, Any]:
    """Return accuracy, macro-F1, dangerous (not-read called read; of these with confidence), overblock and unclear.

    Overblock is the share of reads called not-read.
    """
    counts = {(truth, hit): 0 for truth in ("read", "write") for hit in (True, False)}
    for row, said in cases:
        counts[row.labels["effect"], right(row, said)] += 1
    sure = [right(row, said) for row, said in cases if said.confidence >= SURE]
    hidden = [row for row, said in cases if said.confidence >= SURE and dangerous(row, said)]
    reads = counts["read", True] + counts["read", False]
    writes = counts["write", True] + counts["write", False]
    return {
        "rows": len(cases),
        "accuracy": _share(counts["read", True] + counts["write", True], len(cases)),
        "macro_f1": (_f1(counts, "read", "write") + _f1(counts, "write", "read")) / 2,
        "dangerous": _share(counts["write", False], writes),
        "dangerous_sure": _share(len(hidden), writes),
        "overblock": _share(counts["read", False], reads),
        "unclear": _share(sum(said.unclear for _, said in cases), len(cases)),
        "sure_share": _share(len(sure), len(cases)),
        "sure_wrong": _share(sure.count(False), len(sure)),
    }


def _f1(counts: dict[tuple[str, bool], int], truth: str, other: str) -> float:
    hits, wrong = counts[truth, True], counts[truth, False] + counts[other, False]
    return _share(2 * hits, 2 * hits + wrong)


def by_source(cases: list[tuple[Row, Assessment]]) -> dict[str, dict[str, Any]]:
    """Return the figures of every file, with those of the sources a file holds under `parts`."""
    files = _grouped(cases, lambda row: row.file)
    figures = {}
    for file, group in files.items():
        parts = _grouped(group, lambda row: row.source)
        figures[file] = effect_figures(group) | {"parts": {name: effect_figures(part) for name, part in parts.items()}}
    return figures


def _grouped(cases: list[tuple[Row, Assessment]], key: Any) -> dict[str, list[tuple[Row, Assessment]]]:
    groups = defaultdict(list)
    for row, said in cases:
        groups[key(row)].append((row, said))
    return dict(sorted(groups.items()))


def label_outcomes(cases: list[tuple[Row, Assessment]]) -> dict[str, list[tuple[Row, bool, bool]]]:
    """Return for each label of a tool (row, labelled, found)."""
    return {
        label: [(row, row.labels[label], found(said)) for row, said in cases if label in row.labels]
        for label, found in _FOUND.items()
    }


def recall_and_precision(outcomes: Iterable[tuple[Row, bool, bool]]) -> dict[str, Any]:
    """Return recall, precision and false-positive rate of a label; None where a figure has no rows."""
    counts = {(truth, found): 0 for truth in (True, False) for found in (True, False)}
    for _, truth, found in outcomes:
        counts[bool(truth), bool(found)] += 1
    hits, misses = counts[True, True], counts[True, False]
    false, clean = counts[False, True], counts[False, False]
    return {
        "rows": sum(counts.values()),
        "recall": _share(hits, hits + misses) if hits + misses else None,
        "precision": _share(hits, hits + false) if hits + false else None,
        "false_positive_rate": _share(false, false + clean) if false + clean else None,
    }


def calibration(cases: list[tuple[Row, Assessment]]) -> list[dict[str, Any]]:
    """Return for each class of confidence how many tools fall into it, what was promised, and what was right."""
    classes = defaultdict(list)
    for row, said in cases:
        classes[next(end for end in BINS if said.confidence < end)].append((said.confidence, right(row, said)))
    return [
        {
            "below": end,
            "rows": len(found),
            "promised": _share(sum(promise for promise, _ in found), len(found)),
            "right": _share(sum(hit for _, hit in found), len(found)),
        }
        for end, found in sorted(classes.items())
    ]


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
