"""The overview: verdict, risk by type, ten things to know; next to them request, score, progress, gates and people."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from textual.containers import Container

from analysis.model import PathState, Risk, ToolType
from analysis.review import queries
from analysis.review.queries.figures.matrix import by_resource, cell_query, cell_weight, decision_makers, risk_matrix
from analysis.review.queries.figures.notable import NotableFact, notable_facts
from analysis.review.queries.figures.waterfall import next_fix, waterfall_steps
from analysis.review.queries.status import not_checked
from analysis.text import visible
from tui.desk.areas.flows import path_sentence
from tui.desk.areas.list_area import ListArea, Target
from tui.desk.figures.heat_matrix import heat_matrix
from tui.desk.figures.side_panes import gate_rows, people_rows, progress_rows, request_rows
from tui.desk.figures.verdict_card import Ground, verdict_card
from tui.desk.figures.waterfall_chart import waterfall
from tui.desk.widgets.ascii import Ascii
from tui.desk.widgets.bar import ActionBar
from tui.desk.widgets.figure import Figure
from tui.desk.widgets.line_table import LineTable
from tui.desk.widgets.symbols import MARKED, NONE, SEP, SEVERITIES
from tui.desk.widgets.table_columns import Cell, Column

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.app import ComposeResult

    from analysis.model import Finding
    from tui.desk.shell.session import Session
    from tui.desk.widgets.lines import Parts

#: A word in a reason of the verdict -> what it is about, and the area that shows it.
_CAUSES: Final = (
    ("question", ("Questions", "governance")), ("condition", ("Conditions", "tools")), ("risk", ("Accepted risks", "findings")),
    ("", ("Findings", "findings")),
)  # fmt: skip
_LEGEND: Final[Parts] = (
    (f"{MARKED} ", "approved"), ("approved  ", "dim"), (f"{MARKED} ", "conditional"), ("conditional  ", "dim"),
    (f"{MARKED} ", "blocked"), ("blocked", "dim"),
)  # fmt: skip


class OverviewArea(ListArea):
    """What people look at first. Enter opens the proof of a row, or the tools of the cell that is chosen."""

    COLUMNS = (
        Column("", 2, right=True),
        Column("Severity", 10),
        Column("What", 0),
        Column("Rule", 8, right=True),
    )
    EMPTY = "nothing is open; E exports"
    TITLE = "Ten things to know"

    def __init__(self, session: Session, name: str) -> None:
        super().__init__(session, name)
        self._chosen: tuple[Risk, ToolType] | None = None  # the cell of the matrix on which keys act
        self._clicked = ""  # the piece of a figure that was clicked and is yet to be opened
        self._fold = 0  # the part that is shown where not all have room

    def compose(self) -> ComposeResult:
        """Lay out the panes: in one column, two or three, as wide as the screen is."""
        with Container(classes="overview-left"):
            yield Figure(id="verdict-card")
            yield Figure(id="risk-matrix")
            yield LineTable(self.COLUMNS, self.cells, self.EMPTY, id=f"{self.id}-table", has_head=False)
            yield Figure(id="people-pane")
        with Container(classes="overview-side"):
            with Container(classes="overview-middle"):
                yield Figure(id="request-pane")
                yield Figure(id="score-pane")
            with Container(classes="overview-right"):
                yield Figure(id="progress-pane")
                yield Figure(id="gates-pane")

    def _entitle(self) -> None:
        """Give the frames their titles."""
        titles = {
            "verdict-card": "Verdict", "risk-matrix": "Risk by type", "request-pane": "Access request", "score-pane": "Score",
            "gates-pane": "Gates before sign-off", "progress-pane": "Progress by resource", "people-pane": "People",
        }  # fmt: skip
        for name, title in titles.items():
            self._figure(name).entitle(title)
        self._figure("risk-matrix").entitle(counts=(("undecided / total", "dim"),), position=_LEGEND)
        self._figure("request-pane").entitle(counts=(("i", "key"), (" edit", "dim")))
        self.table.entitle(self.TITLE, counts=self.counts())

    def _figure(self, name: str) -> Figure:
        return self.query_one(f"#{name}", Figure)

    # ten things ----------------------------------------------------------------------------------------

    def rows(self) -> Sequence[str]:
        """Return the things to know, worst first."""
        self._facts: dict[str, NotableFact] = {
            str(number): fact for number, fact in enumerate(notable_facts(self.session.review), 1)
        }
        return list(self._facts)

    def counts(self) -> Parts:
        """Return what the frame of the list says at its right."""
        return (("Enter", "key"), (" proof", "dim"))

    def cells(self, key: str) -> Sequence[Cell]:
        """Return one thing to know as cells."""
        fact = self._facts[key]
        level = fact.severity if fact.severity in {"critical", "high", "medium"} else "low"
        symbol = SEVERITIES.get(fact.severity, " ")
        return [
            (key, "dim"),
            (f"{symbol} {fact.severity}", level),
            (visible(fact.text, 300), ""),
            (fact.rule, "dim"),
        ]

    def finding(self) -> Finding | None:
        """Return the finding under the cursor, if it is one."""
        fact = self._facts.get(self.table.key or "")
        elsewhere = self._chosen is not None or self._clicked
        return fact.finding if fact is not None and not elsewhere else None

    def subject(self) -> str | None:
        """Return the subject of a note: the finding, or the review."""
        found = self.finding()
        return found.id if found else "review"

    def target(self) -> Target | None:
        """Lead to what was clicked, to the tools of the chosen cell, or to the proof of the thing under the cursor."""
        if self._clicked:
            name, self._clicked = self._clicked, ""
            return self._target_of(name)
        if self._chosen is not None:
            return self._cell_target(*self._chosen)
        fact = self._facts.get(self.table.key or "")
        if fact is None or fact.finding is not None:
            return None
        return Target(fact.area) if fact.area else Target(query=fact.query)

    def _follow(self) -> None:
        """Give the keys back to the list."""
        self._choose(None)

    # the matrix ----------------------------------------------------------------------------------------

    def next_cell(self) -> None:
        """Choose the next cell of the matrix that has undecided tools, the heaviest first; after the last one, none."""
        order = sorted(self._matrix, key=lambda cell: -cell_weight(cell[0], self._matrix[cell]))
        at = order.index(self._chosen) + 1 if self._chosen in order else 0
        self._choose(order[at] if at < len(order) else None)

    def _choose(self, cell: tuple[Risk, ToolType] | None) -> None:
        if cell != self._chosen:
            self._chosen = cell
            self._figure("risk-matrix").selected = self.table.keys_elsewhere = cell is not None
            self.table.refresh()
            self._draw_matrix()

    def _cell_target(self, risk: Risk, kind: ToolType) -> Target:
        return Target(query=cell_query(risk, kind, self._matrix[risk, kind]))

    def on_figure_chosen(self, event: Figure.Chosen) -> None:
        """Go where a click on a figure leads, in the order of keys and clicks."""
        event.stop()
        self._clicked = event.target
        self.post_message(ActionBar.Pressed("go_tool"))

    def _target_of(self, name: str) -> Target:
        """Return where a piece of a figure leads: to the tools of a cell, or to an area."""
        risk, _, kind = name.partition(" ")
        if kind:
            return self._cell_target(Risk(risk), ToolType(kind))
        return Target("findings" if name == "fix" else name)

    # drawing -------------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Draw every figure."""
        review = self.session.review
        summary = review.summary()
        progress, score, gates = summary.progress, summary.score, summary.gates
        self._matrix = risk_matrix(review)
        self._draw_matrix()
        self._figure("verdict-card").show(partial(verdict_card, score.verdict, list(self._grounds())))
        sources = SEP.join(f"{visible(s.info.title or s.info.id, 60)}" for s in review.sources())
        self._figure("request-pane").show(partial(request_rows, queries.intake(review), sources))
        cap = min((value for value, _ in score.caps), default=None)
        fix = next_fix(score)
        self._figure("score-pane").show(
            partial(waterfall, score.value, waterfall_steps(score), cap, "" if fix is None else fix.rule)
        )
        number = NONE if score.value is None else str(score.value)
        self._figure("score-pane").entitle(counts=((number, "strong"), (" / 100", "dim")))
        met = sum(1 for gate in gates if not gate.open)
        self._figure("gates-pane").show(partial(gate_rows, gates))
        self._figure("gates-pane").entitle(counts=((f"{met}", "strong"), (f" of {len(gates)} met", "dim")))
        self._figure("progress-pane").show(partial(progress_rows, by_resource(review), textured=self._textured))
        decided = ((f"{progress.decided:,}", "strong"), (f" of {progress.tools:,} decided", "dim"))
        self._figure("progress-pane").entitle(counts=decided)
        self._figure("people-pane").show(partial(people_rows, decision_makers(review), self.session.actor))

    def _draw_matrix(self) -> None:
        weights = {cell: cell_weight(cell[0], counts) for cell, counts in self._matrix.items()}
        draw = partial(heat_matrix, self._matrix, weights, chosen=self._chosen, textured=self._textured)
        self._figure("risk-matrix").show(draw)

    @property
    def _textured(self) -> bool:
        """Whether bars have to be told apart without colours."""
        return self.app.no_color or any(isinstance(each, Ascii) for each in self.app.get_line_filters())

    def _grounds(self) -> Iterator[Ground]:
        """Yield what the verdict rests on: its reasons, the exfiltration path, what is undecided, what was not checked."""
        review = self.session.review
        summary = review.summary()
        progress = summary.progress
        for reason in summary.score.because:
            label, _, rest = reason.partition(": ")
            if rest:
                yield Ground(label.capitalize(), rest, "findings", "findings")
            elif "undecided" not in reason:  # said below, with its groups
                label, area = next(found for word, found in _CAUSES if word in reason)
                yield Ground(label, reason, area, area)
        flows = review.views.flows
        approved = review.views.counts.count(lambda facts: facts.state in {"approved", "conditional"})
        path = path_sentence(flows.exposed.state, flows.allowed.state, approved).partition(";")[0]
        if flows.exposed.state is not PathState.ABSENT:
            yield Ground("Exfiltration path", path, "flows", "flows")
        skipped = ", ".join(map(visible, not_checked(review)))
        yield Ground("Not checked", skipped or "nothing was left out", "", "signoff")
        left = progress.tools - progress.decided
        if left:
            groups = review.views.groups.waiting
            high = f", {progress.high_left:,} of high risk" if progress.high_left else ""
            noun = progress.noun if left != 1 else {"tools": "tool"}.get(progress.noun, "capability")
            where = f"in {groups:,} group{'s' if groups != 1 else ''}"
            yield Ground("Undecided", f"{left:,} {noun} {where}{high}", "queue", "queue")
        if flows.exposed.state is PathState.ABSENT:
            yield Ground("Exfiltration path", path, "flows", "flows")
        accepted = summary.score.without_acceptances
        if accepted != summary.score.value:
            yield Ground(
                "Accepted risks", f"score {NONE if accepted is None else accepted} without them", "findings", "findings"
            )

    def _fit(self) -> None:
        """Figures draw themselves for their new size."""

    def scroll_page(self, by: int) -> None:
        """Show the next part where not all have room."""
        self._fold = (self._fold + by) % 3
        self.set_class(self._fold == 1, "-middle")
        self.set_class(self._fold == 2, "-right")
