"""Findings, governance and history: each a table with a page below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Container

from analysis.model import AnswerState, Status
from analysis.text import visible
from tui.desk.widgets.line_table import Cell, Column, LineTable
from tui.desk.widgets.pane import Line, Pane, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from analysis.model import Answer, Control, Finding, LogEntry
    from tui.desk.session import Session


class ListArea(Container):
    """A table over a page. Subclasses say which rows, which cells, which page."""

    COLUMNS: tuple[Column, ...] = ()
    EMPTY = ""

    def __init__(self, session: Session, name: str) -> None:
        super().__init__(id=name, classes="list-area")
        self.session = session

    def compose(self) -> ComposeResult:
        """Lay out table and page."""
        yield LineTable(self.COLUMNS, self.cells, self.EMPTY, id=f"{self.id}-table")
        yield Pane(id=f"{self.id}-page")

    @property
    def table(self) -> LineTable:
        """The table."""
        return self.query_one(LineTable)

    @property
    def pane(self) -> Pane:
        """The page."""
        return self.query_one(Pane)

    def reload(self) -> None:
        """Read the rows anew."""
        self.table.show(self.rows())
        self.draw()

    def on_line_table_highlighted(self, _event: LineTable.Highlighted) -> None:
        """Show the page of the row under the cursor."""
        self.draw()

    def draw(self) -> None:
        """Draw the page."""
        key = self.table.key
        self.pane.show(self.page(key) if key is not None else [])

    def rows(self) -> Sequence[str]:
        """Return the keys of the rows."""
        raise NotImplementedError

    def cells(self, key: str) -> Sequence[Cell]:
        """Return the cells of a row."""
        raise NotImplementedError

    def page(self, key: str) -> Sequence[Line]:
        """Return the page of a row."""
        raise NotImplementedError

    def notes_on(self, subject: str) -> list[Line]:
        """Return the notes on a subject as paragraphs."""
        notes = self.session.review.notes(subject)
        lines = [line((f"{visible(n.actor)} {n.at[:10]} ", "dim"), visible(n.text), indent=2) for n in notes]
        return [line(""), line(("Notes", "title")), *lines] if lines else []


class FindingsArea(ListArea):
    """What is wrong, worst first."""

    COLUMNS = (Column("SEVERITY", 8), Column("RULE", 16), Column("STATUS", 14), Column("WHAT", 0), Column("TOOL", 0))
    EMPTY = "no findings on live tools"

    def rows(self) -> Sequence[str]:
        """Return the findings, worst first."""
        self._found: dict[str, Finding] = {f.id: f for f in self.session.review.standing().findings}
        return list(self._found)

    def finding(self) -> Finding | None:
        """Return the finding under the cursor."""
        return self._found.get(self.table.key or "")

    def _subject(self, found: Finding) -> str:
        return self.session.review.tool(found.tool).row.name if found.tool else found.control or "review"

    def cells(self, key: str) -> Sequence[Cell]:
        """Return one finding as cells."""
        found = self._found[key]
        level = {"critical": "high", "high": "high", "medium": "medium"}.get(found.severity.value, "low")
        settled = found.status is not Status.OPEN
        return [
            (found.severity.value, level),
            (found.rule, ""),
            (found.status.value, "dim" if settled else ""),
            (visible(found.title, 200), "dim" if settled else ""),
            (visible(self._subject(found), 200), ""),
        ]

    def page(self, key: str) -> Sequence[Line]:
        """Return one finding in full."""
        found = self._found[key]
        made = self.session.review.disposition(found.id)
        ledger = next(
            (entry for entry in self.session.review.standing().score.ledger if entry.finding == found.id), None
        )
        lines = [
            line((f"{found.rule} {visible(found.title)}", "title")),
            line(f"{found.severity.value}, confidence {found.confidence} · {visible(self._subject(found))}"),
            line(("found: ", "dim"), visible(found.matched, 800), indent=2),
            line(("why: ", "dim"), visible(found.why), indent=2),
            line(("remedy: ", "dim"), visible(found.remedy), indent=2),
        ]
        if found.pointer:
            lines.append(line((f"at {visible(found.pointer)}" + (f", line {found.line}" if found.line else ""), "dim")))
        if ledger is not None:
            lines.append(line(f"costs {ledger.counted:g} points; fixing it wins {ledger.wins}"))
        if made is not None:
            lines.append(
                line(
                    (f"{made.status.value} ", "good"),
                    f"by {visible(made.actor)} at {made.at}: {visible(made.reason)}",
                    indent=2,
                )
            )
            lines.extend(
                line((visible(f"{name}: {value}"), "dim"))
                for name, value in (
                    ("code", made.code),
                    ("evidence", made.evidence),
                    ("owner", made.owner),
                    ("until", made.until),
                )
                if value
            )
        return [*lines, *self.notes_on(found.id)]


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


class TrailArea(ListArea):
    """Who did what, when. Newest first."""

    COLUMNS = (Column("WHEN", 20), Column("WHO", 16), Column("WHAT", 0))
    EMPTY = "nothing has happened"

    def rows(self) -> Sequence[str]:
        """Return the events, newest first."""
        self._log: dict[str, LogEntry] = {entry.id: entry for entry in reversed(self.session.review.log())}
        return list(self._log)

    def cells(self, key: str) -> Sequence[Cell]:
        """Return one event as cells."""
        entry = self._log[key]
        return [(entry.at, "dim"), (visible(entry.actor, 40), ""), (visible(entry.sentence, 300), "")]

    def page(self, key: str) -> Sequence[Line]:
        """Return one event as it is stored."""
        entry = self._log[key]
        return [
            line((visible(entry.sentence), "title")),
            line((f"event {entry.seq} of replica {entry.replica[:8]} · {entry.id}", "dim")),
            line(visible(entry.body, 4_000)),
        ]
