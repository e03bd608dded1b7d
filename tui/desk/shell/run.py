"""The desk from the outside: begun on a review, on a file that is still to be opened, or on nothing."""

from __future__ import annotations

import gc
import os
import shutil
from typing import TYPE_CHECKING

from tui import clock

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.review.session import Review

#: Read by the library when it is imported: no animation over a slow line, and keys echo within one short frame.
_SETTINGS = {"ESCDELAY": "50"}
_REMOTE = {"TEXTUAL_ANIMATIONS": "none", "TEXTUAL_SMOOTH_SCROLL": "0"}


def run_desk(
    review: Review | None, actor: str, *, path: Path | None = None, ascii_only: bool = False, new: bool = False
) -> None:
    """Run the desk until it is left, on a review (greeted if it is new) or on the file at a path.

    Raises what opening the file raises. A fault of ours is raised for the one place that reports faults.
    """
    from analysis.review.queries.preview import opening_preview  # noqa: PLC0415 - a file that is refused needs no desk

    gc.disable()  # all that is made until the review is open stays: looking for garbage in it finds none
    look = opening_preview(path, shutil.get_terminal_size().lines, clock.now()) if path is not None else None
    remote = "SSH_CONNECTION" in os.environ
    for name, value in (_REMOTE if remote else _SETTINGS).items():
        os.environ.setdefault(name, value)
    from tui.desk.shell.app import Desk  # noqa: PLC0415 - after its settings
    from tui.desk.shell.keymap import read_keymap  # noqa: PLC0415

    desk = Desk(review, actor, path=path, look=look, keymap=read_keymap(), ascii_only=ascii_only)
    if new:
        from tui.desk.actions.start import ASK  # noqa: PLC0415 - once in the life of a review

        desk.greeting = ASK
    desk.run()
    if desk.refusal is not None:
        raise desk.refusal
    fault = desk._exception  # noqa: SLF001 - where the library keeps what ended it
    if fault is not None:
        raise fault
