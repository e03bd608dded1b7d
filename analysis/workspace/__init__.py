"""One SQLite file per review: append-only events and what can be rebuilt from sources."""

from __future__ import annotations

from analysis.workspace.codec import from_plain, to_plain
from analysis.workspace.derived import SourceRows
from analysis.workspace.events import Draft, Event, Registers, note_key, note_subject
from analysis.workspace.glimpse import Glimpse, glimpse
from analysis.workspace.store import Store

__all__ = [
    "Draft",
    "Event",
    "Glimpse",
    "Registers",
    "SourceRows",
    "Store",
    "from_plain",
    "glimpse",
    "note_key",
    "note_subject",
    "to_plain",
]
