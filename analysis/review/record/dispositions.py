"""Dispositions of findings: the fields that each requires, and when the acceptance of a risk ends."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from analysis.errors import UsageError
from analysis.model import Disposition, Risk, Status
from analysis.review.record.drafts import date_after

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analysis.model import Finding, Policy, ToolState

#: The code of a false positive that is the fault of the rule, which then misread all similar evidence.
MISREAD: Final = "misread"
#: Justifications of a false positive by code; all but the last after those of VEX.
CODES: Final[Mapping[str, str]] = {
    "not-present": "the affected part is not in the exposed set",
    "not-reachable": "this audience cannot reach it",
    "not-influenced": "an outsider cannot influence the input",
    "inline-control": "an existing control already stops it",
    MISREAD: "the rule misread this definition; applies to all findings of the rule with the same evidence",
}
#: Conditions that end the acceptance of a risk before its expiry date.
VOIDS: Final[Mapping[str, str]] = {
    "definition": "the definition of the tool has changed",
    "risk": "the risk of the tool is higher",
    "decision": "the decision on the tool has changed",
}
#: Prefixes of the rules that read decisions, answers and the record, not definitions.
_NO_READING: Final = frozenset({"EXP", "GOV", "ACC", "CHG"})
_NUMBER: Final = re.compile(r"\d[\d,.]*")
_RECORDED: Final = ("reason", "code", "evidence", "owner", "until")
_JOINED: Final = ("reason", "actor", "code", "evidence", "owner")


def validated(disposition: Disposition, policy: Policy | None) -> Disposition:
    """Return a complete disposition, with the expiry date that the policy gives an acceptance without one.

    Raises `UsageError` naming what is missing.
    """
    status = disposition.status
    if status is not Status.OPEN and not disposition.reason.strip():
        raise UsageError("a disposition needs a reason")
    if status is Status.ACCEPTED:
        return _validated_acceptance(disposition, policy)
    if disposition.voids:
        raise UsageError("only the acceptance of a risk can end early", remedy="leave the conditions out")
    if status is Status.FIXED and not disposition.evidence:
        raise UsageError("a fixed finding needs evidence", remedy="name what proves it: a record, a link, a change")
    code, codes = disposition.code, ", ".join(CODES)
    if code and code not in CODES:
        raise UsageError("no justification has this code", place=code, remedy=f"codes are {codes}")
    if status is Status.FALSE_POSITIVE and not code:
        raise UsageError("a false positive needs the code of its justification", remedy=f"one of {codes}")
    if status is Status.FIXING and not _is_date(disposition.until):
        raise UsageError(
            "a finding that is being fixed needs a due date", place=disposition.until, remedy="write YYYY-MM-DD"
        )
    return disposition


def _is_date(text: str) -> bool:
    """Whether a text is a calendar date, written YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _validated_acceptance(disposition: Disposition, policy: Policy | None) -> Disposition:
    days = policy.acceptance_days if policy else None
    if not disposition.until and days is not None:
        disposition = replace(disposition, until=date_after(disposition.at, days))
    if not (disposition.owner and _is_date(disposition.until)):
        raise UsageError(
            "accepting a risk needs a business owner and an expiry date", remedy="name both; a date is YYYY-MM-DD"
        )
    return disposition


def evidence_pattern(finding: Finding) -> tuple[str, str] | None:
    """Return what findings share that a rule misread in the same way: the rule, and its evidence whatever the numbers.

    None for a finding without evidence, which is like no other.
    """
    pattern = _NUMBER.sub("#", finding.matched.casefold())
    return (finding.rule, pattern) if pattern else None


def reads_definitions(finding: Finding) -> bool:
    """Whether the rule of a finding reads definitions, and so can misread one."""
    return finding.rule.partition("-")[0] not in _NO_READING


def require_reading(finding: Finding) -> None:
    """Raise `UsageError` for a finding whose rule reads no definition, and so cannot misread one."""
    if not reads_definitions(finding):
        raise UsageError(
            "this rule reads decisions and answers, so it cannot have misread a definition",
            place=f"{finding.rule} {finding.title}",
            remedy="decide the tool, or correct its type or risk",
        )


def to_event_data(disposition: Disposition, tool: ToolState | None) -> dict[str, Any]:
    """Return the event data of a disposition, with the tool's values that its void conditions compare."""
    if disposition.status is Status.OPEN:
        return {}
    data: dict[str, Any] = {"status": disposition.status.value}
    data |= {name: getattr(disposition, name) for name in _RECORDED if getattr(disposition, name)}
    if disposition.voids:
        data["voids"] = list(disposition.voids)
    values = _void_values(tool) if tool is not None else {}
    baseline = {name: values[name] for name in disposition.voids if name in values}
    return data | ({"seen": baseline} if baseline else {})


def _void_values(tool: ToolState) -> dict[str, str]:
    """Return the values of a tool that void conditions compare, by the names of `VOIDS`."""
    return {"definition": tool.row.digest, "risk": tool.risk.value, "decision": tool.decision_state.simple.value}


def why_expired(disposition: Disposition, today: str, tool: ToolState | None = None) -> str:
    """Return why an acceptance has ended by a day (ISO date), or an empty string. Other dispositions never end."""
    if disposition.status is not Status.ACCEPTED:
        return ""
    if disposition.until < today:
        return f"it ended on {disposition.until}"
    now = _void_values(tool) if tool is not None else {}
    voided = (name for name, before in disposition.seen if name in now and _is_void(name, before, now[name]))
    return next((VOIDS[name] for name in voided), "")


def _is_void(name: str, before: str, now: str) -> bool:
    return Risk(now).rank > Risk(before).rank if name == "risk" else now != before


def in_effect(finding: Finding, disposition: Disposition | None, today: str, tool: ToolState | None = None) -> Finding:
    """Return a finding with its disposition; an acceptance that has ended leaves it open."""
    if disposition is None or why_expired(disposition, today, tool):
        return finding
    return replace(finding, status=disposition.status)


def merge_dispositions(dispositions: Iterable[Disposition | None]) -> Disposition | None:
    """Merge dispositions into one: every reason, owner and piece of evidence, and the earliest expiry date."""
    found = [each for each in dispositions if each is not None]
    if len(set(found)) <= 1:
        return found[0] if found else None
    reason, actor, code, evidence, owner = (
        "; ".join(dict.fromkeys(getattr(each, name) for each in found if getattr(each, name))) for name in _JOINED
    )
    until = min((each.until for each in found if each.until), default="")
    last = max(found, key=lambda each: each.at)
    voids = tuple(dict.fromkeys(name for each in found for name in each.voids))
    return Disposition(last.status, reason, actor, last.at, code, evidence, owner, until, voids)
