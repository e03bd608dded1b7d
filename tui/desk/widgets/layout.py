"""Containers of the main screen. Their children cover them, so that nothing of their own is painted."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import ContentSwitcher

from tui.desk.widgets.line_view import LineView

#: Maximum wait for the screen, seconds: a desk that fails or is left does not paint any more.
_MAX_WAIT_SECONDS: Final = 5.0


class MainScreen(Screen[None]):
    """The main screen of the desk."""

    BLANK = True

    def on_screen_suspend(self) -> None:
        """Show that the keyboard is elsewhere."""
        self._draw_focus()

    def on_screen_resume(self) -> None:
        """Show where the keyboard is."""
        self._draw_focus()

    def _draw_focus(self) -> None:
        if isinstance(self.focused, LineView):
            self.focused.refresh()


class Layout(Vertical):
    """Widgets one below the other."""

    BLANK = True


class Body(ContentSwitcher):
    """The container of the areas; one is shown."""

    BLANK = True

    async def painted(self) -> None:
        """Return once the area on the screen is laid out and painted.

        Every widget is awaited: the screen does not know of a pending layout until the widget has requested it.
        """
        area = self.visible_content
        parts = [self, *(area.walk_children(with_self=True) if area is not None else ())]
        with suppress(TimeoutError):
            async with asyncio.timeout(_MAX_WAIT_SECONDS):
                await asyncio.gather(*(part.wait_for_refresh() for part in parts))
