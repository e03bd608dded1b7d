"""Risk by type as a matrix whose cells are filters: the brighter a cell, the more undecided risk is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.model import Risk, ToolType
from tui.desk.widgets.figure import Rows, Run, blank
from tui.desk.widgets.symbols import CURSOR, HALF, NONE, STEPS, TEXTURES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.review.queries.figures.matrix import DecisionCounts

#: A cell of the matrix.
Cell = tuple[Risk, ToolType]
RISKS: Final = (Risk.HIGH, Risk.MEDIUM, Risk.LOW)
_TITLES: Final = {ToolType.ADMINISTRATIVE: "admin"}
_STEP: Final = {Risk.HIGH: "soft", Risk.MEDIUM: "soft", Risk.LOW: "dim"}
_MIN_WIDTH, _MAX_WIDTH, _LABEL = 6, 14, 12
_NARROW_LABEL: Final = 4
#: Share of the heaviest cell from which a cell is brighter.
_LEVELS: Final = ((0.4, "heat-3"), (0.12, "heat-2"), (0.0, "heat-1"))


def heat_matrix(
    cells: Mapping[Cell, DecisionCounts],
    weights: Mapping[Cell, int],
    width: int,
    height: int,
    *,
    chosen: Cell | None = None,
    textured: bool = False,
) -> Rows:
    """Return the matrix; `weights` say how bright a cell is, `textured` bars can be read without colours.

    Without the height for two lines a risk, the bars are left out: the numbers say the same.
    """
    label = _LABEL if width >= _LABEL + len(ToolType) * (_MIN_WIDTH + 3) else _NARROW_LABEL
    size = max(min((width - label - 1) // len(ToolType) - 1, _MAX_WIDTH), _MIN_WIDTH)
    heads = [Run(f"{_TITLES.get(kind, kind.value)[: size + 1]:^{size + 1}}", "soft") for kind in ToolType]
    rows: Rows = [[blank(label), *heads]]
    airy = height >= 1 + 3 * len(RISKS) - 1
    flat = height < 1 + 2 * len(RISKS)
    heaviest = max(weights.values(), default=0)
    for risk in RISKS:
        lit, rest = STEPS[risk.value]
        name = f" {risk.value}" if label == _LABEL else ""
        top = [Run(f" {lit}", _STEP[risk]), Run(rest, "track"), Run(f"{name:<{label - 4}}", risk.value)]
        bottom = [blank(label)]
        for kind in ToolType:
            cell = (risk, kind)
            numbers, bar = _cell(cells.get(cell), weights.get(cell, 0), heaviest, size, textured=textured)
            target = f"{risk.value} {kind.value}" if cell in cells else ""
            mark = Run(CURSOR if cell == chosen else " ", "key")
            top.extend((mark, *(run._replace(target=target) for run in numbers)))
            bottom.extend((blank(1), *(run._replace(target=target) for run in bar)))
        rows.extend([top, *([] if flat else [bottom]), *([[]] if airy and risk is not RISKS[-1] else [])])
    return rows


def _cell(
    counts: DecisionCounts | None, weight: int, heaviest: int, size: int, *, textured: bool
) -> tuple[list[Run], list[Run]]:
    """Return the two lines of a cell: its numbers, and its bar."""
    if counts is None:
        return [Run(f"{NONE:^{size}}", "dim", "zebra")], [blank(size, "zebra")]
    surface = "heat-0" if not weight else next(name for share, name in _LEVELS if weight >= share * heaviest)
    if weight and weight == heaviest:
        surface = "heat-top"
    whole, part = f"{counts.total:,}", f"{counts.undecided:,}"
    joint = " / " if len(whole) + len(part) + 3 <= size else "/"
    text = f"{part}{joint}{whole}" if len(part) + len(joint) + len(whole) <= size else part
    left = (size - len(text)) // 2
    rest = text[len(part) :]
    loud = "strong" if counts.undecided else "soft"
    numbers = [blank(left, surface), Run(part, loud, surface), Run(rest, "soft", surface)]
    numbers.append(blank(size - left - len(text), surface))
    return numbers, decision_bar(counts, size, surface, glyph=HALF, textured=textured)


def decision_bar(
    counts: DecisionCounts, size: int, surface: str = "ground", *, glyph: str, textured: bool
) -> list[Run]:
    """Return a stacked bar: approved, conditional, blocked, undecided, always in this order; no part vanishes."""
    names = ("approved", "conditional", "blocked")
    values = (counts.approved, counts.conditional, counts.blocked)
    total = max(counts.total, 1)
    cells = [max(round(size * value / total), 1) if value else 0 for value in values]
    room = size - (1 if counts.undecided else 0)
    while sum(cells) > room:
        cells[cells.index(max(cells))] -= 1
    if not counts.undecided and any(cells):
        cells[cells.index(max(cells))] += size - sum(cells)
    runs = [
        Run((TEXTURES[name] if textured else glyph) * count, name, surface)
        for name, count in zip(names, cells, strict=True)
        if count
    ]
    rest = size - sum(cells)
    return [*runs, Run((TEXTURES["undecided"] if textured else glyph) * rest, "track", surface)] if rest else runs
