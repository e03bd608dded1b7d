"""Findings counted: residual risks by cause, one row for each rule and disposition, sentences that settle hundreds at once."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_SEVERITIES: Final = ("critical", "high", "medium", "low", "info")
_STATUSES: Final = ("open", "fixing", "accepted", "fixed", "false-positive", "not-applicable")
#: Number of findings that one sentence has to settle to be named on the first page.
MANY: Final = 100
#: Rules on the quality of tools rather than on their risk.
QUALITY: Final = "QLT-"


def residual_rows(findings: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the residual risks, one for each rule, severity and disposition: worst first, open before accepted."""
    weighs = [f for f in findings if f["residual"] and not f["rule"].startswith(QUALITY)]
    return _rows(weighs, lambda f: (f["rule"], f["control"], f["severity"], f["status"], *_said(f)))


def by_rule(findings: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return one row for each rule, severity and status."""
    return _rows(findings, lambda f: (_rule(f), f["severity"], f["status"], bool(f["claimed"])))


def _rule(finding: dict[str, Any]) -> str:
    """Return the rule of a finding; the questions without a proven answer are one, for the checklist names each."""
    return "questions" if finding["control"] else str(finding["rule"])


def settled_at_once(findings: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the sentences with which one person settled many findings, largest first."""
    found: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for finding in findings:
        if made := finding["disposition"]:
            found[finding["status"], made["by"], made["reason"]].append(finding)
    rows: list[dict[str, Any]] = [
        {"status": status, "by": by, "reason": reason, "findings": sum(len(f["members"]) for f in members)}
        for (status, by, reason), members in found.items()
    ]
    return sorted((row for row in rows if row["findings"] >= MANY), key=lambda row: (-row["findings"], row["reason"]))


def _said(finding: dict[str, Any]) -> tuple[str, str, str]:
    made = finding["disposition"] or {}
    return made.get("owner", ""), made.get("until", ""), made.get("reason", "")


def _rows(findings: Iterable[dict[str, Any]], key: Callable[[dict[str, Any]], tuple[Any, ...]]) -> list[dict[str, Any]]:
    found: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for finding in findings:
        found[key(finding)].append(finding)
    return sorted(map(_row, found.values()), key=_weight)


def _row(members: list[dict[str, Any]]) -> dict[str, Any]:
    first, made = members[0], members[0]["disposition"] or {}
    tools = list(dict.fromkeys(tool for f in members for tool in (f["tools"] or ([f["tool"]] if f["tool"] else []))))
    return {
        "rule": first["rule"],
        "title": first["title"],
        "why": first["why"],
        "remedy": first["remedy"],
        "severity": first["severity"],
        "status": first["status"],
        "control": first["control"],
        "controls": [f["control"] for f in members if f["control"]],
        "claimed": first["claimed"],
        "findings": sum(len(f["members"]) for f in members),
        "tools": tools,
        "name": first["tool_name"] if len(tools) == 1 else "",
        "points": sum(f["points"] for f in members),
        "gain": sum(f["gain"] for f in members),
        "owner": made.get("owner", ""),
        "until": made.get("until", ""),
        "reason": made.get("reason", ""),
        "by": made.get("by", ""),
        "voids": list(made.get("voids", ())),
    }


def _weight(row: dict[str, Any]) -> tuple[Any, ...]:
    severity, status = row["severity"], row["status"]
    return (
        _SEVERITIES.index(severity) if severity in _SEVERITIES else 0,
        _STATUSES.index(status) if status in _STATUSES else 0,
        -row["points"],
        -len(row["tools"]),
        row["title"],
    )
