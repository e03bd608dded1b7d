"""How a review begins: a document or a file is opened, and what is asked for is said in five fields."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from analysis.model import Intake
from analysis.review import commands, queries
from analysis.text import visible
from tui import clock
from tui.desk.shell import background_jobs as beside
from tui.desk.shell.host import session_of, typed_path
from tui.desk.widgets.prompts import Form, FormField

if TYPE_CHECKING:
    from analysis.review.sources.importing import ImportResult
    from tui.desk.shell.host import Host


#: What a new review is greeted with; it waits for nobody.
ASK: Final = "new review: i says in five fields what is asked for; it can wait"


async def demo(desk: Host) -> None:
    """Open the sample review, making it where it is missing."""
    from analysis.review.sources.sample import open_or_build  # noqa: PLC0415

    await desk.start(open_or_build(now=clock.now())[0])


async def begin(desk: Host) -> None:
    """Begin a review of a document."""
    from analysis.review.session import Review  # noqa: PLC0415
    from analysis.review.sources.importing import ImportOptions, examine_source  # noqa: PLC0415
    from analysis.text import file_name  # noqa: PLC0415

    given = await desk.ask(
        Form("Review a document", [FormField("OpenAPI document, its folder, or a saved tools/list")])
    )
    if given:
        source = typed_path(given[0])
        path = Path(f"{file_name(source.stem, 'review')}.clearance")

        def made(examined: ImportResult) -> Review:
            return Review.create(path, [examined], actor=desk.actor, at=clock.now())

        async def begun(review: Review) -> None:
            await desk.start(review)
            desk.say(ASK)

        def later(examined: ImportResult) -> None:
            if desk.session is None:
                desk.call_later(begun, made(examined))

        def read(job: beside.Job[ImportResult]) -> ImportResult:
            return examine_source(str(source), options=ImportOptions(progress=job.watch))

        examined = await beside.run(desk, "reading the source", read, later)
        if examined is not None:
            await begun(made(examined))


async def intake(desk: Host) -> None:
    """Say in five fields what is asked for; Esc leaves it for later."""
    from analysis.review.queries.governance import DATA_CLASSES, intake_conflicts  # noqa: PLC0415 - once in the life of a review

    session = session_of(desk)
    said = queries.intake(session.review) or Intake()
    fields = [
        FormField("Which server, and where it runs", said.server, needed=False),
        FormField("The team, and one person of it who answers for the tools", said.owner, needed=False),
        FormField("What the agent is to do with them", said.purpose, needed=False),
        FormField("Classes of data, a comma between", ", ".join(said.data), needed=False, choices=tuple(DATA_CLASSES)),
        FormField(
            "Whether the agent is to change anything: yes or no", said.writes, needed=False, choices=("yes", "no")
        ),
    ]

    def check(values: list[str]) -> str:
        strange = [each for each in _parted(values[3]) if each not in DATA_CLASSES]
        if strange:
            return f"{visible(strange[0], 40)} is no class of data: {', '.join(DATA_CLASSES)}"
        if values[4] not in {"yes", "no", ""}:
            return "the last line is yes, no or empty"
        return "" if any(values) else "nothing is filled in; Esc leaves it for later"

    note = "Said before anybody looks, and held against what the tools do. i asks again at any time."
    given = await desk.ask(Form("Intake: what is asked for", fields, note=note, check=check))
    if given is None:
        return
    server, owner, purpose, data, writes = given
    made = Intake(server, owner, purpose, tuple(_parted(data)), writes)
    done = commands.record_intake(session.review, made, actor=session.actor, at=clock.now())
    desk.done(done)
    for against in intake_conflicts(session.review, made):
        desk.say(f"against the intake: {visible(against, 300)}")


def _parted(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


async def load(desk: Host) -> None:
    """Open a review file."""
    from analysis.review.session import Review  # noqa: PLC0415

    given = await desk.ask(Form("Open a review", [FormField("Review file (*.clearance)")]))
    if given:
        await desk.start(Review.open(typed_path(given[0]), now=clock.now()))
