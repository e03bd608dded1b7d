"""The lines that are always on the screen: state of the review, areas, keys; and the welcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from analysis.text import visible
from tui.desk.areas import AREAS
from tui.desk.widgets.symbols import DONE, LEFT, NONE

if TYPE_CHECKING:
    from textual.app import App

    from tui.desk.shell.keymap import Keymap
    from tui.desk.shell.session import Session

_BAR_WIDTH = 10
#: Minimum width for the bar and the number of answers.
_MIN_WIDE = 100


class StatusLines:
    """The lines above and below; a line is drawn again only when it has changed."""

    def __init__(self, app: App[None], keymap: Keymap) -> None:
        self._app = app
        self._keymap = keymap
        self._written: dict[str, tuple[str, object]] = {}

    def update(self, session: Session | None, area: str) -> None:
        """Show the state of the review, the area, and its keys."""
        width = self._app.size.width
        if session is not None:
            session.record_trend()
        self._write("#state", state_line(session, width))
        self._write("#areas", area_line(session, area, width))
        parts: list[tuple[str, str] | str] = []
        for key, word in self._keymap.footer(area, width - 1):
            parts.extend(((f" {key}", "bold $accent"), f" {word}"))
        self._write("#key-bar", Content.assemble(*parts))

    def _write(self, place: str, content: Content) -> None:
        """Draw one line, if it has changed."""
        if self._written.get(place) != (content.plain, content.spans):
            self._written[place] = (content.plain, content.spans)
            self._app.query_one(place, Static).update(content, layout=False)


def state_line(session: Session | None, width: int) -> Content:
    """Return title, progress, score and verdict in one line."""
    if session is None:
        return Content.assemble((" Clearance ", "bold"), "which tools may the agent call?")
    review = session.review
    summary = review.summary()
    progress, score = summary.progress, summary.figures
    filled = round(_BAR_WIDTH * progress.decided / progress.tools) if progress.tools else 0
    number = (NONE if score.value is None else str(score.value)) + _score_change(session)
    style = {"blocked": "bold $error", "approvable": "bold $success"}.get(score.verdict, "bold $warning")
    readonly = "[read-only] " if not review.writable else ""
    bar = f" {DONE * filled}{LEFT * (_BAR_WIDTH - filled)}" if width >= _MIN_WIDE else ""
    middle = f"  {progress.decided}/{progress.tools} decided{bar}  score {number} "
    tail = (f"  answers {progress.answered}/{progress.controls}" if width >= _MIN_WIDE else "") + (
        f"  {progress.high_left} high-risk undecided" if progress.high_left else ""
    )
    room = width - len(middle) - len(score.verdict) - len(tail) - 1
    title = Content(f" {readonly}{visible(review.title)}").stylize("bold").truncate(max(room, 10), ellipsis=True)
    return Content.assemble(title, middle, (score.verdict, style), tail)


def _score_change(session: Session) -> str:
    """Return the change of the score by the last step, if any."""
    by = session.trend[-1][0] - session.trend[-2][0] if len(session.trend) > 1 else 0
    return f" ({by:+})" if by else ""


def area_line(session: Session | None, area: str, width: int) -> Content:
    """Return the areas, the number of tools shown and marked, and the filter in force; none is ever cut off."""
    if session is None:
        return Content("")
    progress = session.review.summary().progress
    total = progress.tools
    count = f"  {len(session.shown)} of {total}" if len(session.shown) != total else f"  {total} {progress.noun}"
    parts: list[tuple[str, str] | str] = [*_titles(area, width - len(count) - _width_after_count(session)), count]
    if session.marks:
        parts.append((f"  {len(session.marks)} marked", "bold $accent"))
    if session.order != "document":
        parts.append((f"  by {session.order}", "dim"))
    if session.query:
        used = sum(len(part if isinstance(part, str) else part[0]) for part in parts)
        shown = Content(visible(session.query)).truncate(max(width - used - 10, 12), ellipsis=True)
        parts.extend((("  filter: ", "bold $warning"), (shown.plain, "bold $warning")))
    return Content.assemble(*parts)


def _width_after_count(session: Session) -> int:
    """Return the width of the parts after the count: marks, order, filter."""
    marks = len(f"  {len(session.marks)} marked") if session.marks else 0
    order = len(f"  by {session.order}") if session.order != "document" else 0
    return marks + order + (min(len(session.query), 20) + 12 if session.query else 0)


def _titles(area: str, room: int) -> list[tuple[str, str]]:
    """Return the areas as wide as fits: whole titles, short ones, or keys with the title of the current one."""
    whole = [(f" {each.key} {each.title} ", name) for name, each in AREAS.items()]
    close = [(f" {each.key} {each.title}", name) for name, each in AREAS.items()]
    short = [(f" {each.key} {each.brief}", name) for name, each in AREAS.items()]
    keys = [(f" {each.key} {each.title} " if name == area else f" {each.key}", name) for name, each in AREAS.items()]
    fit = next((each for each in (whole, close, short) if sum(len(text) for text, _ in each) <= room), keys)
    return [(text, "reverse" if name == area else "dim") for text, name in fit]


def welcome() -> Content:
    """Return the welcome of a first start."""
    return Content.assemble(
        ("\n  Clearance\n\n", "bold"),
        "  Decide which operations of an API an AI agent may call, and sign the decision.\n\n",
        ("  d ", "bold $accent"), " open the sample review: 48 tools, four findings, score 85, blocked\n",
        ("  i ", "bold $accent"), " review a document: OpenAPI (JSON, YAML) or a saved MCP tools/list\n",
        ("  o ", "bold $accent"), " open a review file (*.clearance)\n",
        ("  ? ", "bold $accent"), " all keys        ", ("q ", "bold $accent"), " leave\n\n",
        ("  From the shell:  clearance review openapi.yaml\n", "dim"),
        ("                   clearance inspect openapi.yaml      (no workspace)\n", "dim"),
        ("                   clearance --help\n", "dim"),
    )  # fmt: skip
