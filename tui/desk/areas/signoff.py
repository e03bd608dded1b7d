"""The gates before sign-off, and what an export would change: what is open, and where it is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.review.packets.dry_run import dry_run
from analysis.text import visible
from tui.desk.areas.list_area import ListArea, Target
from tui.desk.widgets.line_table import Cell, Column
from tui.desk.widgets.lines import Line, line
from tui.desk.widgets.symbols import ARROW, SEP

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from analysis.model import Gate
    from analysis.review.packets.dry_run import DryRunLine
    from tui.desk.shell.session import Session

_WORD = {"+": "allows", "-": "takes away", "~": "changes"}


def packet_folder(session: Session) -> Path:
    """Return where the packet of a review goes unless another folder is named."""
    path = session.review.path
    return path.with_name(f"{path.stem}-packet")


class SignoffArea(ListArea):
    """Gates first, then the lines in which the next export differs from the last."""

    COLUMNS = (Column("", 12), Column("WHAT", 0), Column("", 0))
    EMPTY = "no gate holds these words; Esc shows all"

    def rows(self) -> Sequence[str]:
        """Return the gates, then the lines of the difference."""
        review = self.session.review
        self._gates: dict[str, Gate] = {f"gate {n}": gate for n, gate in enumerate(review.summary().gates)}
        self._run = dry_run(review, packet_folder(self.session))
        self._lines: dict[str, DryRunLine] = {} if self._run.first else {f"line {x.tool}": x for x in self._run.lines}
        return [*self._gates, *self._lines]

    def head(self) -> str:
        """Say what an export would be and change."""
        state = "DRAFT" if any(gate.open for gate in self._gates.values()) else "complete"
        return f" {state}{SEP}allowlist: {self._run.sentence}{SEP}E exports"

    def subject(self) -> str | None:
        """Return what a note is about: the review."""
        return "review"

    def target(self) -> Target | None:
        """Lead to where the gate is closed: the tools that keep it open, the first open question."""
        gate = self._gates.get(self.table.key or "")
        if gate is None:
            found = self._lines.get(self.table.key or "")
            known = {state.row.id for state in self.session.review.tools()}
            return Target(key=found.tool) if found is not None and found.tool in known else None
        if not gate.open:
            return None
        if gate.query:
            return Target(query=gate.query)
        return Target("governance", gate.control)

    def cells(self, key: str) -> Sequence[Cell]:
        """Return a gate, or a line of the difference, as cells."""
        if key in self._gates:
            gate = self._gates[key]
            return [
                ("OPEN" if gate.open else "met", "high" if gate.open else "approved"),
                (gate.title, "strong" if gate.open else ""),
                (visible(gate.why, 200), "" if gate.open else "dim"),
            ]
        found = self._lines[key]
        change = f" {ARROW} ".join(visible(part, 120) for part in (found.before, found.now) if part)
        return [
            (f"{found.sign} {_WORD[found.sign]}", "approved" if found.sign == "+" else "medium"),
            (visible(found.name, 200), ""),
            (change, "dim"),
        ]

    def page(self, key: str) -> Sequence[Line]:
        """Return what keeps a gate open, or what becomes of a tool in the allowlist."""
        if key in self._gates:
            gate = self._gates[key]
            told = "Enter goes where it is closed" if self.target() else "nothing is left to do here"
            return [line((gate.title, "title")), line(visible(gate.why)), line((told, "dim")), *self.notes_on("review")]
        found = self._lines[key]
        return [
            line((visible(found.name, 120), "title")),
            line(("last export: ", "dim"), visible(found.before, 400) or "not allowed", indent=2),
            line(("next export: ", "dim"), visible(found.now, 400) or "not allowed", indent=2),
        ]
