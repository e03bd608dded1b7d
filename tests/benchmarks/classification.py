"""How well tools are classified: python -m tests.benchmarks.classification DIR [--json] [--folds].

DIR holds labelled operations as JSON lines, one file per source. They go through `assess_all` as the tools of a document
would; labels and hints never do. Unclear counts as not-read, and labels of low confidence are left out. `--folds` counts
the table of confidence on all sources but one and tests it on that one, for each of them, beside the table in use.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.benchmarks.label_fields import field_outcomes
from tests.benchmarks.label_folds import folds, show_folds
from tests.benchmarks.label_injection import injection_outcomes
from tests.benchmarks.label_rows import read_rows
from tests.benchmarks.label_scores import (
    by_source,
    calibration,
    effect_figures,
    judged,
    label_outcomes,
    recall_and_precision,
    right,
    with_effect,
)

if TYPE_CHECKING:
    from analysis.model import Assessment
    from tests.benchmarks.label_rows import Row

_MCP = "mcp"
_WORST = 50


def measure(folder: Path) -> dict[str, Any]:
    """Return every figure as plain data."""
    rows = read_rows(folder)
    cases = judged(rows)
    effects = with_effect(cases)
    sources = by_source(effects)
    outcomes = label_outcomes(cases) | {"sensitive": field_outcomes(rows), "injection": injection_outcomes(rows)}
    labels = {label: recall_and_precision(found) for label, found in outcomes.items()}
    labels["sensitive"] |= _mean(_per_file(outcomes["sensitive"]))
    labels["destructive_hint"] = recall_and_precision(
        found for found in outcomes["destructive"] if _MCP in found[0].file
    )
    return {
        "summary": _summary(effects, sources) | {"labels": labels},
        "labels": labels,
        "sources": sources,
        "labels_by_source": {label: _per_file(found) for label, found in outcomes.items()},
        "calibration": calibration(effects),
        "worst": [_miss(row, said) for row, said in _worst(effects)],
    }


def _summary(effects: list[tuple[Row, Assessment]], sources: dict[str, Any]) -> dict[str, Any]:
    """Return the headline: accuracy as the mean over sources and the worst of them, the rest pooled over all rows."""
    accuracies = [figures["accuracy"] for figures in sources.values()]
    pooled = effect_figures(effects)
    return {
        "mean_accuracy": sum(accuracies) / len(accuracies) if accuracies else None,
        "worst_accuracy": min(accuracies, default=None),
        "pooled_accuracy": pooled["accuracy"],
        "macro_f1": pooled["macro_f1"],
        "dangerous": pooled["dangerous"],
        "dangerous_sure": pooled["dangerous_sure"],
        "overblock": pooled["overblock"],
        "unclear": pooled["unclear"],
        "mcp_accuracy": next((found["accuracy"] for name, found in sources.items() if _MCP in name), None),
        "sure_share": pooled["sure_share"],
        "sure_wrong": pooled["sure_wrong"],
    }


def _per_file(outcomes: list[tuple[Row, bool, bool]]) -> dict[str, Any]:
    files = sorted({row.file for row, _, _ in outcomes})
    return {file: recall_and_precision(found for found in outcomes if found[0].file == file) for file in files}


def _mean(files: dict[str, Any]) -> dict[str, Any]:
    """Return figures as means over the files: how many fields a vendor has says nothing of how hard they are."""
    names = ("recall", "precision", "false_positive_rate")
    known = {name: [found[name] for found in files.values() if found[name] is not None] for name in names}
    return {name: sum(values) / len(values) for name, values in known.items() if values}


def _worst(effects: list[tuple[Row, Assessment]]) -> list[tuple[Row, Assessment]]:
    """Return the misses that were made with most confidence, dangerous ones first."""
    misses = [(row, said) for row, said in effects if not right(row, said)]
    return sorted(misses, key=lambda case: (case[0].labels["effect"] == "read", -case[1].confidence, case[0].id))[
        :_WORST
    ]


def _miss(row: Row, said: Assessment) -> dict[str, Any]:
    reasons = [f"{'against: ' if r.against else ''}{r.where} {r.matched}: {r.says}" for r in said.reasons]
    return {"id": row.id, "label": row.labels["effect"], "effect": said.effect.value, "unclear": said.unclear,
            "confidence": said.confidence, "reasons": reasons}  # fmt: skip


def show(found: dict[str, Any]) -> None:
    """Print the figures as tables."""
    print(
        f"{'source':32} {'rows':>6} {'accuracy':>9} {'macro-F1':>9} {'dangerous':>10} {'and sure':>9} {'overblock':>10} "
        f"{'unclear':>9}"
    )
    for name, figures in found["sources"].items():
        _show_line(name, figures)
        for part, inner in figures["parts"].items():
            if len(figures["parts"]) > 1:
                _show_line(f"  {part}", inner)
    for name, value in found["summary"].items():
        if not isinstance(value, dict):
            print(f"{name:32} {'-' if value is None else f'{value:.4f}'}")
    print(f"\n{'label':32} {'rows':>6} {'recall':>9} {'precision':>9} {'false positives':>16}")
    for label, figures in found["labels"].items():
        shown = [figures[key] for key in ("recall", "precision", "false_positive_rate")]
        print(
            f"{label:32} {figures['rows']:6} " + " ".join(f"{'-' if one is None else f'{one:.3f}':>9}" for one in shown)
        )
    print(f"\n{'confidence below':32} {'rows':>6} {'promised':>9} {'right':>9}")
    for line in found["calibration"]:
        print(f"{line['below']:<32} {line['rows']:6} {line['promised']:9.4f} {line['right']:9.4f}")
    for miss in found["worst"]:
        print(f"\n{miss['id']}: labelled {miss['label']}, called {miss['effect']} ({miss['confidence']:.2f})")
        print("".join(f"    {reason}\n" for reason in miss["reasons"]), end="")


def _show_line(name: str, figures: dict[str, Any]) -> None:
    shown = (figures[key] for key in ("accuracy", "macro_f1", "dangerous", "dangerous_sure", "overblock", "unclear"))
    print(f"{name:32} {figures['rows']:6} " + " ".join(f"{one:9.4f}" for one in shown))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--folds", action="store_true")
    options = parser.parse_args()
    found = folds(options.folder) if options.folds else measure(options.folder)
    if options.folds and not options.json:
        show_folds(found)
    elif options.json:
        print(json.dumps(found, indent=1, ensure_ascii=False))
    else:
        show(found)


if __name__ == "__main__":
    main()
