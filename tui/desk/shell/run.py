"""Runs the desk: on a review, on a file that is still to be opened, or on neither."""

from __future__ import annotations

import gc
import os
import shutil
from typing import TYPE_CHECKING

from analysis.collector import collect_rarely
from tui import clock

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.review.session import Review

#: Environment of the library, read when it is imported. Over SSH nothing is animated; locally Esc is recognised quickly.
_LOCAL_SETTINGS = {"ESCDELAY": "50"}
_REMOTE_SETTINGS = {"TEXTUAL_ANIMATIONS": "none", "TEXTUAL_SMOOTH_SCROLL": "0"}


def run_desk(
    review: Review | None,
    actor: str,
    *,
    path: Path | None = None,
    ascii_only: bool = False,
    new: bool = False,
    theme: str | None = None,
) -> None:
    """Run the desk until it is left, on a review (with a greeting if it is `new`) or on the file at a path.

    `theme` is that of this run; None means the one that was chosen last. Raises the errors of opening the file, and any internal error, which the command line reports.
    """
    from analysis.review.queries.preview import opening_preview  # noqa: PLC0415 - a refused file needs no desk

    collect_rarely(rarely=False)
    gc.disable()  # everything allocated until the review is open stays alive: collecting would find nothing
    preview = opening_preview(path, shutil.get_terminal_size().lines, clock.now()) if path is not None else None
    remote = "SSH_CONNECTION" in os.environ
    for name, value in (_REMOTE_SETTINGS if remote else _LOCAL_SETTINGS).items():
        os.environ.setdefault(name, value)
    from tui.desk.shell.app import Desk  # noqa: PLC0415 - after its settings
    from tui.desk.shell.keymap import read_keymap  # noqa: PLC0415
    from tui.desk.styles.preferences import read_columns, read_theme  # noqa: PLC0415

    greeting = ""
    if new:
        from tui.desk.actions.start import NEW_REVIEW  # noqa: PLC0415 - once in a review

        greeting = NEW_REVIEW
    chosen, fault = read_theme()
    desk = Desk(
        review,
        actor,
        path=path,
        preview=preview,
        keymap=read_keymap(),
        ascii_only=ascii_only,
        greeting=greeting or fault,
        theme=theme or chosen,
        columns=read_columns(),
    )
    desk.run()
    if desk.refusal is not None:
        raise desk.refusal
    error = desk._exception  # noqa: SLF001 - where the library keeps the exception that ended it
    if error is not None:
        raise error
