"""Ends the desk when its terminal is gone: a closed window whose hang-up signal the process was told to ignore.

Without it, the library reads the dead terminal again and again, at the cost of a whole core.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tui.desk.shell.app import Desk

#: Exit code of a program that a hang-up ended: 128 and the number of the signal.
_HUNG_UP: Final = 129
#: Interval between looks at the terminal, seconds.
_SECONDS: Final = 2.0


def terminal_is_gone(handle: int) -> bool:
    """Whether the terminal behind a file descriptor has been closed."""
    import termios  # noqa: PLC0415 - not on every system

    try:
        termios.tcgetattr(handle)
    except (termios.error, OSError):
        return True
    return False


def watch_terminal(desk: Desk) -> None:
    """End the process when the terminal of the desk is gone. Whatever was recorded is in the file already."""
    stream = sys.__stdin__
    if os.name != "posix" or stream is None or not stream.isatty():
        return
    handle = stream.fileno()

    def look() -> None:
        if terminal_is_gone(handle) and not desk.jobs.busy:  # a job may be writing files
            # An orderly end would write to the terminal, and wait for the thread that reads it.
            os._exit(_HUNG_UP)

    desk.set_interval(_SECONDS, look)
