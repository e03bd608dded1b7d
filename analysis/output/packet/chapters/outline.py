"""The order of the review document: the first page, then every chapter, then the inventory."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from analysis.output.packet.chapters.architecture import architecture
from analysis.output.packet.chapters.blocks import Heading, TableOfContents
from analysis.output.packet.chapters.changes import changes
from analysis.output.packet.chapters.controls import conditions_proven, permissions, recommended_controls
from analysis.output.packet.chapters.decisions import decisions, high_risk, inventory
from analysis.output.packet.chapters.evidence import checklists, mapping, policy, tracks
from analysis.output.packet.chapters.findings import findings, quality, residual_risks
from analysis.output.packet.chapters.first_page import first_page
from analysis.output.packet.chapters.five_questions import five_questions
from analysis.output.packet.chapters.flows import exfiltration
from analysis.output.packet.chapters.limits import not_examined, notes, score_steps
from analysis.output.packet.chapters.verification import signoffs, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from analysis.output.packet.chapters.blocks import Block

_APPENDIX: Final = "ABC"
_CHAPTERS = (
    first_page, five_questions, decisions, high_risk, exfiltration, residual_risks, architecture, recommended_controls,
    permissions, conditions_proven, changes, findings, quality, checklists, tracks, mapping, policy, not_examined, score_steps, signoffs,
    vocabulary, notes, inventory,
)  # fmt: skip


def outline(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the whole document, block by block."""
    for chapter in _CHAPTERS:
        yield from chapter(doc)


def chapter_numbers(blocks: Iterable[Block]) -> dict[str, str]:
    """Return the number of each chapter by its anchor; an appendix has a letter."""
    numbers: dict[str, str] = {}
    letters = iter(_APPENDIX)
    for block in blocks:
        if isinstance(block, Heading) and block.level == 2:
            numbers[block.anchor] = str(len(numbers) + 1) if block.numbered else next(letters)
    return numbers


def sections(blocks: Sequence[Block]) -> Iterator[Sequence[Block]]:
    """Yield the blocks before the first chapter, then chapter by chapter; the table of contents is one of them."""
    starts = [
        position
        for position, block in enumerate(blocks)
        if isinstance(block, TableOfContents) or (isinstance(block, Heading) and block.level == 2)
    ]
    for start, end in pairwise([0, *starts, len(blocks)]):
        yield blocks[start:end]
