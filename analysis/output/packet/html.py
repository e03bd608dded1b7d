"""The review as one HTML file (`review.html`): no script, nothing loaded from elsewhere, made to be printed.

Every piece of HTML comes from `h`, which takes HTML only; text becomes HTML only in `said`. The type checker
therefore finds a text that was not escaped.
"""

from __future__ import annotations

import base64
import hashlib
import html as escape
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NewType

from analysis import text
from analysis.output.packet.blocks import (
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
from analysis.output.packet.markdown import LIMIT
from analysis.output.packet.outline import is_draft, outline

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Html = NewType("Html", str)

_VOID: Final = frozenset({"meta"})
#: Shapes that tell the tones apart without colour; a screen reader hears the word only.
_SIGNS: Final = {"good": "●", "part": "◐", "off": "○", "warn": "▲", "bad": "■"}
_SHORT: Final = 12
_BAR: Final = 1000  # units of width of a bar of shares


def h(tag: str, *children: Html, **attributes: str) -> Html:
    """Return an element. A trailing underscore is dropped from an attribute's name, others become hyphens."""
    names = ((name.rstrip("_").replace("_", "-"), value) for name, value in attributes.items() if value)
    inside = "".join(f' {name}="{escape.escape(value)}"' for name, value in names)
    return Html(f"<{tag}{inside}>" if tag in _VOID else f"<{tag}{inside}>{''.join(children)}</{tag}>")


def said(words: str) -> Html:
    """Return text from outside as HTML, its direction kept to itself."""
    return h("bdi", Html(text.html(words, LIMIT)))


def safe_text(words: str) -> Html:
    """Return words of this product as HTML."""
    return Html(escape.escape(words))


def render(doc: dict[str, Any]) -> str:
    """Return a review document as one HTML page."""
    from importlib import resources  # noqa: PLC0415 - only a page that is made needs it

    style = resources.files("analysis.output.packet").joinpath("review.css").read_text(encoding="utf-8")
    blocks = list(outline(doc))
    page = h("html", _head(doc, style), _body(doc, blocks), lang="en")
    return f"<!DOCTYPE html>\n{page}\n"


def _head(doc: dict[str, Any], style: str) -> Html:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    lead = "DRAFT: " if is_draft(doc) else ""
    return h(
        "head",
        # Straight into the string: `h` would write the quotes of the policy as entities.
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
        said("{name} {version}".format(**doc["product"])),
        safe_text(", rule pack "),
        said(doc["rule_pack"]),
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
    """Yield the blocks before the first chapter, then chapter by chapter; the contents stand alone."""
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
            # A heading that says the same is enough for the eye; the caption stays for those who listen.
            yield _table(block, caption_class="unseen" if block.caption == title else "")
        else:
            yield _block(block, blocks)
        title = block.text if isinstance(block, Heading) else title


def _block(block: Block, blocks: Sequence[Block]) -> Html:  # noqa: PLR0911 - a line for each kind of block
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
            return _shares(block)
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
        return h("tr", *(h("td", *_pieces(c), class_=kind(i)) for i, c in enumerate(cells)))

    def kind(column: int) -> str:
        return "n" if column in table.numeric else ""

    head = h("tr", *(h("th", safe_text(name), scope="col", class_=kind(i)) for i, name in enumerate(table.head)))
    body = Html("\n".join(row(cells) for cells in table.rows))
    inner = h(
        "table", h("caption", safe_text(table.caption.text), class_=caption_class), h("thead", head), h("tbody", body)
    )
    # A short one stays on one page when printed. A wide one scrolls on a narrow screen, by keyboard too.
    kinds = "wide short" if len(table.rows) <= _SHORT else "wide"
    return h("div", inner, class_=kinds, role="region", tabindex="0", aria_label=table.caption.text)


def _shares(shares: StackedBar) -> Html:
    """Return a bar whose parts are drawn by width, with the words and numbers below it."""
    total = sum(count for _, count, _ in shares.parts)
    bars, legend, start = [], [], 0
    for name, count, tone in shares.parts:
        width = count * _BAR // total if total else 0
        if width:
            bars.append(h("rect", x=str(start), y="0", width=str(max(1, width - 3)), height="14", class_=f"bar {tone}"))
        start += width
        legend.append(h("li", _sign(tone), h("b", safe_text(f"{count:,}")), safe_text(f" {name.text}")))
    drawing = h("svg", *bars, viewBox=f"0 0 {_BAR} 14", preserveAspectRatio="none", aria_hidden="true")
    return h("figure", h("figcaption", safe_text(shares.caption.text)), drawing, h("ul", *legend, class_="legend"))


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
            return said(piece)


def _sign(tone: str) -> Html:
    return h("i", safe_text(f"{_SIGNS[tone]} "), class_=tone, aria_hidden="true") if tone in _SIGNS else Html("")
