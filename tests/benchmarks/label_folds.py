"""The table of confidence, counted on all sources but one and tested on that one.

The table is the only thing that was fitted to labels. What a source says of itself must not decide how sure we are of it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.assess.confidence import DEFAULT_CONFIDENCE
from analysis.assess.effect import EffectClassifier
from analysis.assess.effects.service_names import service_names
from analysis.assess.signals import SignalReader
from analysis.assess.vocabulary import built_in_vocabulary
from tests.benchmarks.label_rows import read_rows
from tests.benchmarks.label_scores import SURE, dangerous, judged, right, with_effect

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.assess.confidence import SharePattern

#: A pattern seen less often says nothing of the next one.
_ENOUGH = 20

Case = tuple[str, "SharePattern", bool]


class JudgedCase(NamedTuple):
    """One labelled tool: its source and pattern, whether the effect is right, and how sure the product is."""

    source: str
    pattern: SharePattern
    hit: bool
    acts: bool
    dangerous: bool
    confidence: float


Table = dict["SharePattern", float]


def folds(folder: Path) -> dict[str, Any]:
    """Return for each source how often a table that never saw it is sure of its tools, and how often wrongly so.

    The figures of the table in use, which was fitted to all sources, stand next to them under `fitted`; `dangerous` are
    acts called reads, which no table changes.
    """
    cases = _cases(folder)
    found = {}
    for left_out in sorted({case.source for case in cases}):
        table = fitted([(case.source, case.pattern, case.hit) for case in cases if case.source != left_out])
        tested = [case for case in cases if case.source == left_out]
        sure = [case for case in tested if table.get(case.pattern, DEFAULT_CONFIDENCE[case.pattern[1]]) >= SURE]
        in_use = [case for case in tested if case.confidence >= SURE]
        acts = sum(case.acts for case in tested)
        dangerous = sum(case.dangerous for case in tested)
        found[left_out] = {
            "rows": len(tested), "acts": acts, "dangerous": dangerous, **_figures(sure, tested, acts),
            "fitted": _figures(in_use, tested, acts),
        }  # fmt: skip
    return found


def pooled(found: dict[str, Any]) -> dict[str, float]:
    """Return over all sources the share of acts called reads, and of those called so with confidence."""
    acts = sum(figures["acts"] for figures in found.values()) or 1
    hidden = {
        "left out": sum(figures["dangerous_sure"] * figures["acts"] for figures in found.values()),
        "fitted": sum(figures["fitted"]["dangerous_sure"] * figures["acts"] for figures in found.values()),
    }
    shares = {f"dangerous and sure, {table}": count / acts for table, count in hidden.items()}
    return {"dangerous": sum(figures["dangerous"] for figures in found.values()) / acts, **shares}


def _figures(sure: list[JudgedCase], tested: list[JudgedCase], acts: int) -> dict[str, float]:
    wrong = sum(not case.hit for case in sure)
    return {
        "sure_share": len(sure) / len(tested),
        "sure_wrong": wrong / len(sure) if sure else 0.0,
        "dangerous_sure": sum(case.dangerous for case in sure) / acts if acts else 0.0,
    }


def fitted(cases: list[Case]) -> Table:
    """Return for each pattern that was seen often enough the share that was right, as if one more had been wrong."""
    seen = Counter(pattern for _, pattern, _ in cases)
    hits = Counter(pattern for _, pattern, hit in cases if hit)
    return {pattern: hits[pattern] / (count + 1) for pattern, count in seen.items() if count >= _ENOUGH}


def _cases(folder: Path) -> list[JudgedCase]:
    words = built_in_vocabulary()
    reader, classifier = SignalReader(words), EffectClassifier(words)
    judged_rows = with_effect(judged(read_rows(folder)))
    services = service_names([row.tool for row, _ in judged_rows], words)
    return [
        JudgedCase(
            row.source,
            classifier.classify(reader.read(row.tool, services.get(row.tool.source, frozenset()))).pattern,
            right(row, said),
            row.labels["effect"] != "read",
            dangerous(row, said),
            said.confidence,
        )
        for row, said in judged_rows
    ]


def show_folds(found: dict[str, Any]) -> None:
    """Print the figures of every source: the table that never saw it, then the table in use."""
    print(
        f"{'source left out':32} {'rows':>6} {'acts':>6} {'dangerous':>10} {'sure share':>21} {'sure wrong':>17} {'and dangerous':>17}"
    )
    for source, figures in found.items():
        shown = " ".join(
            f"{figures[name]:9.4f} ({figures['fitted'][name]:.4f})"
            for name in ("sure_share", "sure_wrong", "dangerous_sure")
        )
        print(f"{source:32} {figures['rows']:6} {figures['acts']:6} {figures['dangerous']:10}     {shown}")
    for name, share in pooled(found).items():
        print(f"{name:40} {share:.4%}")
