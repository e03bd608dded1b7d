"""How far a long import is, on one line of the terminal that goes away again."""

from __future__ import annotations

import sys
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

#: Seconds before anything is said: most imports are done by then.
_PATIENCE = 0.7
_BETWEEN = 0.1


class Progress:
    """A watcher for imports. Says nothing where nobody looks: in scripts, and while it is quick."""

    def __init__(self) -> None:
        self._shows = sys.stderr.isatty()
        self._next = monotonic() + _PATIENCE
        self._shown = False

    def __call__(self, step: str, done: int, of: int) -> None:
        """Tell that `done` of `of` parts of a step are behind us."""
        now = monotonic()
        if self._shows and now >= self._next:
            self._next, self._shown = now + _BETWEEN, True
            sys.stderr.write(
                f"\r\x1b[Kreading {step}: {done:,} of {of:,} (Ctrl-C stops; nothing is written before the end)"
            )
            sys.stderr.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
