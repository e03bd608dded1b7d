"""What a baseline and precedents propose for the undecided tools of a review. Nothing is recorded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from analysis.model import DecisionProposal, DecisionState, ProposalKind, ProposalSource, Risk
from analysis.policy import recorded_policy
from analysis.review.queries.search import ADDED_FLAGS, select

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from analysis.model import Policy, ToolId
    from analysis.review.derived.groups import ToolGroup
    from analysis.review.packets.precedent import Precedent
    from analysis.review.session import Review


@dataclass(frozen=True, slots=True)
class GroupProposal:
    """What is proposed for a group: one decision for all its undecided tools, or how many of each."""

    words: str
    layers: tuple[str, ...]
    uniform: bool


@cache
def built_in_baseline() -> Policy:
    """Return the conservative baseline of the product, in the form of a policy."""
    text = resources.files("analysis.policy").joinpath("baseline.yaml").read_text("utf-8")
    return recorded_policy(text)


def baseline_of(review: Review) -> Policy:
    """Return the policy whose baseline applies: the organisation's where it has one, else the built-in one."""
    own = review.policy.policy
    return own if own is not None and own.baseline else built_in_baseline()


def propose(
    review: Review, baseline: Policy | None = None, precedents: Sequence[Precedent] = ()
) -> list[DecisionProposal]:
    """Return a proposal for each undecided tool that has one, in document order.

    A precedent proposes before the baseline; where both do and differ, the proposal says so. Of several precedents that
    differ, the strictest proposes.
    """
    by_rule = _from_baseline(review, baseline) if baseline else {}
    found: dict[ToolId, DecisionProposal] = dict(by_rule)
    for tool in [state.row.id for state in review.table.states if state.undecided] if precedents else ():
        made = [p for precedent in precedents if (p := precedent.proposal(review, tool)) is not None]
        if made:
            strictest = max(made, key=lambda each: _STRICTNESS[each.decision])
            found[tool] = replace(strictest, difference=_difference(strictest, made, by_rule.get(tool)))
    return [found[tool] for tool in review.table.ids if tool in found]


_STRICTNESS = {DecisionState.APPROVED: 0, DecisionState.CONDITIONAL: 1, DecisionState.BLOCKED: 2}


def _difference(
    chosen: DecisionProposal, precedents: Sequence[DecisionProposal], by_rule: DecisionProposal | None
) -> str:
    others = [*precedents, *([by_rule] if by_rule else [])]
    return "; ".join(
        f"{other.source.words}: {other.decision.value}" for other in others if other.decision is not chosen.decision
    )


def _from_baseline(review: Review, baseline: Policy) -> Mapping[ToolId, DecisionProposal]:
    """Return what a baseline proposes: kept tool by tool where it can be, else by asking every rule."""
    rows = review.views.query_rows
    if all(rows.depends_on_rows_alone(rule.where, ADDED_FLAGS) for rule in baseline.baseline):
        return review.views.baseline_proposals.of(baseline)
    left = {state.row.id for state in review.table.states if state.undecided}
    made: dict[ToolId, DecisionProposal] = {}
    for rule in baseline.baseline:
        source = ProposalSource(ProposalKind.BASELINE, rule.name, by=baseline.name)
        for tool in select(review, rule.where):
            if tool in left:
                left.discard(tool)
                made[tool] = DecisionProposal(tool, rule.decision, rule.reason, source, rule.conditions)
    return made


def propose_ahead(review: Review) -> Iterator[object]:
    """Compute what the baseline proposes, before it is asked for."""
    yield _from_baseline(review, baseline_of(review))


def layers(proposals: Sequence[DecisionProposal]) -> dict[str, list[DecisionProposal]]:
    """Return proposals by layer, in the order in which the layers first appear."""
    found: dict[str, list[DecisionProposal]] = {}
    for proposal in proposals:
        found.setdefault(proposal.source.layer, []).append(proposal)
    return found


def of_group(group: ToolGroup, by_tool: Mapping[ToolId, DecisionProposal]) -> GroupProposal | None:
    """Return what is proposed for a group, from the proposals by tool; None where nothing is."""
    made = [by_tool[tool] for tool in group.tools if tool in by_tool]
    if not made:
        return None
    counts: dict[str, int] = {}
    for proposal in made:
        words = "; ".join(f"{c.kind.value}={c.value}" for c in proposal.conditions) or proposal.decision.value
        counts[words] = counts.get(words, 0) + 1
    uniform = len(counts) == 1 and len(made) == group.undecided
    said = next(iter(counts)) if uniform else ", ".join(f"{count} {words}" for words, count in counts.items())
    sources = dict.fromkeys(proposal.source.layer for proposal in made)
    return GroupProposal(f"{said} ({', '.join(sources)})", tuple(sources), uniform)


def takable(
    review: Review, proposals: Sequence[DecisionProposal]
) -> tuple[list[DecisionProposal], list[DecisionProposal]]:
    """Return the proposals that a layer may take, and those of high risk, which a person decides group by group."""
    high = [each for each in proposals if review.tool(each.tool).risk is Risk.HIGH]
    return [each for each in proposals if each not in high], high
