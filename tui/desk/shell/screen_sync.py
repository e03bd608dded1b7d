"""Keeps the screen in step with the review: after an action here, and after a change by another desk."""

from __future__ import annotations

import asyncio
from itertools import chain
from time import monotonic
from typing import TYPE_CHECKING, Final

from analysis.collector import keep_for_good
from analysis.errors import ClearanceError
from analysis.review import queries
from tui import clock
from tui.desk.areas import AREAS, load_areas

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.timer import Timer

    from analysis.model import ToolId
    from analysis.review.commands.outcome import Outcome
    from tui.desk.shell.app import Desk

#: Interval between checks for changes by others in the review file, seconds.
_FILE_CHECK_SECONDS: Final = 1.0
#: Idle time before derived state (findings, score) is recomputed, seconds.
_MIN_IDLE_SECONDS: Final = 0.15
#: Where recomputing is slow, the idle time is this multiple of its duration, up to the maximum.
_IDLE_FACTOR: Final = 4
_MAX_IDLE_SECONDS: Final = 1.5
#: Time for keys between two pieces of what is made ready while the keyboard is idle, seconds.
_BETWEEN_SECONDS: Final = 0.02


class ScreenSync:
    """Brings lists, pages and lines of state up to date."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._version = 0
        self._timer: Timer | None = None
        self._idle_seconds = _MIN_IDLE_SECONDS

    def start(self) -> None:
        """Check the review file for changes by others from now on."""
        self._desk.set_interval(_FILE_CHECK_SECONDS, self.check_file)

    def reset(self) -> None:
        """Take the review as it is now for what the screen shows."""
        if self._desk.session is not None:
            self._version = self._desk.session.review.version()

    def prepare(self) -> None:
        """Make ready what the other areas need, piece by piece while the keyboard is idle, so that no key waits for it."""
        self._desk.set_timer(_MIN_IDLE_SECONDS, self._prepare)

    async def _prepare(self) -> None:
        """Load the areas in a thread, then compute their views between keys: views belong to this thread."""
        from analysis.review.queries import decision_proposals  # noqa: PLC0415 - the first rows do not wait for it

        desk, session = self._desk, self._desk.session
        await asyncio.to_thread(load_areas)
        if session is None:
            return
        review = session.review
        for _ in chain(queries.prepare_next(review), decision_proposals.propose_ahead(review)):
            await asyncio.sleep(_BETWEEN_SECONDS)
            if not desk.is_running or desk.session is not session:
                return
        keep_for_good()

    def done(self, outcome: Outcome) -> None:
        """Say what was done, and bring the screen up to date."""
        self._desk.messages.say(outcome.sentence)
        self.changed(tools=outcome.tools or None)

    def changed(self, keep: ToolId | None = None, tools: Sequence[ToolId] | None = None) -> None:
        """Show what was recorded on `tools` (None: on any), with the cursor on `keep`.

        Findings and score follow when the keyboard is idle, so that a decision does not wait for them.
        """
        desk = self._desk
        if desk.session is None:
            return
        self.reset()
        desk.session.refilter()
        if desk.area in AREAS and desk.area != "tools":
            desk.list_area.reload()
        desk.tools_area.reload(keep, tools)
        if self._timer is not None:
            self._timer.stop()
        self._timer = desk.set_timer(self._idle_seconds, self._show_derived)

    def _show_derived(self) -> None:
        """Recompute and show derived state; the slower that is, the longer the next idle time."""
        if self._desk.frames.taken_down:
            return
        started = monotonic()
        self._desk.refresh_status()
        self._desk.tools_area.refresh_findings()
        self._idle_seconds = min(max(_MIN_IDLE_SECONDS, _IDLE_FACTOR * (monotonic() - started)), _MAX_IDLE_SECONDS)

    def check_file(self) -> None:
        """Show what another desk has recorded in the same file."""
        session = self._desk.session
        if session is None or session.review.version() == self._version:
            return
        self._version = session.review.version()
        try:
            if session.review.refresh(clock.now()):
                self.changed()
                self._desk.messages.say("the review was changed by another reviewer; the screen is up to date")
        except ClearanceError as error:
            self._desk.messages.complain(error)
