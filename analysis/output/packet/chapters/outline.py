"""The order of the review document: the first page, then every chapter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.output.packet.chapters.blocks import TableOfContents
from analysis.output.packet.chapters.findings import accepted_risks, findings, overrides
from analysis.output.packet.chapters.first_page import summary, title
from analysis.output.packet.chapters.five_questions import five_questions
from analysis.output.packet.chapters.flows import flows
from analysis.output.packet.chapters.governance import governance, mapping, policy
from analysis.output.packet.chapters.history import history, notes
from analysis.output.packet.chapters.ledger import ledger
from analysis.output.packet.chapters.scope import scope
from analysis.output.packet.chapters.tools import decisions, inventory
from analysis.output.packet.chapters.verification import verification, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.output.packet.chapters.blocks import Block

_CHAPTERS = (
    five_questions, scope, inventory, decisions, flows, findings, accepted_risks, overrides, governance, policy, mapping,
    ledger, notes, history, verification, vocabulary,
)  # fmt: skip


def outline(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the whole document, block by block."""
    yield from title(doc)
    yield from summary(doc)
    yield TableOfContents()
    for chapter in _CHAPTERS:
        yield from chapter(doc)
