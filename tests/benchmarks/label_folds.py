"""The table of confidence, counted on all sources but one and tested on that one.

The table is the only thing that was fitted to labels. What a source says of itself must not decide how sure we are of it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from analysis.assess.confidence import DEFAULT_CONFIDENCE
from analysis.assess.effect import EffectClassifier
from analysis.assess.signals import SignalReader
from analysis.assess.vocabulary import built_in_vocabulary
from tests.benchmarks.label_rows import read_rows
from tests.benchmarks.label_scores import SURE, judged, right, with_effect

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.assess.confidence import SharePattern

#: A pattern seen less often says nothing of the next one.
_ENOUGH = 20

Case = tuple[str, "SharePattern", bool]
Table = dict["SharePattern", float]


def folds(folder: Path) -> dict[str, Any]:
    """Return for each source how often a table that never saw it is sure of its tools, and how often wrongly so."""
    cases = _cases(folder)
    found = {}
    for left_out in sorted({source for source, _, _ in cases}):
        table = fitted([case for case in cases if case[0] != left_out])
        tested = [case for case in cases if case[0] == left_out]
        sure = [hit for _, pattern, hit in tested if table.get(pattern, DEFAULT_CONFIDENCE[pattern[1]]) >= SURE]
        found[left_out] = {
            "rows": len(tested),
            "sure_share": len(sure) / len(tested),
            "sure_wrong": sure.count(False) / len(sure) if sure else 0.0,
        }
    return found


def fitted(cases: list[Case]) -> Table:
    """Return for each pattern that was seen often enough the share that was right, as if one more had been wrong."""
    seen = Counter(pattern for _, pattern, _ in cases)
    hits = Counter(pattern for _, pattern, hit in cases if hit)
    return {pattern: hits[pattern] / (count + 1) for pattern, count in seen.items() if count >= _ENOUGH}


def _cases(folder: Path) -> list[Case]:
    reader, weigher = SignalReader(built_in_vocabulary()), EffectClassifier(built_in_vocabulary())
    return [
        (row.source, weigher.classify(reader.read(row.tool)).pattern, right(row, said))
        for row, said in with_effect(judged(read_rows(folder)))
    ]


def show_folds(found: dict[str, Any]) -> None:
    """Print the figures of every source."""
    print(f"{'source left out':32} {'rows':>6} {'sure share':>11} {'sure wrong':>11}")
    for source, figures in found.items():
        print(f"{source:32} {figures['rows']:6} {figures['sure_share']:11.4f} {figures['sure_wrong']:11.4f}")
