"""How sure an effect is: the share of tools with the same pattern of signals that their vendors labelled the same way.

The shares were counted on some 11,000 operations of a dozen vendors and rounded down. `tests.benchmarks.classification`
prints them against the labels: of the tools called with 0.95 or more, fewer than one in a hundred may be wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from analysis.assess.signals import Signals

#: Less than this says nothing, on the scale of `names.WEIGHT`.
_AUDIBLE: Final = 0.9
_LAW: Final = 0.99
#: By method and outcome, then by (name, texts): `+` agrees with the outcome, `-` contradicts it, `0` is silent.
_SHARES: Final[dict[tuple[str, str], dict[str, float]]] = {
    ("safe", "reads"): {"++": 0.99, "+0": 0.99, "0+": 0.99, "00": 0.98, "+-": 0.96, "-+": 0.96, "-0": 0.95, "--": 0.7},
    ("safe", "acts"): {"++": 0.94, "+0": 0.7, "+-": 0.6},
    ("post", "reads"): {"++": 0.99, "+0": 0.93, "0+": 0.85, "+-": 0.65},
    ("post", "acts"): {"++": 0.99, "+0": 0.97, "0+": 0.98, "00": 0.93, "+-": 0.93, "-+": 0.85},
    ("post", "unclear"): {"++": 0.85, "+0": 0.85, "+-": 0.75, "0+": 0.8, "00": 0.8},
    ("none", "reads"): {"++": 0.94, "+0": 0.85, "0+": 0.85, "+-": 0.85},
    ("none", "acts"): {"++": 0.94, "+0": 0.92, "0+": 0.9, "+-": 0.75, "-+": 0.65},
    ("none", "unclear"): {"++": 0.75, "+0": 0.6, "+-": 0.55, "0+": 0.65, "00": 0.6, "0-": 0.3},
}
#: What is said of a pattern that was seen too seldom.
OTHERWISE: Final = {"reads": 0.6, "acts": 0.6, "unclear": 0.4}


#: What shares are counted by: method, outcome, and whether (name, texts) agree with it.
SharePattern = tuple[str, str, str]


def pattern_of(signals: Signals, text: float, *, outcome: str) -> SharePattern:
    """Return the pattern of an outcome (reads, acts, unclear). `text` is the weight of the texts together."""
    if signals.method in {"PUT", "PATCH", "DELETE"} or (signals.path.session and signals.method):
        return "law", outcome, ""
    method = "safe" if signals.safe_method else "post" if signals.method else "none"
    name = signals.name.weight if signals.name.verbs else signals.name.weight + signals.path.signal.weight
    return method, outcome, _heard(name, outcome) + _heard(text, outcome)


def confidence_of(pattern: SharePattern) -> float:
    """Return how sure the outcome of a pattern is, from 0 to 1."""
    method, outcome, heard = pattern
    if method == "law":
        return _LAW
    return _SHARES.get((method, outcome), {}).get(heard, OTHERWISE[outcome])


def _heard(weight: float, outcome: str) -> str:
    if abs(weight) < _AUDIBLE:
        return "0"
    return "+" if (weight > 0) == (outcome == "reads") else "-"
