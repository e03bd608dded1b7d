"""Notes: a line at the desk, or a text in the reviewer's editor."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import UsageError
from analysis.review import commands
from analysis.text import file_name, visible, visible_lines
from tui import clock
from tui.desk.shell.host import session_of
from tui.desk.widgets.prompts import Form, FormField

if TYPE_CHECKING:
    from tui.desk.shell.host import Host

#: Maximum length of a note, characters.
_MAX_NOTE = 20_000


def _subject(desk: Host) -> str | None:
    return desk.tools_area.tool if desk.area == "tools" else desk.list_area.subject()


async def note(desk: Host) -> None:
    """Write a note on the row under the cursor."""
    session, subject = session_of(desk), _subject(desk)
    if subject is None:
        return
    given = await desk.prompts.ask(Form("Note", [FormField("Text")]))
    if given:
        desk.sync.done(commands.note(session.review, subject, given[0], actor=session.actor, at=clock.now()))


def note_in_editor(desk: Host) -> None:
    """Write a note in the reviewer's editor; an empty text is no note."""
    session, subject = session_of(desk), _subject(desk)
    command = own_editor("press n for a note of one line")
    if subject is None:
        return
    text = desk.suspend_for(lambda: edit_text(command))
    if text:
        desk.sync.done(commands.note(session.review, subject, text, actor=session.actor, at=clock.now()))


def own_editor(instead: str) -> list[str]:
    """Return the command of the reviewer's editor. Raises `UsageError` without one; `instead` says what else to do."""
    command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "")
    if not command:
        raise UsageError("no editor is configured", remedy=f"set EDITOR, or {instead}")
    return command


def view_file(command: list[str], name: str, raw: bytes, line: int) -> None:
    """Show a copy of a file in an editor, at a line; what is changed there is lost. Raises `UsageError`."""
    with tempfile.TemporaryDirectory(prefix="clearance-") as folder:
        path = Path(folder) / file_name(Path(name).name, "source")
        path.write_bytes(raw)
        path.chmod(0o400)
        try:
            subprocess.run([*command, f"+{line}", str(path)], check=False)  # noqa: S603 - the user's own editor
        except OSError as error:
            raise UsageError("the editor cannot be started", place=visible(command[0]), why=str(error)) from None


def edit_text(command: list[str], text: str = "") -> str:
    """Return a text as edited, made safe to show. Raises `UsageError` when the editor fails.

    The temporary file is private to the user and deleted afterwards.
    """
    with tempfile.TemporaryDirectory(prefix="clearance-") as folder:
        path = Path(folder) / "note.txt"
        path.touch(mode=0o600)
        path.write_text(text, "utf-8")
        try:
            process = subprocess.run([*command, str(path)], check=False)  # noqa: S603 - the user's own editor
            if process.returncode:
                raise UsageError("the editor failed", place=command[0], why=f"exit code {process.returncode}")
            raw = path.read_bytes()
        except OSError as error:
            raise UsageError("the editor cannot be started", place=visible(command[0]), why=str(error)) from None
    return visible_lines(raw.decode("utf-8", "replace"), _MAX_NOTE).strip()
