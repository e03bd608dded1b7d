"""`clearance flows`: the exfiltration path over several tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from analysis.model import TRIFECTA, PathState
from analysis.model.serialise import path_facts
from analysis.review.queries.status import json_data
from analysis.text import visible
from tui.cli.common.lookup import tool_names
from tui.cli.common.options import AS_JSON, FILE
from tui.cli.common.output import put_json, say
from tui.cli.common.review_file import opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from analysis.model import BlockingSet, ExfiltrationPath, ToolId
    from analysis.review.session import Review

#: Maximum number of unsettled tools printed with their reasons.
_MAX_UNSETTLED = 10


@click.command("flows", epilog="Example: clearance flows payments.clearance --json | jq .approved.exfiltration_path")
@FILE
@AS_JSON
def flows_command(file: Path, as_json: bool) -> None:
    """Show whether tools together form an exfiltration path, and which to block to remove it.

    The path (lethal trifecta) is present when one set of tools reads private data, reads untrusted content and can
    send data out; a tool that executes code can do all three. It is absent only when every tool is settled for a role
    that none plays; where a definition leaves that open, it is not known. It is broken by condition when every sink
    needs the approval of a person for each call.
    """
    review = opened(file)
    flows = review.views.flows.all()
    sets = (
        ("approved and undecided tools", flows.exposed, flows.cuts),
        ("approved tools", flows.allowed, flows.allowed_cuts),
    )
    if as_json:
        roles = {flow_role.value: list(tools) for flow_role, tools in flows.by_role}
        exposed, approved = (
            path_facts(path) | {"open_roles": _open_roles(review, path), "cuts": list(map(json_data, cuts))}
            for _, path, cuts in sets
        )
        approved["tools"] = flows.approved
        put_json({"approved_and_undecided": exposed, "approved": approved, "flow_roles": roles})
        return
    for title, path, cuts in sets:
        nothing = path is flows.allowed and not flows.approved
        say(f"exfiltration path over {title}: {'nothing is approved yet' if nothing else path.state.value}")
        for text in _explained(review, path, cuts):
            say(f"  {text}")
    for flow_role, tools in flows.by_role:
        say(f"{flow_role.value} ({len(tools):,}): {tool_names(review, tools) or 'none'}")


def _explained(review: Review, path: ExfiltrationPath, cuts: Sequence[BlockingSet]) -> Iterator[str]:
    """Yield what the state of a path rests on, and what removes the path."""
    if path.state is PathState.PRESENT:
        private, content, sink = (visible(review.tool(path.flow_roles[role][0]).row.name) for role in TRIFECTA)
        yield f"for example: text of outsiders from {content} could make the agent send what {private} returns through {sink}"
    if path.state is PathState.NOT_KNOWN:
        unsettled = path.unsettled
        yield from (_unsettled(review, tool) for tool in unsettled[:_MAX_UNSETTLED])
        if len(unsettled) > _MAX_UNSETTLED:
            yield f"not settled: {len(unsettled) - _MAX_UNSETTLED:,} more tools; clearance flows --json lists them"
    if path.state in {PathState.NOT_KNOWN, PathState.PRESENT}:
        yield from (f"{visible(source)} was read with errors: tools may be missing" for source in path.unread)
    if path.state is PathState.CONDITIONAL:
        yield f"a person approves each call of {len(path.held):,}: {tool_names(review, path.held)}"
    after = ", and not known until the sources are read without errors" if path.unread else ""
    for cut in cuts:
        yield f"no {cut.flow_role.value} after blocking {len(cut.tools):,}: {tool_names(review, cut.tools)}{after}"


def _open_roles(review: Review, path: ExfiltrationPath) -> list[dict[str, str]]:
    """Return each role that an unsettled tool leaves open, with its reason."""
    return [
        {"tool": tool, "role": role.flow_role.value, "why": role.why}
        for tool in path.unsettled
        for role in review.tool(tool).open_flow_roles
    ]


def _unsettled(review: Review, tool: ToolId) -> str:
    state = review.tool(tool)
    roles = "; ".join(f"{role.flow_role.value}: {visible(role.why)}" for role in state.open_flow_roles)
    return f"not settled: {visible(state.row.name)} ({roles})"
