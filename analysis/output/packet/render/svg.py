"""Drawings as SVG inside a page. Colours come from the style sheet, so that they follow a dark screen and print light.

With a `style`, a drawing is a file of its own: the rules are inside it, for a renderer that knows no page around it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from analysis import text
from analysis.output.packet.chapters.blocks import Bar, Code, SafeText, Squares, Step
from analysis.output.packet.chapters.drawing import Box, Disc, Drawing, Label, Shape, Stroke, parts_of_bar, squares
from analysis.output.packet.render.markup import Html, h, safe_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.output.packet.chapters.blocks import Cell

_NAMESPACE = "http://www.w3.org/2000/svg"
#: Width and height of a step of a waterfall.
_STEP = (200.0, 10.0)


def drawing(picture: Drawing, css_class: str = "", style: str = "") -> Html:
    """Return a picture with the words that say what it shows."""
    return _svg(picture.width, picture.height, picture.shapes, css_class, picture.label.text, style)


def bar(piece: Bar, style: str = "") -> Html:
    """Return a stacked bar; the figures are next to it, so that no reader needs it."""
    shapes = parts_of_bar(piece.parts, 0, 0, piece.width, piece.height)
    return _svg(piece.width, piece.height, shapes, f"bar w{piece.width}", style=style)


def strip(piece: Squares, style: str = "") -> Html:
    """Return a strip of squares."""
    shapes, width, height = squares(piece.total, piece.filled)
    return _svg(width, height, shapes, "strip", style=style)


def step(piece: Step, style: str = "") -> Html:
    """Return one step of a waterfall from 0 to 100, with the cap as a dashed line."""
    width, height = _STEP
    scale = width / 100
    shapes: list[Shape] = [Stroke(f"M0 {height / 2:g}H{width:g}", "hair")]
    size = max((piece.end - piece.start) * scale, 0.8)
    shapes.append(Box(piece.start * scale, 1, size, height - 2, "off" if piece.whole and piece.end == 100 else "ok"))
    if piece.cap is not None:
        shapes.append(Stroke(f"M{piece.cap * scale:g} -6V{height + 6:g}", "cap"))
    return _svg(width, height, shapes, "step", style=style)


def _svg(
    width: float, height: float, shapes: Iterable[Shape], css_class: str, label: str = "", style: str = ""
) -> Html:
    seen = {"role": "img", "aria_label": label} if label else {"aria_hidden": "true"}
    rules = [h("style", Html(style))] if style else []
    alone = {"xmlns": _NAMESPACE} if style else {}
    return h(
        "svg", *rules, *map(_shape, shapes), viewBox=f"0 0 {width:g} {height:g}", class_=css_class, **seen, **alone
    )


def _shape(shape: Shape) -> Html:
    match shape:
        case Box():
            style = f"{shape.style} dash" if shape.dash else shape.style
            place = {"x": f"{shape.x:.1f}", "y": f"{shape.y:.1f}", "width": f"{shape.width:.1f}"}
            return h("rect", **place, height=f"{shape.height:.1f}", class_=style)
        case Stroke():
            return h("path", d=shape.path, class_=f"{shape.style} dash" if shape.dash else shape.style)
        case Disc():
            return h("circle", cx=f"{shape.x:g}", cy=f"{shape.y:g}", r=f"{shape.radius:g}", class_=shape.style)
        case Label():
            anchor = "" if shape.anchor == "start" else shape.anchor
            words = _words(shape.text, shape.limit)
            return h("text", words, x=f"{shape.x:g}", y=f"{shape.y:g}", text_anchor=anchor, class_=shape.style)
        case _:
            assert_never(shape)


def _words(value: Cell, limit: int) -> Html:
    """Return the pieces of a label as text; one from outside is cut to the room it has."""
    out: list[Html] = []
    for piece in value if isinstance(value, tuple) else (value,):
        if isinstance(piece, SafeText):
            out.append(safe_text(piece.text))
        elif isinstance(piece, str | Code):
            words = text.visible(piece if isinstance(piece, str) else piece.text)
            cut = words if len(words) <= limit else f"{words[: limit - 1]}…"
            out.append(h("tspan", safe_text(cut)))
    return Html("".join(out))
