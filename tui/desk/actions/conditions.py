"""Conditions one by one: a form for each kind, filled with those in force, that completes what request and tool name."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from analysis.errors import UsageError
from analysis.model import Condition, ConditionKind, DecisionState
from analysis.review import commands
from analysis.review.queries.decision_support.condition_choices import condition_choices, shared_parameters
from analysis.review.queries.governance import required_controls
from analysis.review.record.conditions import read_conditions, split_conditions
from analysis.text import visible
from tui.desk.actions.decide import decide
from tui.desk.shell.host import session_of
from tui.desk.widgets.prompts import Choose, Form, FormField
from tui.desk.widgets.symbols import DOWN, SEP, UP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import ToolId
    from tui.desk.shell.host import Host
    from tui.desk.shell.session import Session


class _Kind(NamedTuple):
    """A kind of condition in the form: its letter, its name, and the label of its value."""

    letter: str
    kind: ConditionKind
    name: str
    label: str


_KINDS: Final = (
    _Kind("a", ConditionKind.APPROVAL, "run-time approval", "one person, two persons, or: one person of NAME, NAME"),
    _Kind("u", ConditionKind.USER, "users", "Who may call it: names with which they sign in"),
    _Kind("g", ConditionKind.GROUP, "teams", "Which teams may call it: groups of the directory"),
    _Kind("e", ConditionKind.ENVIRONMENT, "environments", "Where it may be called: staging, production"),
    _Kind("p", ConditionKind.PARAMETERS, "parameter limit", "NAME: at most 100, one of A, B, not sent"),
    _Kind("r", ConditionKind.RATE, "rate", "How many calls per hour, day, 15 minutes"),
    _Kind("l", ConditionKind.AUDIT, "audit event", "every call, or: every call to NAME-OF-LOG"),
    _Kind("o", ConditionKind.OWNER, "owner", "Who is responsible for the tool"),
    _Kind("x", ConditionKind.EXPIRES, "expiry", "The last day, as YYYY-MM-DD"),
    _Kind("n", ConditionKind.NOTE, "note", "Anything else"),
)
_DONE: Final = "d"
_DUE: Final = ", due "
ConditionsByKind = dict[ConditionKind, list[Condition]]


async def conditions_by_kind(desk: Host) -> None:
    """Put conditions together kind by kind, then approve with them."""
    session = session_of(desk)
    tools = session.targets(desk.tools_area.tool)
    if not tools:
        return
    commands.refuse_unseen(session.review, tools, DecisionState.CONDITIONAL, session.opened)
    chosen: ConditionsByKind = {}
    for condition in _initial(session, tools[0]):
        chosen.setdefault(condition.kind, []).append(condition)
    offered = condition_choices(session.review, tools, session.actor)
    known = [each.name for each in shared_parameters(session.review, tools)]
    title = visible(session.review.tool(tools[0]).row.name, 60) if len(tools) == 1 else session.bulk_preview(tools)
    while True:
        letter = await desk.prompts.ask(Choose(f"Conditions: {title}", _kind_choices(chosen)))
        if letter is None:
            return
        if letter == _DONE and chosen:
            break
        for kind in _KINDS:
            if kind.letter == letter:
                await _change(desk, kind, chosen, offered.get(kind.kind, ()), known)
    conditions = [condition for kind in _KINDS for condition in chosen.get(kind.kind, ())]
    await decide(desk, DecisionState.CONDITIONAL, conditions)


def _initial(session: Session, tool: ToolId) -> Sequence[Condition]:
    """Return the conditions to start with: those in force, else those used last, else those for the type."""
    state = session.review.tool(tool)
    if state.decision is not None and state.decision.conditions:
        return state.decision.conditions
    if session.last_conditions:
        return read_conditions(split_conditions(session.last_conditions))
    return _complete(required_controls(state.type, session.review)[1])


def _complete(lines: Sequence[str]) -> list[Condition]:
    """Return the conditions of lines, without those whose value is missing."""
    return read_conditions(line for line in lines if not line.endswith("="))


def _kind_choices(chosen: ConditionsByKind) -> list[tuple[str, str]]:
    """Return the kinds with their values, and the choice that ends the list."""
    rows = []
    for letter, kind, name, _ in _KINDS:
        values = "; ".join(visible(c.value, 60) for c in chosen.get(kind, ()))
        rows.append((letter, f"{name:18}{values}"))
    return [*rows, (_DONE, "done: give the reason" if chosen else "done (no condition yet)")]


async def _change(
    desk: Host, kind: _Kind, chosen: ConditionsByKind, choices: Sequence[str], parameters: Sequence[str]
) -> None:
    """Ask for the conditions of one kind; an empty value removes the first. Each parameter has a limit of its own."""
    before = chosen.get(kind.kind, [])
    first = before[0] if before else Condition(kind.kind, "")
    value, _, due = first.value.partition(_DUE) if kind.kind is ConditionKind.NOTE else (first.value, "", "")
    fields = [FormField(kind.label, value, needed=False, choices=tuple(choices))]
    if kind.kind is ConditionKind.NOTE:
        fields.append(FormField("Due, as YYYY-MM-DD", due, needed=False))
    fields.append(FormField("Evidence that it is met", first.evidence, needed=False))
    note = f"{UP} {DOWN} choose; after some letters, what begins with them. An empty line removes the condition."
    if kind.kind is ConditionKind.PARAMETERS:
        named = ", ".join(visible(name, 40) for name in parameters) or "none that all these tools have"
        note += f"\nParameters: {visible(named, 400)}. Another name adds a limit on it."
    given = await desk.prompts.ask(
        Form(f"Condition: {kind.name}", fields, note=note, check=partial(_problem, kind.kind, parameters))
    )
    if given is None:
        return
    changed = [_condition(kind.kind, given)] if given[0] else []
    rest = before[1:]
    if changed and kind.kind is ConditionKind.PARAMETERS:
        rest = [each for each in before if _parameter(each.value) != _parameter(changed[0].value)]
    if changed or rest:
        chosen[kind.kind] = [*changed, *rest]
    else:
        chosen.pop(kind.kind, None)


def _parameter(value: str) -> str:
    """Return the parameter that a limit is on, its first name where it leads into an object."""
    return value.partition(":")[0].strip()


def _condition(kind: ConditionKind, given: Sequence[str]) -> Condition:
    value = f"{given[0]}{_DUE}{given[1]}" if len(given) == 3 and given[1] else given[0]
    (condition,) = read_conditions([f"{kind.value}={value} | {given[-1]}"])
    return condition


def _problem(kind: ConditionKind, parameters: Sequence[str], given: list[str]) -> str:
    """Return the problem with the values of a form; empty when there is none."""
    if any(sign in line for line in given for sign in ";|"):
        return "a value must not contain ; or |: they separate conditions, and a condition from its evidence"
    due = given[1] if len(given) == 3 else ""
    day = given[0] if kind is ConditionKind.EXPIRES else due
    if day and not _is_date(day):
        return f"{visible(day, 40)} is not a date: the format is YYYY-MM-DD, for example 2030-01-31"
    try:
        if given[0]:
            _condition(kind, given)
    except UsageError as error:
        return SEP.join(error.lines())
    first = _parameter(given[0]).partition(".")[0]
    if kind is ConditionKind.PARAMETERS and given[0] and parameters and first not in parameters:
        return f"there is no parameter {visible(first, 40)}: {visible(', '.join(parameters), 200)}"
    return "" if given[0] or not due else "a due date needs a note"


def _is_date(text: str) -> bool:
    """Whether a text is a calendar date as YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
