"""Take proposals: decisions that name what proposed them, and a random sample of them that is looked at later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from analysis.errors import CheckFailed, UsageError
from analysis.model import DecisionState, FlowRole, Risk
from analysis.review.commands.outcome import Outcome
from analysis.review.record import drafts
from analysis.workspace.keys import decision_key

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from random import Random

    from analysis.model import DecisionProposal, ToolId
    from analysis.review.session import Review

#: Share of the approvals taken unseen that a person has to look at before sign-off, by risk. A fraction of a tool is drawn
#: with that probability, so that taking many small groups draws no more than taking one large one.
SAMPLE_SHARE: Final[Mapping[Risk, float]] = {Risk.LOW: 0.05, Risk.MEDIUM: 0.15, Risk.HIGH: 1.0}


def take(
    review: Review, proposals: Sequence[DecisionProposal], *, reason: str, actor: str, at: str, chance: Random,
    opened: Collection[ToolId] = (),
) -> Outcome:  # fmt: skip
    """Decide undecided tools as proposed, as one action. High risk and executors are left out of it.

    Of the approvals whose tools are not in `opened`, `chance` draws a sample, which is recorded with them: the gate
    `sampled` is open until each is decided again by itself. Raises `UsageError` without a reason, and `CheckFailed` where
    nothing is left to take.
    """
    if not reason.strip():
        raise UsageError("taking proposals needs a reason", remedy="say in a few words why you agree")
    taken: list[DecisionProposal] = []
    left_out: list[DecisionProposal] = []
    for proposal in proposals:
        state = review.tool(proposal.tool)
        if not state.undecided:
            continue
        forbidden = state.risk is Risk.HIGH or FlowRole.CODE_EXECUTION in state.flow_roles
        (left_out if forbidden else taken).append(proposal)
    if not taken:
        why = (
            f"{len(left_out)} are of high risk, and are decided group by group"
            if left_out
            else "no undecided tool has one"
        )
        raise CheckFailed("no proposal was taken", why=why, remedy="list them: clearance propose FILE")
    sampled = _sample(review, taken, opened, chance)
    digests = {proposal.tool: review.tool(proposal.tool).row.digest for proposal in taken}
    policy = review.policy.policy

    def data(proposal: DecisionProposal) -> dict[str, Any]:
        state, conditions = drafts.with_policy_expiry(proposal.decision, proposal.conditions, policy, at)
        assert state is not None, "a proposal proposes a decision"
        listed = [{"kind": c.kind.value, "value": c.value, "evidence": c.evidence} for c in conditions]
        return {
            "exposure": state.value,
            "reason": f"{proposal.reason}; {reason.strip()}",
            "definition": digests[proposal.tool],
            "proposal": proposal.source.words,
            **({"conditions": listed} if listed else {}),
            **({"sampled": True} if proposal.tool in sampled else {}),
        }

    registers = review.record.registers
    review.commit(
        lambda: [drafts.replacing(registers, "tool.decided", decision_key(p.tool), data(p)) for p in taken], actor, at
    )
    drawn = f"; {len(sampled)} drawn to be looked at before sign-off" if sampled else ""
    rest = f"; left out, of high risk: {len(left_out)}" if left_out else ""
    tools = tuple(proposal.tool for proposal in taken)
    return Outcome(f"{len(taken)} tools decided as proposed{drawn}{rest}", tools, tuple(p.tool for p in left_out))


def _sample(
    review: Review, taken: Sequence[DecisionProposal], opened: Collection[ToolId], chance: Random
) -> frozenset[ToolId]:
    """Return the tools that are drawn from the approvals taken unseen."""
    drawn: set[ToolId] = set()
    for risk, share in SAMPLE_SHARE.items():
        unseen = [
            p.tool
            for p in taken
            if p.decision is not DecisionState.BLOCKED and p.tool not in opened and review.tool(p.tool).risk is risk
        ]
        whole, part = divmod(len(unseen) * share, 1)
        drawn.update(chance.sample(unseen, min(len(unseen), int(whole) + (chance.random() < part))))
    return frozenset(drawn)
