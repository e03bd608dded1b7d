"""What each action does: asks what it has to ask, calls the session or the review, tells the desk. One table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from analysis.errors import AnswerIsNo, UsageError
from analysis.model import Exposure, Risk, ToolType
from analysis.review.conditions import DEFAULTS, read_conditions, split_conditions
from analysis.text import visible
from tui import clock
from tui.desk import governing
from tui.desk.keys import keys_of, spelled
from tui.desk.session import own_reason
from tui.desk.widgets.prompts import Choose, Field, Form, Read

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from analysis.model import Condition, ToolId
    from tui.desk.app import Desk
    from tui.desk.session import Session

_VERB: Final = {
    Exposure.APPROVED: "Approve",
    Exposure.BLOCKED: "Block",
    Exposure.CONDITIONAL: "Approve with conditions",
}


def session_of(desk: Desk) -> Session:
    """Return the session. Raises `UsageError` on the welcome screen."""
    if desk.session is None:
        raise UsageError("no review is open", remedy="press d for the sample, i to begin, o to open one")
    return desk.session


# verdicts ----------------------------------------------------------------------------------------------


async def _reason(desk: Desk, tools: Sequence[ToolId], exposure: Exposure | None) -> str | None:
    """Return the reason of a verdict: asked for a bulk and for approving high risk, else the assessment itself."""
    session = session_of(desk)
    state = session.review.tool(tools[0])
    verb = _VERB[exposure] if exposure else "Clear the decision on"
    if len(tools) == 1 and not (exposure is Exposure.APPROVED and state.risk is Risk.HIGH):
        return own_reason(state) if exposure else "taken back at the desk"
    what = visible(state.row.name, 60) if len(tools) == 1 else session.bulk_preview(tools)
    given = await desk.ask(Form(f"{verb}: {what}", [Field("Reason")]))
    return given[0] if given else None


def _refuse_unseen(session: Session, tools: Sequence[ToolId], exposure: Exposure | None) -> None:
    """Approving high risk in bulk needs each tool to have been looked at."""
    if len(tools) < 2 or exposure not in {Exposure.APPROVED, Exposure.CONDITIONAL}:
        return
    unseen = session.unseen_high(tools)
    if unseen:
        name = session.review.tool(unseen[0]).row.name
        raise AnswerIsNo(
            f"{len(unseen)} of the {len(tools)} tools are HIGH risk and were not looked at, first {name}",
            remedy="decide them one by one, or add -risk:high to the filter",
        )


async def _verdict(
    desk: Desk, exposure: Exposure | None, conditions: Sequence[Condition] = (), reason: str = ""
) -> None:
    session, area = session_of(desk), desk.tools_area
    here = area.tool
    tools = session.targets(here)
    if not tools:
        return
    _refuse_unseen(session, tools, exposure)
    said = reason or await _reason(desk, tools, exposure)
    if said is None:
        return
    single = len(tools) == 1
    following = session.next_undecided(here) if single and exposure is not None else None
    done = session.decide(tools, exposure, said, conditions)
    session.again()
    area.reload(following or here)
    if single:
        desk.changed()
    else:
        desk.done(done)


async def approve(desk: Desk) -> None:
    """Approve."""
    await _verdict(desk, Exposure.APPROVED)


async def block(desk: Desk) -> None:
    """Block."""
    await _verdict(desk, Exposure.BLOCKED)


async def clear(desk: Desk) -> None:
    """Take decisions back."""
    session = session_of(desk)
    if any(
        session.review.tool(t).decision or session.review.tool(t).stale for t in session.targets(desk.tools_area.tool)
    ):
        await _verdict(desk, None)


def _check_conditions(values: list[str]) -> str:
    try:
        made = read_conditions(split_conditions(values[0]))
    except UsageError as error:
        return " · ".join(error.lines())
    return "" if made else "at least one condition is needed"


async def conditions(desk: Desk) -> None:
    """Approve with conditions."""
    session = session_of(desk)
    tools = session.targets(desk.tools_area.tool)
    if not tools:
        return
    _refuse_unseen(session, tools, Exposure.CONDITIONAL)
    state = session.review.tool(tools[0])
    form = Form(
        "Approve with conditions: " + (visible(state.row.name, 60) if len(tools) == 1 else session.bulk_preview(tools)),
        [
            Field("Conditions", session.last_conditions or DEFAULTS[state.type]),
            Field("Reason", "" if len(tools) > 1 else own_reason(state)),
        ],
        note="KIND=VALUE; KIND=VALUE | EVIDENCE. Kinds: approval, group, env, param_allow, rate, audit, expires, note.",
        check=_check_conditions,
    )
    given = await desk.ask(form)
    if given:
        session.last_conditions = given[0]
        await _verdict(desk, Exposure.CONDITIONAL, read_conditions(split_conditions(given[0])), given[1])


# re-tags and notes -------------------------------------------------------------------------------------


async def risk(desk: Desk) -> None:
    """Re-tag the risk."""
    session, tool = session_of(desk), desk.tools_area.tool
    if tool is None:
        return
    state = session.review.tool(tool)
    letter = await desk.ask(
        Choose(f"Risk of {visible(state.row.name, 50)}", [("h", "high"), ("m", "medium"), ("l", "low")])
    )
    if letter is None:
        return
    value = {"h": Risk.HIGH, "m": Risk.MEDIUM, "l": Risk.LOW}[letter]
    lowers = value.rank < state.row.risk.rank
    given = await desk.ask(Form(f"Risk {value.value}: why?", [Field("Reason", needed=lowers)]))
    if given is not None:
        desk.done(session.review.retag_risk(tool, value, reason=given[0], actor=session.actor, at=clock.now()))


async def retype(desk: Desk) -> None:
    """Re-tag the type."""
    session, tool = session_of(desk), desk.tools_area.tool
    if tool is None:
        return
    letters = {
        "r": ToolType.READ,
        "s": ToolType.SIDE_EFFECT,
        "c": ToolType.CRITICAL,
        "a": ToolType.ADMINISTRATIVE,
        "b": ToolType.BILLING,
    }
    name = visible(session.review.tool(tool).row.name, 50)
    letter = await desk.ask(Choose(f"Type of {name}", [(k, v.value) for k, v in letters.items()]))
    if letter is None:
        return
    given = await desk.ask(Form(f"Type {letters[letter].value}: what did the engine not see?", [Field("Reason")]))
    if given:
        desk.done(
            session.review.retag_type(tool, letters[letter], reason=given[0], actor=session.actor, at=clock.now())
        )


async def note(desk: Desk) -> None:
    """Write a note on what the cursor is on."""
    session = session_of(desk)
    subject = desk.tools_area.tool if desk.area == "tools" else desk.list_area.table.key
    if subject is None:
        return
    given = await desk.ask(Form("Note", [Field("Text")]))
    if given:
        desk.done(session.review.note(subject, given[0], actor=session.actor, at=clock.now()))


# moving and choosing -----------------------------------------------------------------------------------


async def skip(desk: Desk) -> None:
    """Go to the next undecided tool."""
    _go(desk, 1)


async def back(desk: Desk) -> None:
    """Go to the previous undecided tool."""
    _go(desk, -1)


def _go(desk: Desk, step: int) -> None:
    found = session_of(desk).next_undecided(desk.tools_area.tool, step)
    if found is None:
        desk.say("no undecided tool that way")
    else:
        desk.tools_area.table.go(found)


async def mark(desk: Desk) -> None:
    """Mark or unmark the tool and go on."""
    session, area = session_of(desk), desk.tools_area
    if area.tool is not None:
        session.marks ^= {area.tool}
        area.table.forget([area.tool])
        area.table.move(1)
        desk.tell_state()


async def mark_all(desk: Desk) -> None:
    """Mark all tools that are shown, or none."""
    session_of(desk).toggle_all()
    desk.tools_area.table.forget()
    desk.tell_state()


async def sort(desk: Desk) -> None:
    """Order the tools by the next criterion."""
    session_of(desk).next_order()
    desk.tools_area.reload()
    desk.tell_state()


async def open_filter(desk: Desk) -> None:
    """Type a filter."""
    desk.tools_area.open_filter()


async def evidence(desk: Desk) -> None:
    """Give the evidence the whole screen, or give it back."""
    desk.tools_area.toggle_class("-evidence-only")
    desk.tools_area.show_evidence()


async def scroll_down(desk: Desk) -> None:
    """Scroll the evidence down."""
    desk.tools_area.pane.page(1)


async def scroll_up(desk: Desk) -> None:
    """Scroll the evidence up."""
    desk.tools_area.pane.page(-1)


async def escape(desk: Desk) -> None:
    """Go one level back: evidence, marks, filter, area."""
    session, area = desk.session, desk.tools_area if desk.session else None
    if session is None or area is None:
        return
    if desk.area != "tools":
        desk.show_area("tools")
    elif area.has_class("-evidence-only"):
        area.remove_class("-evidence-only")
    elif session.marks:
        session.marks.clear()
        area.table.forget()
    elif session.query or session.fault or desk.focused is not area.table:
        session.filter("")
        area.close_filter()
        area.reload()
    desk.tell_state()


# the review --------------------------------------------------------------------------------------------


async def undo(desk: Desk) -> None:
    """Take back the last action; the cursor goes where it was."""
    session = session_of(desk)
    await _stepped(desk, session.review.undo(actor=session.actor, at=clock.now()))


async def redo(desk: Desk) -> None:
    """Do again what was undone."""
    session = session_of(desk)
    await _stepped(desk, session.review.redo(actor=session.actor, at=clock.now()))


async def _stepped(desk: Desk, done: object) -> None:
    from analysis.review.service import Done  # noqa: PLC0415 - a type that the table of actions does not need

    if isinstance(done, Done):
        desk.done(done)
        if done.tools:
            desk.tools_area.table.go(done.tools[0])


async def keys(desk: Desk) -> None:
    """Show the keys of this area."""
    rows = [(spelled(entry.keys), entry.help) for entry in keys_of(desk.area)]
    await desk.ask(Read(f"Keys: {desk.area}", rows))


async def palette(desk: Desk) -> None:
    """Open the command palette."""
    desk.action_command_palette()


async def leave(desk: Desk) -> None:
    """Leave the desk."""
    desk.exit()


async def export_packet(desk: Desk) -> None:
    """Write the packet."""
    from analysis.review.exporting import export  # noqa: PLC0415 - most sittings end without an export

    session = session_of(desk)
    gates = session.review.standing().open_gates
    note = f"DRAFT: {'; '.join(gates)}" if gates else "The review is complete."
    default = str(session.review.path.with_name(f"{session.review.path.stem}-packet"))
    given = await desk.ask(Form("Export the packet and the allowlist", [Field("Folder", default)], note=note))
    if given:
        made = export(session.review, _path(given[0]))
        desk.say(
            f"{'DRAFT ' if made.open_gates else ''}packet written to {made.folder}: {made.allowed} allowed, {made.conditional} with conditions"
        )


async def import_source(desk: Desk) -> None:
    """Add a source, or refresh one."""
    session = session_of(desk)
    given = await desk.ask(Form("Import a source", [Field("OpenAPI document, its folder, or a saved tools/list")]))
    if given:
        path = str(_path(given[0]))
        desk.done(session.review.import_source(path, actor=session.actor, at=clock.now()))


def _path(typed: str) -> Path:
    return Path(typed).expanduser()


ACTIONS: Final[dict[str, Callable[[Desk], Awaitable[None]]]] = {
    "approve": approve, "block": block, "clear": clear, "conditions": conditions, "risk": risk, "type": retype,
    "note": note, "skip": skip, "back": back, "mark": mark, "mark_all": mark_all, "sort": sort, "filter": open_filter,
    "evidence": evidence, "scroll_down": scroll_down, "scroll_up": scroll_up, "escape": escape, "undo": undo,
    "redo": redo, "keys": keys, "palette": palette, "quit": leave, "export": export_packet, "import": import_source,
    "answer": governing.answer, "dispose": governing.dispose, "go_tool": governing.go_tool,
    "demo": governing.demo, "begin": governing.begin, "load": governing.load,
}  # fmt: skip
