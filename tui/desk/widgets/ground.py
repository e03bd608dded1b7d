"""What lies under the widgets one sees. It is covered by them, so that nothing of its own is painted, line by line."""

from __future__ import annotations

from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import ContentSwitcher


class MainScreen(Screen[None]):
    """The screen of the desk."""

    BLANK = True


class Ground(Vertical):
    """A place for widgets, one under the other."""

    BLANK = True


class Body(ContentSwitcher):
    """The place of the area that is shown."""

    BLANK = True
