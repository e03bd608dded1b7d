"""Progress of a long import, on one line of the terminal that is erased at the end."""

from __future__ import annotations

import sys
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

#: Time before progress is shown, seconds: most imports are done by then.
_DELAY_SECONDS = 0.7
_INTERVAL_SECONDS = 0.1


class ProgressLine:
    """Callback for imports. Prints nothing in scripts and for quick imports."""

    def __init__(self) -> None:
        self._shows = sys.stderr.isatty()
        self._next = monotonic() + _DELAY_SECONDS
        self._shown = False

    def __call__(self, step: str, done: int, of: int) -> None:
        """Report that `done` of `of` parts of a step are complete."""
        now = monotonic()
        if self._shows and now >= self._next:
            self._next, self._shown = now + _INTERVAL_SECONDS, True
            sys.stderr.write(
                f"\r\x1b[Kreading {step}: {done:,} of {of:,} (Ctrl-C cancels; nothing is written until the end)"
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
