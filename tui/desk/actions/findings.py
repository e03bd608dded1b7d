"""Actions on findings: what becomes of one, or of all that a gathered one stands for; and which of them are listed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from analysis.errors import UsageError
from analysis.model import Disposition, Status
from analysis.review import commands
from analysis.review.queries.findings import earlier_report
from analysis.review.queries.status import score_change
from analysis.review.record.dispositions import CODES, VOIDS
from analysis.text import visible
from tui import clock
from tui.desk.actions.navigation import finding_here
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
    ("w", "accepted risk: owner, until when, what voids it", Status.ACCEPTED),
    ("i", "being fixed, by a day", Status.FIXING),
    ("n", "not applicable, with a reason", Status.NOT_APPLICABLE),
    ("o", "open again", Status.OPEN),
)
_VIEWS: Final = (
    ("n", "new: those that an earlier packet has not"),
    ("s", "set aside: fixed, false positive, accepted, not applicable"),
    ("m", "mine: those I disposed of or carry, or on tools I decided"),
    ("o", "open: what is still to be done"),
    ("a", "all"),
)
_DAY: Final = "YYYY-MM-DD"
#: Ways to fill in what voids an acceptance; own words may follow.
_VOIDED: Final = tuple(", ".join(list(VOIDS)[: count + 1]) for count in range(len(VOIDS)))


async def dispose(desk: Host) -> None:
    """Say what becomes of the finding under the cursor; a gathered one means all that it stands for."""
    found, session = finding_here(desk), desk.session
    if found is None or session is None:
        return
    if found.control:
        raise UsageError("this finding goes away by answering the question", remedy="go to Governance with 3")
    about = f"{found.rule} {visible(found.title)}"
    every = f": all {len(found.members):,} as one step" if found.members else ""
    letter = await desk.ask(Choose(f"{about}{every}", [(key, label) for key, label, _ in _STATUSES]))
    status = next((status for key, _, status in _STATUSES if key == letter), None)
    if status is None:
        return
    made = await _stated(desk, found, status)
    if made is not None:
        before = session.review.summary().figures.value
        done = commands.dispose(session.review, [found.id], made)
        desk.done(replace(done, sentence=f"{done.sentence}; {score_change(before, session.review)}"))


async def _stated(desk: Host, found: Finding, status: Status) -> Disposition | None:
    """Ask for all that a disposition needs; None means the question was left."""
    session = session_of(desk)
    actor, title = session.actor, f"{status.value}: {visible(found.title)}"
    made = Disposition(status, "", actor, clock.now())
    if status is Status.OPEN:
        return made
    if status is Status.FALSE_POSITIVE:
        return await _false_positive(desk, title, made)
    if status is Status.ACCEPTED:
        return await _acceptance(desk, title, made)
    fields = [FormField("Reason")]
    if status is Status.FIXING:
        given = await desk.ask(Form(title, [*fields, FormField(f"Fixed by ({_DAY})")], check=_dated(1)))
        return Disposition(status, given[0], actor, made.at, until=given[1]) if given else None
    given = await desk.ask(Form(title, [*fields, FormField("Evidence", needed=status is Status.FIXED)]))
    return Disposition(status, given[0], actor, made.at, evidence=given[1]) if given else None


async def _false_positive(desk: Host, title: str, made: Disposition) -> Disposition | None:
    letters = {str(number): code for number, code in enumerate(CODES, 1)}
    chosen = await desk.ask(
        Choose(f"{title}; why?", [(key, f"{code}: {CODES[code]}") for key, code in letters.items()])
    )
    if chosen is None:
        return None
    given = await desk.ask(
        Form(f"{title}, {letters[chosen]}", [FormField("Reason"), FormField("Evidence", needed=False)])
    )
    if given is None:
        return None
    return Disposition(made.status, given[0], made.actor, made.at, code=letters[chosen], evidence=given[1])


async def _acceptance(desk: Host, title: str, made: Disposition) -> Disposition | None:
    policy = session_of(desk).review.policy.policy
    days = policy.acceptance_days if policy else None
    until = f"Until ({_DAY})" if days is None else f"Until ({_DAY}; empty: {days} days, by policy)"
    fields = [
        FormField("Reason"),
        FormField("Business owner who carries the risk"),
        FormField(until, needed=days is None),
        FormField(f"What voids it: {', '.join(VOIDS)}, or your words; a comma between", needed=False, choices=_VOIDED),
    ]
    note = "\n".join(f"{name}: {VOIDS[name]}" for name in VOIDS) + f"\n{UP} {DOWN} choose"
    given = await desk.ask(Form(title, fields, note=note, check=_dated(2, empty=days is not None)))
    if given is None:
        return None
    voids = tuple(dict.fromkeys(part.strip() for part in given[3].split(",") if part.strip()))
    return Disposition(made.status, given[0], made.actor, made.at, owner=given[1], until=given[2], voids=voids)


def _dated(place: int, *, empty: bool = False) -> Callable[[list[str]], str]:
    """Return a check that a line holds a day of the calendar."""

    def check(values: list[str]) -> str:
        if empty and not values[place]:
            return ""
        try:
            return (
                "" if date.fromisoformat(values[place]).isoformat() == values[place] else f"the date is written {_DAY}"
            )
        except ValueError:
            return f"the date is written {_DAY}"

    return check


# which are listed ----------------------------------------------------------------------------------------


async def choose_findings(desk: Host) -> None:
    """List only the findings that are new, set aside, mine or open."""
    area, session = desk.list_area, session_of(desk)
    letter = await desk.ask(Choose("Findings", _VIEWS))
    if letter is None or not isinstance(area, FindingsArea):
        return
    if letter == "n":
        from tui.desk.areas.signoff import packet_folder  # noqa: PLC0415 - one view needs it

        given = await desk.ask(
            Form("New since which packet?", [FormField("Its folder, or its review.json", str(packet_folder(session)))])
        )
        if given is None:
            return
        area.earlier = earlier_report(typed_path(given[0]))
    area.only = "" if letter == "a" else next(told.partition(":")[0] for key, told in _VIEWS if key == letter)
    area.reload()
    desk.refresh_status()
