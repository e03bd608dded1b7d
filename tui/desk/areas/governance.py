"""Governance questions, their answers and evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.model import AnswerState
from analysis.review import queries
from analysis.text import visible
from tui.desk.areas.list_area import ListArea
from tui.desk.widgets.lines import Line, line
from tui.desk.widgets.symbols import MET, MODERATE, OPEN, SEP
from tui.desk.widgets.table_columns import Cell, Column

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.model import Answer, Control, Evidence
    from tui.desk.shell.session import Session


class GovernanceArea(ListArea):
    """The questions and their evidence."""

    COLUMNS = (
        Column("State", 17),
        Column("Points", 6, right=True),
        Column("Question", 0),
        Column("Answers", 10, below=70),
    )
    EMPTY = "no question contains these words; Esc shows all, p chooses the profile"
    TITLE, PAGE = "Questions", "Question"

    def __init__(self, session: Session, name: str) -> None:
        super().__init__(session, name)
        self.listed = ""

    def rows(self) -> Sequence[str]:
        """Return the controls in the order they are asked."""
        self._rows = {
            control.id: (control, answer, state)
            for control, answer, state in queries.asked_controls(self.session.review)
        }
        return [name for name, (control, _, _) in self._rows.items() if not self.listed or self.listed in control.lists]

    def head(self) -> str:
        """Return profile, policy and progress."""
        terms, progress = self.session.review.policy, self.session.review.summary().progress
        policy = f"policy {visible(terms.policy.name, 40)}" if terms.policy else "no policy in force"
        return f" profile {terms.profile.value}{SEP}{policy}{SEP}{progress.answered}/{progress.controls} answered"

    def active_filters(self) -> list[str]:
        """Return the list that is chosen, if one is."""
        return [*([f"list {self.listed}"] if self.listed else []), *super().active_filters()]

    def clear_filters(self) -> None:
        """Show every question again."""
        super().clear_filters()
        self.listed = ""

    def control(self) -> tuple[Control, Answer | None, AnswerState] | None:
        """Return the question under the cursor."""
        return self._rows.get(self.table.key or "")

    def targets(self) -> list[Control]:
        """Return the questions that an answer applies to: the marked ones that are listed, else the one under the cursor."""
        return [self._rows[key][0] for key in self.marks.targets()]

    def cells(self, key: str) -> Sequence[Cell]:
        """Return one question as cells."""
        control, _, state = self._rows[key]
        style = {AnswerState.UNANSWERED: "strong", AnswerState.CLAIMED: "soft"}.get(state, "approved")
        symbol = OPEN if state is AnswerState.UNANSWERED else MODERATE if state is AnswerState.CLAIMED else MET
        return [
            (f"{symbol} {state.value}", style),
            (str(control.points), "strong"),
            (control.title, ""),
            (control.who, "dim"),
        ]

    def page(self, key: str) -> Sequence[Line]:
        """Return one question with its answer."""
        control, given, state = self._rows[key]
        return [
            line((control.title, "title")),
            line(control.question),
            *_answered(control, given, state),
            line(""),
            *([line(("why: ", "dim"), control.why, indent=2)] if control.why else []),
            *([line(("acceptable evidence: ", "dim"), control.settles, indent=2)] if control.settles else []),
            line(
                (
                    f"owner {control.who}{SEP}evidence of level {control.min_level} or better{SEP}{', '.join(control.lists)}",
                    "dim",
                )
            ),
            line((", ".join(control.maps_to), "dim")),
            *self.notes_on(control.id),
        ]


def _answered(control: Control, given: Answer | None, state: AnswerState) -> Iterator[Line]:
    """Yield the answer with its evidence, and what is missing for it to count in full."""
    if given is None:
        yield line((f"not answered; penalty up to {control.points} points", "warn"))
        return
    style = "good" if state in {AnswerState.EVIDENCED, AnswerState.NOT_APPLICABLE} else "warn"
    yield line((state.value, style), f" by {visible(given.actor)} at {given.at}")
    if given.state is not state:
        yield line((f"valid evidence of level {control.min_level} or better is missing", "warn"))
    yield line(visible(given.text), indent=2)
    for evidence in given.evidence:
        yield from _evidence_lines(evidence)


def _evidence_lines(evidence: Evidence) -> Iterator[Line]:
    until = f"{SEP}valid until {evidence.valid_until}" if evidence.valid_until else ""
    where = f" {visible(evidence.where)}" if evidence.where else ""
    yield line(
        (f"{evidence.level} ", "strong"),
        f"{visible(evidence.title)}{where}",
        (f"  {evidence.kind.value}{until}", "dim"),
        indent=3,
    )
    size = f", {evidence.size:,} bytes" if evidence.size is not None else ""
    digest = f"{SEP}sha256 {evidence.sha256}{size}" if evidence.sha256 else ""
    yield line(
        (
            f"   collected by {visible(evidence.collected_by, 60)} at {visible(evidence.collected_at, 20)}{digest}",
            "dim",
        ),
        indent=3,
    )
