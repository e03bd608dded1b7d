"""Actions on how tools relate: a leg that a tool lends to a flow, and a family of which one is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.model import FlowRole
from analysis.review import commands
from analysis.text import visible
from tui import clock
from tui.desk.areas.duplicates import DuplicatesArea, letters
from tui.desk.shell.host import session_of
from tui.desk.widgets.prompts import Choose, Form, FormField

if TYPE_CHECKING:
    from analysis.review.derived.flows import FlowChange
    from tui.desk.shell.host import Host
    from tui.desk.shell.session import Session

_FLOW_ROLES = {
    "p": FlowRole.PRIVATE,
    "u": FlowRole.UNTRUSTED,
    "w": FlowRole.SINK,
    "c": FlowRole.CODE,
    "l": FlowRole.LIMITS,
}
_NAMED = 3


async def flow_role(desk: Host) -> None:
    """Say that a tool lends a leg to a flow, or that it does not."""
    session = session_of(desk)
    tool = desk.tools_area.tool if desk.area == "tools" else desk.list_area.tool()
    if tool is None:
        return
    state = session.review.tool(tool)
    name = visible(state.row.name, 50)
    offered = [
        (key, f"{each.value}: {'lent, say that it is not' if each in state.flow_roles else 'not lent, say that it is'}")
        for key, each in _FLOW_ROLES.items()
    ]
    letter = await desk.ask(Choose(f"Legs of {name}", offered))
    if letter is None:
        return
    chosen = _FLOW_ROLES[letter]
    present = chosen not in state.flow_roles
    verb = "lends" if present else "does not lend"
    given = await desk.ask(Form(f"{name} {verb} {chosen.value}: what did the engine not see?", [FormField("Reason")]))
    if given:
        done = commands.override_flow_role(
            session.review, tool, chosen, present=present, reason=given[0], actor=session.actor, at=clock.now()
        )
        desk.done(done)


async def keep(desk: Host) -> None:
    """Keep one of a family and block the rest, as one step."""
    session, area = session_of(desk), desk.list_area
    family = area.family() if isinstance(area, DuplicatesArea) else None
    if family is None:
        return
    states = [session.review.tool(row.id).decision_state for row in family.members]
    offered = letters(family, states)
    letter = await desk.ask(Choose("Which one does the agent keep? The rest is blocked.", [o[:2] for o in offered]))
    chosen = next((tool for key, _, tool in offered if key == letter), None)
    if chosen is None:
        return
    name = session.review.tool(chosen).row.name
    own = f"beside {name}, from which an agent cannot tell it"
    given = await desk.ask(Form(f"Keep {visible(name, 60)}, block the rest", [FormField("Reason", visible(own, 200))]))
    if given:
        desk.done(
            commands.keep_one(session.review, family, chosen, reason=given[0], actor=session.actor, at=clock.now())
        )


def warning(session: Session, made: FlowChange) -> str:
    """Return what a verdict would close over the tools that the agent is given; empty when it closes nothing."""
    if not made.closes:
        return ""
    named = "; ".join(
        f"{each.value}: {', '.join(visible(session.review.tool(tool).row.name, 40) for tool in found[:_NAMED])}"
        + (f" and {len(found) - _NAMED:,} more" if len(found) > _NAMED else "")
        for each, found in made.after.flow_roles.items()
    )
    return f"This closes a trifecta: a stranger's words could have private data sent out. {named}"
