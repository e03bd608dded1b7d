"""What is on the screen, and when: all that a key does comes in one frame, and a hand goes by the frame it sees."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from textual import events
from textual.app import App

from tui.desk.widgets.layout import Body

if TYPE_CHECKING:
    from collections.abc import Iterator


class Painting(App[None]):
    """An application that looks at keys and mouse only when what they go by is on the screen."""

    def __init__(self) -> None:
        super().__init__()
        self._painted: str | None = None  # the area that a key has found on the screen
        self._keyed = False  # whether a key came since the mouse was used

    @contextmanager
    def one_frame(self) -> Iterator[None]:
        """Show all that a key does in one frame; the screen may have looked for work before that was done."""
        with self.batch_update():
            yield
        self.screen.check_idle()

    async def seen(self, event: events.Key | events.MouseEvent) -> None:
        """Return once everything is on the screen that an event goes by.

        A key goes by the sizes in its area: a page is as long as the list is high. The mouse goes by the place of
        everything, which any key may have changed. One turn of the wheel does not wait for the one before.
        """
        body = self.query_one("#body", Body)
        by_mouse = isinstance(event, events.MouseEvent)
        if body.current != self._painted or (by_mouse and self._keyed):
            self._painted = body.current
            await body.painted()
        self._keyed = not by_mouse
