"""The score as a waterfall: from 100 down, what each group of rules takes, and the cap as a dashed line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.desk.widgets.figure import Rows, Run, blank, spread, width_of_row
from tui.desk.widgets.symbols import BAR, CAP, MINUS, NONE, SEVERE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.review.queries.figures.waterfall import ScoreStep

_LABEL, _POINTS = 12, 6
_FULL: Final = 1000


def waterfall(
    value: int | None, steps: Sequence[ScoreStep], cap: int | None, fix: str, width: int, height: int
) -> Rows:
    """Return the waterfall; `cap` is the lowest upper bound in force, `fix` names the rule to close next."""
    room = max(width - _LABEL - _POINTS - 4, 4)
    at = None if cap is None else min(round(room * cap / 100), room - 1)
    shown = list(steps)
    if len(shown) > (most := max(height - 4, 1)):  # the smallest ones together
        rest = shown[most - 1 :]
        shown = [*shown[: most - 1], rest[-1].__class__("Others", sum(each.taken for each in rest), rest[-1].left)]
    score = NONE if value is None else f"{value}"
    rows = [_row("Start", "100", 0, room, room, "soft", at, label="strong")]
    for each in shown:
        left, before = round(room * each.left / _FULL), round(room * (each.left + each.taken) / _FULL)
        points = f"{MINUS}{each.taken / 10:.1f}"
        rows.append(
            _row(each.label, points, min(left, room - 1), max(before, left + 1), room, "line", at, label="soft")
        )
    rows.append(_row("Score", score, 0, round(room * (value or 0) / 100), room, "soft", at, label="strong"))
    last: list[Run] = [blank(1)]
    if fix:
        last += [Run("Fix next ", "strong"), Run(fix, "link", target="fix")]
    if at is not None:
        place = 1 + _LABEL + _POINTS + 2 + at
        mark = f"{SEVERE} cap {cap}"
        last = spread(
            last, [Run(mark, "bad")], max(min(place + len(mark), width - 1), width_of_row(last) + len(mark) + 1)
        )
    return [*rows[: height - 1], last] if len(last) > 1 else rows


def _row(
    name: str, points: str, start: int, end: int, room: int, style: str, cap: int | None, *, label: str
) -> list[Run]:
    """Return one bar from `start` to `end` of `room` cells, with the line of the cap where no bar covers it."""
    bold = "strong" if label == "strong" else "soft"
    runs = [blank(1), Run(f"{name:<{_LABEL}}", label), Run(f"{points:>{_POINTS}}  ", bold)]
    for place in range(room):
        if start <= place < end:
            runs.append(Run(BAR, style))
        elif place == cap:
            runs.append(Run(CAP, "blocked"))
        else:
            runs.append(blank(1))
    return runs
