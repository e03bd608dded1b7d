"""The questions that a document cannot answer, and what was answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.model import AnswerState
from analysis.text import visible
from tui.desk.areas.list_area import ListArea
from tui.desk.widgets.line_table import Cell, Column
from tui.desk.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import Answer, Control


class GovernanceArea(ListArea):
    """The questions and their evidence."""

    COLUMNS = (Column("STATE", 15), Column("POINTS", 6), Column("QUESTION", 0), Column("ANSWERS", 10, below=70))
    EMPTY = "no questions"

    def rows(self) -> Sequence[str]:
        """Return the controls in the order they are asked."""
        self._asked = {
            control.id: (control, answer, state) for control, answer, state in self.session.review.controls()
        }
        return list(self._asked)

    def control(self) -> tuple[Control, Answer | None, AnswerState] | None:
        """Return the question under the cursor."""
        return self._asked.get(self.table.key or "")

    def cells(self, key: str) -> Sequence[Cell]:
        """Return one question as cells."""
        control, _, state = self._asked[key]
        style = {AnswerState.UNANSWERED: "undecided", AnswerState.CLAIMED: "conditional"}.get(state, "approved")
        return [(state.value, style), (str(control.points), ""), (control.title, ""), (control.who, "dim")]

    def page(self, key: str) -> Sequence[Line]:
        """Return one question with its answer."""
        control, given, state = self._asked[key]
        lines = [
            line((control.title, "title")),
            line(control.question),
            line(
                (
                    f"answered by {control.who} · evidence of level {control.min_level} or better · {', '.join(control.lists)}",
                    "dim",
                )
            ),
            line((", ".join(control.maps_to), "dim")),
            line(""),
        ]
        if given is None:
            lines.append(line((f"not answered; costs up to {control.points} points", "warn")))
        else:
            lines.append(
                line(
                    (state.value, "good" if state is AnswerState.EVIDENCED else "warn"),
                    f" by {visible(given.actor)} at {given.at}",
                )
            )
            lines.append(line(visible(given.text), indent=2))
            lines.extend(
                line(f"{proof.level} {visible(proof.title)}", (f" {visible(proof.where)} {proof.valid_until}", "dim"))
                for proof in given.evidence
            )
        return [*lines, *self.notes_on(control.id)]
