"""How the screen follows the review: after an action of one's own, and after somebody else's."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Final

from analysis.errors import ClearanceError
from tui import clock
from tui.desk.shell.messages import Messenger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.timer import Timer

    from analysis.model import ToolId
    from analysis.review.commands.outcome import Outcome
    from tui.desk.areas import ListArea
    from tui.desk.areas.tools import ToolsArea
    from tui.desk.shell.session import Session

#: How often the desk looks whether somebody else has written to the file (seconds).
_LOOK: Final = 1.0
#: What follows from a decision is worked out when the hands rest this long (seconds).
_SETTLE: Final = 0.15
#: Where working it out takes long, the hands rest so many times as long, and at most so long (seconds).
_PATIENCE: Final = 4
_LATEST: Final = 1.5


class ScreenSync(Messenger):
    """A desk that keeps what it shows true to the review."""

    session: Session | None
    area: str
    _version: int

    def __init__(self) -> None:
        super().__init__()
        self._resting: Timer | None = None
        self._rest = _SETTLE

    @property
    def tools_area(self) -> ToolsArea:
        """The area in which tools are decided."""
        raise NotImplementedError

    @property
    def list_area(self) -> ListArea:
        """The area with a list that is shown now."""
        raise NotImplementedError

    def refresh_status(self) -> None:
        """Write the lines above and below."""
        raise NotImplementedError

    def begin_following(self) -> None:
        """Look from now on whether somebody else writes to the file."""
        self.set_interval(_LOOK, self.follow)

    def done(self, outcome: Outcome) -> None:
        """Say what was done, and bring the screen up to date."""
        self.say(outcome.sentence)
        self.changed(tools=outcome.tools or None)

    def changed(self, keep: ToolId | None = None, tools: Sequence[ToolId] | None = None) -> None:
        """Bring the screen up to date after something was recorded of `tools` (None: of any), the cursor on `keep`."""
        if self.session is None:
            return
        self._version = self.session.review.version()
        self.session.again()
        if self.area not in {"tools", "welcome"}:
            self.list_area.reload()
        self.tools_area.reload(keep, tools)
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(self._rest, self._settled)

    def _settled(self) -> None:
        """Work out what follows from decisions, and show it. The longer that takes, the longer it waits for a rest."""
        if not self.query("#tools"):
            return  # the desk is being left
        began = monotonic()
        self.refresh_status()
        self.tools_area.weighed()
        self._rest = min(max(_SETTLE, _PATIENCE * (monotonic() - began)), _LATEST)

    def follow(self) -> None:
        """Take in what another desk has recorded in the same file."""
        if self.session is None or self.session.review.version() == self._version:
            return
        self._version = self.session.review.version()
        try:
            if self.session.review.refresh(clock.now()):
                self.changed()
                self.say("the review was changed by somebody else and is up to date")
        except ClearanceError as error:
            self.complain(error)
