"""Actions on findings, and how a review begins."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from analysis.errors import UsageError
from analysis.model import Disposition, Status
from analysis.text import visible
from tui import clock
from tui.desk import beside
from tui.desk.going import finding_here
from tui.desk.host import typed_path
from tui.desk.widgets.prompts import Choose, Field, Form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.review.records import Examined
    from tui.desk.host import Host

_STATUSES: Final = (
    ("x", "fixed, with evidence", Status.FIXED),
    ("f", "false positive, with a reason", Status.FALSE_POSITIVE),
    ("w", "accepted risk: owner, until when", Status.ACCEPTED),
    ("i", "being fixed", Status.FIXING),
    ("n", "not applicable, with a reason", Status.NOT_APPLICABLE),
    ("o", "open again", Status.OPEN),
)


async def dispose(desk: Host) -> None:
    """Say what becomes of the finding under the cursor."""
    found, session = finding_here(desk), desk.session
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


# beginning -----------------------------------------------------------------------------------------------


async def demo(desk: Host) -> None:
    """Open the sample review, making it where it is missing."""
    from analysis.review.sample import open_or_build  # noqa: PLC0415

    await desk.start(open_or_build()[0])


async def begin(desk: Host) -> None:
    """Begin a review of a document."""
    from analysis.review.records import How, examine  # noqa: PLC0415
    from analysis.review.service import Review  # noqa: PLC0415
    from analysis.text import file_name  # noqa: PLC0415

    given = await desk.ask(Form("Review a document", [Field("OpenAPI document, its folder, or a saved tools/list")]))
    if given:
        source = typed_path(given[0])
        path = Path(f"{file_name(source.stem, 'review')}.clearance")

        def made(examined: Examined) -> Review:
            return Review.create(path, [examined], actor=desk.actor, at=clock.now())

        def later(examined: Examined) -> None:
            if desk.session is None:
                desk.call_later(desk.start, made(examined))

        def read(job: beside.Job[Examined]) -> Examined:
            return examine(str(source), how=How(watch=job.watch))

        examined = await beside.run(desk, "reading the source", read, later)
        if examined is not None:
            await desk.start(made(examined))


async def load(desk: Host) -> None:
    """Open a review file."""
    from analysis.review.service import Review  # noqa: PLC0415

    given = await desk.ask(Form("Open a review", [Field("Review file (*.clearance)")]))
    if given:
        await desk.start(Review.open(typed_path(given[0]), now=clock.now()))
