"""The page of a conflict: a band for each side, in equal space, with what differs marked; one key takes one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.containers import Container, Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from analysis.text import visible, visible_lines
from tui.desk.styles.ink import css_style
from tui.desk.widgets.columns import differing_words, lower_words
from tui.desk.widgets.prompts import PromptResult, Question
from tui.desk.widgets.symbols import APPROVED, BLOCKED, CONDITIONAL, DIFFERS, SEP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult

    from analysis.review.syncing.conflict_sides import ConflictSide, ContestedPoint

#: Maximum number of characters of a reason that are shown.
_MAX_REASON: Final = 1_200
_MAX_SIDES: Final = 9
#: Decisions that have a band in their own colour.
_SYMBOLS: Final = {"approved": APPROVED, "conditional": CONDITIONAL, "blocked": BLOCKED}


class ConflictPage(Question[str]):
    """Show one point on which reviewers differ. The answer is the event that is taken, or `]` or `[` for another point.

    The side of `actor` is the first, at the left, or above where there is no room side by side.
    """

    _MOVES = {"right_square_bracket": "]", "left_square_bracket": "["}

    def __init__(self, point: ContestedPoint, place: int, of: int, actor: str) -> None:
        super().__init__()
        self._sides = sorted(point.sides, key=lambda side: side.person != actor)[:_MAX_SIDES]
        self._actor = actor
        self._title = f"{DIFFERS} Reviewers differ: {visible(point.what, 160)}  ({place} of {of})"

    def compose(self) -> ComposeResult:
        """Lay out the sides in equal space, each under the band of its decision."""
        shown = [_rows(side) for side in self._sides]
        yield Static(Content(self._title), classes="prompt-title")
        yield Static(Content("Nothing is allowed by it until one side is taken. Both stay in the record."))
        with Container(id="sides"):
            for number, side in enumerate(self._sides, start=1):
                with VerticalScroll(classes="side", can_focus=False):
                    yield Static(self._head(number, side), classes="side-head")
                    with Horizontal(classes=f"band band-{side.value if side.value in _SYMBOLS else 'other'}"):
                        yield Static(Content(_band(side)), classes="band-value")
                        yield Static(Content(visible(side.at, 30)), classes="band-time")
                    for place, row in enumerate(shown[number - 1]):
                        yield Static(_compared(*row, [rows[place][2] for rows in shown]))
        keys = f"1 to {len(self._sides)} take that side"
        yield Static(Content(f"{keys}{SEP}] and [ other conflicts{SEP}Esc close"), classes="prompt-hint")

    def _head(self, number: int, side: ConflictSide) -> Content:
        mine = "  you" if side.person == self._actor else ""
        return Content.assemble((f"{number} ", "bold $blue"), visible(side.person, 60), (mine, "$dim"))

    async def take(self, event: events.Key) -> PromptResult | None:
        """Take a side by its number, or go to another conflict."""
        if event.key in {"escape", "q"}:
            return PromptResult(over=True)
        if event.key in self._MOVES:
            return PromptResult(over=True, value=self._MOVES[event.key])
        if event.character and event.character in "123456789"[: len(self._sides)]:
            return PromptResult(over=True, value=self._sides[int(event.character) - 1].event)
        return PromptResult()


def _band(side: ConflictSide) -> str:
    """Return what a side says: a decision in spaced capitals after its symbol, anything else as it is."""
    if side.value not in _SYMBOLS:
        return visible(side.value, 200)
    words = "with conditions" if side.value == "conditional" else side.value
    return f"{_SYMBOLS[side.value]}  {'   '.join(' '.join(word) for word in words.upper().split())}"


def _rows(side: ConflictSide) -> list[tuple[str, str, str]]:
    """Return what is shown of a side below its band: label, text, and what of it is compared."""
    proof = f"proven: signed with {visible(side.key, 60)}" if side.key else "claimed: no signature proves it"
    reason = visible_lines(side.reason or "none given", _MAX_REASON)
    conditions = visible(", ".join(side.conditions), 400) or "none"
    definition = "as it is now" if side.current else "an earlier one"
    return [
        ("reason", reason, reason), ("conditions", conditions, conditions), ("definition", definition, definition),
        ("record", proof, "proven" if side.key else "claimed"),
    ]  # fmt: skip


def _compared(label: str, text: str, _said: str, all_sides: Sequence[str]) -> Content:
    """Return a row of a side: dim where all say the same, else its sign and the words that not all have underlined."""
    if len(set(all_sides)) == 1:
        return Content.assemble((f"  {label:<11}{text}", "$dim"))
    shared = set.intersection(*(set(lower_words(each)) for each in all_sides))
    parts = ((piece, css_style(style)) for piece, style in differing_words(text, shared))
    return Content.assemble((f"{DIFFERS} ", "bold $red"), (f"{label:<11}", "$dim"), *parts)
