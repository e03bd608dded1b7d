"""Diagrams for Markdown, as Mermaid: drawn by the forges that render it, readable as text by everyone else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from analysis import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.output.packet.chapters.drawing import Graph

#: Everything that has no meaning in a quoted label of Mermaid.
_PLAIN: Final = re.compile(r"[^A-Za-z0-9 .,/:_()-]+")
_MAX_LABEL: Final = 60


def lines(graph: Graph) -> Iterator[str]:
    """Yield the lines of a flow chart; what no source states is dashed."""
    places = {key: f"n{at}" for at, (key, _, _) in enumerate(graph.nodes)}
    yield "flowchart LR"
    for key, label, stated in graph.nodes:
        yield f'  {places[key]}["{_label(label)}"]{"" if stated else ":::open"}'
    for link in graph.links:
        arrow = "-.->" if link.dash else "-->"
        label = f'|"{_label(link.text)}"|' if link.text else ""
        if link.source in places and link.target in places:
            yield f"  {places[link.source]} {arrow}{label} {places[link.target]}"
    yield "  classDef open stroke-dasharray: 4 3"


def _label(words: str) -> str:
    """Return text as a label: letters, digits and a few marks; anything else becomes a blank."""
    return " ".join(_PLAIN.sub(" ", text.visible(words, _MAX_LABEL)).split()) or "-"
