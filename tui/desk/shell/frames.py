"""Frames: everything one key does appears in one frame, and input waits for the frame it refers to."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from textual import events
from textual.css.query import NoMatches

from tui.desk.widgets.layout import Body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import App

#: Input that starts something; the rest of a click follows the first event.
USER_INPUT: Final = (events.Key, events.MouseDown, events.MouseScrollDown, events.MouseScrollUp)


class Frames:
    """Batches the painting of one key, and holds back input until the screen it refers to is painted."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._painted: str | None = None  # the area that was painted when the last event came
        self._key_since_mouse = False

    @property
    def taken_down(self) -> bool:
        """Whether the desk is being left, so that input refers to nothing."""
        if not self._app.screen_stack:
            return True
        try:
            self._app.query_one("#body", Body)  # a query of all that match walks over every widget
        except NoMatches:
            return True
        return False

    @contextmanager
    def one_frame(self) -> Iterator[None]:
        """Paint all changes of the block in one frame, however long the block takes."""
        with self._app.batch_update():
            yield
        self._app.screen.check_idle()

    async def wait_for_paint(self, event: events.Key | events.MouseEvent) -> None:
        """Return once everything that an event refers to is on the screen.

        A key refers to the sizes in its area: a page is as long as the list is high. The mouse refers to positions,
        which any key may have changed. One turn of the wheel does not wait for the one before.
        """
        body = self._app.query_one("#body", Body)
        by_mouse = isinstance(event, events.MouseEvent)
        if body.current != self._painted or (by_mouse and self._key_since_mouse):
            self._painted = body.current
            await body.painted()
        self._key_since_mouse = not by_mouse
