"""The first screen of a review file before it is open: title, and the first tools with their decisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.model import ToolRow, ToolState
from analysis.review.record import state
from analysis.review.record.expiry import effective_time, last_event_time
from analysis.review.sources.engine_identity import engine_digest
from analysis.workspace import Registers, from_plain, preview

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class OpeningPreview:
    """The content of a first screen; `tools` counts all tools of the review."""

    title: str
    tools: int
    first: tuple[ToolState, ...]


def opening_preview(path: Path, count: int, now: str = "") -> OpeningPreview | None:
    """Return the first screen of a review file at a time; None where the file has to be opened in full to report an error.

    Raises `InputRefused` or `WorkspaceRefused` for a file that is not a review.
    """
    seen = preview(path, count, engine_digest())
    if seen is None or not seen.events:
        return None
    registers = Registers()
    for event in seen.events:
        registers.add(event)
    try:
        as_of = effective_time(registers, last_event_time(seen.events, now), now)
        rows = [from_plain(ToolRow, data) for data in seen.rows]
        first = tuple(state.tool_state(row, registers, as_of) for row in rows)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    return OpeningPreview(state.recorded_title(registers), seen.tools, first)
