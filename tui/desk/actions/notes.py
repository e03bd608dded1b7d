"""Notes: a line at the desk, or a text in the person's own editor."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import UsageError
from analysis.review import commands
from analysis.text import visible, visible_lines
from tui import clock
from tui.desk.shell.host import session_of
from tui.desk.widgets.prompts import Form, FormField

if TYPE_CHECKING:
    from tui.desk.shell.host import Host

_MOST = 20_000  # characters of a note


def _subject(desk: Host) -> str | None:
    return desk.tools_area.tool if desk.area == "tools" else desk.list_area.subject()


async def note(desk: Host) -> None:
    """Write a note on what the cursor is on."""
    session, subject = session_of(desk), _subject(desk)
    if subject is None:
        return
    given = await desk.ask(Form("Note", [FormField("Text")]))
    if given:
        desk.done(commands.note(session.review, subject, given[0], actor=session.actor, at=clock.now()))


async def note_in_editor(desk: Host) -> None:
    """Write a note in one's own editor; an empty text leaves everything as it is."""
    session, subject = session_of(desk), _subject(desk)
    command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "")
    if subject is None:
        return
    if not command:
        raise UsageError("no editor is named", remedy="set EDITOR, or press n for a note of one line")
    text = desk.suspend_for(lambda: edited(command))
    if text:
        desk.done(commands.note(session.review, subject, text, actor=session.actor, at=clock.now()))


def edited(command: list[str], text: str = "") -> str:
    """Return what a person makes of a text in an editor, made visible. Raises `UsageError` when it cannot be run.

    The text lies in a file of its own that nobody else may read, and that is gone afterwards.
    """
    with tempfile.TemporaryDirectory(prefix="clearance-") as folder:
        place = Path(folder) / "note.txt"
        place.touch(mode=0o600)
        place.write_text(text, "utf-8")
        try:
            ended = subprocess.run([*command, str(place)], check=False)  # noqa: S603 - the person's own editor
            if ended.returncode:
                raise UsageError("the editor ended with a fault", place=command[0], why=f"exit code {ended.returncode}")
            raw = place.read_bytes()
        except OSError as error:
            raise UsageError("the editor cannot be run", place=visible(command[0]), why=str(error)) from None
    return visible_lines(raw.decode("utf-8", "replace"), _MOST).strip()
