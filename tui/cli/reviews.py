"""`clearance demo`, `review`, `open`, `import`: create, open and extend a review."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.errors import UsageError
from analysis.model import Profile, kinds_in_words
from analysis.review import commands
from analysis.text import file_name, visible
from tui import clock
from tui.cli.common.options import ACTOR
from tui.cli.common.output import interactive, remark, say, shows_desk
from tui.cli.common.sources import SourceOptions, read_source, source_options

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.model import Problem
    from analysis.review.session import Review
    from analysis.review.sources.importing import ImportResult

_ASCII = click.option(
    "--ascii", "ascii_only", is_flag=True, help="Draw the desk in ASCII only; same as $CLEARANCE_ASCII set to 1."
)
_THEME = click.option(
    "--theme",
    type=click.Choice(["dark", "light", "contrast", "mono"]),
    help="Look of the desk for this run; ^t at the desk chooses one for good.",
)
_CONFORMANCE = click.option(
    "--conformance", is_flag=True, help="Also validate the document against its specification. Slow; not a gate."
)


def open_desk(
    review: Review | None,
    actor: str | None = None,
    *,
    path: Path | None = None,
    ascii_only: bool = False,
    new: bool = False,
    theme: str | None = None,
) -> None:
    """Open the desk on a review, on the file at a path, or on the start screen. Raises `UsageError` without a terminal."""
    if not shows_desk():
        raise UsageError(
            "the desk needs a terminal", remedy="use inspect, status, decide, export instead, or run it in a terminal"
        )
    from tui.desk.shell.run import run_desk  # noqa: PLC0415 - headless commands never load the desk

    draw_ascii = ascii_only or os.environ.get("CLEARANCE_ASCII", "") not in {"", "0"}
    run_desk(review, clock.actor(actor), path=path, ascii_only=draw_ascii, new=new, theme=theme)


@click.command("demo", epilog="Example: clearance demo --workspace /tmp/sample.clearance --no-desk")
@click.option("--workspace", type=click.Path(path_type=Path), help="Where to write the sample review.")
@click.option("--completed", is_flag=True, help="The same review after everything was settled, ready for sign-off.")
@click.option("--no-desk", is_flag=True, help="Only write it, print its status, and export its packet.")
@_ASCII
@_THEME
@ACTOR
def demo_command(
    workspace: Path | None, completed: bool, no_desk: bool, ascii_only: bool, theme: str | None, actor: str | None
) -> None:
    """Write the sample review and open the desk on it.

    Without a terminal, or with --no-desk, its status is printed and its packet exported instead.
    """
    from analysis.review.packets.export import export  # noqa: PLC0415
    from analysis.review.sources.sample import COMPLETED_PLACE, PLACE, open_or_build  # noqa: PLC0415
    from tui.cli.packets import show_export  # noqa: PLC0415
    from tui.cli.status import show_status  # noqa: PLC0415

    path = workspace or (COMPLETED_PLACE if completed else PLACE)
    review, existed = open_or_build(path, now=clock.now(), completed=completed)
    remark(f"{'opened' if existed else 'wrote'} the sample review: {visible(str(path))}")
    if no_desk or not interactive():
        show_status(review)
        say()
        show_export(export(review, path.parent / f"{path.stem}-packet"))
    else:
        open_desk(review, actor, ascii_only=ascii_only, theme=theme)


@click.command("review", epilog="Example: clearance review openapi.yaml -w payments.clearance")
@click.argument("source")
@click.option(
    "-w", "--workspace", type=click.Path(path_type=Path), help="The review file. Default: named after SOURCE."
)
@click.option("--title", default="", help="Title of the review. Default: the title of the document.")
@click.option(
    "--profile",
    type=click.Choice([each.value for each in Profile]),
    default=Profile.L1.value,
    show_default=True,
    help="Assurance profile: L1 sandbox, L2 internal, L3 production, L4 regulated.",
)
@click.option("--no-desk", is_flag=True, help="Only create the review file.")
@_CONFORMANCE
@source_options
@_ASCII
@_THEME
@ACTOR
def review_command(
    source: str, workspace: Path | None, title: str, profile: str, no_desk: bool, conformance: bool, ascii_only: bool,
    theme: str | None, actor: str | None, **options: Any,
) -> None:  # fmt: skip
    """Import SOURCE into a new review file and open the desk on it.

    SOURCE is an OpenAPI document, its folder, a saved tools/list result, - for standard input, or a live MCP server:
    mcp:https://HOST/PATH, or mcp:CONFIG#NAME with a client's configuration file. The command of a server is shown,
    and started only after you confirm.
    """
    if source != "-" and source.endswith(".clearance"):
        raise UsageError("this is already a review file", place=source, remedy=f"clearance open {source}")
    imported = read_source(source, SourceOptions(**options), conformance=conformance)
    is_path = source != "-" and not source.startswith("mcp:")
    name = file_name(Path(source).stem if is_path else imported.info.title or imported.info.id, "review")
    path = workspace or Path(f"{name}.clearance")
    chosen: dict[str, Any] = {"actor": clock.actor(actor), "title": title, "profile": Profile(profile)}
    if no_desk or not interactive():
        from analysis.review.new_review import write_review  # noqa: PLC0415 - opening a file needs it later

        write_review(path, [imported], at=clock.now(), **chosen)
        _remark_created(path, imported)
        _remark_problems(path, imported.problems)
        return
    review = _created(path, imported, **chosen)
    _remark_problems(path, imported.problems)
    open_desk(review, actor, ascii_only=ascii_only, new=True, theme=theme)


@click.command("open", epilog="Example: clearance open payments.clearance")
@click.argument("file", type=click.Path(path_type=Path))
@_ASCII
@_THEME
@ACTOR
def open_command(file: Path, ascii_only: bool, theme: str | None, actor: str | None) -> None:
    """Open the desk on a review file. `clearance FILE.clearance` does the same."""
    if not shows_desk():  # report what is wrong with the file before the missing terminal
        from analysis.review.session import Review  # noqa: PLC0415

        Review.open(file, now=clock.now()).close()
    open_desk(None, actor, path=file, ascii_only=ascii_only, theme=theme)


@click.command("import", epilog="Example: clearance import payments.clearance openapi-v2.yaml")
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--as", "name", default="", help="Name of the source in the review (one SOURCE only).")
@_CONFORMANCE
@source_options
@ACTOR
def import_command(
    file: Path, sources: tuple[str, ...], name: str, conformance: bool, actor: str | None, **options: Any
) -> None:
    """Add SOURCEs to a review, or refresh sources of the same name. FILE is created when there is none.

    Decisions are kept. A decision on a tool whose definition has changed is stale, and does not count until renewed.
    """
    from tui.cli.common.review_file import opened  # noqa: PLC0415 - opening a file needs it later

    if name and len(sources) > 1:
        raise UsageError("--as applies to one source", remedy="import the sources one by one")

    def read(source: str, own_words: Mapping[str, Any] | None = None) -> ImportResult:
        return read_source(
            source, SourceOptions(**options), name=name, conformance=conformance, own_words=own_words or {}
        )

    who, rest = clock.actor(actor), sources
    if file.exists() or file.is_symlink():
        review = opened(file, writable=True)
    else:
        review, rest = _created(file, read(sources[0]), actor=who), sources[1:]
    for source in rest:
        outcome = commands.add_source(review, read(source, review.policy.own_words()), actor=who, at=clock.now())
        say(visible(outcome.sentence))
    _remark_problems(file, [problem for source in review.sources() for problem in source.problems])


def _created(path: Path, imported: ImportResult, **chosen: Any) -> Review:
    """Create a review of one source, say so, and return it."""
    from analysis.review.session import Review  # noqa: PLC0415 - opening a file needs it later

    review = Review.create(path, [imported], at=clock.now(), **chosen)
    _remark_created(path, imported)
    return review


def _remark_created(path: Path, imported: ImportResult) -> None:
    remark(f"created {visible(str(path))}: {kinds_in_words(Counter(tool.kind for tool, _ in imported.tools))}")


def _remark_problems(path: Path, problems: Sequence[Problem]) -> None:
    """Print the number of problems of the sources, and how to list them."""
    if problems:
        remark(f"{len(problems)} problems of the input; list them with: clearance status {visible(str(path))}")
