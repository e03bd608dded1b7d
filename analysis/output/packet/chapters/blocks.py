"""The blocks of a page, free of any markup: Markdown, HTML and PDF render the same blocks.

A plain `str` is text from outside, which the renderer escapes. Only `SafeText`, a word of this product, is written
unchanged; a test proves that it is made from literals and by the functions of `inline.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from analysis.output.packet.chapters.drawing import Drawing


@dataclass(frozen=True, slots=True)
class SafeText:
    """Text of this product, inert in every format."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """An identifier from outside: a tool, a path, a digest, a rule."""

    text: str
    limit: int = 200


@dataclass(frozen=True, slots=True)
class Badge:
    """A state or grade. `tone` picks shape and colour where there are any; the word says the same without them."""

    word: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A date in the short form, kept on one line."""

    text: str


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing, printed in the place of the value; one that nothing requires is no warning."""

    word: SafeText
    required: bool = True


@dataclass(frozen=True, slots=True)
class Strong:
    """Pieces set in semibold."""

    pieces: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Small:
    """Pieces in the small, muted face, on a line of their own or `inside` the line."""

    pieces: tuple[Inline, ...]
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A stacked bar inside a line: (state, count), with the states of `drawing.STATES`. Figures are always next to it."""

    parts: tuple[tuple[str, int], ...]
    width: int = 60
    height: int = 8


@dataclass(frozen=True, slots=True)
class Squares:
    """A strip of squares, one for each question; `filled` counts from 0."""

    total: int
    filled: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a waterfall from 0 to 100, with the cap that applies, if any; `whole` draws the start and the end."""

    start: float
    end: float
    cap: int | None = None
    whole: bool = False


Inline: TypeAlias = str | SafeText | Code | Badge | Timestamp | Gap | Strong | Small | Bar | Squares | Step
Cell: TypeAlias = Inline | tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A title; those of level 2 begin a chapter, are numbered, and make the table of contents.

    `page`: the chapter begins a printed page. `keep`: it is not divided over two. `numbered`: false for the appendix.
    """

    level: int
    text: Cell
    anchor: str = ""
    page: bool = False
    keep: bool = False
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph; `kind` is empty, "lead", "note", "why", "verdict", "sentence", "state" or "draft"."""

    text: Cell
    kind: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Masthead:
    """The line above the first page: what this is, and the state it is in."""

    left: Cell
    right: Cell


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short lines."""

    items: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class FactList:
    """Names and values: four in a row on the first page ("grid"), or one below the other."""

    rows: tuple[tuple[SafeText, Cell], ...]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class NameList:
    """Names from outside with what each is, in two columns."""

    rows: tuple[tuple[Cell, Cell], ...]


@dataclass(frozen=True, slots=True)
class RowGroup:
    """A line over the rows that follow it in a table."""

    text: Cell


@dataclass(frozen=True, slots=True)
class Table:
    """A table. `numeric` names the columns that hold figures, `widths` the shares of the columns in percent.

    `kind` is empty or "matrix", which stays a table on a phone, where every other table becomes a list of blocks. The
    last `totals` rows are sums.
    """

    caption: SafeText
    head: tuple[str, ...]  # text of this product, always literals
    rows: tuple[tuple[Cell, ...] | RowGroup, ...]
    numeric: frozenset[int] = frozenset()
    widths: tuple[int, ...] = ()
    kind: str = ""
    totals: int = 0
    captioned: bool = False


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A key figure of the first page: the number, what it is out of, the sentence below, and a bar."""

    value: SafeText
    of: SafeText
    text: Cell
    bar: Bar | None = None


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """The key figures of the first page."""

    items: tuple[KeyFigure, ...]


@dataclass(frozen=True, slots=True)
class Legend:
    """The four states of a decision as they are drawn, said once."""

    states: tuple[tuple[str, SafeText], ...]


@dataclass(frozen=True, slots=True)
class QuestionBlock:
    """One question: a picture, its words for formats without pictures, and the answer, whose first words decide."""

    title: SafeText
    picture: Drawing
    answer: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class InfoCard:
    """One thing in a frame: its name, a line below, and facts."""

    title: Cell
    line: Cell
    facts: tuple[tuple[SafeText, Cell], ...]
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Cards:
    """Things side by side; `kind` is "cards" or "sign"."""

    items: tuple[InfoCard, ...]
    kind: str = "cards"


@dataclass(frozen=True, slots=True)
class Figures:
    """Drawings side by side, each with its title. On a phone a drawing is replaced by its narrow form, where it has one."""

    items: tuple[tuple[SafeText, Drawing], ...]


@dataclass(frozen=True, slots=True)
class FoldItem:
    """One group of the folded inventory: its name, its figures, and the lines of its tools."""

    title: Cell
    summary: Cell
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Folds:
    """The folded inventory: on paper the figures alone."""

    head: tuple[str, ...]
    items: tuple[FoldItem, ...]


@dataclass(frozen=True, slots=True)
class Commands:
    """Lines for a shell, as text."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableOfContents:
    """The place of the table of contents."""


#: Every block but the inventory, which alone is as long as the review is large.
ShortBlock: TypeAlias = (
    Heading | Para | Masthead | Bullets | FactList | NameList | Table | KeyFigures | Legend | QuestionBlock | Cards | Figures
    | Commands | TableOfContents
)  # fmt: skip
Block: TypeAlias = ShortBlock | Folds
