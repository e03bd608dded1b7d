"""How an action asks something and goes on with the answer, while the desk goes on with its keys."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

from tui.desk.painting import Painting

if TYPE_CHECKING:
    from tui.desk.widgets.prompts import Question

T = TypeVar("T")


class PromptFlow(Painting):
    """An application whose actions may ask. One action is under way at a time."""

    def __init__(self) -> None:
        super().__init__()
        self._asking = asyncio.Event()
        self._acting: asyncio.Task[None] | None = None
        self._waiting: asyncio.Future[Any] | None = None

    async def perform(self, action: str) -> None:
        """Run an action by its published name."""
        raise NotImplementedError

    async def begin(self, action: str) -> None:
        """Start an action, and return once it is done or asks something."""
        self._asking = asyncio.Event()
        self._acting = asyncio.create_task(self.perform(action))
        self._acting.add_done_callback(self._finished)
        await self._settle()

    @property
    def busy(self) -> bool:
        """Whether an action is under way that asks nothing."""
        return self._acting is not None and not self._acting.done() and self._waiting is None

    async def _settle(self) -> None:
        """Wait until the action is done, or asks something."""
        asking = asyncio.create_task(self._asking.wait())
        if self._acting is not None:
            await asyncio.wait({self._acting, asking}, return_when=asyncio.FIRST_COMPLETED)
        asking.cancel()

    def _finished(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._handle_exception(error if isinstance(error, Exception) else RuntimeError(str(error)))

    async def ask(self, screen: Question[T]) -> T | None:
        """Show a question and wait for its answer; None means it was left."""
        waiting: asyncio.Future[T | None] = asyncio.get_running_loop().create_future()
        self._waiting = waiting
        await self.push_screen(screen)
        self._asking.set()
        return await waiting

    async def answer(self, value: object) -> None:
        """Take a question off the screen and let its action go on with the answer."""
        waiting, self._waiting = self._waiting, None
        self._asking = asyncio.Event()
        await self.pop_screen()
        if waiting is not None and not waiting.done():
            waiting.set_result(value)
        await self._settle()
