"""The lines that are always on the screen: where the review stands, where one is, and the welcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from analysis.text import visible
from tui.desk.widgets.symbols import DONE, LEFT, NONE

if TYPE_CHECKING:
    from textual.app import App

    from tui.desk.shell.keymap import Keymap
    from tui.desk.shell.session import Session

#: Key, area, title, and the title where there is little room.
_AREAS = (
    ("0", "overview", "Overview", "Over"),
    ("1", "tools", "Tools", "Tools"),
    ("2", "findings", "Findings", "Find"),
    ("3", "governance", "Governance", "Govern"),
    ("4", "trail", "History", "Hist"),
    ("5", "flows", "Flows", "Flows"),
    ("6", "families", "Alike", "Alike"),
    ("7", "changes", "Changes", "Chg"),
    ("8", "signoff", "Sign-off", "Sign"),
)
_BAR = 10
#: From this width on there is room for the bar and the answers.
_ROOMY = 100


class StatusLines:
    """The lines above and below: written where they say something else than before."""

    def __init__(self, app: App[None], keymap: Keymap) -> None:
        self._app = app
        self._keymap = keymap
        self._written: dict[str, tuple[str, object]] = {}

    def tell(self, session: Session | None, area: str) -> None:
        """Write where the review stands, where one is, and which keys there are."""
        width = self._app.size.width
        if session is not None:
            session.sample()
        self.write("#state", state_line(session, width))
        self.write("#areas", area_line(session, area, width))
        parts: list[tuple[str, str] | str] = []
        for key, word in self._keymap.footer(area, width - 1):
            parts.extend(((f" {key}", "bold $accent"), f" {word}"))
        self.write("#key-bar", Content.assemble(*parts))

    def write(self, place: str, content: Content) -> None:
        """Write one line, if it says something else now."""
        if self._written.get(place) != (content.plain, content.spans):
            self._written[place] = (content.plain, content.spans)
            self._app.query_one(place, Static).update(content, layout=False)


def state_line(session: Session | None, width: int) -> Content:
    """Return title, progress, score and verdict in one line."""
    if session is None:
        return Content.assemble((" Clearance ", "bold"), "what may the agent call?")
    review = session.review
    summary = review.summary()
    progress, score = summary.progress, summary.figures
    filled = round(_BAR * progress.decided / progress.tools) if progress.tools else 0
    left = progress.high_left
    number = (NONE if score.value is None else str(score.value)) + _moved(session)
    style = {"blocked": "bold $error", "approvable": "bold $success"}.get(score.verdict, "bold $warning")
    readonly = "[read-only] " if not review.writable else ""
    bar = f" {DONE * filled}{LEFT * (_BAR - filled)}" if width >= _ROOMY else ""
    middle = f"  {progress.decided}/{progress.tools} decided{bar}  score {number} "
    tail = (f"  answers {progress.answered}/{progress.controls}" if width >= _ROOMY else "") + (
        f"  HIGH left {left}" if left else ""
    )
    room = width - len(middle) - len(score.verdict) - len(tail) - 1
    title = Content(f" {readonly}{visible(review.title)}").stylize("bold").truncate(max(room, 10), ellipsis=True)
    return Content.assemble(title, middle, (score.verdict, style), tail)


def _moved(session: Session) -> str:
    """Return what the last step made of the score, where it made anything of it."""
    by = session.trend[-1][0] - session.trend[-2][0] if len(session.trend) > 1 else 0
    return f" ({by:+})" if by else ""


def area_line(session: Session | None, area: str, width: int) -> Content:
    """Return the areas, how many tools are shown and marked, and the filter in force; these are never cut off."""
    if session is None:
        return Content("")
    total = session.review.summary().progress.tools
    count = f"  {len(session.shown)} of {total}" if len(session.shown) != total else f"  {total} tools"
    parts: list[tuple[str, str] | str] = [*_titles(area, width - len(count) - _wanted(session)), count]
    if session.marks:
        parts.append((f"  {len(session.marks)} marked", "bold $accent"))
    if session.order != "document":
        parts.append((f"  by {session.order}", "dim"))
    if session.query:
        used = sum(len(part if isinstance(part, str) else part[0]) for part in parts)
        shown = Content(visible(session.query)).truncate(max(width - used - 10, 12), ellipsis=True)
        parts.extend((("  filter: ", "bold $warning"), (shown.plain, "bold $warning")))
    return Content.assemble(*parts)


def _wanted(session: Session) -> int:
    """Return how much room what follows the areas asks for."""
    marks = len(f"  {len(session.marks)} marked") if session.marks else 0
    order = len(f"  by {session.order}") if session.order != "document" else 0
    return marks + order + (min(len(session.query), 20) + 12 if session.query else 0)


def _titles(area: str, room: int) -> list[tuple[str, str]]:
    """Return the areas as wide as there is room: whole titles, short ones, or the key alone but for where one is."""
    whole = [(f" {key} {title} ", name) for key, name, title, _ in _AREAS]
    short = [(f" {key} {brief}", name) for key, name, _, brief in _AREAS]
    keys = [(f" {key} {title} " if name == area else f" {key}", name) for key, name, title, _ in _AREAS]
    fit = next((each for each in (whole, short) if sum(len(text) for text, _ in each) <= room), keys)
    return [(text, "reverse" if name == area else "dim") for text, name in fit]


def welcome() -> Content:
    """Return what a first start says."""
    return Content.assemble(
        ("\n  Clearance\n\n", "bold"),
        "  Decide which operations of an API an AI agent may call, and hand out proof of it.\n\n",
        ("  d ", "bold $accent"), " open the sample review: 48 tools, four findings, score 85, blocked\n",
        ("  i ", "bold $accent"), " review a document: OpenAPI (JSON, YAML) or a saved MCP tools/list\n",
        ("  o ", "bold $accent"), " open a review file (*.clearance)\n",
        ("  ? ", "bold $accent"), " all keys        ", ("q ", "bold $accent"), " leave\n\n",
        ("  From the shell:  clearance review openapi.yaml\n", "dim"),
        ("                   clearance inspect openapi.yaml      (only look)\n", "dim"),
        ("                   clearance --help\n", "dim"),
    )  # fmt: skip
