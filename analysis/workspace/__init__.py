"""One SQLite file per review: append-only events and what can be rebuilt from sources."""

from __future__ import annotations

from analysis.workspace.codec import from_plain, to_plain
from analysis.workspace.events import Event, EventDraft
from analysis.workspace.file_preview import Preview, preview
from analysis.workspace.registers import Registers
from analysis.workspace.store import Store
from analysis.workspace.stored_rows.writing import FIELD_SETS, PARAMETERS, SETS_OF_TOOL, SourceRows

__all__ = [
    "FIELD_SETS",
    "PARAMETERS",
    "SETS_OF_TOOL",
    "Event",
    "EventDraft",
    "Preview",
    "Registers",
    "SourceRows",
    "Store",
    "from_plain",
    "preview",
    "to_plain",
]
