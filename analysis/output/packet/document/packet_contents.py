"""What a later review is compared with: the contents of a packet, and what differs between two of them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from analysis.model import DecisionState, PacketContents, SignedFacts, SignedTool, SincePacket, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.model import ReviewSnapshot, ToolId, ToolState

#: The decisions of the comparison, from the most to the least that an agent may do; anything unsettled is undecided.
DECISIONS: Final = (
    DecisionState.APPROVED, DecisionState.CONDITIONAL, DecisionState.BLOCKED, DecisionState.UNDECIDED,
)  # fmt: skip


def packet_contents(review_snapshot: ReviewSnapshot) -> PacketContents:
    """Return what a later review is compared with."""
    open_findings: Counter[str] = Counter()
    for finding in review_snapshot.findings:
        if not finding.control and finding.status in {Status.OPEN, Status.FIXING}:
            open_findings[finding.rule] += finding.count
    return PacketContents(
        {reviewed.tool.id: _signed_tool(reviewed.state) for reviewed in review_snapshot.tools},
        dict(sorted(open_findings.items())),
        {control.id: answer.state.value if answer else "unanswered" for control, answer in review_snapshot.controls},
    )


def _signed_tool(state: ToolState) -> SignedTool:
    row, made = state.row, state.decision if state.decision_state.settled else None
    conditions = sorted((each.kind.value, each.value) for each in made.conditions) if made else []
    facts = SignedFacts(row.effect, row.credential, row.scopes, row.servers, row.inputs, row.data)
    return SignedTool(row.digest, state.decision_state.simple, tuple(conditions), facts)


def changes_since(review_snapshot: ReviewSnapshot) -> dict[str, Any] | None:
    """Return what differs from the signed packet that the review knows last; None where it knows none.

    `compared` says whether that packet carries what it was made from. Only what differs is listed.
    """
    last = review_snapshot.last_packet
    if last is None:
        return None
    stated = {
        "manifest": last.manifest, "issued_at": last.issued_at, "status": last.status, "verdict": last.verdict,
        "score": last.score, "signoffs": list(last.signoffs), "compared": last.contents is not None,
        "compared_with": last.contents_of,
    }  # fmt: skip
    return stated if last.contents is None else stated | _differences(review_snapshot, last.contents)


def _differences(review_snapshot: ReviewSnapshot, then: PacketContents) -> dict[str, Any]:
    now = packet_contents(review_snapshot)
    since = {r.tool.id: r.state.since_packet for r in review_snapshot.tools if r.state.since_packet}
    return {
        "new": sorted(tool for tool, each in since.items() if each.new),
        "gone": sorted(then.tools.keys() - now.tools.keys()),
        "changed": [_changed(tool, each) for tool, each in sorted(since.items()) if not each.new],
        "decisions": list(_decisions(then.tools, now.tools)),
        "conditions": sorted(_other_conditions(then.tools, now.tools)),
        "findings": _counts(then.findings, now.findings),
        "answers": _counts(then.answers, now.answers),
    }


def _changed(tool: ToolId, since: SincePacket) -> dict[str, Any]:
    return {"tool": tool, "widened": list(since.widened), "grown": list(since.grown)}


def _decisions(then: Mapping[ToolId, SignedTool], now: Mapping[ToolId, SignedTool]) -> Iterator[dict[str, Any]]:
    """Yield, for each pair of decisions then and now that occurs, the tools in both that have it."""
    found: dict[tuple[DecisionState, DecisionState], list[ToolId]] = {}
    for tool in sorted(then.keys() & now.keys()):
        found.setdefault((then[tool].decision, now[tool].decision), []).append(tool)
    for before in DECISIONS:
        for after in DECISIONS:
            tools = found.get((before, after), [])
            if tools:
                listed = tools if before is not after else []
                yield {"then": before.value, "now": after.value, "count": len(tools), "tools": listed}


def _other_conditions(then: Mapping[ToolId, SignedTool], now: Mapping[ToolId, SignedTool]) -> Iterator[ToolId]:
    """Yield the tools with the same decision under other conditions."""
    for tool in then.keys() & now.keys():
        if then[tool].decision is now[tool].decision and then[tool].conditions != now[tool].conditions:
            yield tool


def _counts(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"id": each, "then": then.get(each), "now": now.get(each)}
        for each in sorted({*then, *now})
        if then.get(each) != now.get(each)
    ]
