"""The desk as its actions see it. Actions depend on this protocol, not on the application that imports them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from analysis.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.review.session import Review
    from tui.desk.actions.teamwork.remote_exchange import RemoteExchange
    from tui.desk.areas.list_area import ListArea
    from tui.desk.areas.tools import ToolsArea
    from tui.desk.shell.background_jobs import BackgroundJobs
    from tui.desk.shell.keymap import Keymap
    from tui.desk.shell.messages import Messages
    from tui.desk.shell.prompt_flow import PromptFlow
    from tui.desk.shell.screen_sync import ScreenSync
    from tui.desk.shell.session import Session

T = TypeVar("T")


class Host(Protocol):
    """The desk, as an action sees it."""

    actor: str
    session: Session | None
    area: str
    keymap: Keymap
    messages: Messages
    prompts: PromptFlow
    jobs: BackgroundJobs
    sync: ScreenSync
    exchange: RemoteExchange

    @property
    def tools_area(self) -> ToolsArea:
        """The area in which tools are decided."""

    @property
    def list_area(self) -> ListArea:
        """The list on the screen."""

    async def start(self, review: Review) -> None:
        """Go from the welcome screen to a review."""

    async def show_area(self, area: str) -> None:
        """Show another area."""

    async def open_palette(self) -> None:
        """Open the command palette."""

    def copy_to_clipboard(self, text: str) -> None:
        """Put a text into the clipboard of the terminal (OSC 52)."""

    def next_theme(self) -> None:
        """Put the next theme in force. Raises `UsageError` on a terminal without colours."""

    def refresh_status(self) -> None:
        """Update the lines above and below."""

    def suspend_for(self, work: Callable[[], T], remedy: str = "") -> T:
        """Give the terminal to other work, and take it back; `remedy` says what to do where that is not possible."""

    def leave(self) -> None:
        """End the desk."""


def session_of(desk: Host) -> Session:
    """Return the session. Raises `UsageError` on the welcome screen."""
    if desk.session is None:
        raise UsageError("no review is open", remedy="press d for the sample, i to start one, o to open one")
    return desk.session


def typed_path(text: str) -> Path:
    """Return the path that was typed, with `~` as the home folder."""
    return Path(text).expanduser()
