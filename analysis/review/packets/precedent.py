"""Precedents: signed packets whose decisions are proposed for equal definitions of the same source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.errors import CheckFailed, InputRefused
from analysis.model import Condition, ConditionKind, DecisionProposal, ProposalKind, ProposalSource, SourceKind
from analysis.output.packet.stated_packet import stated_packet
from analysis.review.packets.recomputation import carried_review
from analysis.review.packets.signing import verify

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from analysis.model import Decision, SourceInfo, ToolId
    from analysis.review.session import Review

#: What a source is, apart from the file it was read from: a clone of it on another host is another source.
SourceIdentity = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Precedent:
    """A verified packet: its decisions by source and digest of the definition, and by source and tool.

    An approval of the packet proposes an approval, under the same conditions without their evidence and expiry, which
    are about another environment and another time.
    """

    source: ProposalSource
    decisions: Mapping[tuple[SourceIdentity, str], Decision]

    def proposal(self, review: Review, tool: ToolId) -> DecisionProposal | None:
        """Return what the precedent proposes for a tool; None where source or definition is another one."""
        row = review.tool(tool).row
        info = next(source.info for source in review.sources() if source.info.id == row.source)
        decision = self.decisions.get((identity(info), row.digest))
        if decision is None:
            return None
        conditions = tuple(
            Condition(each.kind, each.value) for each in decision.conditions if each.kind is not ConditionKind.EXPIRES
        )
        if decision.conditions and not conditions:
            return None  # approved for a time only, which is over or about to be
        return DecisionProposal(tool, decision.state, decision.reason, self.source, conditions)


def identity(info: SourceInfo) -> SourceIdentity:
    """Return what a source is: of an API its title and servers, of an MCP server where it is reached.

    A list of tools that was saved to a file states no address; it is the same source as one with the same id and title.
    """
    if info.kind is SourceKind.MCP:
        address = info.uri if "://" in info.uri or info.servers else ""
        return (info.kind.value, info.id, info.title, address, *sorted(info.servers))
    return (info.kind.value, info.title, *sorted(info.servers))


def read_precedent(folder: Path, allowed_signers: Path, *, now: str) -> Precedent:
    """Return a packet as a precedent. Raises `CheckFailed` unless it verifies as an approval, `InputRefused` unread."""
    verified = verify(folder, allowed_signers, now=now)
    if not verified.ok:
        raise CheckFailed(
            "the packet is no precedent", place=str(folder),
            why=f"{verified.result.value}: {'; '.join(verified.why[:3])}", remedy="only a verified approval proposes",
        )  # fmt: skip
    stated = stated_packet(folder)
    carried = carried_review(folder, stated.manifest) if stated is not None else None
    if stated is None or carried is None:
        raise InputRefused(
            "the packet is no precedent", place=str(folder),
            why="it was made by another version, so its decisions cannot be read back",
            remedy="export and sign it again with this version",
        )  # fmt: skip
    signers = ", ".join(each.signer for each in verified.signatures.signoffs)
    return Precedent(
        ProposalSource(ProposalKind.PRECEDENT, f"{carried.title} {stated.manifest[:12]}", signers, stated.issued_at),
        decisions_in(carried),
    )


def decisions_in(review: Review) -> dict[tuple[SourceIdentity, str], Decision]:
    """Return the decisions in effect of a review, by source and digest of the definition."""
    sources = {source.info.id: identity(source.info) for source in review.sources()}
    return {
        (sources[state.row.source], state.row.digest): state.decision
        for state in review.tools()
        if state.decision is not None and not state.undecided
    }
