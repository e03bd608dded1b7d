"""Actions on the review and the desk as a whole: undo, redo, waiting calls, messages, keys, palette, leaving."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from analysis.review import commands
from analysis.text import visible, visible_lines
from tui import clock
from tui.desk.areas import AREAS
from tui.desk.shell.host import session_of
from tui.desk.shell.keys import spelled
from tui.desk.widgets.prompts import Choose, Form, FormField, Read

if TYPE_CHECKING:
    from analysis.review.commands.outcome import Outcome
    from tui.desk.shell.host import Host

_LETTERS: Final = "123456789abcdefghijklmnop"
#: Maximum length of the parameters of a call that are shown, characters.
_MAX_PARAMETERS: Final = 4_000


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


def next_theme(desk: Host) -> None:
    """Put the next theme in force: dark, light, high contrast, without colours."""
    desk.next_theme()


async def show_waiting_calls(desk: Host) -> None:
    """Show the calls that wait for a person at the gateways of this user; one of them is confirmed or denied."""
    from analysis.review.enforcement.waiting_calls import answer_call, queued_calls  # noqa: PLC0415 - most desks have no gateway

    calls = dict(zip(_LETTERS, queued_calls(clock.now()), strict=False))
    if not calls:
        desk.messages.say("no call waits for a person")
        return
    rows = [
        (
            letter,
            f"{visible(each.call.tool, 50)}  for {visible(each.call.user, 40)}, until {each.call.until[11:19]} UTC",
        )
        for letter, each in calls.items()
    ]
    letter = await desk.prompts.ask(Choose("Calls that wait for a person", rows))
    chosen = calls.get(letter or "")
    if chosen is None:
        return
    call = chosen.call
    note = [f"Called by {visible(call.user, 80)}, agent {visible(call.agent, 80)}. It needs {chosen.needs}."]
    note += [f"{'yes' if vote.yes else 'no'} by {visible(vote.voter, 80)}" for vote in chosen.votes]
    note.append(visible_lines(json.dumps(chosen.parameters, indent=1, ensure_ascii=True), _MAX_PARAMETERS))
    fields = [FormField("Confirm this call: yes or no", choices=("no", "yes")), FormField("Reason", needed=False)]

    def check(values: list[str]) -> str:
        return "" if values[0] in {"yes", "no"} else "write yes or no"

    given = await desk.prompts.ask(Form(f"{visible(call.tool, 60)} waits", fields, note="\n".join(note), check=check))
    if given:
        yes, who = given[0] == "yes", session_of(desk).actor
        desk.messages.say(answer_call(call.id, yes=yes, reason=given[1], actor=who, at=clock.now(), queue=chosen.queue))


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
