"""The conditions under which a packet approves: those of its tools, and the risks that were accepted."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from analysis.model import Status
from analysis.output.allowlist.canonical import ALLOWLIST, CONDITIONAL, entries
from analysis.output.packet.document.review_document import REVIEW_JSON
from analysis.output.packet.folder import MAX_BYTES, Unreadable
from analysis.output.packet.strict_json import strict_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.output.packet.folder import Snapshot


def packet_conditions(packet: Snapshot) -> tuple[str, ...]:
    """Return the conditions of a packet as sentences, each once with the number of what it is on. Raises `Unreadable`."""
    listed, review = (strict_json(packet.read(name), MAX_BYTES) for name in (ALLOWLIST, REVIEW_JSON))
    try:
        conditions = Counter(
            f"{condition['kind']}={condition['value']}"
            for entry in entries(listed)
            if entry["decision"] == CONDITIONAL
            for condition in entry["conditions"]
        )
        accepted = Counter(_acceptances(review["findings"]))
    except (KeyError, TypeError, AttributeError):
        raise Unreadable(f"{ALLOWLIST} or {REVIEW_JSON} does not have its form") from None
    return (
        *(f"{text} ({_counted(count, 'tool')})" for text, count in sorted(conditions.items())),
        *(f"{text} ({_counted(count, 'finding')})" for text, count in sorted(accepted.items())),
    )


def _acceptances(findings: list[dict[str, Any]]) -> Iterator[str]:
    for finding in findings:
        made = finding["disposition"]
        if finding["status"] == Status.ACCEPTED and made:
            yield f"accepted risk {finding['rule']}, owner {made['owner'] or 'none'}, until {made['until'] or 'no date'}"


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
