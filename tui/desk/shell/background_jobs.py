"""Jobs that run in a thread worker while the desk keeps handling keys. One at a time; Esc stops it."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from textual.worker import Worker, WorkerCancelled, WorkerFailed, get_current_worker

from analysis.errors import ClearanceError, UsageError
from tui.desk.widgets.job_line import JobLine

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.app import App

    from tui.desk.shell.messages import Messages
    from tui.desk.shell.prompt_flow import PromptFlow

T = TypeVar("T")

#: Time that keys wait for a job, seconds: most jobs are done by then, and what was typed ahead keeps its order.
INPUT_WAIT_SECONDS: Final = 1.0


class JobStopped(BaseException):
    """The job was stopped. Not an `Exception`: no handler for faults of a document may swallow it."""


class Job:
    """A job as its own thread sees it: it reports progress, and ends at its next check once it is stopped."""

    def __init__(self) -> None:
        self.progress = ""
        self.stopped = False

    def check(self) -> None:
        """Raise `JobStopped` if the job was stopped, or the desk was left."""
        if self.stopped or get_current_worker().is_cancelled:
            raise JobStopped

    def report(self, step: str, done: int, total: int) -> None:
        """Record the progress. Raises `JobStopped`."""
        self.progress = f"{step} {done:,} of {total:,}"
        self.check()


class BackgroundJobs:
    """Runs a job and shows it on a line above the keys once it takes longer than keys wait for it."""

    def __init__(self, app: App[None], messages: Messages, prompts: PromptFlow) -> None:
        self._app = app
        self._messages = messages
        self._prompts = prompts
        self._job: Job | None = None
        self._line: JobLine | None = None

    @property
    def busy(self) -> bool:
        """Whether a job is running, or its result is being told: only then may the next one begin."""
        return self._job is not None

    def stop(self) -> bool:
        """Stop the running job at its next check. Returns whether there is one."""
        if self._job is not None:
            self._job.stopped = True
        return self._job is not None

    async def run(self, label: str, work: Callable[[Job], T], then: Callable[[T], Awaitable[None]]) -> None:
        """Run `work` in a thread, then await `then` with its result; keys wait for both, but not longer than a second.

        An error within that time is raised, a later one shown. Raises `UsageError` while another job runs.
        """
        if self._job is not None:
            raise UsageError("another job is running", remedy="wait for it, or press Esc to stop it")
        self._job = job = Job()
        worker = self._app.run_worker(partial(_in_thread, work, job), name=label, exit_on_error=False, thread=True)
        finish = asyncio.create_task(self._finish(label, worker, then))
        await asyncio.wait({finish}, timeout=INPUT_WAIT_SECONDS)
        if finish.done():
            return finish.result()
        self._line = JobLine(label, lambda: job.progress)
        await self._app.screen_stack[0].query_one("#desk").mount(self._line, before="#key-bar")
        finish.add_done_callback(partial(self._report_late, label))
        return None

    async def _finish(self, label: str, worker: Worker[T | JobStopped], then: Callable[[T], Awaitable[None]]) -> None:
        try:
            result = await worker.wait()
            if not self._app.is_running:  # the desk was left: there is no screen to update
                return
            await self._remove_line()
            if isinstance(result, JobStopped):
                self._messages.say(f"{label}: stopped, nothing was changed")
            else:
                await then(result)
        except WorkerCancelled:  # the desk was left before the job ended
            return
        except WorkerFailed as failure:
            await self._remove_line()
            raise failure.error from None
        finally:
            self._job = None

    async def _remove_line(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            await line.remove()

    def _report_late(self, label: str, finish: asyncio.Task[None]) -> None:
        error = None if finish.cancelled() else finish.exception()
        if isinstance(error, ClearanceError):
            self._messages.complain(error, label)
        else:
            self._prompts.report_failure(finish)


def _in_thread(work: Callable[[Job], T], job: Job) -> T | JobStopped:
    """Return the result of the work, or that it was stopped: the library's workers know only `Exception`s."""
    try:
        return work(job)
    except JobStopped as stopped:
        return stopped
