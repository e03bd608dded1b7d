"""Validation of a source against its specification, beside the desk: begun, stopped, kept, and read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.errors import ClearanceError
from analysis.review import commands, queries
from analysis.text import visible
from tui.desk.shell import background_jobs as beside
from tui.desk.shell.host import session_of
from tui.desk.widgets.prompts import Choose, Read
from tui.desk.widgets.working import Working

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.conformance.process import Conformance
    from analysis.model import SourceInfo
    from analysis.review.sources.importing import SourceStatus
    from tui.desk.shell.host import Host

_LETTERS: Final = "123456789abcdefghijklmnop"


async def conformance(desk: Host) -> None:
    """Validate a source beside the desk, or show what is known; while one is validated, stop that."""
    if beside.stop(desk):
        return
    review = session_of(desk).review
    sources = dict(zip(_LETTERS, queries.validated_sources(review), strict=False))
    known = sum(len(source.problems) for source in review.sources())
    letter = await desk.ask(
        Choose(
            "Sources against their specification: slow for large ones, advice and no gate",
            [
                *((key, f"validate {visible(source.id, 60)}") for key, source in sources.items()),
                ("s", f"show what is known: {known:,} remarks"),
            ],
        )
    )
    if letter == "s":
        await desk.ask(Read("Sources: what reading and validating them told", list(_told(review.sources()))))
    elif letter is not None:
        await _begin(desk, sources[letter])


async def _begin(desk: Host, source: SourceInfo) -> None:
    review = session_of(desk).review
    check = commands.begin_validation(review, source)
    name = visible(source.id, 60)

    def over(found: Conformance) -> None:
        told = f"{len(found.problems):,} remarks" + ("" if found.finished else f"; not finished: {found.reason}")
        try:
            if review.writable and not running.stopped:
                commands.keep_validation(review, source, found)
        except ClearanceError as error:
            desk.say(f"{name}: {error.what}")
            return
        desk.say(f"{name} against its specification: {told}. Z shows them")

    running = Working(f"validating {name} against its specification", check.poll, check.cancel, over)
    await beside.show(desk, running)


def _told(sources: list[SourceStatus]) -> Iterator[tuple[str, str]]:
    for source in sources:
        yield "", f"{visible(source.info.id, 80)}"
        for problem in source.problems:
            place = f" (line {problem.line})" if problem.line else f" ({visible(problem.pointer, 200)})"
            yield problem.level.value, f"{visible(problem.what, 500)}{place}"
        for skipped in source.not_checked:
            yield "not checked", f"{skipped.check}: {visible(skipped.reason, 300)}"
