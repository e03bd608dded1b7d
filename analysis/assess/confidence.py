"""Confidence of an effect: the share of tools with the same signal pattern whose vendor label agrees.

The shares were measured on about 11,000 operations of a dozen vendors and rounded down. `tests.benchmarks.classification`
checks them against the labels: with a confidence of 0.95 or more, fewer than one tool in a hundred may be wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from analysis.assess.signals import ToolSignals

#: Minimum weight of a signal that counts, on the scale of `names.VERB_WEIGHTS`.
_MIN_WEIGHT: Final = 0.9
_OVERRIDE_CONFIDENCE: Final = 0.99
#: By method and outcome, then by (name, texts): `+` agrees with the outcome, `-` contradicts it, `0` is absent,
#: `~` agrees with a verb that sometimes means something else.
_SHARES: Final[dict[tuple[str, str], dict[str, float]]] = {
    ("safe", "reads"): {"++": 0.99, "+0": 0.99, "0+": 0.99, "00": 0.98, "+-": 0.9, "-+": 0.9, "-0": 0.85, "--": 0.7},
    ("safe", "acts"): {"++": 0.94, "+0": 0.7, "+-": 0.6},
    ("post", "reads"): {"++": 0.99, "+0": 0.93, "0+": 0.85, "+-": 0.65, "~+": 0.8, "~0": 0.7},
    ("post", "acts"): {"++": 0.99, "+0": 0.97, "0+": 0.98, "00": 0.93, "+-": 0.93, "-+": 0.85},
    ("post", "unclear"): {"++": 0.85, "+0": 0.85, "+-": 0.75, "0+": 0.8, "00": 0.8},
    ("none", "reads"): {"++": 0.94, "+0": 0.85, "0+": 0.85, "+-": 0.85, "~+": 0.85, "~0": 0.7},
    ("none", "acts"): {"++": 0.94, "+0": 0.92, "0+": 0.9, "+-": 0.75, "-+": 0.65},
    ("none", "unclear"): {"++": 0.75, "+0": 0.5, "+-": 0.6, "0+": 0.65, "00": 0.4, "0-": 0.3, "-+": 0.3},
}
#: Confidence of a pattern that was too rare to measure, by outcome.
DEFAULT_CONFIDENCE: Final = {"reads": 0.6, "acts": 0.6, "unclear": 0.4}


#: Key of a share: method, outcome, and whether (name, texts) agree with it.
SharePattern = tuple[str, str, str]


def pattern_of(signals: ToolSignals, text: float, *, outcome: str) -> SharePattern:
    """Return the pattern of an outcome (reads, acts, unclear). `text` is the weight of the texts together."""
    if signals.method in {"PUT", "PATCH", "DELETE"} or (signals.path.session and signals.method):
        return "override", outcome, ""
    method = "safe" if signals.safe_method else "post" if signals.method else "none"
    name = signals.name.weight if signals.name.verbs else signals.name.weight + signals.path.signal.weight
    agreement = _agreement(name, outcome)
    if method != "safe" and outcome == "reads" and agreement == "+" and signals.verb_signal.doubtful:
        agreement = "~"
    return method, outcome, agreement + _agreement(text, outcome)


def confidence_of(pattern: SharePattern) -> float:
    """Return the confidence of a pattern, from 0 to 1."""
    method, outcome, agreement = pattern
    if method == "override":
        return _OVERRIDE_CONFIDENCE
    return _SHARES.get((method, outcome), {}).get(agreement, DEFAULT_CONFIDENCE[outcome])


def _agreement(weight: float, outcome: str) -> str:
    if abs(weight) < _MIN_WEIGHT:
        return "0"
    return "+" if (weight > 0) == (outcome == "reads") else "-"
