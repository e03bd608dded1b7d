"""Weights of `steering.yaml`, fitted: `python -m tests.benchmarks.steering_fit SHARED [--served DIR] [--blind DIR] [--write]`.

Logistic regression with each weight drawn to its prior, so that a feature that no example shows keeps its judgement. A
weight never changes its sign and never exceeds three times its prior. Deterministic: plain descent from the priors.

`--served` is a folder of further saved tools/list results of honest servers to fit to, `--blind` one to measure only.

Printed are, for each attack class and source, the shares that are accused and read first under the fitted table and
under a table that never saw that class or source. The second figure is the one to trust.
"""

from __future__ import annotations

import argparse
import math
import re
from collections import defaultdict
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final

from analysis.rules.detect.steering_table import steering_table
from tests.benchmarks.steering_rows import document_cases, invented_cases, labelled_cases, served_cases, written_cases

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tests.benchmarks.steering_rows import Case

#: Score at which a text is as likely planted as not, before thresholds are chosen.
EVEN: Final = 4.0
#: Strength with which weights are drawn to their priors.
ANCHOR: Final = 1.0
#: An honest text counts so many times a planted one: a false accusation costs more than a text that is only read first.
HONEST: Final = 2.0
_STEPS: Final = 400
_RATE: Final = 0.02
#: The two thresholds. They are not fitted: what is left out would move them.
ACCUSED: Final = 2.8
READ_FIRST: Final = 1.4

_POISON: Final = Path(__file__).parents[1] / "fixtures" / "poison"
INVENTED: Final = _POISON / "invented.yaml"
WRITTEN: Final = _POISON / "written.yaml"

Weights = dict[str, float]


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights and the two thresholds."""

    weights: Weights
    accused: float
    read_first: float

    def tiers(self, case: Case) -> tuple[bool, bool]:
        """Return whether a text is accused, by its score or by a pattern, and whether it is accused or to be read first."""
        score = sum(self.weights[feature] for feature in case.features)
        rest = sum(self.weights[feature] for feature in case.features - case.workflow)
        mere_workflow = bool(case.workflow) and rest < self.read_first
        accused = case.signalled or (score >= self.accused and not mere_workflow)
        return accused, accused or score >= self.read_first


def fit(cases: Sequence[Case]) -> Fitted:
    """Return the table fitted to cases. Texts with the same features and label count by the logarithm of their number."""
    priors = {feature.id: feature.prior for feature in steering_table().features}
    counted: dict[tuple[bool, frozenset[str]], int] = defaultdict(int)
    for case in cases:
        counted[case.planted, case.features] += 1
    examples = [
        (planted, found, (1 + math.log(n)) * (1 if planted else HONEST))
        for (planted, found), n in sorted(counted.items(), key=_key)
        if found
    ]
    weights = dict(priors)
    for _ in range(_STEPS):
        slope = {name: ANCHOR * (weights[name] - prior) for name, prior in priors.items()}
        for planted, found, count in examples:
            z = sum(weights[name] for name in found) - EVEN
            error = (1 / (1 + math.exp(-max(-30.0, min(30.0, z)))) - planted) * count
            for name in found:
                slope[name] += error
        for name, prior in priors.items():
            bounds = sorted((0.0, 3 * prior))
            weights[name] = min(bounds[1], max(bounds[0], weights[name] - _RATE * slope[name]))
    rounded = {name: round(weight, 2) for name, weight in weights.items()}
    return Fitted(rounded, ACCUSED, READ_FIRST)


def _key(entry: tuple[tuple[bool, frozenset[str]], int]) -> tuple[bool, list[str]]:
    (planted, found), _ = entry
    return planted, sorted(found)


def left_out(cases: Sequence[Case]) -> dict[str, Fitted]:
    """Return for each group the table that was fitted without it."""
    groups = sorted({case.group for case in cases})
    return {group: fit([case for case in cases if case.group != group]) for group in groups}


def shares(cases: Iterable[Case], tables: Mapping[str, Fitted]) -> dict[str, tuple[int, int, int]]:
    """Return group -> (texts, accused, accused or read first), each under the table of its group."""
    found: dict[str, tuple[int, int, int]] = {}
    for case in cases:
        accused, read = tables[case.group].tiers(case)
        texts, *before = found.get(case.group, (0, 0, 0))
        found[case.group] = (texts + 1, before[0] + accused, before[1] + read)
    return found


def write(fitted: Fitted) -> None:
    """Write weights and thresholds into the table."""
    path = Path(str(resources.files("analysis.rules.detect").joinpath("steering.yaml")))
    text = path.read_text("utf-8")
    for name, weight in fitted.weights.items():
        text = re.sub(rf"(\{{id: {name}, .*?prior: [-\d.]+)(?:, weight: [-\d.]+)?,", rf"\g<1>, weight: {weight},", text)
    text = re.sub(r"(?m)^accused: .*\n^read_first: .*\n", "", text)
    path.write_text(
        f"{text.rstrip()}\n".replace(
            "\nfeatures:\n", f"\naccused: {fitted.accused}\nread_first: {fitted.read_first}\nfeatures:\n"
        ),
        "utf-8",
    )


def main() -> None:
    """Fit, print, and write on request."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--served", type=Path)
    parser.add_argument("--blind", type=Path)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    cases = [*all_cases(given.shared), *(served_cases(given.served) if given.served else ())]
    fitted = fit(cases)
    tables = left_out(cases)
    print("\n".join(report(cases, fitted, tables)))
    blind = [*invented_cases(INVENTED), *(served_cases(given.blind) if given.blind else ())]
    print("\nnever fitted to:")
    print("\n".join(report(blind, fitted, dict.fromkeys({case.group for case in blind}, fitted))))
    if given.write:
        write(fitted)


def all_cases(shared: Path) -> list[Case]:
    """Return every labelled, written and honest text."""
    found = [*labelled_cases(shared / "ground-truth"), *served_cases(shared / "cases" / "servers")]
    return [*found, *written_cases(WRITTEN), *document_cases(shared / "specs")]


def report(cases: Sequence[Case], fitted: Fitted, tables: Mapping[str, Fitted]) -> list[str]:
    """Return the shares of every group under the fitted table, and under the one that never saw the group."""
    lines = [f"{'':52} {'texts':>6} {'accused':>8} {'read':>6}   left out: {'accused':>7} {'read':>6}"]
    for planted in (True, False):
        chosen = [case for case in cases if case.planted is planted]
        mine, theirs = shares(chosen, dict.fromkeys(tables, fitted)), shares(chosen, tables)
        rows = {group: (*mine[group], *theirs[group][1:]) for group in sorted(mine)}
        word = "planted" if planted else "honest"
        lines += [_line(f"{word} {group}", row) for group, row in rows.items()]
        lines.append(_line(f"{word}, all", [sum(column) for column in zip(*rows.values(), strict=True)]))
    return lines


def _line(name: str, row: Sequence[int]) -> str:
    texts = row[0] or 1
    return f"{name:52} {row[0]:6} {row[1] / texts:8.3f} {row[2] / texts:6.3f}             {row[3] / texts:7.3f} {row[4] / texts:6.3f}"


if __name__ == "__main__":
    main()
