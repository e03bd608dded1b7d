"""Pictures as data: shapes in the units of a drawing. HTML and PDF draw them; Markdown writes their words, or Mermaid.

Text in a picture has 11 units. View boxes are 210 wide for a picture next to an answer, 330 for half a page and 640 for a
whole one, so that text has the same size in all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from analysis.output.packet.chapters.blocks import Cell, SafeText

#: How a share of a bar is drawn: solid, hatched, light with an outline, dashed outline. Dark means it can be called.
STATES: Final = ("ok", "cond", "stop", "todo")
#: Gap between the parts of a bar, and minimum width of a part that is not zero, units.
_GAP: Final = 0.8
_MIN_PART: Final = 1.5
_HATCH_STEP: Final = 6
#: Maximum number of squares in a row of a strip.
_ROW_OF_SQUARES: Final = 27


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; `style` is a class of the style sheet, `dash` draws what no document states."""

    x: float
    y: float
    width: float
    height: float
    style: str = "box"
    dash: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """A path of our own; `style` is a class of the style sheet."""

    path: str
    style: str = "ln"
    dash: bool = False


@dataclass(frozen=True, slots=True)
class Disc:
    """A filled circle."""

    x: float
    y: float
    radius: float
    style: str


@dataclass(frozen=True, slots=True)
class Label:
    """Text at a place: `anchor` is start, middle or end; `limit` is the maximum number of characters."""

    x: float
    y: float
    text: Cell
    style: str = ""
    anchor: str = "start"
    limit: int = 60


Shape = Box | Stroke | Disc | Label


@dataclass(frozen=True, slots=True)
class Link:
    """A flow from one named part to another, for formats that draw by themselves."""

    source: str
    target: str
    text: str
    dash: bool = False


@dataclass(frozen=True, slots=True)
class Graph:
    """The parts of a drawing and the flows between them: (key, text, stated)."""

    nodes: tuple[tuple[str, str, bool], ...]
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture: its size, its shapes, what it says in a few words of ours, and its narrow form or graph, if any."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    label: SafeText
    words: Cell = ""
    narrow: Drawing | None = None
    graph: Graph | None = None


def parts_of_bar(parts: Sequence[tuple[str, int]], x: float, y: float, width: float, height: float) -> Iterator[Shape]:
    """Yield the parts of a stacked bar, to scale; a part that is not zero is always seen."""
    shown = [(state, count) for state, count in parts if count]
    total = sum(count for _, count in shown)
    room = width - _GAP * len(shown)
    floors = [max(_MIN_PART, room * count / total) for _, count in shown]
    scale = room / sum(floors) if floors else 1
    for (state, _), size in zip(shown, floors, strict=True):
        part = size * scale
        if state in {"stop", "todo"}:
            yield Box(x + 0.4, y + 0.4, max(0.4, part - 0.8), height - 0.8, state)
        else:
            yield Box(x, y, part, height, state)
        if state == "cond":
            yield Stroke(_hatch(x, y, part, height), "hatch")
        x += part + _GAP


def _hatch(x: float, y: float, width: float, height: float) -> str:
    """Return lines of 45 degrees over a rectangle, clipped to it."""
    lines = []
    offset = 0.0
    while offset < width:
        run = min(height, width - offset)
        lines.append(f"M{x + offset:.1f} {y + height:.1f}l{run:.1f} {-run:.1f}")
        offset += _HATCH_STEP
    return "".join(lines)


def arrow(path: str, x: float, y: float, direction: str, *, dash: bool = False) -> tuple[Shape, ...]:
    """Return a line with its head at a place; `direction` is right, down or up."""
    heads = {"right": "l-7 -3.5v7z", "down": "l-3.5 -7h7z", "up": "l-3.5 7h7z"}
    return (Stroke(path, "ln", dash), Stroke(f"M{x:g} {y:g}{heads[direction]}", "head"))


def squares(total: int, filled: Iterable[int]) -> tuple[tuple[Shape, ...], float, float]:
    """Return a strip of squares in rows, with its width and height."""
    chosen = set(filled)
    rows = -(-total // _ROW_OF_SQUARES) or 1
    shapes = tuple(
        Box(i % _ROW_OF_SQUARES * 10 + 0.5, i // _ROW_OF_SQUARES * 10 + 0.5, 8, 8, "ok" if i in chosen else "off")
        for i in range(total)
    )
    return shapes, 10.0 * min(max(total, 16), _ROW_OF_SQUARES), 10.0 * rows
