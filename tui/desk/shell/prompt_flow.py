"""How an action asks a question and continues with the answer, while the desk keeps handling keys."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar, cast

from tui.desk.pages.verdict_bar import VerdictBar
from tui.desk.widgets.layout import open_question

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from textual.app import App

    from tui.desk.shell.messages import Messages
    from tui.desk.widgets.layout import MainScreen
    from tui.desk.widgets.prompts import FormField, Question

T = TypeVar("T")


class PromptFlow:
    """Runs one action at a time. `run` and `answer` return once it is done or asks a question."""

    def __init__(self, app: App[None], messages: Messages) -> None:
        self._app = app
        self._messages = messages
        self._asked = asyncio.Event()
        self._action: asyncio.Task[None] | None = None
        self._answer: asyncio.Future[Any] | None = None

    async def run(self, action: Coroutine[Any, Any, None]) -> None:
        """Start an action, and return once it is done or asks a question."""
        self._asked = asyncio.Event()
        self._action = asyncio.create_task(action)
        self._action.add_done_callback(self.report_failure)
        await self._done_or_asking()

    @property
    def question(self) -> Question[Any] | None:
        """The question that is open."""
        return open_question(self._app)

    @property
    def _screen(self) -> MainScreen:
        return cast("MainScreen", self._app.screen_stack[0])

    @property
    def busy(self) -> bool:
        """Whether an action is running that waits for no answer."""
        return self._action is not None and not self._action.done() and self._answer is None

    async def ask(self, question: Question[T]) -> T | None:
        """Show a question and return its answer; None means it was cancelled."""
        answer: asyncio.Future[T | None] = asyncio.get_running_loop().create_future()
        self._answer = answer
        await self._screen.ask(question)
        self._asked.set()
        return await answer

    async def ask_verdict(
        self, title: str, fields: Sequence[FormField], note: str = "", check: Callable[[list[str]], str] | None = None
    ) -> list[str] | None:
        """Show the bar that all verdicts share and return what was filled in; None means it was cancelled."""
        return await self.ask(self._screen.query_one(VerdictBar).fill(title, fields, note, check))

    async def answer(self, value: object) -> None:
        """Close the question on the screen, and let its action continue with the answer."""
        answer, self._answer = self._answer, None
        self._asked = asyncio.Event()
        await self._screen.close_question()
        if answer is not None and not answer.done():
            answer.set_result(value)
        await self._done_or_asking()
        self._messages.show_waiting()

    def report_failure(self, task: asyncio.Task[None]) -> None:
        """End the desk if a task failed for a reason that is no `ClearanceError`."""
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._app._handle_exception(error if isinstance(error, Exception) else RuntimeError(str(error)))  # noqa: SLF001 - as the library does for its own workers

    async def _done_or_asking(self) -> None:
        asked = asyncio.create_task(self._asked.wait())
        if self._action is not None:
            await asyncio.wait({self._action, asked}, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
