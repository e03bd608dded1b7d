"""What the document of a packet repeats from the product: lists of questions, standards, recommended controls, diagrams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.governance.controls import LISTS, control, controls
from analysis.governance.diagrams import credential_flow, data_flow
from analysis.governance.standards import standards
from analysis.model import Background, Checklist, ConditionKind, RecommendedControls, StandardEdition, ToolType
from analysis.review.queries.governance import required_controls

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import ReviewedTool
    from analysis.review.session import Review


def background(review: Review, tools: Sequence[ReviewedTool]) -> Background:
    """Return the background of a review, whose tools are given in full. A function of the review and the product alone."""
    infos = [source.info for source in review.sources()]
    every = controls()
    return Background(
        checklists=tuple(Checklist(key, LISTS[key], tuple(c.id for c in every if key in c.lists)) for key in LISTS),
        standards=tuple(StandardEdition(each.prefix, each.title, each.edition) for each in standards()),
        recommended=tuple(_recommended(kind, review) for kind in ToolType),
        diagrams=(data_flow(tools, infos), credential_flow(tools, infos)),
    )


def _recommended(kind: ToolType, review: Review) -> RecommendedControls:
    ids, conditions = required_controls(kind, review)
    kinds = dict.fromkeys(ConditionKind(condition.partition("=")[0]) for condition in conditions)
    return RecommendedControls(kind, tuple(control(each).title for each in ids), tuple(kinds))
