"""Every error a user can meet, each with its exit code.

::

    ClearanceError            70  our own fault unless a subclass says otherwise
    ├── UsageError             2  the call makes no sense
    ├── InputRefused           3  a source was not what it has to be
    ├── WorkspaceRefused       4  a review file is damaged, foreign, newer or read-only
    └── AnswerIsNo             1  the question was understood; the answer is no

Code that analyses returns problems as data. These are raised where a command cannot go on, and shown
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
EXIT_FAULT = 70


class ClearanceError(Exception):
    """An error in four parts: what happened, where, why, and what to do next."""

    exit_code = EXIT_FAULT

    def __init__(self, what: str, *, place: str = "", why: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.place = place
        self.why = why
        self.remedy = remedy

    def lines(self) -> list[str]:
        """Return the parts that are known, one line each, in reading order."""
        lines = [self.what]
        for label, part in (("where", self.place), ("why", self.why), ("next", self.remedy)):
            if part:  # further lines of a part stand under its first, so that a caret keeps its column
                first, *more = part.split("\n")
                lines.append(f"{label}: {first}")
                lines.extend(" " * (len(label) + 2) + line for line in more)
        return lines


class UsageError(ClearanceError):
    """The call itself makes no sense: an unknown field in a query, an option that contradicts another."""

    exit_code = EXIT_USAGE


class InputRefused(ClearanceError):
    """A source is not a document we may work from. Nothing was imported. `problems` are the faults, as data."""

    exit_code = EXIT_INPUT
    problems: tuple[Problem, ...] = ()


class WorkspaceRefused(ClearanceError):
    """A review file cannot be opened or written. Nothing in it was changed."""

    exit_code = EXIT_WORKSPACE


class AnswerIsNo(ClearanceError):
    """A question was asked and the answer is no: not verified, drifted, verdict blocked where asked."""

    exit_code = EXIT_NO
