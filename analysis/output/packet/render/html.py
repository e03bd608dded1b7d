"""The review as one HTML file (`review.html`): no script, nothing loaded from elsewhere, made to be printed."""

from __future__ import annotations

import base64
import hashlib
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from analysis import text
from analysis.output.packet.chapters import blocks as kinds
from analysis.output.packet.chapters.headline import foot_line, is_draft
from analysis.output.packet.chapters.outline import chapter_numbers, outline, sections
from analysis.output.packet.render import svg
from analysis.output.packet.render.html_tables import html_table
from analysis.output.packet.render.markup import Html, around, h, outside_text, safe_text
from analysis.output.packet.render.pieces import pieces, swatch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from analysis.output.packet.chapters.drawing import Drawing

#: A sentence of more characters than this is set smaller.
_MAX_SENTENCE: Final = 150
#: Cards in a row; fewer share its width.
_COLUMNS: Final = 3


def render(doc: dict[str, Any]) -> Iterator[str]:
    """Yield a review document as one HTML page, in pieces."""
    title = f"Tool access review: {text.visible(doc['title'], 200)}"
    return page(list(outline(doc)), title, draft=is_draft(doc), foot=foot_line(doc))


def page(blocks: Sequence[kinds.Block], title: str, *, draft: bool, foot: str) -> Iterator[str]:
    """Yield blocks as one HTML page, in pieces; `title` and `foot`, on every printed page, may be text from outside."""
    from importlib import resources  # noqa: PLC0415 - only rendering needs it

    style = resources.files("analysis.output.packet.render").joinpath("review.css").read_text(encoding="utf-8")
    head = _head(title, style + _own_rules(foot, blocks), draft=draft)
    yield "<!DOCTYPE html>\n"
    yield from around("html", chain((head,), _body(blocks, draft=draft)), lang="en")
    yield "\n"


def _own_rules(foot: str, blocks: Sequence[kinds.Block]) -> str:
    """Return the rules of this page: the widths of its columns, and the foot of a printed page."""
    widths = sorted({width for block in blocks if isinstance(block, kinds.Table) for width in block.widths})
    rules = "".join(f".c{width} {{ width: {width}%; }}\n" for width in widths)
    return f'{rules}@page {{ @bottom-left {{ content: "{_css_string(foot)}"; }} }}\n'


def _css_string(words: str) -> str:
    """Return text for a string of a style sheet: whatever is no letter, digit or blank becomes a numeric escape."""
    return "".join(c if c.isascii() and (c.isalnum() or c == " ") else f"\\{ord(c):06x} " for c in words)


def _head(title: str, style: str, *, draft: bool) -> Html:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    lead = "DRAFT: " if draft else ""
    return h(
        "head",
        # Written directly: `h` would escape the quotes of the policy.
        Html(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        h("meta", charset="utf-8"),
        h("meta", name="viewport", content="width=device-width, initial-scale=1"),
        h("meta", name="referrer", content="no-referrer"),
        h("title", safe_text(lead), Html(text.html(title, 260))),
        h("style", Html(style)),
    )


def _body(blocks: Sequence[kinds.Block], *, draft: bool) -> Iterator[Html]:
    stamp = [h("div", safe_text("DRAFT"), class_="watermark", aria_hidden="true")] if draft else []
    numbers = chapter_numbers(blocks)
    header, *chapters = sections(blocks)
    top = around("header", _lines(header, blocks, numbers))
    main = around("main", chain.from_iterable(_section(chapter, blocks, numbers) for chapter in chapters))
    return around("body", chain(stamp, top, main))


def _section(section: Sequence[kinds.Block], blocks: Sequence[kinds.Block], numbers: dict[str, str]) -> Iterator[Html]:
    first, inside = section[0], _lines(section, blocks, numbers)
    if not isinstance(first, kinds.Heading):
        return inside
    classes = " ".join(name for name, on in (("page", first.page), ("keep", first.keep)) if on)
    return around("section", inside, class_=classes, aria_labelledby=first.anchor)


def _lines(some: Iterable[kinds.Block], blocks: Sequence[kinds.Block], numbers: dict[str, str]) -> Iterator[Html]:
    """Yield some of the blocks of a page, each on lines of its own; a fold of the inventory, which is large, by itself."""
    for at, block in enumerate(some):
        if at:
            yield Html("\n")
        if isinstance(block, kinds.Folds):
            yield from around("div", (_fold(block.head, item) for item in block.items), class_="folds")
        else:
            yield _block(block, blocks, numbers)


def _block(block: kinds.ShortBlock, blocks: Sequence[kinds.Block], numbers: dict[str, str]) -> Html:  # noqa: C901, PLR0911, PLR0912 - a case for each kind of block
    match block:
        case kinds.Heading(level=2):
            number = h("span", safe_text(numbers[block.anchor]), class_="no")
            return h("h2", number, safe_text(" "), *pieces(block.text), id=block.anchor)
        case kinds.Heading(level=1):
            size = sum(len(getattr(piece, "text", piece)) for piece in pieces(block.text))
            return h("h1", *pieces(block.text), class_="long" if size > _MAX_SENTENCE else "")
        case kinds.Heading():
            return h(f"h{block.level}", *pieces(block.text), id=block.anchor)
        case kinds.Para(kind="verdict" | "state"):
            return h("p", h("span", *pieces(block.text), class_=f"mark {block.tone}"), class_=block.kind)
        case kinds.Para():
            return h("p", *pieces(block.text), class_=block.kind)
        case kinds.Masthead():
            return h("div", h("span", *pieces(block.left)), h("span", *pieces(block.right)), class_="top")
        case kinds.Bullets():
            return h("ul", *(h("li", *pieces(item)) for item in block.items))
        case kinds.FactList():
            rows = (h("div", h("dt", safe_text(name.text)), h("dd", *pieces(value))) for name, value in block.rows)
            return h("dl", *rows, class_=block.kind)
        case kinds.NameList():
            rows = (h("div", h("dt", *pieces(name)), h("dd", *pieces(value))) for name, value in block.rows)
            return h("dl", *rows, class_="names")
        case kinds.Table():
            return html_table(block)
        case kinds.KeyFigures():
            return h("div", *map(_key_figure, block.items), class_="three")
        case kinds.Legend():
            return h(
                "p", *(h("span", swatch(state), safe_text(name.text)) for state, name in block.states), class_="key"
            )
        case kinds.QuestionBlock():
            answer = h("div", h("h3", safe_text(block.title.text)), h("p", *pieces(block.answer)))
            return h("div", h("div", svg.drawing(block.picture)), answer, class_="q")
        case kinds.Cards():
            wide = block.kind == "cards" and len(block.items) < _COLUMNS
            return h("div", *(_card(card) for card in block.items), class_="cards few" if wide else block.kind)
        case kinds.Figures():
            return h("div", *(_figure(*item) for item in block.items), class_="two" if len(block.items) > 1 else "one")
        case kinds.Commands():
            return h("pre", h("code", Html("\n".join(text.html(line) for line in block.lines))))
        case kinds.TableOfContents():
            return _contents(blocks, numbers)


def _contents(blocks: Sequence[kinds.Block], numbers: dict[str, str]) -> Html:
    found = [b for b in blocks if isinstance(b, kinds.Heading) and b.level == 2]
    lines = (
        h("li", h("span", safe_text(numbers[b.anchor]), class_="no"), h("a", *pieces(b.text), href=f"#{b.anchor}"))
        for b in found
    )
    return h(
        "nav", h("h2", safe_text("Contents"), id="contents"), h("ol", *lines, class_="toc"), aria_labelledby="contents"
    )


def _key_figure(item: kinds.KeyFigure) -> Html:
    number = h("p", safe_text(item.value.text), safe_text(" "), h("i", safe_text(item.of.text)), class_="num")
    drawn = [svg.bar(item.bar)] if item.bar else []
    return h("div", number, h("p", *pieces(item.text)), *drawn)


def _card(card: kinds.InfoCard) -> Html:
    facts = (h("div", h("dt", safe_text(name.text)), h("dd", *pieces(value))) for name, value in card.facts)
    title = h("p", h("b", *pieces(card.title)))
    line = h("p", *pieces(card.line), class_="s")
    return h(
        "div", title, line, *([h("dl", *facts)] if card.facts else []), class_="card open" if card.missing else "card"
    )


def _figure(title: Any, picture: Drawing) -> Html:
    head = [h("figcaption", safe_text(title.text))] if title.text else []
    if picture.narrow is None:
        return h("figure", *head, svg.drawing(picture))
    return h("figure", *head, svg.drawing(picture, "wide"), svg.drawing(picture.narrow, "narrow"))


def _fold(head: Sequence[str], item: kinds.FoldItem) -> Html:
    summary = h("summary", *pieces(item.title), safe_text(" "), h("span", *pieces(item.summary), class_="s"))
    names = h("tr", *(h("th", safe_text(name), scope="col") for name in head))
    rows = Html("\n".join(h("tr", *(h("td", *pieces(cell)) for cell in row)) for row in item.rows))
    inner = h("table", h("thead", names), h("tbody", rows), class_="inv")
    return h("details", summary, inner)


__all__ = ["outside_text", "page", "render"]
