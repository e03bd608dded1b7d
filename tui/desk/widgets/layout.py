"""What lies under the widgets one sees. It is covered by them, so that nothing of its own is painted, line by line."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import ContentSwitcher

#: A desk that fails or is left paints no more: nobody waits longer for it (seconds).
_LONGEST: Final = 5.0


class MainScreen(Screen[None]):
    """The screen of the desk."""

    BLANK = True


class Layout(Vertical):
    """A place for widgets, one under the other."""

    BLANK = True


class Body(ContentSwitcher):
    """The place of the area that is shown."""

    BLANK = True

    async def painted(self) -> None:
        """Return once the area that is shown is laid out and painted as it was last asked to be.

        Each widget is asked in its turn: until it has told the screen that it needs room, the screen knows of nothing
        to lay out.
        """
        area = self.visible_content
        parts = [self, *(area.walk_children(with_self=True) if area is not None else ())]
        with suppress(TimeoutError):
            async with asyncio.timeout(_LONGEST):
                await asyncio.gather(*(part.wait_for_refresh() for part in parts))
