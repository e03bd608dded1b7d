"""The audit trail as a file: every event of the review, exactly as it was stored."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from analysis.output.header import status
from analysis.output.packet.folder import Unreadable
from analysis.output.packet.strict_json import strict_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.model import LogEntry, ReviewSnapshot

FORMAT: Final = "clearance-events"
#: Name of the file in a packet.
EVENTS: Final = "events.jsonl"


def events(review_snapshot: ReviewSnapshot) -> Iterator[bytes]:
    """Yield a header line and then one event a line, each exactly as it was stored, so that its id can be checked."""
    header = _compact(
        {
            "format": FORMAT,
            "format_version": 1,
            "status": status(review_snapshot),
            "open_gates": [gate.why for gate in review_snapshot.open_gates],
            "workspace": review_snapshot.workspace,
            "as_of": review_snapshot.as_of,
            "events": len(review_snapshot.log),
        }
    )
    yield header.encode("ascii") + b"\n"
    for entry in review_snapshot.log:
        yield _event(entry) + b"\n"


def _compact(value: dict[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _event(entry: LogEntry) -> bytes:
    """Return the line of an event. A body that could pose as several lines is wrapped, its exact text kept inside."""
    try:
        body = entry.body.encode()
    except UnicodeEncodeError:
        body = b"\n"
    return _compact({"id": entry.id, "body": entry.body}).encode("ascii") if b"\n" in body else body


def carried_events(data: bytes) -> list[str]:
    """Return the bodies of the events in the file, in stored order. Raises `Unreadable`.

    Whether a body is an event, and the chain whole, is for the reader of events to say.
    """
    *lines, rest = data.split(b"\n")
    if rest or not lines:
        raise Unreadable("does not end with a whole line")
    header = strict_json(lines[0])
    if header.get("format") != FORMAT or header.get("events") != len(lines) - 1:
        raise Unreadable("does not hold the events that its first line states")
    return [_body(line) for line in lines[1:]]


def _body(line: bytes) -> str:
    event = strict_json(line)
    if set(event) == {"id", "body"}:
        return str(event["body"])
    return line.decode("utf-8")
