"""Conditions one by one: a form for each kind, begun from what holds already, was used last, or is proposed."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from analysis.errors import UsageError
from analysis.model import Condition, ConditionKind, DecisionState
from analysis.review import queries
from analysis.review.queries.governance import required_controls
from analysis.review.record.conditions import TEMPLATES, read_conditions, split_conditions
from analysis.text import visible
from tui.desk.actions.decide import give_verdict, refuse_unseen
from tui.desk.shell.host import session_of
from tui.desk.widgets.prompts import Choose, Form, FormField
from tui.desk.widgets.symbols import DOWN, SEP, UP

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.model import ToolId
    from tui.desk.shell.host import Host
    from tui.desk.shell.session import Session


class _Kind(NamedTuple):
    """How a kind of condition is asked for: its letter, its name, and what its value says."""

    letter: str
    kind: ConditionKind
    name: str
    says: str


_KINDS: Final = (
    _Kind("a", ConditionKind.APPROVAL, "run-time approval", "Who approves each call: one person, two persons, a role"),
    _Kind("g", ConditionKind.GROUP, "audience", "Which users or teams may call it"),
    _Kind("e", ConditionKind.ENVIRONMENT, "environment", "Where it may be called"),
    _Kind("p", ConditionKind.PARAMETERS, "parameter limits", "NAME: what is allowed"),
    _Kind("r", ConditionKind.RATE, "rate", "How many calls in which time"),
    _Kind("l", ConditionKind.AUDIT, "audit event", "Which calls are written to which log"),
    _Kind("o", ConditionKind.OWNER, "owner", "Who answers for the tool"),
    _Kind("x", ConditionKind.EXPIRES, "expiry", "The last day, as YYYY-MM-DD"),
    _Kind("n", ConditionKind.NOTE, "note", "Anything else"),
)
_DONE: Final = "d"
_DUE: Final = ", due "
Made = dict[ConditionKind, list[Condition]]


async def conditions_by_kind(desk: Host) -> None:
    """Put conditions together kind by kind, then approve with them."""
    session = session_of(desk)
    tools = session.targets(desk.tools_area.tool)
    if not tools:
        return
    refuse_unseen(session, tools, DecisionState.CONDITIONAL)
    made: Made = {}
    for condition in _begun(session, tools[0]):
        made.setdefault(condition.kind, []).append(condition)
    used = _used(session)
    title = visible(session.review.tool(tools[0]).row.name, 60) if len(tools) == 1 else session.bulk_preview(tools)
    while True:
        letter = await desk.ask(Choose(f"Conditions: {title}", _listed(made)))
        if letter is None:
            return
        if letter == _DONE and made:
            break
        for kind in _KINDS:
            if kind.letter == letter:
                await _change(desk, kind, made, used.get(kind.kind, ()))
    whole = [condition for kind in _KINDS for condition in made.get(kind.kind, ())]
    await give_verdict(desk, DecisionState.CONDITIONAL, whole)


def _begun(session: Session, tool: ToolId) -> Sequence[Condition]:
    """Return what to begin from: the conditions that hold, else those used last, else what the type calls for."""
    state = session.review.tool(tool)
    if state.decision is not None and state.decision.conditions:
        return state.decision.conditions
    if session.last_conditions:
        return read_conditions(split_conditions(session.last_conditions))
    return _readable(required_controls(state.type, session.review)[1])


def _readable(lines: Sequence[str]) -> list[Condition]:
    """Return the conditions of lines; one whose value is still to be filled in is left out."""
    return read_conditions(line for line in lines if not line.endswith("="))


def _used(session: Session) -> Mapping[ConditionKind, Sequence[str]]:
    """Return the values to choose from by kind: used last first, then one to begin from."""
    lines = [part for line in queries.conditions_used(session.review) for part in split_conditions(line)]
    found: dict[ConditionKind, dict[str, None]] = {ConditionKind.OWNER: {}}
    for condition in _readable([*lines, *TEMPLATES]):
        found.setdefault(condition.kind, {})[condition.value] = None
    found[ConditionKind.OWNER][session.actor] = None
    return {kind: tuple(values) for kind, values in found.items()}


def _listed(made: Made) -> list[tuple[str, str]]:
    """Return the kinds with what was said of each, and the way out."""
    rows = []
    for letter, kind, name, _ in _KINDS:
        said = "; ".join(visible(c.value, 60) for c in made.get(kind, ()))
        rows.append((letter, f"{name:18}{said}"))
    return [*rows, (_DONE, "done: give the reason" if made else "done (no condition yet)")]


async def _change(desk: Host, kind: _Kind, made: Made, choices: Sequence[str]) -> None:
    """Ask for the conditions of one kind; an empty value takes them away."""
    before = made.get(kind.kind, [])
    first = before[0] if before else Condition(kind.kind, "")
    value, _, due = first.value.partition(_DUE) if kind.kind is ConditionKind.NOTE else (first.value, "", "")
    fields = [FormField(kind.says, value, needed=False, choices=tuple(choices))]
    if kind.kind is ConditionKind.NOTE:
        fields.append(FormField("Due, as YYYY-MM-DD", due, needed=False))
    fields.append(FormField("What proves it", first.evidence, needed=False))
    note = f"{UP} {DOWN} choose, last used first; an empty line takes the condition away"
    given = await desk.ask(Form(f"Condition: {kind.name}", fields, note=note, check=partial(_fault, kind.kind)))
    if given is None:
        return
    rest = before[1:]
    wanted = [_condition(kind.kind, given)] if given[0] else []
    if wanted or rest:
        made[kind.kind] = [*wanted, *rest]
    else:
        made.pop(kind.kind, None)


def _condition(kind: ConditionKind, given: Sequence[str]) -> Condition:
    value = f"{given[0]}{_DUE}{given[1]}" if len(given) == 3 and given[1] else given[0]
    (made,) = read_conditions([f"{kind.value}={value} | {given[-1]}"])
    return made


def _fault(kind: ConditionKind, given: list[str]) -> str:
    """Return what is wrong with what was filled in."""
    if any(sign in line for line in given for sign in ";|"):
        return "a line holds no ; and no |: they part conditions from each other and from what proves them"
    due = given[1] if len(given) == 3 else ""
    day = given[0] if kind is ConditionKind.EXPIRES else due
    if day and not _day(day):
        return f"{visible(day, 40)} is no day: a date is written YYYY-MM-DD, for example 2030-01-31"
    try:
        if given[0]:
            _condition(kind, given)
    except UsageError as error:
        return SEP.join(error.lines())
    return "" if given[0] or not due else "a date needs a note"


def _day(text: str) -> bool:
    """Whether a text is a day of the calendar as YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
