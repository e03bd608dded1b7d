"""Work beside the desk, while keys go on: in a thread, told on a line, stopped by Esc. One at a time."""

from __future__ import annotations

import asyncio
from threading import Event, Thread
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from analysis.errors import ClearanceError, UsageError
from tui.desk.widgets.working import Working

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.desk.shell.host import Host

T = TypeVar("T")

#: So long (seconds) keys wait for work, in looks of so many: most is done by then, and order is kept.
_PATIENCE: Final = 1.0
_LOOK: Final = 0.01


class Stopped(BaseException):
    """Somebody has stopped the work. Not an `Exception`: nothing on the way may take it for a fault of a document."""


class Job(Generic[T]):
    """Work in a thread of its own. Its outcome is what it returns, or whatever it raises."""

    def __init__(self, work: Callable[[Job[T]], T]) -> None:
        self.far = ""
        self._work = work
        self._stop = Event()
        self._outcome: T | BaseException | None = None
        Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        try:
            self._outcome = self._work(self)
        except BaseException as error:  # noqa: BLE001 - it is raised again at the desk
            self._outcome = error

    def poll(self) -> T | BaseException | None:
        """Return the outcome, once there is one."""
        return self._outcome

    def cancel(self) -> None:
        """Have the work end at its next step."""
        self._stop.set()

    def step(self) -> None:
        """Go on, or end here. Raises `Stopped`."""
        if self._stop.is_set():
            raise Stopped

    def watch(self, step: str, done: int, of: int) -> None:
        """Tell how far the work is, and go on or end here."""
        self.far = f"{step} {done:,} of {of:,}"
        self.step()


def running(desk: Host) -> Working[object] | None:
    """Return the line of the work that goes on, if any does."""
    return next(iter(desk.screen_stack[0].query("#working").results(Working)), None)


def stop(desk: Host) -> bool:
    """End the work that goes on, if any does; return whether it did."""
    found = running(desk)
    if found is not None:
        found.stop()
    return found is not None


async def show(desk: Host, line: Working[T]) -> None:
    """Show the line of work that has begun."""
    await desk.screen_stack[0].query_one("#desk").mount(line, before="#key-bar")


async def run(desk: Host, label: str, work: Callable[[Job[T]], T], later: Callable[[T], None]) -> T | None:
    """Do work in a thread. Keys wait for it a little; what it returns by then is returned, or what it raises raised.

    Otherwise keys go on, None is returned, and `later` is called with what the work returns. Errors of ours are told
    then; `later` may raise them too. Raises `UsageError` while other work goes on.
    """
    if running(desk) is not None:
        raise UsageError("something goes on already", remedy="wait for it, or press Esc to stop it")
    job = Job(work)

    def over(outcome: T | BaseException) -> None:
        try:
            later(_returned(outcome))
        except Stopped:
            desk.say(f"{label}: stopped, nothing was changed")
        except ClearanceError as error:
            desk.say(f"{label}: {error.what}" + (f": {error.why}" if error.why else ""))

    for _ in range(int(_PATIENCE / _LOOK)):
        done = job.poll()
        if done is not None:
            return _returned(done)
        await asyncio.sleep(_LOOK)
    await show(desk, Working(label, job.poll, job.cancel, over, lambda: job.far))
    return None


def _returned(outcome: T | BaseException) -> T:
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome
