"""The areas of the desk: what a person works in. Each is made when it is first shown."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from tui.desk.areas.list_area import ListArea, Target

if TYPE_CHECKING:
    from tui.desk.shell.session import Session

__all__ = ["AREAS", "ListArea", "Target", "make_area"]

#: Areas with a list: name -> module and class.
AREAS: Final = {
    "findings": ("findings", "FindingsArea"),
    "governance": ("governance", "GovernanceArea"),
    "trail": ("trail", "TrailArea"),
    "overview": ("overview", "OverviewArea"),
    "flows": ("flows", "FlowsArea"),
    "families": ("duplicates", "DuplicatesArea"),
    "changes": ("changes", "ChangesArea"),
    "signoff": ("signoff", "SignoffArea"),
}


def make_area(name: str, session: Session) -> ListArea:
    """Return a new area by its name."""
    module, kind = AREAS[name]
    made: ListArea = getattr(import_module(f"tui.desk.areas.{module}"), kind)(session, name)
    return made
