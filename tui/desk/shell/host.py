"""What an action may ask of the desk. Actions know this and not the application, so that nothing runs in a circle."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from analysis.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.screen import Screen
    from textual.widget import Widget

    from analysis.model import ToolId
    from analysis.review.commands.outcome import Outcome
    from analysis.review.session import Review
    from tui.desk.areas import ListArea
    from tui.desk.areas.tools import ToolsArea
    from tui.desk.shell.keymap import Keymap
    from tui.desk.shell.session import Session
    from tui.desk.widgets.prompts import Question

T = TypeVar("T")


class Host(Protocol):
    """The desk, as an action sees it."""

    actor: str
    session: Session | None
    area: str
    keymap: Keymap
    told: list[tuple[str, str]]

    @property
    def tools_area(self) -> ToolsArea:
        """The area in which tools are decided."""

    @property
    def list_area(self) -> ListArea:
        """The list that is shown now."""

    @property
    def screen_stack(self) -> list[Screen[Any]]:
        """The desk's own screen, and the questions on it."""

    @property
    def focused(self) -> Widget | None:
        """The widget that has the keys."""

    async def ask(self, screen: Question[T]) -> T | None:
        """Show a question and wait for its answer; None means it was left."""

    async def start(self, review: Review) -> None:
        """Go from the welcome to a review."""

    async def show_area(self, area: str) -> None:
        """Show another area."""

    def refresh_status(self) -> None:
        """Write the lines above and below."""

    def done(self, outcome: Outcome) -> None:
        """Say what was done, and bring the screen up to date."""

    def changed(self, keep: ToolId | None = None, tools: Sequence[ToolId] | None = None) -> None:
        """Bring the screen up to date after something was recorded of `tools` (None: of any), the cursor on `keep`."""

    def say(self, text: str) -> None:
        """Say something in passing."""

    def call_later(self, callback: Callable[..., object], *args: object) -> bool:
        """Do something once the keys are done with."""

    def suspend_for(self, work: Callable[[], T]) -> T:
        """Give the terminal to other work, and take it back."""

    def leave(self) -> None:
        """End the desk."""

    async def open_palette(self) -> None:
        """Open the command palette."""


def session_of(desk: Host) -> Session:
    """Return the session. Raises `UsageError` on the welcome screen."""
    if desk.session is None:
        raise UsageError("no review is open", remedy="press d for the sample, i to begin, o to open one")
    return desk.session


def typed_path(text: str) -> Path:
    """Return the path that somebody typed, `~` meaning their home."""
    return Path(text).expanduser()
