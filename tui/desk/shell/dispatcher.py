"""Turns key events into answers, filter text and actions, in the order in which they were typed."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from textual import events

from analysis.errors import ClearanceError
from tui.desk.shell.palette import Palette

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterator

    from tui.desk.shell.app import Desk
    from tui.desk.widgets.prompts import Question

#: The smallest screen that shows a tool, the reasons and the keys, one below the other.
MIN_WIDTH: Final = 40
MIN_HEIGHT: Final = 12


class Dispatcher:
    """Handles keys before any widget sees them: a key waits until the one before is done or asks a question."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def ignores(self, event: events.Event) -> bool:
        """Return whether an event is of the mouse, and outside the question that is open: nothing below it acts."""
        question = self._desk.prompts.question
        if question is None or not isinstance(event, events.MouseEvent):
            return False
        return not question.region.contains(event.x, event.y)

    async def take(self, event: events.Key, type_letter: Callable[[], Awaitable[None]]) -> bool:
        """Handle a key, and return whether it was ours. `type_letter` gives it to the input that has the focus."""
        desk, screen = self._desk, self._desk.screen
        if desk.prompts.question is not None:
            return await self._answer(desk.prompts.question, event)
        if isinstance(screen, Palette) and event.key == "escape":
            await desk.pop_screen()
            return True
        if screen is not desk.screen_stack[0]:
            return False
        if desk.area == "tools" and desk.tools_area.filter_bar.is_open:
            await self._filter(event.key, type_letter)
            return True
        action = desk.keymap.action(desk.area, event.key)
        if action and (not self._too_small or action == "quit"):
            with desk.frames.one_frame():
                await self.run(action)
                if desk.area == "tools":
                    desk.tools_area.follow()
        return bool(action)

    async def _answer(self, question: Question[Any], event: events.Key) -> bool:
        """Give a key to the question that is open, and return whether it took it; what it ends appears in one frame."""
        result = await question.take(event)
        if result is not None and result.over:
            with self._desk.frames.one_frame():
                await self._desk.prompts.answer(result.value)
        return result is not None

    async def _filter(self, key: str, type_letter: Callable[[], Awaitable[None]]) -> None:
        """Give a key to the filter; nothing is painted between a letter and what it finds."""
        desk, bar = self._desk, self._desk.tools_area.filter_bar
        if await bar.take(key):
            desk.refresh_status()
            return
        with desk.frames.one_frame():
            await type_letter()
            await bar.apply_typed()
            desk.tools_area.follow()
            desk.refresh_status()

    @property
    def _too_small(self) -> bool:
        """Whether the screen shows only that it is too small: then nothing is decided unseen."""
        return self._desk.size.width < MIN_WIDTH or self._desk.size.height < MIN_HEIGHT

    async def run(self, action: str) -> None:
        """Run an action by its published name, and return once it is done or asks a question."""
        with self._errors_shown():
            running = self._desk.keymap.entry(action).handler()(self._desk)
            if running is not None:
                await self._desk.prompts.run(self._guarded(running))

    async def _guarded(self, running: Coroutine[Any, Any, None]) -> None:
        with self._errors_shown():
            await running

    @contextmanager
    def _errors_shown(self) -> Iterator[None]:
        """Show an error of an action as a message; nothing is lost."""
        try:
            yield
        except ClearanceError as error:
            self._desk.messages.complain(error)
