"""The state of the review in figures, and what to fix next, highest gain first."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from analysis.model import Risk, ToolType
from analysis.review import queries
from analysis.review.queries.status import not_checked
from analysis.text import visible
from tui.desk.areas.list_area import ListArea
from tui.desk.widgets.line_table import Cell, Column, LineTable
from tui.desk.widgets.lines import Line, line
from tui.desk.widgets.pane import Pane
from tui.desk.widgets.symbols import ARROW, DONE, DOT, LEFT, NONE, SEP, SPARK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.app import ComposeResult

    from analysis.model import Finding, LedgerLine, Score, ToolState
    from analysis.review.session import Review
    from tui.desk.shell.session import Session

_BAR_WIDTH = 30
_RISKS = (Risk.HIGH, Risk.MEDIUM, Risk.LOW)
_SHORT = {"administrative": "admin"}
#: Maximum number of steps listed; the rest is among the findings.
_MAX_STEPS = 500


class OverviewArea(ListArea):
    """Figures above, next steps below; Enter goes to one."""

    COLUMNS = (Column("GAIN", 5), Column("PENALTY", 7), Column("RULE", 8), Column("FIX NEXT", 0))
    EMPTY = "no penalty left; E exports"

    def compose(self) -> ComposeResult:
        """Lay out figures over steps."""
        yield Pane(id=f"{self.id}-page")
        yield LineTable(self.COLUMNS, self.cells, self.EMPTY, id=f"{self.id}-table")

    def rows(self) -> Sequence[str]:
        """Return the lines of the ledger, highest gain first."""
        ledger = self.session.review.summary().score.ledger
        self._steps: dict[str, LedgerLine] = {
            str(number): entry for number, entry in enumerate(ledger[:_MAX_STEPS]) if entry.rule != "rounding"
        }
        return list(self._steps)

    def cells(self, key: str) -> Sequence[Cell]:
        """Return one step as cells."""
        step = self._steps[key]
        subject = self._subject(step)
        what = f"{subject}: {step.remedy}" if subject and step.remedy else step.remedy or step.label
        return [
            (f"+{step.gain}" if step.gain else "", "approved"),
            (f"-{step.penalty:g}", "medium"),
            (step.rule.partition("-")[0] if step.rule.startswith("GOV-") else step.rule, ""),
            (visible(what, 300), "strong"),
        ]

    def _subject(self, step: LedgerLine) -> str:
        """Return what a step is about: the tool, the number of tools, the question, or what caps the score."""
        found = self.finding_of(step)
        if found is None:
            return step.label
        if found.tools:
            counted = found.matched if found.rule in queries.QUEUE_QUERIES else f"{len(found.tools):,}"
            return f"{counted} tools"
        if found.tool is not None:
            return self.session.review.tool(found.tool).row.name
        return found.title.partition(":")[0] if found.control else found.title

    def finding(self) -> Finding | None:
        """Return the finding under the cursor."""
        step = self._steps.get(self.table.key or "")
        return self.finding_of(step) if step else None

    def finding_of(self, step: LedgerLine) -> Finding | None:
        """Return the finding of a line of the ledger."""
        summary = self.session.review.summary()
        if step.finding is None:
            return next((row for row in summary.queue if row.rule == step.rule), None)
        return next((each for each in summary.findings if each.id == step.finding), None)

    def subject(self) -> str | None:
        """Return the subject of a note: the finding, or the review."""
        found = self.finding()
        return found.id if found else "review"

    def draw(self) -> None:
        """Draw the figures."""
        self.pane.show(list(figures(self.session)))


def figures(session: Session) -> Iterator[Line]:
    """Yield the figures of a review."""
    review = session.review
    summary = review.summary()
    progress, score = summary.progress, summary.score
    style = {"blocked": "bad", "approvable": "good"}.get(score.verdict, "warn")
    number = NONE if score.value is None else str(score.value)
    verdict = (f"{score.verdict}  ", style)
    yield line(
        (f"score {number} / 100  ", "strong"),
        verdict,
        _score_without_acceptances(score),
        _reasons(score.because),
        indent=2,
    )
    yield line(
        ("not checked: ", "dim"), ", ".join(map(visible, not_checked(review))) or "everything was checked", indent=2
    )
    yield line(
        (f"{'decided':9}", "dim"),
        *_bar(progress.decided, progress.tools),
        f"  {progress.high_left:,} high-risk undecided",
    )
    yield line((f"{'answered':9}", "dim"), *_bar(progress.answered, progress.controls))
    yield line((f"{'trend':9}", "dim"), trend(session.trend))
    yield from matrix(review.tools())
    yield from unclear(review.tools())
    if summary.queue:
        waiting = SEP.join(row.matched for row in summary.queue)
        yield line(("queue: ", "dim"), f"{waiting} to decide", ("  (filter: is:undecided)", "dim"))
    gates = [gate.why for gate in summary.open_gates]
    yield line(("request: ", "dim"), *access_request(review))
    yield line(("sign-off waits for: ", "dim"), (SEP.join(gates), "warn") if gates else ("nothing", "good"))
    yield line(("people: ", "dim"), people(review))


def _score_without_acceptances(score: Score) -> tuple[str, str]:
    """Return the score without accepted risks, where it differs."""
    value = score.without_acceptances
    if value == score.value:
        return ("", "")
    return (f"{NONE if value is None else value} without accepted risks ", "warn")


def _reasons(reasons: Sequence[str]) -> str:
    return f"({', '.join(reasons[:3])})" if reasons else ""


def _bar(done: int, of: int) -> tuple[tuple[str, str], ...]:
    filled = round(_BAR_WIDTH * done / of) if of else 0
    return ((DONE * filled, "good"), (LEFT * (_BAR_WIDTH - filled), "dim"), (f" {done:,} of {of:,}", ""))


def trend(values: Sequence[tuple[int, int]]) -> str:
    """Return score and decided tools over the session: bars, then first and last value."""
    scores = [score for score, _ in values][-_BAR_WIDTH:]
    if not scores:
        return ""
    low, high = min(scores), max(scores)
    bars = "".join(SPARK[(score - low) * (len(SPARK) - 1) // (high - low) if high > low else 0] for score in scores)
    return f"{bars}  score {values[0][0]} {ARROW} {values[-1][0]}, {values[-1][1] - values[0][1]:+} decided in this session"


def matrix(tools: Sequence[ToolState]) -> Iterator[Line]:
    """Yield risk by type: undecided tools of all tools."""
    every = Counter((tool.risk, tool.type) for tool in tools)
    undecided = Counter((tool.risk, tool.type) for tool in tools if tool.undecided)
    yield line(
        (f"{'undecided/total':15}", "dim"), *((f"{_SHORT.get(kind.value, kind.value):>12}", "dim") for kind in ToolType)
    )
    for risk in _RISKS:
        style = {"high": "bad", "medium": "warn"}.get(risk.value, "")
        cells = [
            (f"{undecided[risk, kind]:,}/{every[risk, kind]:,}" if every[risk, kind] else DOT, undecided[risk, kind])
            for kind in ToolType
        ]
        name = {"high": "HIGH", "medium": "MED", "low": "low"}[risk.value]
        yield line((f"{name:15}", style), *((f"{text:>12}", style if count else "dim") for text, count in cells))


def unclear(tools: Sequence[ToolState]) -> Iterator[Line]:
    """Yield the number of tools of unclear effect, without those whose type was overridden."""
    count = sum(1 for tool in tools if tool.row.unclear and tool.type_override is None)
    if count:
        yield line((f"{count:,} unclear, treated as side-effect", "warn"), ("  (filter: is:unclear)", "dim"))


def access_request(review: Review) -> tuple[str | tuple[str, str], ...]:
    """Return the access request."""
    request = queries.intake(review)
    if request is None:
        return (("not filled in; press i", "warn"),)
    parts = (
        request.agent,
        f"in {request.environment}" if request.environment else "",
        f"for {', '.join(request.audience)}" if request.audience else "",
        request.purpose,
        request.server,
        request.owner,
        ", ".join(request.data),
        f"writes: {request.writes}" if request.writes else "",
    )
    return (SEP.join(visible(part, 60) for part in parts if part),)


def people(review: Review) -> str:
    """Return the people with the number of tools they decided."""
    counts = Counter(tool.decision.actor for tool in review.tools() if tool.decision)
    return ", ".join(f"{visible(name, 40)} {count:,}" for name, count in counts.most_common(5)) or "no decisions yet"
