"""A tool as a row of the inventory, before and after the review is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.model import CapabilityKind
from analysis.text import visible
from tui.desk.widgets.line_table import Column
from tui.desk.widgets.symbols import DOT

if TYPE_CHECKING:
    from analysis.model import ToolState
    from tui.desk.widgets.line_table import Cell

_LETTER: Final = {"approved": "A", "conditional": "C", "blocked": "B", "undecided": DOT}
_RISK: Final = {"high": "HIGH", "medium": "MED", "low": "low"}
COLUMNS: Final = (
    Column("", 3),
    Column("RISK", 4),
    Column("TYPE", 11),
    Column("TOOL", 0),
    Column("CALL", 0, below=64),
    Column("DATA", 9, below=100),
)


#: Labels of an unclear type, where the type with a question mark would be cut off.
_UNCLEAR = {"side-effect": "unclear"}


def tool_cells(state: ToolState, *, marked: bool = False) -> list[Cell]:
    """Return a tool as cells: mark, decision and flag; risk; type; name; call; data."""
    row, status = state.row, state.decision_state.simple
    flag = "!" if state.conflict else "~" if state.stale else "n" if state.notes else " "
    label = "" if row.kind is CapabilityKind.TOOL else f"{row.kind.label}: "
    call = row.call
    kind = state.type.value if state.type.value == "side-effect" else state.type.value.split("-")[0]
    unclear = row.unclear and state.type_override is None
    return [
        (f"{'*' if marked else ' '}{_LETTER[status]}{flag}", status),
        (_RISK[state.risk.value], state.risk.value),
        (_UNCLEAR.get(kind, f"{kind}?") if unclear else kind, ""),
        (f"{label}{visible(row.name, 200)}", "strong" if status == "undecided" else ""),
        (visible(call, 200), "dim"),
        (",".join(name[:4] for name in row.data), "dim"),
    ]
