"""The areas of the desk: each a place to work in, with its key, its titles and the class that shows it.

`AREAS` is the one table: lines of state, keys, help, palette and manual follow. It loads no terminal.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from textual.containers import Container

    from tui.desk.shell.session import Session

#: The screen before a review is open.
WELCOME: Final = "welcome"


@dataclass(frozen=True, slots=True)
class Area:
    """One area: `view` names its class as `module:Class`, `brief` is the title where there is little room."""

    key: str
    title: str
    brief: str
    help: str
    view: str


AREAS: Final = {
    "overview": Area("1", "Overview", "Overview", "the state of the review, and what to fix next", "overview:OverviewArea"),
    "queue": Area("2", "Queue", "Queue", "groups of tools that are decided as one, with what is proposed", "queue:QueueArea"),
    "tools": Area("3", "Tools", "Tools", "the inventory and the decisions", "tools:ToolsArea"),
    "findings": Area("4", "Findings", "Find", "what is wrong, worst first", "findings:FindingsArea"),
    "flows": Area("5", "Flows", "Flows", "exfiltration paths over several tools, and what cuts them", "flows:FlowsArea"),
    "changes": Area("6", "Changes", "Chg", "what a re-import changed, before and after", "changes:ChangesArea"),
    "governance": Area("7", "Governance", "Gov", "the questions and their evidence", "governance:GovernanceArea"),
    "people": Area("8", "People", "Ppl", "who decides what, second approvals and calls that wait, who has to sign and has", "people:PeopleArea"),
    "signoff": Area("9", "Sign-off", "Sign", "the gates, who signed, and what an export would change", "signoff:SignoffArea"),
    "trail": Area("H", "History", "Hist", "who did what, and when", "trail:TrailArea"),
    "duplicates": Area("D", "Duplicates", "Dup", "tools an agent cannot tell apart, side by side", "duplicates:DuplicatesArea"),
}  # fmt: skip


def make_area(name: str, session: Session) -> Container:
    """Return a new area by its name; its module is loaded with it."""
    module, _, view = AREAS[name].view.partition(":")
    area: Container = getattr(import_module(f"tui.desk.areas.{module}"), view)(session, name)
    return area
