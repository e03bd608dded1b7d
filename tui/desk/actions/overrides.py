"""Overrides of the engine's assessment: risk, type, flow roles, and signals that are wrong; each gives a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.model import FlowRole, Risk, ToolType
from analysis.review import commands, queries
from analysis.review.commands.misreadings import corrections
from analysis.review.commands.overrides import left_out_unseen
from analysis.review.queries.decision_support.label_signals import signals_of, tools_with_signal
from analysis.review.queries.findings import is_closed
from analysis.review.record.dispositions import reads_definitions
from analysis.text import visible
from tui import clock
from tui.desk.actions.decide import ask_reason
from tui.desk.actions.findings import close_misread
from tui.desk.shell.host import session_of
from tui.desk.widgets.prompts import Choose, Form, FormField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import ToolId
    from analysis.review.queries.decision_support.label_signals import LabelSignal
    from tui.desk.shell.host import Host
    from tui.desk.shell.session import Session

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
_LETTERS: Final = "123456789abcdefghijklmnopqrstuvwxyz"
#: Maximum number of tools that are named.
_MAX_NAMED: Final = 4
_MISSED: Final = "what did the engine miss?"
_MISREAD: Final = "what did the engine misread?"


async def risk(desk: Host) -> None:
    """Re-tag the risk of the tool or of all marked tools; lowering it needs a reason, and so do several."""
    session, tools = session_of(desk), _targets(desk)
    if not tools:
        return
    letter = await desk.prompts.ask(
        Choose(f"Risk of {_named(session, tools)}", [(key, value.value) for key, value in _RISKS.items()])
    )
    if letter is None:
        return
    value = _RISKS[letter]
    states = [session.review.tool(tool) for tool in tools]
    lowers = any(value.rank < max(state.row.risk.rank, state.risk.rank) for state in states)
    needed = lowers or len(tools) > 1
    given = await desk.prompts.ask(Form(f"Risk {value.value}: why?", [FormField("Reason", needed=needed)]))
    if given is None:
        return
    how = {"reason": given[0], "actor": session.actor, "at": clock.now()}
    if len(tools) == 1:
        desk.sync.done(commands.override_risk(session.review, tools[0], value, **how))
    else:
        _retag_several(desk, tools, value, reason=given[0])


async def tool_type(desk: Host) -> None:
    """Re-tag the type of the tool or of all marked tools."""
    session, tools = session_of(desk), _targets(desk)
    if not tools:
        return
    title = f"Type of {_named(session, tools)}"
    letter = await desk.prompts.ask(Choose(title, [(key, value.value) for key, value in _TYPES.items()]))
    if letter is None:
        return
    value = _TYPES[letter]
    given = await desk.prompts.ask(Form(f"Type {value.value}: {_MISSED}", [FormField("Reason")]))
    if given is None:
        return
    how = {"reason": given[0], "actor": session.actor, "at": clock.now()}
    if len(tools) == 1:
        desk.sync.done(commands.override_type(session.review, tools[0], value, **how))
    else:
        _retag_several(desk, tools, value, reason=given[0])


def _targets(desk: Host) -> list[ToolId]:
    return session_of(desk).targets(desk.tools_area.tool)


def _named(session: Session, tools: Sequence[ToolId]) -> str:
    return visible(session.review.tool(tools[0]).row.name, 50) if len(tools) == 1 else session.bulk_preview(tools)


def _retag_several(
    desk: Host, tools: Sequence[ToolId], label: Risk | ToolType | FlowRole, *, reason: str, present: bool = True
) -> None:
    """Re-tag the marked tools as one step, and clear the marks."""
    session = session_of(desk)
    outcome = commands.override_tools(
        session.review, tools, label, reason=reason, present=present, actor=session.actor, at=clock.now(),
        opened=session.opened,
    )  # fmt: skip
    session.marks.clear()
    desk.sync.done(outcome)


async def misread(desk: Host) -> None:
    """Say that a finding or a signal of the tool is wrong: it is corrected on all similar tools, as one step."""
    session, tool = session_of(desk), desk.tools_area.tool
    if tool is None:
        return
    review = session.review
    found = [each for each in queries.last_findings(review, tool) if not is_closed(each) and reads_definitions(each)]
    signals = signals_of(review, tool)
    lines = [f"{each.rule} {visible(each.title, 60)}: {visible(each.matched, 80)}" for each in found]
    lines += [f"{visible(each.where, 12):10} {visible(each.matched, 40)}: {visible(each.says, 80)}" for each in signals]
    entries = list(zip(_LETTERS, lines, strict=False))
    title = f"What is wrong on {visible(review.tool(tool).row.name, 50)}? Corrected on all similar tools"
    letter = await desk.prompts.ask(Choose(title, entries))
    if letter is None:
        return
    place = _LETTERS.index(letter)
    if place < len(found):
        await close_misread(desk, [found[place]])
    else:
        await _correct(desk, tool, signals[place - len(found)])


async def _correct(desk: Host, tool: ToolId, signal: LabelSignal) -> None:
    """Ask for the right label and the reason, and correct it on all tools that carry the signal."""
    session = session_of(desk)
    label: ToolType | Risk | None = None
    shown = visible(signal.words, 100)
    if signal.flow_role is None:
        offered = [(key, f"type {kind.value}, with the risk of that type") for key, kind in _TYPES.items()]
        offered += [(key, f"risk {risk.value}, type as it is") for key, risk in _RISKS.items()]
        letter = await desk.prompts.ask(Choose(f"{shown}. What is right?", offered))
        if letter is None:
            return
        label = _TYPES.get(letter) or _RISKS[letter]
    similar = tools_with_signal(session.review, tool, signal)
    unseen = left_out_unseen(
        session.review, similar, lambda row: corrections(row, signal, label), {tool, *session.opened}
    )
    taken = [each for each in similar if each not in unseen]
    what = f"no {signal.flow_role.value}" if signal.flow_role is not None else str(label)
    names = ", ".join(visible(session.review.tool(each).row.name, 30) for each in taken[:_MAX_NAMED])
    more = f" and {len(taken) - _MAX_NAMED:,} more" if len(taken) > _MAX_NAMED else ""
    left_out = f"\nleft out, of high risk and not opened: {len(unseen):,}" if unseen else ""
    title = f"Wrong here, {what}: {session.bulk_preview(taken) if len(taken) > 1 else names}"
    note = f"{shown}\n{names}{more}{left_out}"
    reason = await ask_reason(desk, title, "", note=note)
    if reason is not None:
        outcome = commands.correct_signal(
            session.review,
            tool,
            signal,
            label,
            reason=reason,
            actor=session.actor,
            at=clock.now(),
            opened=session.opened,
        )
        desk.sync.done(outcome)


async def flow_role(desk: Host) -> None:
    """Re-tag a flow role: add it to the tool or to all marked tools, or remove it."""
    session = session_of(desk)
    tools = _targets(desk) if desk.area == "tools" else [tool for tool in [desk.list_area.tool()] if tool is not None]
    if not tools:
        desk.messages.say("no single tool is on this row; choose a row with one tool")
        return
    states = [session.review.tool(tool) for tool in tools]
    name = _named(session, tools)
    offered = [
        (
            key,
            f"{role.value}: {'present, remove it' if all(role in s.flow_roles for s in states) else 'absent, add it'}",
        )
        for key, role in _FLOW_ROLES.items()
    ]
    letter = await desk.prompts.ask(Choose(f"Flow roles of {name}", offered))
    if letter is None:
        return
    role = _FLOW_ROLES[letter]
    present = not all(role in state.flow_roles for state in states)
    asked = _MISSED if present else _MISREAD
    title = f"{'Add' if present else 'Remove'} flow role {role.value}, {name}: {asked}"
    given = await desk.prompts.ask(Form(title, [FormField("Reason")]))
    if given is None:
        return
    if len(tools) > 1:
        _retag_several(desk, tools, role, reason=given[0], present=present)
        return
    outcome = commands.override_flow_role(
        session.review, tools[0], role, present=present, reason=given[0], actor=session.actor, at=clock.now()
    )
    desk.sync.done(outcome)
