"""Notes of reviewers, and the last events of the audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.output.packet.chapters.blocks import (
    Block,
    Cell,
    Code,
    Heading,
    Para,
    SafeText,
    Table,
    number,
    timestamp,
)
from analysis.output.packet.event_log import EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterator


def notes(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the notes of reviewers."""
    rows: list[tuple[Cell, ...]] = [(Code(n["subject"]), n["text"], n["by"], timestamp(n["at"])) for n in doc["notes"]]
    if rows:
        yield Heading(2, SafeText("Notes"), "notes")
        yield Table(SafeText("Notes"), ("About", "Note", "By", "When"), tuple(rows))


def history(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the last events of the audit trail as sentences; a file of the packet has all of them."""
    log = doc["history"]
    yield Heading(2, SafeText("Change history"), "history")
    shown = (SafeText("The last "), number(log["shown"]), SafeText(" of "), number(log["events"]))
    yield Para((*shown, SafeText(" events; "), Code(EVENTS), SafeText(" has all of them as they were stored.")))
    rows: list[tuple[Cell, ...]] = [
        (timestamp(e["at"]), e["actor"], e["sentence"], Code(e["id"][:12])) for e in log["entries"]
    ]
    if rows:
        yield Table(SafeText("Change history"), ("When", "Who", "What", "Event"), tuple(rows))
