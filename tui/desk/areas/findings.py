"""Findings on exposed tools, on answers, and on the review; worst first."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from textual import work
from textual.containers import Container
from textual.content import Content
from textual.widgets import Static

from analysis.model import Status
from analysis.review import queries
from analysis.review.queries.findings import is_closed, notes_on_finding
from analysis.review.record.dispositions import CODES, VOIDS
from analysis.text import visible
from tui.desk.areas import AREAS
from tui.desk.areas.list_area import ListArea, note_lines
from tui.desk.areas.tool_row import call_parts
from tui.desk.pages.source_code import SourceCache, source_lines
from tui.desk.widgets.line_table import LineTable
from tui.desk.widgets.lines import Line, line
from tui.desk.widgets.pane import Pane
from tui.desk.widgets.symbols import MINUS, NONE, SEP, SEVERITIES
from tui.desk.widgets.table_columns import Cell, Column

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from textual.app import ComposeResult
    from textual.timer import Timer

    from analysis.model import Finding, SourceId, ToolId
    from tui.desk.shell.session import Session
    from tui.desk.widgets.lines import Parts

#: Abbreviations of statuses that are too long for their column.
_STATUS: Final = {Status.FALSE_POSITIVE: "false pos.", Status.NOT_APPLICABLE: "not appl."}
#: Time that the cursor rests before a proof is read and drawn, seconds: a source may have many megabytes.
_REST_SECONDS: Final = 0.15
#: Maximum number of tools of a grouped finding that are named.
_MAX_NAMED: Final = 12


class FindingsArea(ListArea):
    """Findings, worst first."""

    COLUMNS = (
        Column("Severity", 10),
        Column("Rule", 7),
        Column("Finding", 0, weight=3),
        Column("Subject", 0, middle=True, weight=2),
        Column("State", 10),
        Column("Penalty", 7, below=90, right=True),
    )
    EMPTY = f"no findings here: Esc lists all, {AREAS['overview'].key} shows what to fix next"
    TITLE, PAGE = "Findings", "Finding"

    def __init__(self, session: Session, name: str) -> None:
        super().__init__(session, name)
        self.only = ""  # `new`, `closed`, `mine`, `open`; empty for all
        self._timer: Timer | None = None
        self._proof: Finding | None = None  # the finding whose proof is drawn
        self._sources = SourceCache(session.review)
        self.earlier: Callable[[Finding], bool] | None = None  # whether a finding is in an earlier packet

    def compose(self) -> ComposeResult:
        """Lay out the findings over what is claimed and its proof."""
        yield Static(Content(""), id=f"{self.id}-head", classes="list-head")
        yield LineTable(self.COLUMNS, self.cells, self.EMPTY, id=f"{self.id}-table")
        with Container(classes="two-panes"):
            yield Pane(id=f"{self.id}-page")
            yield Pane(id=f"{self.id}-proof")

    def _entitle(self) -> None:
        """Give the frames their titles."""
        super()._entitle()
        self.query_one(f"#{self.id}-proof", Pane).entitle("Proof")

    def draw(self) -> None:
        """Draw what is claimed; its proof follows when the cursor rests."""
        found = self.finding()
        if found is not None:
            self.pane.entitle(found.rule, counts=((visible(self._subject(found), 24), "dim"),))
        super().draw()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_REST_SECONDS, self._draw_proof)

    def _draw_proof(self) -> None:
        """Draw the source lines that a finding rests on, with the matched words marked."""
        found, proof = self.finding(), self.query_one(f"#{self.id}-proof", Pane)
        if not proof.display or found is self._proof:
            return
        self._proof = found
        tool = None if found is None else found.tool or next(iter(found.tools), None)
        row = None if tool is None else self.session.review.tool(tool).row
        if found is None or row is None:
            proof.entitle(counts=(), position=())
            proof.show([line(("no single tool: see the finding", "dim"))] if found is not None else [])
            return
        if not self._sources.has(row.source):
            self._proof = None
            proof.show([line(("reading the source", "dim"))])
            self._read_source(row.source)
            return
        start = found.line if found.line is not None and not found.tools else row.line
        lines = source_lines(self._sources.excerpt(row.source, start), [found.matched], start)
        more = f"1 of {len(found.tools):,}  " if found.tools else ""
        proof.entitle(counts=((f"{more}{visible(row.name, 40)}", "dim"),))
        proof.show([line(*call_parts(row)), *(lines or [line(("the source gives no line for this tool", "dim"))])])

    @work(group="source", exclusive=True)
    async def _read_source(self, source: SourceId) -> None:
        """Read a source next to the keys, and draw the proof under the cursor."""
        await self._sources.read(source)
        if self.app.is_running:
            self._draw_proof()

    def counts(self) -> Parts:
        """Return how many of the listed findings are open."""
        listed = [self._found[key] for key in self.table.keys]
        left = sum(1 for found in listed if not is_closed(found))
        return ((f"{left:,}", "strong"), (f" open of {len(listed):,}", "dim"))

    def rows(self) -> Sequence[str]:
        """Return the findings, worst first."""
        review = self.session.review
        test = self._test()
        found = review.summary().findings if test is None else queries.listed_findings(review, test)
        self._found: dict[str, Finding] = {f.id: f for f in found}
        ledger = review.summary().score.ledger
        self._penalties = {entry.finding: entry.penalty for entry in ledger if entry.finding is not None}
        names = Counter(map(_name, found))
        self._same_name = {f.id for f in found if names[_name(f)] > 1}
        return list(self._found)

    def _test(self) -> Callable[[Finding], bool] | None:
        review, actor, earlier = self.session.review, self.session.actor, self.earlier
        if self.only == "new" and earlier is not None:
            return lambda each: not earlier(each)
        tests: dict[str, Callable[[Finding], bool]] = {
            "closed": is_closed,
            "mine": lambda each: queries.concerns(review, each, actor),
            "open": lambda each: not is_closed(each),
        }
        return tests.get(self.only)

    def active_filters(self) -> list[str]:
        """Return which findings are listed, unless all are."""
        return [*super().active_filters(), *([self.only] if self.only else [])]

    def clear_filters(self) -> None:
        """List every finding again, and take the marks off."""
        super().clear_filters()
        self.only = ""

    def targets(self) -> list[Finding]:
        """Return the findings that a disposition applies to: the marked ones that are listed, else the one under the cursor."""
        return [self._found[key] for key in self.marks.targets()]

    def finding(self) -> Finding | None:
        """Return the finding under the cursor."""
        return self._found.get(self.table.key or "")

    def _subject(self, found: Finding) -> str:
        if found.tools:
            return f"{len(found.tools):,} tools"
        return self.session.review.tool(found.tool).row.name if found.tool else found.control or found.subject

    def cells(self, key: str) -> Sequence[Cell]:
        """Return one finding as cells."""
        found = self._found[key]
        severity = found.severity.value
        symbol = SEVERITIES.get(severity, " ")
        level = severity if severity in {"critical", "high", "medium"} else "low"
        settled = found.status is not Status.OPEN
        return [
            (f"{symbol} {severity}", "dim" if settled else level),
            (found.rule.partition("-")[0] if found.control else found.rule, "dim"),
            (visible(self._what(found), 200), "dim" if settled else ""),
            (visible(self._subject(found), 200), "soft"),
            (_STATUS.get(found.status, found.status.value), "dim" if settled else "soft"),
            self._penalty(found),
        ]

    def _penalty(self, found: Finding) -> Cell:
        """Return what a finding costs: the cap that it sets, else its points."""
        if found.cap is not None and found.status in {Status.OPEN, Status.FIXING}:
            return (f"cap {found.cap}", "bad")
        points = self._penalties.get(found.id, 0.0)
        return (f"{MINUS}{points:.1f}" if points else NONE, "soft" if points else "dim")

    def _what(self, found: Finding) -> str:
        """Return the title, after the evidence where several rows have the same title."""
        first = found.matched if found.id in self._same_name else ""
        return SEP.join(part for part in (first, found.title) if part)

    def page(self, key: str) -> Sequence[Line]:
        """Return one finding in full."""
        found = self._found[key]
        review = self.session.review
        ledger = next((entry for entry in review.summary().score.ledger if entry.finding == found.id), None)
        lines = [
            line((visible(found.title), "strong")),
            line((f"{found.severity.value}, confidence {found.confidence}{SEP}{visible(self._subject(found))}", "dim")),
            *self._disposition(found),
            *([line(("Found", "title")), line(visible(found.matched, 800))] if found.matched else []),
            line(("Why it matters", "title")),
            line(visible(found.why)),
            line(("What to do", "title")),
            line(visible(found.remedy)),
        ]
        if found.pointer:
            lines.append(line((f"at {visible(found.pointer)}" + (f", line {found.line}" if found.line else ""), "dim")))
        if ledger is not None:
            gain = f"fixing it gains {ledger.gain}" if ledger.gain else "no gain by itself: others hold the score down"
            lines.append(line(f"penalty {ledger.penalty:g} points; {gain}"))
        if found.tools:
            lines.append(line(("on: ", "dim"), visible(self._names(found), 800), indent=2))
        return [*lines, *note_lines(notes_on_finding(review, found))]

    def _names(self, found: Finding) -> str:
        names = ", ".join(self.session.review.tool(tool).row.name for tool in found.tools[:_MAX_NAMED])
        more = len(found.tools) - _MAX_NAMED
        return f"{names} and {more:,} more; Enter shows them" if more > 0 else names

    def _disposition(self, found: Finding) -> Iterator[Line]:
        """Yield the disposition of a finding, and why it was reopened."""
        review = self.session.review
        disposition, reopened = queries.disposition_for(review, found), queries.reopened_reason(review, found)
        if reopened:
            yield line(("open again: ", "warn"), visible(reopened, 200), indent=2)
        if disposition is None:
            return
        yield line(
            (f"{disposition.status.value} ", "good"),
            f"by {visible(disposition.actor)} at {disposition.at}: {visible(disposition.reason)}",
            indent=2,
        )
        voids = ", ".join(VOIDS.get(each, each) for each in disposition.voids)
        for name, value in (
            ("code", f"{disposition.code}: {CODES[disposition.code]}" if disposition.code in CODES else disposition.code), ("evidence", disposition.evidence),
            ("owner", disposition.owner), ("until", disposition.until), ("ends early if", voids),
        ):  # fmt: skip
            if value:
                yield line((visible(f"{name}: {value}"), "dim"))


def _name(found: Finding) -> tuple[str, str, ToolId | None]:
    """Return what a row says besides its cause and how many tools it is about."""
    return found.rule, found.title, found.tool
