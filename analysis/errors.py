"""Errors shown to users, with their exit codes.

::

    ClearanceError            70  internal error, unless a subclass applies
    ├── UsageError             2  invalid call
    ├── InputRefused           3  a source is invalid
    ├── WorkspaceRefused       4  a review file is damaged, unknown, newer or read-only
    └── CheckFailed            1  a check failed

Analysis code returns problems as data. These errors are raised where a command cannot continue, and displayed
in one place per front end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.model import Problem

EXIT_OK = 0
EXIT_NO = 1
EXIT_USAGE = 2
EXIT_INPUT = 3
EXIT_WORKSPACE = 4
EXIT_INTERNAL = 70


class ClearanceError(Exception):
    """An error in four parts: what happened, where, why, and what to do next."""

    exit_code = EXIT_INTERNAL

    def __init__(self, what: str, *, place: str = "", why: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.place = place
        self.why = why
        self.remedy = remedy

    def lines(self) -> list[str]:
        """Return the non-empty parts, one line each, in reading order."""
        lines = [self.what]
        for label, part in (("where", self.place), ("why", self.why), ("next", self.remedy)):
            if part:  # further lines are indented like the first, so that a caret keeps its column
                first, *more = part.split("\n")
                lines.append(f"{label}: {first}")
                lines.extend(" " * (len(label) + 2) + line for line in more)
        return lines


class UsageError(ClearanceError):
    """An invalid call: an unknown field in a query, contradictory options."""

    exit_code = EXIT_USAGE


class InputRefused(ClearanceError):
    """A source cannot be imported. Nothing was changed. `problems` are the defects, as data."""

    exit_code = EXIT_INPUT
    problems: tuple[Problem, ...] = ()


class WorkspaceRefused(ClearanceError):
    """A review file cannot be opened or written. Nothing in it was changed."""

    exit_code = EXIT_WORKSPACE


class CheckFailed(ClearanceError):
    """A check failed: not verified, drift found, or verdict blocked."""

    exit_code = EXIT_NO


class Unreadable(Exception):
    """Something from outside that may not be read, with the reason in words; its reader reports it as data."""
