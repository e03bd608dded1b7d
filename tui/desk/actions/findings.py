"""Actions on findings: the disposition of one or of a grouped one, and which findings are listed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from analysis.errors import UsageError
from analysis.model import Disposition, Status
from analysis.review import commands, queries
from analysis.review.queries.findings import earlier_report
from analysis.review.queries.status import score_change
from analysis.review.record.dispositions import CODES, VOIDS
from analysis.text import visible
from tui import clock
from tui.desk.actions.navigation import current_finding
from tui.desk.areas.findings import FindingsArea
from tui.desk.shell.host import session_of, typed_path
from tui.desk.widgets.prompts import Choose, Form, FormField
from tui.desk.widgets.symbols import DOWN, UP

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.model import Finding
    from tui.desk.shell.host import Host

_STATUSES: Final = (
    ("x", "fixed, with evidence", Status.FIXED),
    ("f", "false positive, with a code and a reason", Status.FALSE_POSITIVE),
    ("w", "risk accepted: owner, expiry, when it ends early", Status.ACCEPTED),
    ("i", "fixing, by a date", Status.FIXING),
    ("n", "not applicable, with a reason", Status.NOT_APPLICABLE),
    ("o", "open again", Status.OPEN),
)
_VIEWS: Final = (
    ("n", "new: not in an earlier packet"),
    ("s", "closed: fixed, false positive, risk accepted, not applicable"),
    ("m", "mine: disposed or owned by me, or on tools I decided"),
    ("o", "open: open or being fixed"),
    ("a", "all"),
)
_DATE: Final = "YYYY-MM-DD"
#: Choices for when an acceptance ends early; free text may follow.
_VOID_CHOICES: Final = tuple(", ".join(list(VOIDS)[: count + 1]) for count in range(len(VOIDS)))


async def dispose(desk: Host) -> None:
    """Set the disposition of the finding under the cursor; of a grouped one, of all its members."""
    finding, session = current_finding(desk), desk.session
    if finding is None or session is None:
        return
    if finding.control:
        raise UsageError("this finding closes when its question is answered", remedy="go to Governance with 3")
    title = f"{finding.rule} {visible(finding.title)}"
    every = f": all {len(finding.members):,} as one step" if finding.members else ""
    letter = await desk.prompts.ask(Choose(f"{title}{every}", [(key, label) for key, label, _ in _STATUSES]))
    status = next((status for key, _, status in _STATUSES if key == letter), None)
    if status is None:
        return
    disposition = await _disposition(desk, finding, status)
    if disposition is not None:
        before = session.review.summary().figures.value
        outcome = commands.dispose(session.review, [finding.id], disposition)
        sentence = f"{outcome.sentence}; {score_change(before, session.review)}"
        desk.sync.done(replace(outcome, sentence=sentence))


async def _disposition(desk: Host, finding: Finding, status: Status) -> Disposition | None:
    """Ask for the fields of a disposition; None means it was cancelled."""
    session = session_of(desk)
    actor, title = session.actor, f"{status.value}: {visible(finding.title)}"
    base = Disposition(status, "", actor, clock.now())
    if status is Status.OPEN:
        return base
    if status is Status.FALSE_POSITIVE:
        return await _false_positive(desk, title, base, finding)
    if status is Status.ACCEPTED:
        return await _acceptance(desk, title, base)
    fields = [FormField("Reason")]
    if status is Status.FIXING:
        given = await desk.prompts.ask(Form(title, [*fields, FormField(f"Fixed by ({_DATE})")], check=_date_check(1)))
        return Disposition(status, given[0], actor, base.at, until=given[1]) if given else None
    given = await desk.prompts.ask(Form(title, [*fields, FormField("Evidence", needed=status is Status.FIXED)]))
    return Disposition(status, given[0], actor, base.at, evidence=given[1]) if given else None


async def _false_positive(desk: Host, title: str, base: Disposition, finding: Finding) -> Disposition | None:
    letters = {str(number): code for number, code in enumerate(CODES, 1)}
    chosen = await desk.prompts.ask(
        Choose(f"{title}; why?", [(key, f"{code}: {CODES[code]}") for key, code in letters.items()])
    )
    if chosen is None:
        return None
    base = replace(base, code=letters[chosen])
    closed = len(queries.findings_in_scope(session_of(desk).review, [finding.id], base))
    closes = f"; closes {closed:,} findings" if closed > len(finding.members) else ""
    given = await desk.prompts.ask(
        Form(f"{title}, {base.code}{closes}", [FormField("Reason"), FormField("Evidence", needed=False)])
    )
    return replace(base, reason=given[0], evidence=given[1]) if given is not None else None


async def _acceptance(desk: Host, title: str, base: Disposition) -> Disposition | None:
    policy = session_of(desk).review.policy.policy
    days = policy.acceptance_days if policy else None
    until = f"Until ({_DATE})" if days is None else f"Until ({_DATE}; empty: {days} days, by policy)"
    fields = [
        FormField("Reason"),
        FormField("Business owner of the risk"),
        FormField(until, needed=days is None),
        FormField(
            f"Ends early if (comma-separated): {', '.join(VOIDS)}, or free text", needed=False, choices=_VOID_CHOICES
        ),
    ]
    note = "\n".join(f"{name}: {VOIDS[name]}" for name in VOIDS) + f"\n{UP} {DOWN} choose"
    given = await desk.prompts.ask(Form(title, fields, note=note, check=_date_check(2, empty=days is not None)))
    if given is None:
        return None
    voids = tuple(dict.fromkeys(part.strip() for part in given[3].split(",") if part.strip()))
    return Disposition(base.status, given[0], base.actor, base.at, owner=given[1], until=given[2], voids=voids)


def _date_check(place: int, *, empty: bool = False) -> Callable[[list[str]], str]:
    """Return a check that a field is a calendar date."""

    def check(values: list[str]) -> str:
        if empty and not values[place]:
            return ""
        try:
            valid = date.fromisoformat(values[place]).isoformat() == values[place]
        except ValueError:
            valid = False
        return "" if valid else f"the date format is {_DATE}"

    return check


# which are listed ----------------------------------------------------------------------------------------


async def choose_findings(desk: Host) -> None:
    """List only the findings that are new, closed, mine or open."""
    area, session = desk.list_area, session_of(desk)
    letter = await desk.prompts.ask(Choose("Findings", _VIEWS))
    if letter is None or not isinstance(area, FindingsArea):
        return
    if letter == "n":
        from tui.desk.areas.signoff import packet_folder  # noqa: PLC0415 - one view needs it

        given = await desk.prompts.ask(
            Form("New since which packet?", [FormField("Its folder, or its review.json", str(packet_folder(session)))])
        )
        if given is None:
            return
        area.earlier = earlier_report(typed_path(given[0]))
    area.only = "" if letter == "a" else next(label.partition(":")[0] for key, label in _VIEWS if key == letter)
    area.reload()
    desk.refresh_status()
