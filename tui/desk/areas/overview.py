"""Where the review stands, to be looked at rather than read."""

from __future__ import annotations

from tui.desk.areas.list_area import ListArea


class OverviewArea(ListArea):
    """What to do next, best first, under the figures."""

    def rows(self):
        return []
