"""Overrides of the engine's assessment: risk, type, flow roles; each re-tag gives a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.model import FlowRole, Risk, ToolType
from analysis.review import commands
from analysis.text import visible
from tui import clock
from tui.desk.shell.host import session_of
from tui.desk.widgets.prompts import Choose, Form, FormField

if TYPE_CHECKING:
    from tui.desk.shell.host import Host

_RISKS: Final = {"h": Risk.HIGH, "m": Risk.MEDIUM, "l": Risk.LOW}
_TYPES: Final = {
    "r": ToolType.READ,
    "s": ToolType.SIDE_EFFECT,
    "c": ToolType.CRITICAL,
    "a": ToolType.ADMINISTRATIVE,
    "b": ToolType.BILLING,
}
_FLOW_ROLES: Final = {
    "p": FlowRole.PRIVATE_DATA,
    "u": FlowRole.UNTRUSTED_CONTENT,
    "w": FlowRole.EXFILTRATION_SINK,
    "c": FlowRole.CODE_EXECUTION,
    "l": FlowRole.SELF_MODIFICATION,
}
_MISSED: Final = "what did the engine miss?"


async def risk(desk: Host) -> None:
    """Re-tag the risk; lowering it needs a reason."""
    session, tool = session_of(desk), desk.tools_area.tool
    if tool is None:
        return
    state = session.review.tool(tool)
    title = f"Risk of {visible(state.row.name, 50)}"
    letter = await desk.prompts.ask(Choose(title, [(key, value.value) for key, value in _RISKS.items()]))
    if letter is None:
        return
    value = _RISKS[letter]
    lowers = value.rank < max(state.row.risk.rank, state.risk.rank)
    given = await desk.prompts.ask(Form(f"Risk {value.value}: why?", [FormField("Reason", needed=lowers)]))
    if given is not None:
        desk.sync.done(
            commands.override_risk(session.review, tool, value, reason=given[0], actor=session.actor, at=clock.now())
        )


async def tool_type(desk: Host) -> None:
    """Re-tag the type."""
    session, tool = session_of(desk), desk.tools_area.tool
    if tool is None:
        return
    name = visible(session.review.tool(tool).row.name, 50)
    letter = await desk.prompts.ask(Choose(f"Type of {name}", [(key, value.value) for key, value in _TYPES.items()]))
    if letter is None:
        return
    value = _TYPES[letter]
    given = await desk.prompts.ask(Form(f"Type {value.value}: {_MISSED}", [FormField("Reason")]))
    if given:
        desk.sync.done(
            commands.override_type(session.review, tool, value, reason=given[0], actor=session.actor, at=clock.now())
        )


async def flow_role(desk: Host) -> None:
    """Re-tag a flow role: add it to the tool, or remove it."""
    session = session_of(desk)
    tool = desk.tools_area.tool if desk.area == "tools" else desk.list_area.tool()
    if tool is None:
        return
    state = session.review.tool(tool)
    name = visible(state.row.name, 50)
    offered = [
        (key, f"{role.value}: {'present, remove it' if role in state.flow_roles else 'absent, add it'}")
        for key, role in _FLOW_ROLES.items()
    ]
    letter = await desk.prompts.ask(Choose(f"Flow roles of {name}", offered))
    if letter is None:
        return
    role = _FLOW_ROLES[letter]
    present = role not in state.flow_roles
    title = f"{'Add' if present else 'Remove'} flow role {role.value}, {name}: {_MISSED}"
    given = await desk.prompts.ask(Form(title, [FormField("Reason")]))
    if given:
        outcome = commands.override_flow_role(
            session.review, tool, role, present=present, reason=given[0], actor=session.actor, at=clock.now()
        )
        desk.sync.done(outcome)
