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
from analysis.review.record.dispositions import CODES, MISREAD, VOIDS
from analysis.text import visible
from tui import clock
from tui.desk.actions.decide import ask_reason
from tui.desk.actions.navigation import current_finding
from tui.desk.areas import AREAS
from tui.desk.areas.findings import FindingsArea
from tui.desk.shell.host import session_of, typed_path
from tui.desk.widgets.prompts import Choose, Form, FormField
from tui.desk.widgets.symbols import DOWN, UP

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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


def _targets(desk: Host) -> list[Finding]:
    """Return the findings that a disposition applies to. Raises `UsageError` for one that closes in another way."""
    area, here = desk.list_area, current_finding(desk)
    found = area.targets() if isinstance(area, FindingsArea) else [here] if here is not None else []
    for finding in found:
        if finding.rule in queries.QUEUE_QUERIES:
            raise UsageError("undecided tools are no finding", remedy="decide the tools: Enter lists them")
        if finding.control:
            raise UsageError(
                "this finding closes when its question is answered", place=visible(finding.title),
                remedy=f"go to Governance with {AREAS['governance'].key}",
            )  # fmt: skip
    return found


def _named(findings: Sequence[Finding]) -> str:
    """Return findings in a few words: rule and title of one, the rules of several."""
    if len(findings) == 1:
        return f"{findings[0].rule} {visible(findings[0].title)}"
    rules = ", ".join(dict.fromkeys(each.rule for each in findings))
    return f"{len(findings):,} findings of {visible(rules, 60)}"


async def dispose(desk: Host) -> None:
    """Set the disposition of the finding under the cursor, or of all marked ones; of a grouped one, of all its members."""
    found, session = _targets(desk), desk.session
    if not found or session is None:
        return
    title = _named(found)
    members = sum(each.count for each in found)
    every = f": all {members:,} as one step" if members > 1 else ""
    letter = await desk.prompts.ask(Choose(f"{title}{every}", [(key, label) for key, label, _ in _STATUSES]))
    status = next((status for key, _, status in _STATUSES if key == letter), None)
    if status is None:
        return
    disposition = await _disposition(desk, found, status)
    if disposition is not None:
        _record(desk, found, disposition)


async def rule_is_wrong(desk: Host) -> None:
    """Say that the rule misread what it read, here or in all marked findings: all similar ones close as one step."""
    found = _targets(desk)
    if found:
        await close_misread(desk, found)


async def close_misread(desk: Host, findings: Sequence[Finding]) -> None:
    """Ask why rules are wrong here, and close the findings with all that have the same rule and the same evidence."""
    session = session_of(desk)
    made = Disposition(Status.FALSE_POSITIVE, "", session.actor, clock.now(), MISREAD)
    similar = len(queries.findings_in_scope(session.review, [each.id for each in findings], made))
    rules = list(dict.fromkeys(each.rule for each in findings))
    wrong = f"{', '.join(rules)} {'is' if len(rules) == 1 else 'are'} wrong here"
    title = f"{wrong}: closes {similar:,} finding{'s' if similar != 1 else ''}"
    read = findings[0].matched or findings[0].title
    note = f"it read: {visible(read, 200)}" if len(findings) == 1 else ""
    reason = await ask_reason(desk, title, "", note=note)
    if reason is not None:
        _record(desk, findings, replace(made, reason=reason))


def _record(desk: Host, findings: Sequence[Finding], disposition: Disposition) -> None:
    """Record a disposition, take the marks off, and say what it did to the score."""
    review = session_of(desk).review
    before = review.summary().figures.value
    outcome = commands.dispose(review, [each.id for each in findings], disposition)
    area = desk.list_area if desk.area != "tools" else None
    if isinstance(area, FindingsArea):
        area.marks.clear()
    desk.sync.done(replace(outcome, sentence=f"{outcome.sentence}; {score_change(before, review)}"))


async def _disposition(desk: Host, findings: Sequence[Finding], status: Status) -> Disposition | None:
    """Ask for the fields of a disposition; None means it was cancelled."""
    session = session_of(desk)
    actor, title = session.actor, f"{status.value}: {_named(findings)}"
    base = Disposition(status, "", actor, clock.now())
    if status is Status.OPEN:
        return base
    if status is Status.FALSE_POSITIVE:
        return await _false_positive(desk, title, base, findings)
    if status is Status.ACCEPTED:
        return await _acceptance(desk, title, base)
    fields = [FormField("Reason")]
    if status is Status.FIXING:
        given = await desk.prompts.ask(Form(title, [*fields, FormField(f"Fixed by ({_DATE})")], check=_date_check(1)))
        return Disposition(status, given[0], actor, base.at, until=given[1]) if given else None
    given = await desk.prompts.ask(Form(title, [*fields, FormField("Evidence", needed=status is Status.FIXED)]))
    return Disposition(status, given[0], actor, base.at, evidence=given[1]) if given else None


async def _false_positive(desk: Host, title: str, base: Disposition, findings: Sequence[Finding]) -> Disposition | None:
    letters = {str(number): code for number, code in enumerate(CODES, 1)}
    chosen = await desk.prompts.ask(
        Choose(f"{title}; why?", [(key, f"{code}: {CODES[code]}") for key, code in letters.items()])
    )
    if chosen is None:
        return None
    base = replace(base, code=letters[chosen])
    closed = len(queries.findings_in_scope(session_of(desk).review, [each.id for each in findings], base))
    closes = f"; closes {closed:,} findings" if closed > sum(each.count for each in findings) else ""
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
