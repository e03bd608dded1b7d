"""The order of the review document: the first page, then every chapter, then the inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.output.packet.chapters.architecture import architecture
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
    from collections.abc import Iterator

    from analysis.output.packet.chapters.blocks import Block

_CHAPTERS = (
    first_page, five_questions, decisions, high_risk, exfiltration, residual_risks, architecture, recommended_controls,
    permissions, conditions_proven, changes, findings, quality, checklists, tracks, mapping, policy, not_examined, score_steps, signoffs,
    vocabulary, notes, inventory,
)  # fmt: skip


def outline(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the whole document, block by block."""
    for chapter in _CHAPTERS:
        yield from chapter(doc)
