"""The review as one HTML file (`review.html`): no script, nothing loaded from elsewhere, made to be printed.

Every piece of HTML comes from `h`, which takes HTML only; text becomes HTML only in `outside_text` and `safe_text`.
The type checker therefore finds a text that was not escaped.
"""

from __future__ import annotations

import base64
import hashlib
import html as escape
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NewType

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
from analysis.output.packet.chapters.first_page import is_draft
from analysis.output.packet.chapters.outline import outline
from analysis.output.packet.render.markdown import MAX_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Html = NewType("Html", str)

_VOID: Final = frozenset({"meta"})
#: Shapes that distinguish the tones without colour; a screen reader reads the word only.
_SIGNS: Final = {"good": "●", "part": "◐", "off": "○", "warn": "▲", "bad": "■"}
#: Maximum number of rows of a table that is kept on one printed page.
_MAX_SHORT_ROWS: Final = 12
#: Width of a stacked bar, in units of the drawing.
_BAR_WIDTH: Final = 1000


def h(tag: str, *children: Html, **attributes: str) -> Html:
    """Return an element. A trailing underscore is dropped from an attribute's name, others become hyphens."""
    names = ((name.rstrip("_").replace("_", "-"), value) for name, value in attributes.items() if value)
    inside = "".join(f' {name}="{escape.escape(value)}"' for name, value in names)
    return Html(f"<{tag}{inside}>" if tag in _VOID else f"<{tag}{inside}>{''.join(children)}</{tag}>")


def outside_text(words: str) -> Html:
    """Return text from outside as HTML, its writing direction isolated."""
    return h("bdi", Html(text.html(words, MAX_TEXT)))


def safe_text(words: str) -> Html:
    """Return text of this product as HTML."""
    return Html(escape.escape(words))


def render(doc: dict[str, Any]) -> str:
    """Return a review document as one HTML page."""
    from importlib import resources  # noqa: PLC0415 - only rendering needs it

    style = resources.files("analysis.output.packet.render").joinpath("review.css").read_text(encoding="utf-8")
    blocks = list(outline(doc))
    page = h("html", _head(doc, style), _body(doc, blocks), lang="en")
    return f"<!DOCTYPE html>\n{page}\n"


def _head(doc: dict[str, Any], style: str) -> Html:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    lead = "DRAFT: " if is_draft(doc) else ""
    return h(
        "head",
        # Written directly: `h` would escape the quotes of the policy.
        Html(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        h("meta", charset="utf-8"),
        h("meta", name="viewport", content="width=device-width, initial-scale=1"),
        h("meta", name="referrer", content="no-referrer"),
        h("title", safe_text(f"{lead}tool exposure review of "), Html(text.html(doc["title"], 200))),
        h("style", Html(style)),
    )


def _body(doc: dict[str, Any], blocks: Sequence[Block]) -> Html:
    stamp = [h("div", safe_text("DRAFT"), class_="watermark", aria_hidden="true")] if is_draft(doc) else []
    parts = [Html("\n".join(_section(section, blocks))) for section in _sections(blocks)]
    header, *chapters = parts
    footer = (
        safe_text("Made by "),
        outside_text("{name} {version}".format(**doc["product"])),
        safe_text(", rule pack "),
        outside_text(doc["rule_pack"]),
        safe_text(", status "),
    )
    return h(
        "body",
        *stamp,
        h("header", header),
        h("main", *(h("section", chapter) for chapter in chapters)),
        h("footer", h("p", *footer, safe_text("DRAFT" if is_draft(doc) else "FINAL"), safe_text("."))),
    )


def _sections(blocks: Sequence[Block]) -> Iterator[Sequence[Block]]:
    """Yield the blocks before the first chapter, then chapter by chapter; the table of contents is one of them."""
    starts = [
        position
        for position, block in enumerate(blocks)
        if isinstance(block, TableOfContents) or (isinstance(block, Heading) and block.level == 2)
    ]
    for start, end in pairwise([0, *starts, len(blocks)]):
        yield blocks[start:end]


def _section(section: Sequence[Block], blocks: Sequence[Block]) -> Iterator[Html]:
    title: Cell = ""
    for block in section:
        if isinstance(block, Table):
            # Under a heading of the same text the caption is hidden, and kept for screen readers.
            yield _table(block, caption_class="unseen" if block.caption == title else "")
        else:
            yield _block(block, blocks)
        title = block.text if isinstance(block, Heading) else title


def _block(block: Block, blocks: Sequence[Block]) -> Html:  # noqa: PLR0911 - a case for each kind of block
    match block:
        case Heading():
            return h(f"h{block.level}", *_pieces(block.text), id=block.anchor)
        case Para(kind="draft"):
            return h("p", *_pieces(block.text), class_="draft", role="note")
        case Para():
            return h("p", *_pieces(block.text), class_=block.kind)
        case Bullets():
            return h("ul", *(h("li", *_pieces(item)) for item in block.items))
        case FactList():
            rows = (h("div", h("dt", safe_text(name.text)), h("dd", *_pieces(value))) for name, value in block.rows)
            return h("dl", *rows)
        case Table():
            return _table(block, caption_class="")
        case KeyFigures():
            rows = (
                h("div", h("dd", safe_text(value.text)), h("dt", safe_text(label.text))) for value, label in block.items
            )
            return h("dl", *rows, class_="figures")
        case StackedBar():
            return _stacked_bar(block)
        case Commands():
            return h("pre", h("code", Html("\n".join(text.html(line) for line in block.lines))))
        case TableOfContents():
            return _contents(blocks)


def _contents(blocks: Sequence[Block]) -> Html:
    found = [b for b in blocks if isinstance(b, Heading) and b.level == 2]
    lines = (h("li", h("a", *_pieces(b.text), href=f"#{b.anchor}")) for b in found)
    return h("nav", h("h2", safe_text("Contents"), id="contents"), h("ol", *lines), aria_labelledby="contents")


def _table(table: Table, *, caption_class: str) -> Html:
    def row(cells: Sequence[Cell]) -> Html:
        return h("tr", *(h("td", *_pieces(c), class_=css_class(i)) for i, c in enumerate(cells)))

    def css_class(column: int) -> str:
        return "n" if column in table.numeric else ""

    head = h("tr", *(h("th", safe_text(name), scope="col", class_=css_class(i)) for i, name in enumerate(table.head)))
    body = Html("\n".join(row(cells) for cells in table.rows))
    inner = h(
        "table", h("caption", safe_text(table.caption.text), class_=caption_class), h("thead", head), h("tbody", body)
    )
    # A short table is not split when printed. A wide one scrolls on a narrow screen, by keyboard too.
    classes = "wide short" if len(table.rows) <= _MAX_SHORT_ROWS else "wide"
    return h("div", inner, class_=classes, role="region", tabindex="0", aria_label=table.caption.text)


def _stacked_bar(bar: StackedBar) -> Html:
    """Return a bar with its parts to scale, and a legend with words and numbers."""
    total = sum(count for _, count, _ in bar.parts)
    bars, legend, start = [], [], 0
    for name, count, tone in bar.parts:
        width = count * _BAR_WIDTH // total if total else 0
        if width:
            bars.append(h("rect", x=str(start), y="0", width=str(max(1, width - 3)), height="14", class_=f"bar {tone}"))
        start += width
        legend.append(h("li", _sign(tone), h("b", safe_text(f"{count:,}")), safe_text(f" {name.text}")))
    drawing = h("svg", *bars, viewBox=f"0 0 {_BAR_WIDTH} 14", preserveAspectRatio="none", aria_hidden="true")
    return h("figure", h("figcaption", safe_text(bar.caption.text)), drawing, h("ul", *legend, class_="legend"))


def _pieces(value: Cell) -> Iterator[Html]:
    return map(_inline, cell(value))


def _inline(piece: Inline) -> Html:
    match piece:
        case SafeText():
            return safe_text(piece.text)
        case Timestamp():
            return h("time", safe_text(piece.text))
        case Code():
            return h("code", h("bdi", Html(text.html(piece.text, piece.limit))))
        case Badge():
            return h("span", _sign(piece.tone), safe_text(piece.word), class_=f"mark {piece.tone}".strip())
        case str():
            return outside_text(piece)


def _sign(tone: str) -> Html:
    return h("i", safe_text(f"{_SIGNS[tone]} "), class_=tone, aria_hidden="true") if tone in _SIGNS else Html("")
