"""`clearance flows`: the exfiltration path over several tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from analysis.review.derived.flows import TRIFECTA
from analysis.review.queries.status import plain
from tui.cli.common.lookup import tool_names
from tui.cli.common.options import AS_JSON, FILE
from tui.cli.common.output import put_json, say
from tui.cli.common.review_file import opened

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.review.derived.flows import ExfiltrationPath


@click.command("flows", epilog="Example: clearance flows payments.clearance --json | jq .approved.exfiltration_path")
@FILE
@AS_JSON
def flows_command(file: Path, as_json: bool) -> None:
    """Show whether tools together form an exfiltration path, and which to block to remove it.

    The path (lethal trifecta) is present when one set of tools reads private data, reads untrusted content and can
    send data out.
    """
    review = opened(file)
    flows = review.views.flows.all()
    if as_json:
        roles = {flow_role.value: list(tools) for flow_role, tools in flows.by_role}
        exposed, approved = _flow(flows.exposed), _flow(flows.allowed)
        put_json({"approved_and_undecided": exposed, "approved": approved, "flow_roles": roles})
        return
    for title, flow in (("approved and undecided tools", flows.exposed), ("approved tools", flows.allowed)):
        say(f"exfiltration path over {title}: {_presence(flow)}")
        for cut in flow.blocking_sets:
            say(f"  no {cut.flow_role.value} after blocking {len(cut.tools):,}: {tool_names(review, cut.tools)}")
    for flow_role, tools in flows.by_role:
        say(f"{flow_role.value} ({len(tools):,}): {tool_names(review, tools) or 'none'}")


def _presence(flow: ExfiltrationPath) -> str:
    return "present" if flow.present else "absent"


def _flow(flow: ExfiltrationPath) -> dict[str, object]:
    return {
        "exfiltration_path": _presence(flow),
        "flow_roles": {flow_role.value: list(flow.flow_roles[flow_role]) for flow_role in TRIFECTA},
        "cuts": [plain(cut) for cut in flow.blocking_sets],
    }
