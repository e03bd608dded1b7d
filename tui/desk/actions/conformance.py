"""Validation of a source against its specification, as a background job: start, stop, keep, show."""

from __future__ import annotations

from time import sleep
from typing import TYPE_CHECKING, Final

from analysis.review import commands, queries
from analysis.text import visible
from tui.desk.shell.host import session_of
from tui.desk.widgets.prompts import Choose, Read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.conformance.process import Conformance
    from analysis.model import SourceInfo, SourceStatus
    from tui.desk.shell.background_jobs import Job
    from tui.desk.shell.host import Host

_LETTERS: Final = "123456789abcdefghijklmnop"
#: Interval between looks at the validating process, seconds.
_POLL_SECONDS: Final = 0.05


async def conformance(desk: Host) -> None:
    """Validate a source, or show what is known; while one is validated, stop that."""
    if desk.jobs.stop():
        return
    review = session_of(desk).review
    sources = dict(zip(_LETTERS, queries.validated_sources(review), strict=False))
    known = sum(len(source.problems) for source in review.sources())
    letter = await desk.prompts.ask(
        Choose(
            "Sources against their specification: slow for large ones, advice and not a gate",
            [
                *((key, f"validate {visible(source.id, 60)}") for key, source in sources.items()),
                ("s", f"show what is known: {known:,} remarks"),
            ],
        )
    )
    if letter == "s":
        title = "Sources: problems found by import and validation"
        await desk.prompts.ask(Read(title, list(_problem_rows(review.sources()))))
    elif letter is not None:
        await _validate(desk, sources[letter])


async def _validate(desk: Host, source: SourceInfo) -> None:
    review = session_of(desk).review
    check = commands.begin_validation(review, source)
    name = visible(source.id, 60)

    def wait(job: Job) -> Conformance:
        try:
            while (found := check.poll()) is None:
                job.check()
                sleep(_POLL_SECONDS)
        finally:
            check.cancel()  # no effect on one that is done
        return found

    async def keep(found: Conformance) -> None:
        if review.writable:
            commands.keep_validation(review, source, found)
        unfinished = "" if found.finished else f"; not finished: {found.reason}"
        desk.messages.say(
            f"{name} against its specification: {len(found.problems):,} remarks{unfinished}. Z shows them"
        )

    await desk.jobs.run(f"validating {name} against its specification", wait, keep)


def _problem_rows(sources: list[SourceStatus]) -> Iterator[tuple[str, str]]:
    for source in sources:
        yield "", f"{visible(source.info.id, 80)}"
        for problem in source.problems:
            place = f" (line {problem.line})" if problem.line else f" ({visible(problem.pointer, 200)})"
            yield problem.level.value, f"{visible(problem.what, 500)}{place}"
        for skipped in source.not_checked:
            yield "not checked", f"{skipped.check}: {visible(skipped.reason, 300)}"
