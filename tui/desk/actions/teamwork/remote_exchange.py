"""Exchange with the remote of a review: on a key, and by itself every half minute; keys never wait for the network."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from analysis.errors import ClearanceError
from analysis.review.queries.people import known_remote
from tui import clock

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.review.session import Review
    from analysis.review.syncing.exchange import Exchange, Synced
    from tui.desk.shell.app import Desk

#: Interval between exchanges without a key, seconds.
_INTERVAL_SECONDS: Final = 30.0


class RemoteExchange:
    """Runs one exchange at a time. Network and signatures are in a thread; the review is read and written between keys."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._running = False
        self._offline = False

    def start(self) -> None:
        """Exchange by itself from now on, where a remote is known."""
        self._desk.set_interval(_INTERVAL_SECONDS, self._by_itself)

    @property
    def remote(self) -> str:
        """The remote of the open review; empty without one."""
        session = self._desk.session
        return known_remote(session.review) if session is not None else ""

    def _by_itself(self) -> None:
        session = self._desk.session
        if session is not None and session.review.writable and self.remote and not self._running:
            self._desk.run_worker(self.run(quiet=True), exclusive=False)

    async def run(
        self, *, remote: str = "", key: Path | None = None, allowed_signers: Path | None = None, quiet: bool = False
    ) -> None:
        """Exchange, and show what has come. Without a key it says only what is new. Raises `ClearanceError` on a key."""
        session = self._desk.session
        if session is None or self._running:
            return
        self._running = True
        from analysis.review.syncing import exchange as steps  # noqa: PLC0415 - most reviews have no remote

        try:
            begun = steps.begin_exchange(
                session.review,
                person=session.actor,
                at=clock.now(),
                remote=remote,
                key=key,
                allowed_signers=allowed_signers,
            )
            with steps.one_at_a_time(session.review.path):
                done = await self._steps(session.review, begun)
        except ClearanceError as error:
            if not quiet:
                raise
            self._desk.messages.complain(error)
        else:
            if done is not None:
                self._tell(done, quiet=quiet)
        finally:
            self._running = False

    async def _steps(self, review: Review, begun: Exchange) -> Synced | None:
        from analysis.review.syncing import exchange as steps  # noqa: PLC0415 - likewise

        await asyncio.to_thread(steps.fetch, begun)
        if self._left(review):
            return None
        again = steps.take_in(review, begun)
        if again:
            await asyncio.to_thread(steps.fetch, begun, again=again)
            if self._left(review):
                return None
            steps.take_in(review, begun)
        await asyncio.to_thread(steps.send, begun)
        return None if self._left(review) else steps.finish(review, begun)

    def _left(self, review: Review) -> bool:
        """Whether the desk was left by now, or shows another review."""
        return not self._desk.is_running or self._desk.session is None or self._desk.session.review is not review

    def _tell(self, done: Synced, *, quiet: bool) -> None:
        news = done.received or done.conflicts or (not done.reached and not self._offline)
        self._offline = not done.reached
        if done.received or done.pushed:
            self._desk.sync.changed()
        if news or not quiet:
            self._desk.messages.say(done.sentence)
            for name, why in done.trouble if not quiet else ():
                self._desk.messages.say(f"{name}: {why}")
