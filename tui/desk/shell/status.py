"""The lines that are always on the screen: where one is and what the verdict is, the areas, the keys; and the welcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from textual.content import Content

from analysis.model import Verdict
from analysis.text import visible
from tui.desk.areas import AREAS
from tui.desk.figures.verdict_card import VERDICTS
from tui.desk.widgets.bar import ActionBar, BarPart
from tui.desk.widgets.cells import cut_middle
from tui.desk.widgets.symbols import HEAVY, LOGO, NONE, ROUND, STEP

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from analysis.review.derived.summary import ReviewSummary
    from tui.desk.shell.app import Desk
    from tui.desk.shell.keymap import Keymap
    from tui.desk.shell.session import Session

#: Minimum width for the person in the header, and for two lines of areas.
WIDE: Final = 100
#: Chips are shorter than verdicts, so that the title has room.
_CHIPS: Final = {Verdict.CONDITIONS: "with conditions"}
_MIN_TITLE: Final = 8
#: Areas that the path names before the one on the screen: the last ones through which Enter led.
_MAX_WAY: Final = 2


class StatusLines:
    """The lines above and below; a line is drawn again only when it has changed."""

    def __init__(self, app: Desk, keymap: Keymap) -> None:
        self._app = app
        self._keymap = keymap
        self._shown: tuple[object, ...] = ()
        self._summary: ReviewSummary | None = None

    def update(self, session: Session | None, area: str) -> None:
        """Show the state of the review, the area, and its keys."""
        width = self._app.size.width
        summary = None
        if session is not None:
            session.record_trend()
            summary = session.review.summary()
        shown = (area, width, *(_stated(session) if session is not None else ()))
        if shown == self._shown and summary is self._summary:
            return
        self._shown, self._summary = shown, summary
        self._app.query_one("#state", ActionBar).show(header(session, area, width))
        self._app.query_one("#areas", ActionBar).show(*area_rows(session, area, width))
        self._app.query_one("#key-bar", ActionBar).show(key_row(self._keymap.footer(area, width - 1)))


def _stated(session: Session) -> tuple[object, ...]:
    """Return what the lines say of a session and its summary does not."""
    review = session.review
    return session.actor, review.title, review.writable, tuple(session.came_from), tuple(session.trend[-2:])


def key_row(entries: Iterable[tuple[str, str, str]]) -> list[BarPart]:
    """Return the keys of a footer: (key, word, action) each."""
    row: list[BarPart] = []
    for key, word, action in entries:
        row.extend(((f" {key}", "key", action), (f" {word} ", "soft", action)))
    return row


def _width(parts: Sequence[BarPart]) -> int:
    return sum(cell_len(text) for text, _, _ in parts)


def header(session: Session | None, area: str, width: int) -> list[BarPart]:
    """Return the path to the screen at the left; progress, score, verdict and person at the right."""
    name: list[BarPart] = [(f" {LOGO} ", "key", ""), ("Clearance", "strong", "")]
    if session is None:
        return [*name, ("  which tools may the agent call?", "soft", "")]
    review = session.review
    summary = review.summary()
    progress, score = summary.progress, summary.figures
    symbol, chip, _ = VERDICTS[score.verdict]
    number = NONE if score.value is None else str(score.value)
    decided = f"{progress.decided:,}/{progress.tools:,} decided"
    right: list[BarPart] = [
        (f"{decided}  score ", "soft", ""),
        (f"{number}{_score_change(session)}", "strong", ""),
        ("  ", "", ""),
        (f" {symbol} {_CHIPS.get(score.verdict, score.verdict.value).upper()} ", chip, "area('signoff')"),
        (f"  {visible(session.actor, 16)} " if width >= WIDE else " ", "soft", ""),
    ]
    step: BarPart = (f" {STEP} ", "dim", "")
    here: BarPart = (AREAS[area].title if area in AREAS else area, "strong", "")
    way: list[BarPart] = [
        part
        for origin in session.came_from[-_MAX_WAY:]
        for part in ((AREAS[origin.area].title, "soft", "escape"), step)
    ]
    readonly: list[BarPart] = [] if review.writable else [(" [read-only]", "strong", "")]
    room = width - _width([*name, step, step, *way, here, *readonly, *right]) - 1
    if room < _MIN_TITLE:
        name, room = name[:1], room + len("Clearance")
    title: BarPart = (cut_middle(visible(review.title), max(room, _MIN_TITLE)), "soft", "area('overview')")
    left = [*name, *([step] if len(name) > 1 else []), title, step, *way, here, *readonly]
    return [*left, (" " * max(width - _width(left) - _width(right), 1), "", ""), *right]


def _score_change(session: Session) -> str:
    """Return the change of the score by the last step, if any."""
    by = session.trend[-1][0] - session.trend[-2][0] if len(session.trend) > 1 else 0
    return f" ({by:+})" if by else ""


def area_rows(session: Session | None, area: str, width: int) -> list[list[BarPart]]:
    """Return the areas with their counts; where there is room, and below them a rule that is heavy under the current one."""
    if session is None:
        return [[], []]
    row = _titles(area, _counts(session), width)
    if width < WIDE:
        return [row]
    own = f"area('{area}')"
    before = _width(row[: next((n for n, part in enumerate(row) if part[2] == own), 0)])
    long = _width([part for part in row if part[2] == own])
    rule, heavy = ROUND[4], HEAVY[4]
    after = max(width - before - long, 0)
    return [row, [(rule * before, "line", ""), (heavy * long, "link", ""), (rule * after, "line", "")]]


def _counts(session: Session) -> dict[str, str]:
    """Return what is to do in an area as a number, in the order in which counts give way to names."""
    summary = session.review.summary()
    progress = summary.progress
    counts = {
        "queue": f"{session.review.views.groups.waiting:,}",
        "tools": f"{progress.tools:,}",
        "findings": f"{summary.open_findings:,}",
        "governance": f"{progress.answered}/{progress.controls}",
    }
    return {name: count for name, count in counts.items() if count != "0"}


def _titles(area: str, counts: Mapping[str, str], width: int) -> list[BarPart]:
    """Return the areas as wide as fits: those without a digit lose their titles first, then counts go, the last one first.

    Narrow screens show short titles, the narrowest keys with the title of the current area.
    """
    if width >= WIDE:
        for left_out in range(len(counts) + 1):
            shown = dict(list(counts.items())[: len(counts) - left_out])
            for lettered in (lambda each: each.title, lambda each: each.brief, lambda _: ""):
                titles = {
                    name: each.title if each.key.isdigit() or name == area else lettered(each)
                    for name, each in AREAS.items()
                }
                row = _row(area, titles, shown, "  ")
                if _width(row) <= width:
                    return row
    row = _row(area, {name: each.brief for name, each in AREAS.items()}, {}, " ")
    if _width(row) <= width:
        return row
    return _row(area, {name: each.brief if name == area else "" for name, each in AREAS.items()}, {}, " ")


def _row(area: str, titles: Mapping[str, str], counts: Mapping[str, str], gap: str) -> list[BarPart]:
    row: list[BarPart] = [(" ", "", "")]
    for name, title in titles.items():
        action, here = f"area('{name}')", name == area
        row.append((AREAS[name].key, "key" if here else "dim", action))
        if title:
            row.append((f" {title}", "strong" if here else "soft", action))
        if name in counts:
            row.append((f" {counts[name]}", "link" if here else "dim", action))
        row.append((gap, "", ""))
    return row[:-1]


def welcome() -> Content:
    """Return the welcome of a first start."""
    return Content.assemble(
        ("\n  Clearance\n\n", "bold"),
        "  Decide which operations of an API an AI agent may call, and sign the decision.\n\n",
        ("  d ", "bold $blue"), " open the sample review: 48 tools, four findings, score 85, blocked\n",
        ("  i ", "bold $blue"), " review a document: OpenAPI (JSON, YAML) or a saved MCP tools/list\n",
        ("  o ", "bold $blue"), " open a review file (*.clearance)\n",
        ("  ? ", "bold $blue"), " all keys        ", ("q ", "bold $blue"), " leave\n\n",
        ("  From the shell:  clearance review openapi.yaml\n", "$dim"),
        ("                   clearance inspect openapi.yaml      (no workspace)\n", "$dim"),
        ("                   clearance --help\n", "$dim"),
    )  # fmt: skip
