"""The verdict of a review as a card: a filled band, and what it rests on below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rich.cells import cell_len

from analysis.model import Verdict
from tui.desk.widgets.figure import Rows, Run, blank, spread
from tui.desk.widgets.symbols import APPROVED, BLOCKED, CONDITIONAL, UNDECIDED

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Verdict -> symbol, name of the style of its chip and of its band, what it means.
VERDICTS: Final = {
    Verdict.BLOCKED: (BLOCKED, "chip-blocked", "This set must not be given to the agent."),
    Verdict.NOT_REVIEWED: (UNDECIDED, "chip-open", "Not everything is decided yet."),
    Verdict.CONDITIONS: (CONDITIONAL, "chip-conditions", "May be given, with what is open."),
    Verdict.APPROVABLE: (APPROVED, "chip-approvable", "May be given to the agent as decided."),
}


class Ground(NamedTuple):
    """One line of what a verdict rests on: label, text, and the proof that a click opens, with its name."""

    label: str
    text: str
    proof: str = ""
    target: str = ""


def verdict_band(verdict: Verdict, width: int, height: int = 1, sentence: str | None = None) -> Rows:
    """Return the band: the verdict in spaced capitals and a sentence, `height` lines of `width` cells.

    Where the sentence would be cut, it is set closer if that makes room for all of it.
    """
    symbol, style, meaning = VERDICTS[verdict]
    capitals, said = verdict.value.upper(), meaning if sentence is None else sentence
    spaced = "   ".join(" ".join(word) for word in capitals.split())
    forms = (f"  {symbol}  {spaced}    {said}", f" {symbol} {spaced}  {said}", f" {symbol} {capitals}  {said}")
    text = next((form for form in forms if cell_len(form) <= width), forms[0])
    row = spread([Run(text, style)], [], width)
    row = [run if run.style else run._replace(style=style) for run in row]
    empty = [Run(" " * width, style)]
    before = (height - 1) // 2
    return [*[empty] * before, row, *[empty] * (height - 1 - before)]


def verdict_card(verdict: Verdict, grounds: Sequence[Ground], width: int, height: int) -> Rows:
    """Return the card: the band is three lines high where that leaves room for all that is below it."""
    band = verdict_band(verdict, width, 3 if height >= len(grounds) + 3 else 1)
    rows = []
    label = max((len(each.label) for each in grounds), default=0) + 1
    for each in grounds[: height - len(band)]:
        left = [
            blank(2),
            Run(f"{each.label:<{label}} ", "strong", target=each.target),
            Run(each.text, "soft", target=each.target),
        ]
        rows.append(spread(left, [Run(f"{each.proof}  ", "link", target=each.target)] if each.proof else [], width))
    return [*band, *rows]
