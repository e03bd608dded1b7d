"""Actions on the review and the desk as a whole: undo, redo, messages, keys, palette, leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.review import commands
from tui import clock
from tui.desk.areas import AREAS
from tui.desk.shell.host import session_of
from tui.desk.shell.keys import spelled
from tui.desk.widgets.prompts import Read

if TYPE_CHECKING:
    from analysis.review.commands.outcome import Outcome
    from tui.desk.shell.host import Host


def undo(desk: Host) -> None:
    """Undo the last action; the cursor goes to its tool."""
    session = session_of(desk)
    _show_step(desk, commands.undo(session.review, actor=session.actor, at=clock.now()))


def redo(desk: Host) -> None:
    """Redo what was undone."""
    session = session_of(desk)
    _show_step(desk, commands.redo(session.review, actor=session.actor, at=clock.now()))


def _show_step(desk: Host, outcome: Outcome) -> None:
    desk.sync.done(outcome)
    if outcome.tools:
        desk.tools_area.table.go(outcome.tools[0])


async def show_keys(desk: Host) -> None:
    """Show the keys of this area."""
    title = AREAS[desk.area].title if desk.area in AREAS else "Welcome"
    rows = [(spelled(entry.keys), entry.help) for entry in desk.keymap.of(desk.area)]
    await desk.prompts.ask(Read(f"Keys: {title}", rows))


async def show_messages(desk: Host) -> None:
    """Show the messages of the desk again."""
    await desk.prompts.ask(Read("Messages, newest first", desk.messages.entries[::-1] or [("", "no messages yet")]))


async def open_palette(desk: Host) -> None:
    """Open the command palette."""
    await desk.open_palette()


def leave(desk: Host) -> None:
    """Leave the desk."""
    desk.leave()
