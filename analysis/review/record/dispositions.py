"""What becomes of a finding: what each disposition needs, and when an accepted risk is no longer accepted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from analysis.errors import UsageError
from analysis.model import Disposition, Risk, Status
from analysis.review.record.drafts import day_after

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analysis.model import Finding, Policy, ToolState

#: Why a finding may be called a false positive, after the justifications of VEX.
CODES: Final[Mapping[str, str]] = {
    "not-present": "what it is about is not in the exposed set",
    "not-reachable": "this audience cannot reach it",
    "not-influenced": "nobody outside can influence the input",
    "inline-control": "a control that exists already stops it",
}
#: What ends the acceptance of a risk before its day, when it is watched.
VOIDS: Final[Mapping[str, str]] = {
    "definition": "the definition of the tool has changed",
    "risk": "the risk of the tool is higher",
    "decision": "the tool is decided otherwise",
}
_RECORDED: Final = ("reason", "code", "evidence", "owner", "until")
_JOINED: Final = ("reason", "actor", "code", "evidence", "owner")


def checked(made: Disposition, held: Policy | None) -> Disposition:
    """Return a disposition that has all it needs, with the end that the policy gives an acceptance without one.

    Raises `UsageError` naming what is missing.
    """
    if made.status is not Status.OPEN and not made.reason.strip():
        raise UsageError("a disposition needs a reason")
    if made.status is Status.ACCEPTED:
        return _acceptance(made, held)
    if made.voids:
        raise UsageError("only an accepted risk has something that voids it", remedy="leave it out")
    if made.status is Status.FIXED and not made.evidence:
        raise UsageError("a fixed finding needs evidence", remedy="name what proves it: a record, a link, a change")
    if made.code and made.code not in CODES:
        raise UsageError("no justification has this code", place=made.code, remedy=f"codes are {', '.join(CODES)}")
    if made.status is Status.FALSE_POSITIVE and not made.code:
        raise UsageError("a false positive needs the code of its justification", remedy=f"one of {', '.join(CODES)}")
    if made.status is Status.FIXING and not _day(made.until):
        raise UsageError(
            "a finding that is being fixed needs the day by which it is", place=made.until, remedy="write YYYY-MM-DD"
        )
    return made


def _day(text: str) -> bool:
    """Whether a text is a day of the calendar, written YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _acceptance(made: Disposition, held: Policy | None) -> Disposition:
    days = held.acceptance_days if held else None
    if not made.until and days is not None:
        made = replace(made, until=day_after(made.at, days))
    if not (made.owner and _day(made.until)):
        raise UsageError(
            "accepting a risk needs a business owner and an expiry date", remedy="name both; a date is YYYY-MM-DD"
        )
    return made


def to_event_data(made: Disposition, tool: ToolState | None) -> dict[str, Any]:
    """Return a disposition as it is recorded, with what the tool was like where that is watched."""
    if made.status is Status.OPEN:
        return {}
    data: dict[str, Any] = {"status": made.status.value}
    data |= {name: getattr(made, name) for name in _RECORDED if getattr(made, name)}
    if made.voids:
        data["voids"] = list(made.voids)
    watched = _looked_at(tool) if tool is not None else {}
    seen = {what: watched[what] for what in made.voids if what in watched}
    return data | ({"seen": seen} if seen else {})


def _looked_at(tool: ToolState) -> dict[str, str]:
    return {"definition": tool.row.digest, "risk": tool.risk.value, "decision": tool.decision_state.simple.value}


def why_expired(made: Disposition, today: str, tool: ToolState | None = None) -> str:
    """Return why an acceptance no longer holds on a day (ISO date), or an empty string. Nothing else ends."""
    if made.status is not Status.ACCEPTED:
        return ""
    if made.until < today:
        return f"it ended on {made.until}"
    now = _looked_at(tool) if tool is not None else {}
    return next((VOIDS[what] for what, before in made.seen if what in now and _voids(what, before, now[what])), "")


def _voids(what: str, before: str, now: str) -> bool:
    return Risk(now).rank > Risk(before).rank if what == "risk" else now != before


def in_effect(finding: Finding, made: Disposition | None, today: str, tool: ToolState | None = None) -> Finding:
    """Return a finding with its disposition; an acceptance that has ended leaves it open."""
    if made is None or why_expired(made, today, tool):
        return finding
    return replace(finding, status=made.status)


def merge_dispositions(made: Iterable[Disposition | None]) -> Disposition | None:
    """Return dispositions as one that hides none: every reason, owner and proof, and the end that comes first."""
    said = [each for each in made if each is not None]
    if len(set(said)) <= 1:
        return said[0] if said else None
    reason, actor, code, evidence, owner = (
        "; ".join(dict.fromkeys(getattr(each, name) for each in said if getattr(each, name))) for name in _JOINED
    )
    until = min((each.until for each in said if each.until), default="")
    last = max(said, key=lambda each: each.at)
    voids = tuple(dict.fromkeys(what for each in said for what in each.voids))
    return Disposition(last.status, reason, actor, last.at, code, evidence, owner, until, voids)
