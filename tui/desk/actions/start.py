"""The start of a review: a document or a file is opened, and the access request is filled in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from analysis.model import Intake
from analysis.review import commands, queries
from analysis.text import visible
from tui import clock
from tui.desk.actions.typed_paths import completed_paths, path_problem
from tui.desk.shell.host import session_of, typed_path
from tui.desk.widgets.prompts import Form, FormField

if TYPE_CHECKING:
    from analysis.review.sources.importing import ImportResult
    from tui.desk.shell.background_jobs import Job
    from tui.desk.shell.host import Host

_SOURCE: Final = "OpenAPI document, its folder, or a saved tools/list"
#: What a limit begins with where one is typed behind a path.
_LIMIT: Final = "--limit "
#: Environments that the arrow keys offer.
_ENVIRONMENTS: Final = ("production", "staging", "test", "development")
#: The first message of a new review.
NEW_REVIEW: Final = "new review: press i to fill in the access request, at any time"


def _path_form(title: str, label: str, typed: str = "", note: str = "Tab completes") -> Form:
    """Return the form that asks for a path: it completes, and stays open where there is none."""
    field = FormField(label, typed, complete=completed_paths)
    return Form(title, [field], note=note, check=lambda values: path_problem(_parted(values[0])[0]))


def _source_form(title: str, typed: str = "") -> Form:
    """Return the form that asks for a source, with limits behind its path as on the command line."""
    return _path_form(title, _SOURCE, typed, f"Tab completes; behind the path {_LIMIT}NAME=VALUE raises a limit")


def _parted(text: str) -> tuple[str, list[str]]:
    """Return the path that was typed, and the limits behind it."""
    path, *limits = text.split(f" {_LIMIT}")
    return path.strip(), [limit.strip() for limit in limits]


async def demo(desk: Host) -> None:
    """Open the sample review, after building it where it is missing."""
    from analysis.review.sources.sample import open_or_build  # noqa: PLC0415

    await desk.start(open_or_build(now=clock.now())[0])


async def begin(desk: Host) -> None:
    """Start a review of a document."""
    from analysis.review.session import Review  # noqa: PLC0415
    from analysis.review.sources.import_budget import limits_from  # noqa: PLC0415
    from analysis.review.sources.importing import ImportOptions, examine_source  # noqa: PLC0415
    from analysis.text import file_name  # noqa: PLC0415

    given = await desk.prompts.ask(_source_form("Review a document"))
    if given is None:
        return
    typed, limits = _parted(given[0])
    path, allowed = typed_path(typed), limits_from(limits)
    workspace = Path(f"{file_name(path.stem, 'review')}.clearance")

    def read(job: Job) -> ImportResult:
        return examine_source(str(path), options=ImportOptions(*allowed, progress=job.report))

    async def create(source: ImportResult) -> None:
        if desk.session is None:
            await desk.start(Review.create(workspace, [source], actor=desk.actor, at=clock.now()))
            desk.messages.say(NEW_REVIEW)

    await desk.jobs.run("reading the source", read, create)


async def intake(desk: Host) -> None:
    """Fill in the access request; Esc leaves it for later."""
    from analysis.review.queries.governance import DATA_CLASSES, intake_conflicts  # noqa: PLC0415 - once in the life of a review

    session = session_of(desk)
    known = queries.intake(session.review) or Intake()
    fields = [
        FormField("Agent, and who runs it", known.agent, needed=False),
        FormField("Server, and where it runs", known.server, needed=False),
        FormField("Owner: the team, and a person responsible for the tools", known.owner, needed=False),
        FormField("Purpose: what the agent will do with the tools", known.purpose, needed=False),
        FormField("Environment in which the agent calls them", known.environment, needed=False, choices=_ENVIRONMENTS),
        FormField("Audience: groups that the agent serves (comma-separated)", ", ".join(known.audience), needed=False),
        FormField("Data classes (comma-separated)", ", ".join(known.data), needed=False, choices=tuple(DATA_CLASSES)),
        FormField("Does the agent change anything? yes or no", known.writes, needed=False, choices=("yes", "no")),
        FormField("Ends early if (comma-separated)", ", ".join(known.ends_early), needed=False),
        FormField("Roles that have to sign (comma-separated)", ", ".join(known.roles), needed=False),
        FormField("Scopes of the credential as deployed (comma-separated)", ", ".join(known.grant), needed=False),
    ]

    def request_of(values: list[str]) -> Intake:
        agent, server, owner, purpose, environment, audience, data, writes, ends, roles, grant = values
        lists = (tuple(_split(text)) for text in (data, audience, ends, roles, grant))
        data_classes, groups, triggers, signing, scopes = lists
        return Intake(
            server, owner, purpose, data_classes, writes, agent, environment, groups, triggers, signing, scopes
        )

    def check(values: list[str]) -> str:
        request = request_of(values)
        unknown = [name for name in request.data if name not in DATA_CLASSES]
        if unknown:
            return f"{visible(unknown[0], 40)} is not a data class: {', '.join(DATA_CLASSES)}"
        if request.writes not in {"yes", "no", ""}:
            return "whether the agent changes anything is yes, no or empty"
        return "" if any(values) else "nothing is filled in; Esc leaves it for later"

    note = "Filled in before the review, and compared with what the tools do. i opens it again."
    given = await desk.prompts.ask(Form("Access request", fields, note=note, check=check))
    if given is None:
        return
    request = request_of(given)
    desk.sync.done(commands.record_intake(session.review, request, actor=session.actor, at=clock.now()))
    for conflict in intake_conflicts(session.review, request):
        desk.messages.say(f"contradicts the access request: {visible(conflict, 300)}")


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


async def load(desk: Host) -> None:
    """Open a review file."""
    from analysis.review.session import Review  # noqa: PLC0415

    given = await desk.prompts.ask(_path_form("Open a review", "Review file (*.clearance)"))
    if given:
        await desk.start(Review.open(typed_path(given[0]), now=clock.now()))


async def import_source(desk: Host) -> None:
    """Add a source, or refresh one."""
    from analysis.review.sources.import_budget import limits_from  # noqa: PLC0415 - most sessions end without an import
    from analysis.review.sources.importing import ImportOptions, examine_source  # noqa: PLC0415

    session = session_of(desk)
    given = await desk.prompts.ask(_source_form("Import a source", session.typed_source))
    if given is None:
        return
    session.typed_source = given[0]
    typed, limits = _parted(given[0])
    path, review = str(typed_path(typed)), session.review
    words, allowed = review.policy.own_words(), limits_from(limits)

    def read(job: Job) -> ImportResult:
        return examine_source(path, options=ImportOptions(*allowed, own_words=words, progress=job.report))

    async def add(source: ImportResult) -> None:
        if desk.session is session:
            session.typed_source = ""
            desk.sync.done(commands.add_source(review, source, actor=session.actor, at=clock.now()))

    await desk.jobs.run("reading the source", read, add)
