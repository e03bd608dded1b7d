"""`clearance groups` and `propose`: the queue of what is decided as one, and what is proposed for it."""

from __future__ import annotations

from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING, Any

import click

from analysis.errors import InputRefused, UsageError
from analysis.review import commands
from analysis.review.queries import decision_proposals
from analysis.text import visible
from tui import clock
from tui.cli.common.options import FILE, recording
from tui.cli.common.outcome import show_outcome
from tui.cli.common.output import put_json, say
from tui.cli.common.review_file import opened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.model import DecisionProposal, Policy, ToolId
    from analysis.review.derived.groups import ToolGroup
    from analysis.review.packets.precedent import Precedent
    from analysis.review.session import Review

#: Value of --baseline without a file.
_OWN = "."
#: Tools of a group that are named in a line.
_NAMED = 4


@click.command("groups", epilog="Example: clearance groups payments.clearance --all")
@FILE
@click.option("--all", "every", is_flag=True, help="List the groups without undecided tools too.")
@click.option("--json", "as_json", is_flag=True, help="Print the groups as JSON.")
def groups_command(file: Path, every: bool, as_json: bool) -> None:
    """List the queue: groups of tools with the same resource, type and risk, which are decided as one.

    Decide a group with `clearance decide FILE --where group:ID ...`. What is proposed comes from the policy's baseline, else
    from the built-in one.
    """
    review = opened(file, writable=False)
    groups = [group for group in review.views.groups.ordered() if every or group.undecided]
    proposals = decision_proposals.propose(review, decision_proposals.baseline_of(review))
    by_tool = {proposal.tool: proposal for proposal in proposals}
    if as_json:
        put_json([_facts(review, group, by_tool) for group in groups])
        return
    for group in groups:
        _show(review, group, by_tool)
    left = sum(group.undecided for group in groups)
    say(f"{len(groups)} groups, {left} undecided tools; decide one with: clearance decide FILE --where group:ID")


def _facts(review: Review, group: ToolGroup, by_tool: Mapping[ToolId, DecisionProposal]) -> dict[str, Any]:
    proposed = decision_proposals.of_group(group, by_tool)
    return {
        "id": group.key.id,
        "title": group.title,
        "tools": list(group.tools),
        "names": [review.tool(tool).row.name for tool in group.tools],
        "source": group.key.source,
        "resource": group.key.resource,
        "type": group.key.type.value,
        "risk": group.key.risk.value,
        "unclear": group.key.unclear,
        "undecided": group.undecided,
        "data": list(group.data),
        "confidential": list(group.confidential),
        "roles": [role.value for role in group.flow_roles],
        "unlike": {tool: list(features) for tool, features in group.unlike.items()},
        "proposal": None
        if proposed is None
        else {"words": proposed.words, "layers": list(proposed.layers), "uniform": proposed.uniform},
    }


def _show(review: Review, group: ToolGroup, by_tool: Mapping[ToolId, DecisionProposal]) -> None:
    names = ", ".join(visible(review.tool(tool).row.name, 40) for tool in group.tools[:_NAMED])
    more = f" and {len(group.tools) - _NAMED} more" if len(group.tools) > _NAMED else ""
    say(f"{group.key.id}  {visible(group.title, 120)}  ({group.undecided} of {len(group.tools)} undecided)")
    say(f"          {names}{more}")
    facts = [f"returns {', '.join(group.data)}"] * bool(group.data) + [role.value for role in group.flow_roles]
    if facts:
        say(f"          {'; '.join(facts)}")
    for tool, features in list(group.unlike.items())[:_NAMED]:
        apart = visible("; ".join(features[:3]), 160)
        say(f"          unlike the others: {visible(review.tool(tool).row.name, 40)}: {apart}")
    proposed = decision_proposals.of_group(group, by_tool)
    if proposed is not None:
        say(f"          proposed: {visible(proposed.words, 200)}")


@click.command(
    "propose", epilog="Example: clearance propose pay.clearance --take 'low reads' --reason 'pilot of the help desk'"
)
@FILE
@click.option(
    "--baseline", is_flag=False, flag_value=_OWN, default="", metavar="[FILE]",
    help="Propose from the baseline of this policy file; without FILE, of the review's policy or the built-in one.",
)  # fmt: skip
@click.option(
    "--precedent", "precedents", multiple=True, type=click.Path(path_type=Path), metavar="PACKET",
    help="Propose what a signed packet decided for the same source and definition; repeatable.",
)  # fmt: skip
@click.option(
    "--allowed-signers",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Who may sign a precedent; it needs them.",
)
@click.option("--take", "layer", default="", metavar="LAYER", help="Decide as this layer proposes, but for high risk.")
@click.option("--reason", default="", help="Why you agree; --take needs one.")
@recording
def propose_command(
    file: Path, baseline: str, precedents: tuple[Path, ...], allowed_signers: Path | None, layer: str, reason: str,
    actor: str | None, as_json: bool,
) -> None:  # fmt: skip
    """List what is proposed for undecided tools, with source and difference; or take the proposals of one layer.

    A layer is a rule of the baseline or a precedent. High risk and executors are never taken by layer: decide their groups.
    Of the approvals taken, a random sample has to be decided again by itself before sign-off: see `is:sampled`.
    """
    if reason and not layer:
        raise UsageError("--reason applies to --take", remedy="name the layer to take: --take LAYER")
    review = opened(file, writable=bool(layer))
    read = _precedents(precedents, allowed_signers)
    uses_baseline = bool(baseline) or not precedents
    proposals = decision_proposals.propose(review, _baseline(review, baseline) if uses_baseline else None, read)
    by_layer = decision_proposals.layers(proposals)
    if layer:
        chosen = _layer(by_layer, layer)
        outcome = commands.take(
            review, chosen, reason=reason, actor=clock.actor(actor), at=clock.now(), chance=SystemRandom()
        )
        show_outcome(review, outcome, as_json)
    elif as_json:
        put_json([_proposal(review, each) for each in proposals])
    else:
        _show_layers(review, by_layer)


def _baseline(review: Review, given: str) -> Policy:
    if given in {"", _OWN}:
        return decision_proposals.baseline_of(review)
    from analysis.review.record.drafts import policy_imported  # noqa: PLC0415
    from analysis.review.sources.attachments import attached_text  # noqa: PLC0415

    policy = policy_imported(attached_text(Path(given)), given)[1]
    if not policy.baseline:
        raise InputRefused("the policy has no baseline", place=given, remedy="see: clearance schema policy")
    return policy


def _precedents(packets: Sequence[Path], allowed_signers: Path | None) -> list[Precedent]:
    from analysis.review.packets.precedent import read_precedent  # noqa: PLC0415 - most proposals come from a baseline

    if packets and allowed_signers is None:
        raise UsageError("a precedent needs --allowed-signers FILE", remedy="name the list of those who may sign")
    return [read_precedent(packet, allowed_signers or Path(), now=clock.now()) for packet in packets]


def _layer(by_layer: Mapping[str, Sequence[DecisionProposal]], name: str) -> Sequence[DecisionProposal]:
    if name not in by_layer:
        named = ", ".join(map(repr, by_layer)) or "none"
        raise UsageError(
            "nothing is proposed by this layer", place=visible(name, 80), remedy=f"the layers are: {named}"
        )
    return by_layer[name]


def _proposal(review: Review, proposal: DecisionProposal) -> dict[str, Any]:
    state = review.tool(proposal.tool)
    return {
        "tool": proposal.tool,
        "name": state.row.name,
        "risk": state.risk.value,
        "decision": proposal.decision.value,
        "conditions": [{"kind": c.kind.value, "value": c.value} for c in proposal.conditions],
        "reason": proposal.reason,
        "layer": proposal.source.layer,
        "source": proposal.source.kind.value,
        "by": proposal.source.by,
        "at": proposal.source.at,
        "difference": proposal.difference,
    }


def _show_layers(review: Review, by_layer: Mapping[str, Sequence[DecisionProposal]]) -> None:
    for name, proposals in by_layer.items():
        takable, high = decision_proposals.takable(review, proposals)
        first = proposals[0]
        words = "; ".join(f"{c.kind.value}={c.value}" for c in first.conditions) or first.decision.value
        say(f"{visible(name, 80)}: {len(proposals)} tools, {words}: {visible(first.reason, 160)}")
        say(
            f"  from {visible(first.source.words, 160)}; can be taken: {len(takable)}; high risk, by group: {len(high)}"
        )
        differing = [each for each in proposals if each.difference]
        for each in differing[:_NAMED]:
            say(f"  differs: {visible(review.tool(each.tool).row.name, 40)}: {visible(each.difference, 200)}")
    named = {proposal.tool for proposals in by_layer.values() for proposal in proposals}
    rest = sum(state.undecided and state.row.id not in named for state in review.tools())
    say(f"{len(named)} undecided tools have a proposal, {rest} have none and are left to people")
