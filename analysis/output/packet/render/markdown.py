"""The review as Markdown (`review.md`): GitHub-flavoured tables, no links, no markup from outside."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from analysis import text
from analysis.output.packet.chapters.blocks import (
    Badge,
    Block,
    Bullets,
    Cell,
    Code,
    Commands,
    FactList,
    Heading,
    Inline,
    KeyFigures,
    Para,
    SafeText,
    StackedBar,
    Table,
    TableOfContents,
    Timestamp,
    cell,
)
from analysis.output.packet.chapters.outline import outline

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Tones that are set in bold.
_BOLD_TONES: Final = frozenset({"bad", "warn"})
#: Maximum length of a text from outside in one cell, characters; the data has it whole.
MAX_TEXT: Final = 2_000


def render(doc: dict[str, Any]) -> str:
    """Return a review document as one Markdown page."""
    return "\n\n".join(filter(None, map(_block, outline(doc)))) + "\n"


def _block(block: Block) -> str:  # noqa: PLR0911 - a case for each kind of block
    match block:
        case Heading():
            return f"{'#' * block.level} {_line(block.text)}"
        case Para(kind="draft" | "lead"):
            return f"**{_line(block.text, inside_bold=True)}**"
        case Para(kind="note"):
            return f"_{_line(block.text)}_"
        case Para():
            return _line(block.text)
        case Bullets():
            return "\n".join(f"- {_line(item)}" for item in block.items)
        case FactList():
            return "\n".join(f"- **{name.text}:** {_line(value)}" for name, value in block.rows)
        case Table():
            return _table(block.head, [[_line(c) for c in row] for row in block.rows], block.numeric)
        case KeyFigures():
            values = [f"**{value.text}**" for value, _ in block.items]
            return _table([label.text for _, label in block.items], [values], range(len(values)))
        case StackedBar():
            return f"{block.caption.text}: " + " · ".join(f"{count:,} {name.text}" for name, count, _ in block.parts)
        case Commands():
            return _fenced(block.lines)
        case TableOfContents():
            return ""


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], numeric: Iterable[int]) -> str:
    right = set(numeric)
    rule = ["--:" if column in right else "---" for column in range(len(head))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))


def _fenced(lines: Sequence[str]) -> str:
    shown = [text.visible_lines(line).replace("\n", " ") for line in lines]
    longest = max((len(run) for line in shown for run in re.findall(r"`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join((f"{fence}sh", *shown, fence))


def _line(value: Cell, *, inside_bold: bool = False) -> str:
    return "".join(_inline(piece, inside_bold=inside_bold) for piece in cell(value))


def _inline(piece: Inline, *, inside_bold: bool) -> str:
    match piece:
        case SafeText() | Timestamp():
            return piece.text
        case Code():
            return text.markdown_code(piece.text, piece.limit)
        case Badge():
            return f"**{piece.word}**" if piece.tone in _BOLD_TONES and not inside_bold else piece.word
        case str():
            return text.markdown(piece, MAX_TEXT)
