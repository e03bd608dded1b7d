"""A tool as a row of the inventory, before and after the review is open."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

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
from tui.desk.widgets.table_columns import Column

if TYPE_CHECKING:
    from analysis.model import Risk, ToolRow, ToolState
    from tui.desk.widgets.lines import Parts
    from tui.desk.widgets.table_columns import Cell

#: Decision -> its symbol; its word is the name of its style.
DECISION_SYMBOLS: Final = {"approved": APPROVED, "conditional": CONDITIONAL, "blocked": BLOCKED, "undecided": UNDECIDED}
_RISK: Final = {"high": "high", "medium": "med", "low": "low"}
COLUMNS: Final = (
    Column("", 3),
    Column("Risk", 8),
    Column("Type", 11),
    Column("Tool", 0, middle=True, weight=6),
    Column("Call", 0, below=64, weight=5),
    Column("Data", 9, below=100),
)


#: Short words for types.
_TYPES: Final = {ToolType.READ: "read", ToolType.ADMINISTRATIVE: "admin"}
#: Labels of an unclear type, where the type with a question mark would be cut off.
_UNCLEAR = {"side-effect": "unclear"}
#: Method -> style: what reads, what writes, what deletes. Others are quiet.
_METHODS: Final = {
    "GET": "read", "HEAD": "read", "POST": "write", "PUT": "write", "PATCH": "write", "DELETE": "delete",
}  # fmt: skip
_PARAMETER: Final = re.compile(r"(\{[^{}]*\})")


def tool_cells(state: ToolState, *, marked: bool = False) -> list[Cell]:
    """Return a tool as cells: mark, decision and flag; risk; type; name; call; data."""
    row, status = state.row, state.decision_state.simple
    flag = DIFFERS if state.conflict else STALE if state.stale else "n" if state.notes else " "
    flag_style = "bad" if state.conflict else "changed" if state.stale else "dim"
    label = "" if row.kind is CapabilityKind.TOOL else f"{row.kind.label}: "
    kind = _TYPES.get(state.type, state.type.value)
    unclear = row.unclear and state.type_override is None
    return [
        ((MARKED if marked else " ", "link"), (DECISION_SYMBOLS[status], status), (flag, flag_style)),
        risk_parts(state.risk, _RISK[state.risk.value]),
        (_UNCLEAR.get(kind, f"{kind}?") if unclear else kind, "soft"),
        (f"{label}{visible(row.name, 200)}", "strong" if status == "undecided" else ""),
        call_parts(row),
        (",".join(name[:4] for name in row.data), "soft"),
    ]


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
