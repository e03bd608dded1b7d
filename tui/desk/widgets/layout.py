"""Containers of the main screen. Their children cover them, so that nothing of their own is painted."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from textual.containers import Vertical
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widgets import ContentSwitcher

from tui.desk.widgets.line_view import LineView

if TYPE_CHECKING:
    from textual.app import App
    from textual.widget import Widget

    from tui.desk.widgets.prompts import Question

#: Maximum wait for the screen, seconds: a desk that fails or is left does not paint any more.
_MAX_WAIT_SECONDS: Final = 5.0


class MainScreen(Screen[None]):
    """The main screen of the desk, and the question that is open on it.

    A question is a widget above the areas and no screen of its own: what it does not cover stays as it was painted.
    """

    BLANK = True
    #: Widgets draw their own focus; the library would draw everything again.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    question: Question[Any] | None = None
    _asked_from: Widget | None = None  # what had the focus before the question

    async def ask(self, question: Question[Any]) -> None:
        """Show a question; it gets the keys."""
        self.question, self._asked_from = question, self.focused
        self._show_toasts(False)
        await question.come(self)

    async def close_question(self) -> None:
        """Take the question away; what had the focus before it has it again."""
        question, self.question = self.question, None
        if question is None:
            return
        self._show_toasts(True)
        self.set_focus(self._asked_from, scroll_visible=False)
        await question.go()

    def _show_toasts(self, shown: bool) -> None:
        """Let toasts show, or wait until a question is answered."""
        for rack in self.query_children("#textual-toastrack"):
            rack.set_class(not shown, "-waiting")

    def on_screen_suspend(self) -> None:
        """Show that the keyboard is elsewhere."""
        self._draw_focus()

    def on_screen_resume(self) -> None:
        """Show where the keyboard is."""
        self._draw_focus()

    def _draw_focus(self) -> None:
        if isinstance(self.focused, LineView):
            self.focused.refresh()


def open_question(app: App[Any]) -> Question[Any] | None:
    """Return the question that is open on the main screen."""
    main = app.screen_stack[0] if app.screen_stack else None
    return main.question if isinstance(main, MainScreen) else None


def covered(app: App[Any]) -> bool:
    """Return whether a question or the palette has the keys: then nothing below it acts."""
    return len(app.screen_stack) > 1 or open_question(app) is not None


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
