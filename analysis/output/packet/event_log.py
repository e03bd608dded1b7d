"""The audit trail as a file: every event of the review, exactly as it was stored."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from analysis.output.header import status

if TYPE_CHECKING:
    from analysis.model import LogEntry, ReviewSnapshot

#: Name of the file in a packet.
EVENTS: Final = "events.jsonl"


def events(review_snapshot: ReviewSnapshot) -> bytes:
    """Return a header line and then one event a line, each exactly as it was stored, so that its id can be checked."""
    header = _compact(
        {
            "format": "clearance-events",
            "format_version": 1,
            "status": status(review_snapshot),
            "open_gates": [gate.why for gate in review_snapshot.open_gates],
            "workspace": review_snapshot.workspace,
            "as_of": review_snapshot.as_of,
            "events": len(review_snapshot.log),
        }
    )
    lines = [header.encode("ascii"), *map(_event, review_snapshot.log)]
    return b"".join(line + b"\n" for line in lines)


def _compact(value: dict[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _event(entry: LogEntry) -> bytes:
    """Return the line of an event. A body that could pose as several lines is wrapped, its exact text kept inside."""
    try:
        body = entry.body.encode()
    except UnicodeEncodeError:
        body = b"\n"
    return _compact({"id": entry.id, "body": entry.body}).encode("ascii") if b"\n" in body else body
