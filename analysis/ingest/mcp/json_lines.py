"""Files with one message per line: JSON lines, or `data:` lines of server-sent events.

The data of such a file is the list of its messages.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from analysis.ingest.document.loading import decode, refused
from analysis.ingest.document.reader import Parsed, parse_document
from analysis.model import Level, Problem

if TYPE_CHECKING:
    from analysis.ingest.document.loading import Limits

_EVENT: Final = re.compile(r"(?:event|data|id|retry)?:")
#: Line ends of JSON lines. Strings may contain other Unicode line separators.
_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_MAX_LINES: Final = 100_000


def parse_lines(raw: bytes, limits: Limits) -> Parsed | None:
    """Return the messages of a file, or None when it does not have one message per line.

    Every line except comments and other fields of an event has to be a JSON object; others are problems. If the first
    one is not, the file has another format.
    """
    text, _ = decode(raw)
    if text is None:
        return None
    messages: list[Any] = []
    problems: list[Problem] = []
    for number, line in enumerate(_LINE_END.split(text), 1):
        stated = _message(line)
        if stated is None:
            continue
        if number > _MAX_LINES:
            problems.append(refused(f"more than {_MAX_LINES:,} lines", "split the file", line=number))
            return Parsed(None, problems=tuple(problems))
        parsed = parse_document(stated.encode(), limits) if stated.startswith("{") else None
        if parsed is None or not isinstance(parsed.data, dict):
            if not messages:
                return None
            problems.append(Problem(Level.ERROR, "this line is not a message and was not read", "", number))
            continue
        problems += [Problem(p.level, p.what, p.pointer, number, p.remedy) for p in parsed.problems]
        messages.append(parsed.data)
    return Parsed(messages, problems=tuple(problems)) if messages else None


def _message(line: str) -> str | None:
    """Return the message of a line, without the field name of an event; None when it has none."""
    if line.startswith("data:"):
        return line[5:].strip() or None
    return None if not line.strip() or _EVENT.match(line) else line.strip()
