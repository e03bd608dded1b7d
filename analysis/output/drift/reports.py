"""Drift as JSON data, as SARIF 2.1.0, and as lines for people."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from analysis.output.drift.differences import canonical_text
from analysis.output.drift.records import DriftKind
from analysis.output.drift.wording import marked
from analysis.output.sarif import sarif_log
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from analysis.output.drift.records import Drift

_MAX_TEXT: Final = 1_000
_MAX_SHOWN: Final = 160
_MAX_TOOLS: Final = 6
_TITLES: Final = {
    DriftKind.NEW: ("Capability that was not reviewed", "The source offers something that the packet does not know."),
    DriftKind.REMOVED: ("Reviewed capability that is not served", "The packet decides on something that the source does not offer."),
    DriftKind.CHANGED: ("Definition changed since the review", "The decision was made on another definition."),
    DriftKind.RENAMED: ("Reviewed definition under another name", "Clients and allowlists know it by its earlier name."),
    DriftKind.MOVED: ("Reviewed definition at another place", "Calls to it go to another path or URI."),
}  # fmt: skip


def drift_data(each: Drift, decision: str = "") -> dict[str, Any]:
    """Return a difference as JSON data; `decision` is that of the packet on the tool: allow, conditional or block."""
    data: dict[str, Any] = {
        "kind": each.kind.value,
        "tool": each.tool,
        "name": each.name,
        "field": each.field,
        "before": each.before,
        "after": each.after,
        "substance": each.substance,
        "group": each.group.value,
        "direction": each.direction.value,
        "why": each.why,
    }
    if each.was:
        data["was"] = each.was
    if each.tools:
        data["tools"] = list(each.tools)
    if decision:
        data["decision"] = decision
    return data


def shown_value(value: Any, limit: int = _MAX_SHOWN) -> str:
    """Return a value of a difference on one line; `none` where there is nothing."""
    if value is None:
        return "none"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return visible(text, limit) or '""'


def shown_change(each: Drift) -> str:
    """Return both values on one line; of texts the words that differ, as [-removed-] and {+added+}."""
    if isinstance(each.before, str) and isinstance(each.after, str) and " " in each.before + each.after:
        return visible(marked(each.before, each.after), 2 * _MAX_SHOWN)
    return f"{shown_value(each.before)} -> {shown_value(each.after)}"


def drift_lines(drift: Sequence[Drift], decisions: Mapping[str, str]) -> Iterator[str]:
    """Yield differences as lines: those with substance first, equal ones of several tools together."""
    same: dict[str, list[Drift]] = defaultdict(list)
    for each in sorted(drift, key=lambda one: not one.substance):
        own = each.kind in {DriftKind.NEW, DriftKind.REMOVED, DriftKind.RENAMED, DriftKind.MOVED}
        same[canonical_text([each.kind, each.field, each.before, each.after, each.name if own else ""])].append(each)
    last = ""
    for listed in same.values():
        head, line = _lines_of(listed, decisions)
        if head != last:
            yield head
        last = head
        yield f"    {line}"


def _lines_of(listed: list[Drift], decisions: Mapping[str, str]) -> tuple[str, str]:
    first = listed[0]
    tools: tuple[str, ...] = first.tools or tuple(each.tool for each in listed)
    decided = decisions.get(first.was or first.tool, "")
    if first.tools:
        who = f"{visible(first.name, 60)} ({len(first.tools):,} tools)"
    else:
        more = f" and {len(tools) - _MAX_TOOLS:,} more" if len(tools) > _MAX_TOOLS else ""
        named = ", ".join(visible(each, 100) for each in tools[:_MAX_TOOLS])
        who = f"{named}{more}" + (f"  [{decided}]" if decided and len(tools) == 1 else "")
    marks = [each for each in (first.direction.value, first.group.value) if each]
    weight = "substance" if first.substance else "no substance"
    why = f"; {visible(first.why, 300)}" if first.why else ""
    was = f" (was {visible(first.was, 100)})" if first.was and first.kind is not DriftKind.CHANGED else ""
    change = f"{visible(first.field, 200)}: {shown_change(first)}"
    return f"{first.kind.value:8}  {who}{was}", f"{change}  ({weight}: {', '.join(marks)}{why})"


def drift_sarif(drift: Iterable[Drift], artifact: str, lines: Mapping[str, int]) -> dict[str, Any]:
    """Return drift as a SARIF log with one run; `artifact` is the file of the source, `lines` those of its tools."""
    listed = list(drift)
    kinds = [kind for kind in DriftKind if any(each.kind is kind for each in listed)]
    return sarif_log(
        [_rule(kind) for kind in kinds],
        [_result(each, kinds.index(each.kind), artifact, lines) for each in listed],
    )


def _rule(kind: DriftKind) -> dict[str, Any]:
    title, why = _TITLES[kind]
    return {
        "id": f"drift/{kind.value}",
        "shortDescription": {"text": title},
        "fullDescription": {"text": why},
        "help": {"text": f"{why}\n\nReview the difference, decide again, and export a new packet."},
        "properties": {"tags": ["security"]},
    }


def _result(each: Drift, rule: int, artifact: str, lines: Mapping[str, int]) -> dict[str, Any]:
    change = f"{each.field}: {shown_value(each.before)} -> {shown_value(each.after)}"
    weight = "" if each.substance else " (no substance)"
    identity = canonical_text([each.kind.value, each.tool, each.field, each.before, each.after])
    return {
        "ruleId": f"drift/{each.kind.value}",
        "ruleIndex": rule,
        "level": "error" if each.substance else "note",
        "message": {"text": visible(f"{each.tool}: {change}{weight}{f'; {each.why}' if each.why else ''}", _MAX_TEXT)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": visible(artifact, _MAX_TEXT) or "source"},
                    "region": {"startLine": lines.get(each.tool, 1)},
                },
                "logicalLocations": [
                    {"fullyQualifiedName": visible(f"{each.tool}/{each.field}", _MAX_TEXT), "kind": "member"}
                ],
            }
        ],
        "partialFingerprints": {"drift/v1": hashlib.sha256(identity.encode()).hexdigest()},
        "properties": {"group": each.group.value, "direction": each.direction.value, "substance": each.substance},
    }
