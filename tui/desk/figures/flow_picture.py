"""The exfiltration path as a picture: untrusted content comes in, private data is read, a sink sends it out.

Each role is a box with its tools; an arrow between two boxes says in a symbol and a word whether the way is open.
"""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from rich.cells import cell_len

from analysis.text import visible
from tui.desk.widgets.cells import cut, cut_middle
from tui.desk.widgets.figure import Rows, Run, blank
from tui.desk.widgets.symbols import (
    APPROVED,
    BLOCKED,
    CONDITIONAL,
    CURSOR,
    HEAVY,
    NOT_KNOWN,
    POINTER,
    ROUND,
    SEP,
    UNDECIDED,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


#: Most tools that a box can show: it is never higher.
MAX_SHOWN: Final = 100


class WayState(StrEnum):
    """What is known of a role, or of the way from one role to the next."""

    OPEN = "open"  # tools of it may be exposed
    UNKNOWN = "unknown"  # only tools or sources that leave it open
    BROKEN = "broken"  # no tool of it is left, or a person approves each call


class PictureTool(NamedTuple):
    """A tool in a box: its id, its name as the document states it, and its decision: `unknown` where its role is not settled."""

    tool: str
    name: str
    state: str


class RoleBox(NamedTuple):
    """A role: its title, a brief one, what is known of it, its tools, their number by state, and a filter that lists them.

    `first` are as many of its tools as a box may show, and `find` returns any of them by its id.
    """

    title: str
    brief: str
    way: WayState
    first: Sequence[PictureTool]
    find: Callable[[str], PictureTool | None]
    counts: Mapping[str, int]
    target: str


#: State -> symbol and style of a tool.
_NODES: Final = {
    "approved": (APPROVED, "approved"), "conditional": (CONDITIONAL, "conditional"), "undecided": (UNDECIDED, "undecided"),
    "unknown": (NOT_KNOWN, "warn"), "blocked": (BLOCKED, "blocked"),
}  # fmt: skip
#: How an arrow ends.
_ENDS: Final = {WayState.OPEN: POINTER, WayState.UNKNOWN: NOT_KNOWN, WayState.BROKEN: BLOCKED}
_STYLES: Final = {WayState.OPEN: "soft", WayState.UNKNOWN: "warn", WayState.BROKEN: "good"}
#: Width from which the arrows are longer.
_WIDE: Final = 100


def flow_picture(boxes: Sequence[RoleBox], width: int, height: int, *, chosen: str = "") -> Rows:
    """Return the boxes side by side with their arrows; the tool `chosen` is marked, and has a line in every box of its own."""
    gap = 12 if width >= _WIDE else 9
    size = (width - gap * (len(boxes) - 1)) // len(boxes)
    drawn = [_box(box, size, height, chosen) for box in boxes]
    present = all(box.way is WayState.OPEN for box in boxes)
    ways = [_between(one.way, other.way) for one, other in pairwise(boxes)]
    rows: Rows = []
    for y in range(height):
        row: list[Run] = []
        for place, lines in enumerate(drawn):
            row.extend(lines[y])
            if place < len(ways):
                row.append(_arrow(ways[place], y - height // 2, gap, present=present))
        rows.append(row)
    return rows


def _between(one: WayState, other: WayState) -> WayState:
    """Return what is known of the way between two roles: broken where one is, else open only where both are."""
    found = {one, other}
    return (
        WayState.BROKEN
        if WayState.BROKEN in found
        else WayState.UNKNOWN
        if WayState.UNKNOWN in found
        else WayState.OPEN
    )


def _arrow(way: WayState, line: int, gap: int, *, present: bool) -> Run:
    """Return a line of the space between two boxes, counted from the middle: the word above the arrow."""
    style = "bad" if present else _STYLES[way]
    if line == -1:
        return Run(f"{way.value:^{gap}}", style)
    if line == 0:
        return Run(f" {HEAVY[4] * (gap - 3)}{_ENDS[way]} ", style)
    return blank(gap)


def _box(box: RoleBox, width: int, height: int, chosen: str) -> Rows:
    """Return a box: title and number in its frame, tools in it, and in its last line how many there are in each state."""
    rule, side = ROUND[4], ROUND[5]
    style = "line"
    count = f" {sum(box.counts.values()):,} "
    words = box.title if cell_len(box.title) + len(count) + 6 <= width else box.brief
    title = f" {cut(words, width - 6 - len(count))} "
    fill = rule * max(width - 4 - cell_len(title) - len(count), 0)
    top = [
        Run(f"{ROUND[0]}{rule}", style), Run(title, "title", target=box.target), Run(fill, style), Run(count, "strong"),
        Run(f"{rule}{ROUND[1]}", style),
    ]  # fmt: skip
    room = height - 3  # without the frame and the counts
    shown = list(box.first[:room])
    if shown and (at := box.find(chosen)) is not None and at not in shown:
        shown[-1] = at
    lines = [_node(node, width - 2, marked=node.tool == chosen) for node in shown]
    lines += [[blank(width - 2)] for _ in range(room - len(lines))]
    lines.append(_counts(box, width - 2))
    bottom = [Run(f"{ROUND[2]}{rule * (width - 2)}{ROUND[3]}", style)]
    return [top, *([Run(side, style), *line, Run(side, style)] for line in lines), bottom]


def _node(node: PictureTool, width: int, *, marked: bool) -> list[Run]:
    symbol, style = _NODES[node.state]
    name = cut_middle(visible(node.name, 200), width - 4)
    quiet = "dim" if node.state == "blocked" else ""
    return [
        Run(CURSOR if marked else " ", "link"), Run(f"{symbol} ", style, target=node.tool),
        Run(name, "strong" if marked else quiet, target=node.tool), blank(width - 3 - cell_len(name)),
    ]  # fmt: skip


def _counts(box: RoleBox, width: int) -> list[Run]:
    """Return how many tools of a box are in each state, in words where there is room, else in symbols."""
    held = {state: count for state, count in box.counts.items() if count}
    words = SEP.join(f"{count:,} {state}" for state, count in held.items()) or "no tool"
    symbols = "  ".join(f"{_NODES[state][0]} {count:,}" for state, count in held.items())
    text = words if cell_len(words) + 2 <= width else symbols
    text = cut(text, width - 2)
    return [Run(f" {text}", "dim"), blank(width - 1 - cell_len(text))]
