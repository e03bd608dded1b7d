"""The blocks of a review document as data for the template: objects with `is`, and lines as lists of pieces.

A piece is a text or an object. Every text is a JSON string that the template shows and never reads as markup; it has
passed `Lettering`. `room` is the number of characters that fit next to each other where the text is set.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from analysis.output.packet.chapters import blocks as kinds
from analysis.output.packet.chapters.headline import foot_line, is_draft
from analysis.output.packet.chapters.inline import cell
from analysis.output.packet.chapters.outline import chapter_numbers, outline, sections
from analysis.output.packet.render import svg
from analysis.output.packet.render.markup import MAX_TEXT, Html
from analysis.output.packet.render.pdf.tables import table_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.output.packet.chapters.drawing import Drawing
    from analysis.output.packet.render.pdf.lettering import Lettering
    from analysis.output.packet.render.pdf.print_style import PrintStyle

Data: TypeAlias = dict[str, Any]
Piece: TypeAlias = str | Data

#: Characters that fit into a line of text, of the sentence, of a quarter and of half a page, and of a fact.
_LINE: Final = 60
_SENTENCE: Final = 30
_QUARTER: Final = 22
_HALF: Final = 36
_FACT: Final = 70  # a digest of 64 characters is not divided
#: A sentence of more characters than this is set smaller.
_MAX_SENTENCE: Final = 150
_SAMPLE: Final = (14, 10)


def page_data(doc: dict[str, Any], style: PrintStyle, lettering: Lettering) -> Data:
    """Return what the template sets: the blocks, their colours, and what every page says."""
    blocks = tuple(outline(doc))
    page = _Page(style, lettering, _chapters(blocks), chapter_numbers(blocks))
    draft = is_draft(doc)
    title = f"{'DRAFT: ' if draft else ''}Tool access review: {doc['title']}"
    year, month, day = (int(part) for part in doc["as_of"][:10].split("-"))
    return {
        "title": lettering.words(title, _MAX_SENTENCE, _MAX_SENTENCE),
        "date": {"year": year, "month": month, "day": day},
        "draft": draft,
        "foot": lettering.words(foot_line(doc), _LINE),
        "colours": style.tokens,
        "sections": [page.section(part) for part in sections(blocks)],
    }


def _chapters(blocks: Sequence[kinds.Block]) -> tuple[kinds.Heading, ...]:
    return tuple(block for block in blocks if isinstance(block, kinds.Heading) and block.level == 2)


@dataclass(frozen=True, slots=True)
class _Page:
    """Turns blocks into data: with the colours and letters there are, and the chapters with their numbers."""

    style: PrintStyle
    lettering: Lettering
    chapters: tuple[kinds.Heading, ...]
    numbers: dict[str, str]

    def section(self, blocks: Sequence[kinds.Block]) -> Data:
        """Return the first page, the table of contents or a chapter as data, with where it may begin and be divided."""
        first = blocks[0]
        chapter = isinstance(first, kinds.Heading)
        return {
            "page": first.page if isinstance(first, kinds.Heading) else isinstance(first, kinds.TableOfContents),
            "keep": isinstance(first, kinds.Heading) and first.keep,
            "blocks": [self._block(block, within=chapter) for block in blocks],
        }

    def _heading(self, block: kinds.Heading, *, within: bool) -> Data:
        """Return a heading: `level` is how it looks, `depth` its place in the structure, which may not skip one."""
        room = _SENTENCE if block.level == 1 else _LINE
        pieces = self.line(block.text, room)
        return {
            "is": "heading",
            "level": block.level,
            "depth": block.level if within or block.level == 1 else 2,
            "text": pieces,
            "number": self.numbers.get(block.anchor, ""),
            "anchor": block.anchor,
            "page": block.page,
            "keep": block.keep,
            "long": sum(len(self.plain(piece)) for piece in cell(block.text)) > _MAX_SENTENCE,
        }

    def _entry(self, chapter: kinds.Heading) -> Data:
        number = self.numbers[chapter.anchor]
        return {"number": number, "text": self.line(chapter.text, _QUARTER), "anchor": chapter.anchor}

    def _block(self, block: kinds.Block, *, within: bool) -> Data:  # noqa: C901, PLR0911 - a case for each kind of block
        match block:
            case kinds.Heading():
                return self._heading(block, within=within)
            case kinds.Para():
                return {
                    "is": "para",
                    "kind": block.kind,
                    "tone": block.tone,
                    "text": self.line(block.text, _LINE),
                }
            case kinds.Masthead():
                return {"is": "masthead", "left": self.line(block.left, _HALF), "right": self.line(block.right, _HALF)}
            case kinds.Bullets():
                return {"is": "bullets", "items": [self.line(item, _LINE) for item in block.items]}
            case kinds.FactList():
                return {"is": "facts", "kind": block.kind, "rows": self._facts(block)}
            case kinds.NameList():
                rows = [{"name": self.line(n, _QUARTER), "text": self.line(v, _QUARTER)} for n, v in block.rows]
                return {"is": "names", "rows": rows}
            case kinds.Table():
                return self._table(block)
            case kinds.KeyFigures():
                return {"is": "figures", "items": [self._key_figure(item) for item in block.items]}
            case kinds.Legend():
                states = [
                    {"bar": self._bar(kinds.Bar(((s, 1),), *_SAMPLE)), "text": self.own(name)}
                    for s, name in block.states
                ]
                return {"is": "legend", "states": states}
            case kinds.QuestionBlock():
                return {
                    "is": "question",
                    "title": self.own(block.title),
                    "picture": self._drawing(block.picture),
                    "answer": self.line(block.answer, _HALF),
                }
            case kinds.Cards():
                return {"is": "cards", "kind": block.kind, "items": [self._card(card) for card in block.items]}
            case kinds.Figures():
                drawn = [{"title": self.own(title), "picture": self._drawing(p)} for title, p in block.items]
                return {"is": "drawings", "items": drawn}
            case kinds.Folds():
                folds = [
                    {"name": self.line(i.title, _QUARTER), "text": self.line(i.summary, _QUARTER)} for i in block.items
                ]
                return {"is": "folds", "rows": folds}
            case kinds.Commands():
                return {"is": "commands", "lines": [self.lettering.code(line, _LINE, MAX_TEXT) for line in block.lines]}
            case kinds.TableOfContents():
                return {"is": "contents", "rows": [self._entry(chapter) for chapter in self.chapters]}

    def _facts(self, block: kinds.FactList) -> list[Data]:
        room = {"grid": _QUARTER, "words": _HALF}.get(block.kind, _FACT)
        return [{"name": self.own(name), "text": self.line(value, room)} for name, value in block.rows]

    def _table(self, block: kinds.Table) -> Data:
        return {
            "is": "table",
            "kind": block.kind,
            "caption": self.own(block.caption),
            "captioned": block.captioned,
            "widths": list(block.widths) or [100 // len(block.head)] * len(block.head),
            "numeric": sorted(block.numeric),
            **table_rows(block, self.line),
        }

    def _key_figure(self, item: kinds.KeyFigure) -> Data:
        return {
            "value": self.own(item.value),
            "of": self.own(item.of),
            "text": self.line(item.text, _QUARTER),
            "bar": self._bar(item.bar) if item.bar else "",
        }

    def _card(self, card: kinds.InfoCard) -> Data:
        facts = [{"name": self.own(name), "text": self.line(value, _QUARTER)} for name, value in card.facts]
        return {
            "title": self.line(card.title, _QUARTER),
            "line": self.line(card.line, _QUARTER),
            "facts": facts,
            "missing": card.missing,
        }

    def line(self, value: kinds.Cell, room: int) -> list[Piece]:
        """Return the pieces of a cell; a dash if it is empty."""
        return [self._inline(piece, room) for piece in cell(value)]

    def _inline(self, piece: kinds.Inline, room: int) -> Piece:  # noqa: PLR0911 - a case for each kind of piece
        match piece:
            case kinds.SafeText() | kinds.Timestamp():
                return self.lettering.letters(piece.text)
            case str():
                return self.lettering.words(piece, room, MAX_TEXT)
            case kinds.Code():
                return {"is": "code", "text": self.lettering.code(piece.text, room, piece.limit)}
            case kinds.Badge():
                return {"is": "badge", "word": self.lettering.letters(piece.word), "tone": piece.tone}
            case kinds.Gap():
                return {"is": "gap", "word": self.own(piece.word), "required": piece.required}
            case kinds.Strong():
                return {"is": "strong", "pieces": [self._inline(each, room) for each in piece.pieces]}
            case kinds.Small():
                return {"is": "small", "inside": piece.inside, "pieces": self.line(piece.pieces, room)}
            case kinds.Bar():
                return {"is": "bar", "svg": self._bar(piece)}
            case kinds.Squares():
                return {"is": "strip", "svg": self._drawn(svg.strip(piece, self.style.drawing)), "total": piece.total}
            case kinds.Step():
                return {"is": "step", "svg": self._drawn(svg.step(piece, self.style.drawing))}

    def own(self, value: kinds.SafeText) -> str:
        """Return a text of this product."""
        return self.lettering.letters(value.text)

    def plain(self, piece: kinds.Inline) -> str:
        """Return the words of a piece alone."""
        match piece:
            case str():
                return self.lettering.words(piece, MAX_TEXT, MAX_TEXT)
            case kinds.SafeText() | kinds.Timestamp():
                return self.lettering.letters(piece.text)
            case kinds.Code():
                return self.lettering.words(piece.text, MAX_TEXT, piece.limit)
            case kinds.Badge():
                return self.lettering.letters(piece.word)
            case kinds.Gap():
                return self.own(piece.word)
            case kinds.Strong() | kinds.Small():
                return "".join(map(self.plain, piece.pieces))
            case kinds.Bar() | kinds.Squares() | kinds.Step():
                return ""

    def _bar(self, piece: kinds.Bar) -> str:
        return self._drawn(svg.bar(piece, self.style.drawing))

    def _drawing(self, picture: Drawing) -> Data:
        """Return a drawing with what it says in words: a reader that sees no pictures has those."""
        said = "".join(map(self.plain, cell(picture.words))) if picture.words else ""
        label = self.own(picture.label)
        drawn = self._drawn(svg.drawing(picture, style=self.style.drawing))
        return {"svg": drawn, "width": picture.width, "alt": f"{label}: {said}" if said else label}

    def _drawn(self, drawing: Html) -> str:
        return self.lettering.letters(drawing)
