"""What a command did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.model import ToolId


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command did: a sentence for the person, the tools to show again, and those it left out."""

    sentence: str
    tools: tuple[ToolId, ...] = ()
    left_out: tuple[ToolId, ...] = ()  # not taken by a bulk approval
