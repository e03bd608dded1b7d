"""The names that generators give to the tool on the screen: found next to the keys, for they take seconds in a large document."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from analysis.review.packets.generator_names import Unread, known_names, problem_finder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.widget import Widget

    from analysis.model import ToolId
    from analysis.review.packets.generator_names import DerivedName
    from tui.desk.shell.session import Session

    Names = Sequence[DerivedName] | Unread


class NamesFinder:
    """The names with a problem of one tool at a time. `found` is called when those of a tool were found."""

    def __init__(self, session: Session, owner: Widget, found: Callable[[], None]) -> None:
        self._session = session
        self._owner = owner
        self._found = found
        self._known: tuple[object, Names] | None = None  # of which tool, and when
        self._finding = False

    def of(self, tool: ToolId, *, find: bool) -> Names:
        """Return the names of a tool as far as they are known, and begin to `find` them where they are not.

        While those of one tool are found no other is begun, however fast the cursor moves: `found` asks again.
        """
        known = known_names(self._session.review, tool)
        if known is not Unread.NOT_YET:
            return known
        now = tool, self._session.version
        if self._known is not None and self._known[0] == now:
            return self._known[1]
        if find and not self._finding:
            self._finding = True
            self._owner.run_worker(self._find(now, problem_finder(self._session.review, tool)), group="names")
        return Unread.READING if find else known

    async def _find(self, of: object, find: Callable[[], Names]) -> None:
        try:
            self._known = of, await asyncio.to_thread(find)
        finally:
            self._finding = False
        self._found()
