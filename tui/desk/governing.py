"""Actions on findings and questions, and how a review begins."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from analysis.errors import UsageError
from analysis.model import AnswerState, Disposition, Evidence, Status
from analysis.text import visible
from tui import clock
from tui.desk.areas.findings import FindingsArea
from tui.desk.areas.governance import GovernanceArea
from tui.desk.areas.overview import OverviewArea
from tui.desk.widgets.prompts import Choose, Field, Form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import Control, Finding
    from tui.desk.host import Host

_STATES: Final = (
    ("e", "evidenced: something proves it", AnswerState.EVIDENCED),
    ("c", "claimed: said, not proved (half the points)", AnswerState.CLAIMED),
    ("n", "not applicable, with a reason", AnswerState.NOT_APPLICABLE),
    ("u", "unanswered: take the answer back", AnswerState.UNANSWERED),
)
_STATUSES: Final = (
    ("x", "fixed, with evidence", Status.FIXED),
    ("f", "false positive, with a reason", Status.FALSE_POSITIVE),
    ("w", "accepted risk: owner, until when", Status.ACCEPTED),
    ("i", "being fixed", Status.FIXING),
    ("n", "not applicable, with a reason", Status.NOT_APPLICABLE),
    ("o", "open again", Status.OPEN),
)


async def answer(desk: Host) -> None:
    """Answer the question under the cursor."""
    area = desk.list_area
    asked = area.control() if isinstance(area, GovernanceArea) else None
    if asked is None or desk.session is None:
        return
    control = asked[0]
    letter = await desk.ask(Choose(control.title, [(key, label) for key, label, _ in _STATES]))
    state = next((state for key, _, state in _STATES if key == letter), None)
    if state is None:
        return
    text = ""
    evidence: tuple[Evidence, ...] = ()
    if state is not AnswerState.UNANSWERED:
        given = await desk.ask(_answer_form(control, state))
        if given is None:
            return
        text = given[0]
        if state is AnswerState.EVIDENCED:
            evidence = (Evidence(given[1], given[2].upper(), given[3]),)
    desk.done(
        desk.session.review.answer(
            control.id, state, text=text, actor=desk.session.actor, at=clock.now(), evidence=evidence
        )
    )


def _answer_form(control: Control, state: AnswerState) -> Form:
    fields = [Field("Answer in a sentence")]
    if state is AnswerState.EVIDENCED:
        fields += [
            Field("What proves it"),
            Field("Level: E1 statement, E2 document, E3 export or log sample, E4 re-performed", control.min_level),
            Field("Where it lies (link, record number)", needed=False),
        ]

    def check(values: list[str]) -> str:
        wrong = state is AnswerState.EVIDENCED and values[2].upper() not in {"E1", "E2", "E3", "E4"}
        return "the level is one of E1, E2, E3, E4" if wrong else ""

    return Form(control.question, fields, check=check)


def _finding(desk: Host) -> Finding | None:
    area = desk.list_area
    return area.finding() if isinstance(area, FindingsArea | OverviewArea) else None


async def dispose(desk: Host) -> None:
    """Say what becomes of the finding under the cursor."""
    found, session = _finding(desk), desk.session
    if found is None or session is None:
        return
    if found.control:
        raise UsageError("this finding goes away by answering the question", remedy="go to Governance with 3")
    letter = await desk.ask(
        Choose(f"{found.rule} {visible(found.title)}", [(key, label) for key, label, _ in _STATUSES])
    )
    status = next((status for key, _, status in _STATUSES if key == letter), None)
    if status is None:
        return
    values: Sequence[str] = ("", "", "", "")
    if status is not Status.OPEN:
        given = await desk.ask(_disposition_form(found.title, status))
        if given is None:
            return
        values = [*given, "", "", ""]
    accepted = status is Status.ACCEPTED
    made = Disposition(
        status, values[0], session.actor, clock.now(),
        evidence="" if accepted else values[1], owner=values[1] if accepted else "", until=values[2] if accepted else "",
    )  # fmt: skip
    desk.done(session.review.dispose([found.id], made))


def _disposition_form(title: str, status: Status) -> Form:
    fields = [Field("Reason")]
    if status is Status.ACCEPTED:
        fields += [Field("Business owner who carries the risk"), Field("Until (YYYY-MM-DD)")]
    else:
        fields.append(Field("Evidence", needed=status is Status.FIXED))

    def check(values: list[str]) -> str:
        if status is not Status.ACCEPTED:
            return ""
        from datetime import date  # noqa: PLC0415 - one form needs it

        try:
            date.fromisoformat(values[2])
        except ValueError:
            return "the date is written YYYY-MM-DD"
        return ""

    return Form(f"{status.value}: {visible(title)}", fields, check=check)


async def go_tool(desk: Host) -> None:
    """Go from a finding to its tool."""
    found = _finding(desk)
    if found is None or desk.session is None:
        return
    if found.tool is None:
        await desk.show_area("governance" if found.control else "findings")
        if found.control:
            desk.list_area.table.go(found.control)
        elif found.tools:
            desk.session.filter(f"rule:{found.rule} severity:{found.severity.value}")
            desk.tools_area.reload()
            await desk.show_area("tools")
            desk.tools_area.table.go(found.tools[0])
        return
    if found.tool not in desk.session.shown:
        desk.session.filter("")
        desk.tools_area.reload()
    await desk.show_area("tools")
    desk.tools_area.table.go(found.tool)


# beginning -----------------------------------------------------------------------------------------------


async def demo(desk: Host) -> None:
    """Open the sample review, making it where it is missing."""
    from analysis.review.sample import open_or_build  # noqa: PLC0415

    await desk.start(open_or_build()[0])


async def begin(desk: Host) -> None:
    """Begin a review of a document."""
    from analysis.review.records import examine  # noqa: PLC0415
    from analysis.review.service import Review  # noqa: PLC0415
    from analysis.text import file_name  # noqa: PLC0415

    given = await desk.ask(Form("Review a document", [Field("OpenAPI document, its folder, or a saved tools/list")]))
    if given:
        source = _path(given[0])
        examined = examine(str(source))
        path = Path(f"{file_name(source.stem, 'review')}.clearance")
        await desk.start(Review.create(path, [examined], actor=desk.actor, at=clock.now()))


async def load(desk: Host) -> None:
    """Open a review file."""
    from analysis.review.service import Review  # noqa: PLC0415

    given = await desk.ask(Form("Open a review", [Field("Review file (*.clearance)")]))
    if given:
        await desk.start(Review.open(_path(given[0]), now=clock.now()))


def _path(typed: str) -> Path:
    return Path(typed).expanduser()
