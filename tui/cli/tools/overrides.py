"""`clearance retag`: a reviewer's risk, type or flow role in place of the engine's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from analysis.errors import UsageError
from analysis.model import FlowRole, Risk, ToolType
from analysis.review import commands
from tui import clock
from tui.cli.common.lookup import resolve_tool
from tui.cli.common.options import FILE, recording
from tui.cli.common.outcome import show_outcome
from tui.cli.common.review_file import opened

if TYPE_CHECKING:
    from pathlib import Path

#: Flow roles by their name on the command line.
_FLOW_ROLES = {flow_role.name.lower().replace("_", "-"): flow_role for flow_role in FlowRole}


@click.command(
    "retag", epilog="Example: clearance retag payments.clearance deleteOrder --risk high --reason 'no backup'"
)
@FILE
@click.argument("tool")
@click.option("--risk", type=click.Choice([each.value for each in Risk]), help="Your assessment of the risk.")
@click.option("--type", "tool_type", type=click.Choice([each.value for each in ToolType]), help="The tool type.")
@click.option(
    "--flow-role", type=click.Choice(list(_FLOW_ROLES)), help="A role the tool has in flows over several tools."
)
@click.option("--absent", is_flag=True, help="With --flow-role: the tool does not have that role.")
@click.option("--reason", default="", help="Why. Required for a lower risk, a type or a flow role.")
@recording
def retag_command(
    file: Path,
    tool: str,
    risk: str | None,
    tool_type: str | None,
    flow_role: str | None,
    absent: bool,
    reason: str,
    actor: str | None,
    as_json: bool,
) -> None:
    """Override the risk, the type or a flow role of TOOL, by its name or id."""
    if sum(given is not None for given in (risk, tool_type, flow_role)) != 1:
        raise UsageError("nothing to override was named", remedy="give exactly one of --risk, --type and --flow-role")
    if absent and flow_role is None:
        raise UsageError("--absent applies to a flow role", remedy="add --flow-role")
    review = opened(file, writable=True)
    identity, who = resolve_tool(review, tool), clock.actor(actor)
    if risk is not None:
        outcome = commands.override_risk(review, identity, Risk(risk), reason=reason, actor=who, at=clock.now())
    elif flow_role is not None:
        outcome = commands.override_flow_role(
            review, identity, _FLOW_ROLES[flow_role], present=not absent, reason=reason, actor=who, at=clock.now()
        )
    else:
        outcome = commands.override_type(
            review, identity, ToolType(tool_type or ""), reason=reason, actor=who, at=clock.now()
        )
    show_outcome(review, outcome, as_json)
