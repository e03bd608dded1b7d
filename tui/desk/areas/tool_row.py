"""A tool as a row of the inventory, before and after the review is open."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

from analysis.model import CapabilityKind, ToolType
from analysis.text import visible
from tui.desk.widgets.symbols import (
    APPROVED,
    BLOCKED,
    CONDITIONAL,
    DIFFERS,
    MARKED,
    STALE,
    STEPS,
    UNDECIDED,
)
from tui.desk.widgets.table_columns import Column, roomy_width

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from analysis.model import Risk, ToolRow, ToolState
    from tui.desk.widgets.lines import Parts
    from tui.desk.widgets.table_columns import Cell

#: Decision -> its symbol; its word is the name of its style.
DECISION_SYMBOLS: Final = {"approved": APPROVED, "conditional": CONDITIONAL, "blocked": BLOCKED, "undecided": UNDECIDED}
_RISK: Final = {"high": "high", "medium": "med", "low": "low"}
#: Columns that no one can leave out: mark, decision and flag; risk; name.
_FIXED: Final = (Column("", 3), Column("Risk", 8), Column("Tool", 0, middle=True, weight=6))
#: Least width of a name or a call, cells; and of a table with a name and no chosen column.
_MIN_NAME: Final = 20
_MIN_WIDTH: Final = 2 + 3 + 1 + 8 + 1 + _MIN_NAME + 1
#: Short words for types.
_TYPES: Final = {ToolType.READ: "read", ToolType.ADMINISTRATIVE: "admin"}
#: Labels of an unclear type, where the type with a question mark would be cut off.
_UNCLEAR = {"side-effect": "unclear"}
#: Method -> style: what reads, what writes, what deletes. Others are quiet.
_METHODS: Final = {
    "GET": "read", "HEAD": "read", "POST": "write", "PUT": "write", "PATCH": "write", "DELETE": "delete",
}  # fmt: skip
_PARAMETER: Final = re.compile(r"(\{[^{}]*\})")


def _fixed_cells(state: ToolState, *, marked: bool) -> tuple[Cell, Cell, Cell]:
    """Return mark, decision and flag; risk; name."""
    row, status = state.row, state.decision_state.simple
    flag = DIFFERS if state.conflict else STALE if state.stale else "n" if state.notes else " "
    flag_style = "bad" if state.conflict else "changed" if state.stale else "dim"
    label = "" if row.kind is CapabilityKind.TOOL else f"{row.kind.label}: "
    return (
        ((MARKED if marked else " ", "link"), (DECISION_SYMBOLS[status], status), (flag, flag_style)),
        risk_parts(state.risk, _RISK[state.risk.value]),
        (f"{label}{visible(row.name, 200)}", "strong" if status == "undecided" else ""),
    )


def _type(state: ToolState) -> str:
    """Return the type in a short word, with what is not known of it."""
    kind = _TYPES.get(state.type, state.type.value)
    unclear = state.row.unclear and state.type_override is None
    return _UNCLEAR.get(kind, f"{kind}?") if unclear else kind


def _group(state: ToolState) -> str:
    """Return the resource by which the queue groups a tool."""
    from analysis.review.derived.groups import group_key  # noqa: PLC0415 - the first rows do not wait for it

    return visible(group_key(state).resource, 60)


def _owner(state: ToolState) -> Parts:
    """Return the person to whom a tool is assigned, and the day by which it is due; an overdue one is in bold."""
    given = state.assignment
    if given is None:
        return (("", ""),)
    due = f" {given.due[5:]}" if given.due else ""
    return ((visible(given.to, 40), "soft"), (due, "high" if state.overdue else "dim"))


def risk_parts(risk: Risk, word: str) -> Parts:
    """Return a risk as steps and a word: never a colour, so that decisions are what is seen."""
    lit, rest = STEPS[risk.value]
    name = risk.value
    return ((lit, "soft"), (rest, "track"), (f" {word}", name))


def call_parts(row: ToolRow) -> Parts:
    """Return the call of a tool: the method in its ink, padded so that paths begin in one column; parameters apart."""
    if not row.method:
        return ((visible(row.call, 200), "dim"),)
    method, path = visible(row.method, 12), visible(row.path, 200)
    pieces = _PARAMETER.split(path)
    return (
        (f"{method:<6} ", method_style(method)),
        *((piece, "name" if place % 2 else "soft") for place, piece in enumerate(pieces) if piece),
    )


def method_style(method: str) -> str:
    """Return the name of the style of an HTTP method."""
    return _METHODS.get(method.upper(), "soft")


class Choice(NamedTuple):
    """A column that a person may choose: its key in the picker, what it shows, its order by name, and its cell."""

    key: str
    column: Column
    order: str
    help: str
    cell: Callable[[ToolState], Cell]


#: The columns that can be chosen, by name, in the order in which they are shown.
CHOICES: Final[Mapping[str, Choice]] = {
    "type": Choice("t", Column("Type", 11), "type", "read-only, side-effect, critical, administrative, billing", lambda state: (_type(state), "soft")),
    "call": Choice("c", Column("Call", 0, weight=5), "call", "method and path, or the name of the call", lambda state: call_parts(state.row)),
    "tags": Choice("g", Column("Tags", 12), "tag", "tags of the document", lambda state: (visible(", ".join(state.row.tags), 60), "soft")),
    "data": Choice("d", Column("Data", 9), "data", "classes of data that it returns or receives", lambda state: (",".join(name[:4] for name in state.row.data), "soft")),
    "owner": Choice("o", Column("Owner", 12), "assigned", "who is to decide it, and by when", _owner),
    "group": Choice("r", Column("Group", 14, middle=True), "group", "the resource by which the queue groups it", lambda state: (_group(state), "soft")),
    "reviewer": Choice("b", Column("Decided by", 12), "reviewer", "who decided it", lambda state: (visible(state.decision.actor, 40) if state.decision else "", "soft")),
    "source": Choice("s", Column("Source", 14, middle=True), "source", "the document or server that it comes from", lambda state: (visible(state.row.source, 60), "soft")),
}  # fmt: skip
#: What is shown until a person chooses, each from a width of its own on.
USUAL: Final = ("type", "call", "data")
_BELOW: Final = {"call": 64, "data": 100}
#: What stays longest of columns that a person chose, and what gives way first; the others are between.
_GIVES_WAY: Final = {"type": 0, "data": 2, "call": 3}


class ToolColumns:
    """The columns of the inventory as chosen; on a narrow screen the last ones make room for the name."""

    def __init__(self, names: Sequence[str] = USUAL) -> None:
        self.names = tuple(name for name in CHOICES if name in names)
        mark, risk, tool = _FIXED
        chosen = self._chosen()
        self.columns = (mark, risk, *chosen[: self._leading], tool, *chosen[self._leading :])

    @property
    def _leading(self) -> int:
        """How many chosen columns are before the name: the type."""
        return int("type" in self.names)

    def _chosen(self) -> list[Column]:
        """Return the chosen columns, each from the width on in which it has room with all that stay longer."""
        below = dict(_BELOW)
        if self.names != USUAL:
            order = sorted(self.names, key=lambda name: _GIVES_WAY.get(name, 1))
            needed = accumulate((CHOICES[name].column.width or _MIN_NAME) + 1 for name in order)
            below = {
                name: roomy_width(_MIN_WIDTH + width, blanks)
                for blanks, (name, width) in enumerate(zip(order, needed, strict=True), len(_FIXED))
            }
        return [replace(CHOICES[name].column, below=below.get(name, 0)) for name in self.names]

    def order_of(self, place: int) -> str:
        """Return the name of the order by the column at a place."""
        title = self.columns[place].title
        orders = {each.column.title: each.order for each in CHOICES.values()}
        return orders.get(title) or {"Risk": "risk", "Tool": "name"}.get(title, "status")

    def cells(self, state: ToolState, *, marked: bool = False) -> list[Cell]:
        """Return a tool as cells."""
        mark, risk, name = _fixed_cells(state, marked=marked)
        chosen = [CHOICES[each].cell(state) for each in self.names]
        return [mark, risk, *chosen[: self._leading], name, *chosen[self._leading :]]
