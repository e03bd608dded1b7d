"""The review as Markdown (`review.md`): GitHub-flavoured tables, no links, no markup from outside."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from analysis import text
from analysis.output.packet.chapters import blocks as kinds
from analysis.output.packet.chapters.headline import is_draft
from analysis.output.packet.chapters.inline import cell
from analysis.output.packet.chapters.outline import outline
from analysis.output.packet.render import mermaid
from analysis.output.packet.render.markup import MAX_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.output.packet.chapters.drawing import Drawing

#: Tones that are set in bold.
_BOLD_TONES: Final = frozenset({"crit", "high"})
_PICTURES: Final = (kinds.Bar, kinds.Squares, kinds.Step)
_DRAFT: Final = "**DRAFT. This review is not complete; it allows nothing. Still open:**"


def render(doc: dict[str, Any]) -> str:
    """Return a review document as one Markdown page."""
    chapter, letters = 0, iter("ABC")
    out: list[str] = []
    for block in outline(doc):
        if isinstance(block, kinds.Heading) and block.level == 2:
            chapter += block.numbered
            out.append(f"## {chapter if block.numbered else next(letters)} {_line(block.text)}")
        else:
            out.append(_block(block))
        if isinstance(block, kinds.Heading) and block.level == 1 and is_draft(doc):
            out.append("\n".join((_DRAFT, "", *(f"- {text.markdown(gate, MAX_TEXT)}" for gate in doc["open_gates"]))))
    return "\n\n".join(filter(None, out)) + "\n"


def _block(block: kinds.Block) -> str:  # noqa: C901, PLR0911, PLR0912 - a case for each kind of block
    match block:
        case kinds.Heading():
            return f"{'#' * block.level} {_line(block.text)}"
        case kinds.Masthead():
            return f"{_line(block.left)} · {_line(block.right)}"
        case kinds.Para(kind="verdict" | "state"):
            return f"**{_line(block.text, inside_bold=True)}**"
        case kinds.Para(kind="lead"):
            return f"_{_line(block.text)}_"
        case kinds.Para():
            return _line(block.text)
        case kinds.Bullets():
            return "\n".join(f"- {_line(item)}" for item in block.items)
        case kinds.FactList():
            return "\n".join(f"- **{name.text}:** {_line(value)}" for name, value in block.rows)
        case kinds.NameList():
            return "\n".join(f"- {_line(name)}: {_line(value)}" for name, value in block.rows)
        case kinds.Table():
            return _block_table(block)
        case kinds.KeyFigures():
            return "\n".join(f"- **{k.value.text}** {k.of.text} {_line(k.text)}" for k in block.items)
        case kinds.QuestionBlock():
            return f"### {block.title.text}\n\n{_line(block.answer)}{_words(block.picture)}"
        case kinds.Cards():
            return "\n\n".join(map(_card, block.items))
        case kinds.Figures():
            return "\n\n".join(filter(None, (_figure(title, picture) for title, picture in block.items)))
        case kinds.Folds():
            rows = [[_line(item.title), _line(item.summary)] for item in block.items]
            return _table(("Resource", "Tools"), rows, ())
        case kinds.Commands():
            return _fenced("sh", block.lines)
        case kinds.Legend() | kinds.TableOfContents():
            return ""


def _card(card: kinds.InfoCard) -> str:
    facts = "\n".join(f"- {name.text}: {_line(value)}" for name, value in card.facts)
    head = f"**{_line(card.title, inside_bold=True)}** · {_line(card.line)}"
    return f"{head}\n\n{facts}" if facts else head


def _figure(title: kinds.SafeText, picture: Drawing) -> str:
    head = f"**{title.text}.** " if title.text else ""
    said = f"{head}{picture.label.text}{_words(picture).replace(chr(10), '')}"
    return f"{said}\n\n{_fenced('mermaid', list(mermaid.lines(picture.graph)))}" if picture.graph else said


def _words(picture: Drawing) -> str:
    return f"\n\n{picture.label.text}: {_line(picture.words)}" if picture.words and not picture.graph else ""


def _block_table(block: kinds.Table) -> str:
    """Return a table without the columns that hold pictures only."""
    plain = [row for row in block.rows if not isinstance(row, kinds.RowGroup)]
    kept = [at for at in range(len(block.head)) if not plain or not all(_drawn(row[at]) for row in plain)]
    rows: list[list[str]] = []
    for row in block.rows:
        if isinstance(row, kinds.RowGroup):
            rows.append([f"**{_line(row.text, inside_bold=True)}**", *[""] * (len(kept) - 1)])
        else:
            rows.append([_line(row[at]) for at in kept])
    return _table([block.head[at] for at in kept], rows, [kept.index(at) for at in block.numeric if at in kept])


def _drawn(value: kinds.Cell) -> bool:
    return isinstance(value, _PICTURES)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], numeric: Iterable[int]) -> str:
    right = set(numeric)
    rule = ["--:" if column in right else "---" for column in range(len(head))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))


def _fenced(language: str, lines: Sequence[str]) -> str:
    shown = [text.visible_lines(line).replace("\n", " ") for line in lines]
    longest = max((len(run) for line in shown for run in re.findall(r"`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join((f"{fence}{language}", *shown, fence))


def _line(value: kinds.Cell, *, inside_bold: bool = False) -> str:
    return "".join(_inline(piece, inside_bold=inside_bold) for piece in cell(value)).strip()


def _inline(piece: kinds.Inline, *, inside_bold: bool) -> str:
    match piece:
        case kinds.SafeText() | kinds.Timestamp():
            return piece.text
        case kinds.Code():
            return text.markdown_code(piece.text, piece.limit)
        case kinds.Badge():
            return f"**{piece.word}**" if piece.tone in _BOLD_TONES and not inside_bold else piece.word
        case kinds.Gap():
            return f"▲ {piece.word.text}" if piece.required else piece.word.text
        case kinds.Strong():
            inside = "".join(_inline(each, inside_bold=True) for each in piece.pieces)
            return inside if inside_bold else f"**{inside.strip()}**"
        case kinds.Small():
            inside = "".join(_inline(each, inside_bold=inside_bold) for each in piece.pieces)
            return inside if piece.inside else f" · {inside}"
        case kinds.Bar() | kinds.Squares() | kinds.Step():
            return ""
        case str():
            return text.markdown(piece, MAX_TEXT)
