"""A line that says what goes on beside the desk: what, for how long, and how to stop it."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from textual.content import Content
from textual.widgets import Static

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

#: How often one looks whether the work is done (seconds).
_LOOK: Final = 0.1


class Working(Static, Generic[T]):
    """Looks after work that goes on by itself; `poll` gives its outcome once there is one, `far` how far it is."""

    def __init__(
        self,
        label: str,
        poll: Callable[[], T | None],
        cancel: Callable[[], None],
        over: Callable[[T], None],
        far: Callable[[], str] = str,
    ) -> None:
        super().__init__(Content(""), id="working")
        self._label = label
        self._poll = poll
        self._cancel = cancel
        self._over = over
        self._far = far
        self._began = monotonic()
        self.stopped = False

    def on_mount(self) -> None:
        """Begin to look."""
        self._say()
        self._looking = self.set_interval(_LOOK, self._look)

    def _look(self) -> None:
        outcome = self._poll()
        if outcome is None:
            self._say()
            return
        self._looking.stop()
        self.call_after_refresh(self.remove)
        self._over(outcome)

    def _say(self) -> None:
        far = self._far()
        told = f" {self._label}{': ' if far else ''}{far}, {monotonic() - self._began:.0f} s; Esc stops it"
        self.update(Content(told), layout=False)

    def stop(self) -> None:
        """End the work; its outcome says so."""
        self.stopped = True
        self._cancel()

    def on_unmount(self) -> None:
        """End the work with the desk: nothing goes on that nobody sees. Work that is done has nothing to end."""
        self._cancel()
