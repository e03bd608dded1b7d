"""The page of a conflict: both sides next to each other in equal space; one key takes one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from analysis.text import visible, visible_lines
from tui.desk.widgets.prompts import PromptResult, Question
from tui.desk.widgets.symbols import SEP

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from analysis.review.syncing.conflict_sides import ConflictSide, ContestedPoint

#: Maximum number of characters of a reason that are shown.
_MAX_REASON: Final = 1_200
_MAX_SIDES: Final = 9


class ConflictPage(Question[str]):
    """Show one point on which reviewers differ. The answer is the event that is taken, or `]` or `[` for another point."""

    DEFAULT_CSS: ClassVar[str] = """
    ConflictPage { align: center middle; }
    ConflictPage #conflict { width: 96%; height: 90%; border: heavy $blue; background: $ground; padding: 0 1; }
    ConflictPage #sides { height: 1fr; }
    ConflictPage .side { width: 1fr; height: 100%; border: round $line; padding: 0 1; }
    ConflictPage .side-value { text-style: bold; margin-bottom: 1; }
    """
    _MOVES = {"right_square_bracket": "]", "left_square_bracket": "["}

    def __init__(self, point: ContestedPoint, place: int, of: int) -> None:
        super().__init__()
        self._point = point
        self._title = f"Reviewers differ: {visible(point.what, 160)}  ({place} of {of})"

    def compose(self) -> ComposeResult:
        """Lay out the sides, each with the same width."""
        sides = self._point.sides[:_MAX_SIDES]
        with VerticalScroll(id="conflict", can_focus=False):
            yield Static(Content(self._title), classes="prompt-title")
            yield Static(Content("Nothing is allowed by it until one side is taken. Both stay in the record."))
            with Horizontal(id="sides"):
                for number, side in enumerate(sides, start=1):
                    with VerticalScroll(classes="side", can_focus=False):
                        yield Static(Content(f"{number}  {visible(side.person, 60)}"), classes="prompt-title")
                        yield Static(Content(visible(side.value, 200).upper()), classes="side-value")
                        for label, text in _rows(side):
                            yield Static(Content.assemble((f"{label:11}", "$dim"), text))
            keys = f"1 to {len(sides)} take that side"
            yield Static(Content(f"{keys}{SEP}] and [ other conflicts{SEP}Esc close"), classes="prompt-hint")

    async def take(self, event: events.Key) -> PromptResult | None:
        """Take a side by its number, or go to another conflict."""
        if event.key in {"escape", "q"}:
            return PromptResult(over=True)
        if event.key in self._MOVES:
            return PromptResult(over=True, value=self._MOVES[event.key])
        sides = self._point.sides[:_MAX_SIDES]
        if event.character and event.character in "123456789"[: len(sides)]:
            return PromptResult(over=True, value=sides[int(event.character) - 1].event)
        return PromptResult()


def _rows(side: ConflictSide) -> list[tuple[str, str]]:
    """Return what is shown of a side, label and text."""
    proof = f"proven: signed with {visible(side.key, 60)}" if side.key else "claimed: no signature proves it"
    return [
        ("when", visible(side.at, 30)),
        ("reason", visible_lines(side.reason or "none given", _MAX_REASON)),
        ("conditions", visible(", ".join(side.conditions), 400) or "none"),
        ("definition", "as it is now" if side.current else "an earlier one"),
        ("record", proof),
    ]
