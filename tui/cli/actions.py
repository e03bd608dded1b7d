"""`clearance retag`, `note`, `undo`, `redo`, `view`: what the desk's keys record, from a script."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from analysis.errors import UsageError
from analysis.model import FlowRole, Risk, ToolType
from analysis.review import commands, queries
from tui import clock
from tui.cli.common.recording import recording, tell
from tui.cli.common.review_file import FILE, opened
from tui.cli.tools import tool_named

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.review.session import Review

#: What each leg is called on the command line.
_FLOW_ROLES = {flow_role.name.lower().replace("_", "-"): flow_role for flow_role in FlowRole}


@click.command(
    "retag", epilog="Example: clearance retag payments.clearance deleteOrder --risk high --reason 'no backup'"
)
@FILE
@click.argument("tool")
@click.option("--risk", type=click.Choice([each.value for each in Risk]), help="The risk in your judgement.")
@click.option("--type", "kind", type=click.Choice([each.value for each in ToolType]), help="The type.")
@click.option(
    "--flow-role", type=click.Choice(list(_FLOW_ROLES)), help="A leg that it lends to a flow over several tools."
)
@click.option("--absent", is_flag=True, help="With --leg: it does not lend that leg.")
@click.option("--reason", default="", help="Why. Lowering a risk, any type and any leg need one.")
@recording
def retag_command(
    file: Path,
    tool: str,
    risk: str | None,
    kind: str | None,
    flow_role: str | None,
    absent: bool,
    reason: str,
    actor: str | None,
    as_json: bool,
) -> None:
    """Set the risk, the type or a leg of TOOL, by its name or identity."""
    if sum(given is not None for given in (risk, kind, flow_role)) != 1:
        raise UsageError("say what to set", remedy="exactly one of --risk, --type and --leg")
    if absent and flow_role is None:
        raise UsageError("--absent is said of a leg", remedy="add --leg")
    review = opened(file, writable=True)
    named, who = tool_named(review, tool), clock.actor(actor)
    if risk is not None:
        done = commands.override_risk(review, named, Risk(risk), reason=reason, actor=who, at=clock.now())
    elif flow_role is not None:
        done = commands.override_flow_role(
            review, named, _FLOW_ROLES[flow_role], present=not absent, reason=reason, actor=who, at=clock.now()
        )
    else:
        done = commands.override_type(review, named, ToolType(kind or ""), reason=reason, actor=who, at=clock.now())
    tell(review, done, as_json)


@click.command("note", epilog="Example: clearance note payments.clearance createRefund 'asked the owner'")
@FILE
@click.argument("subject")
@click.argument("text")
@recording
def note_command(file: Path, subject: str, text: str, actor: str | None, as_json: bool) -> None:
    """Write a note on SUBJECT: a tool, a finding, a question, or `review`. TEXT of - reads standard input."""
    review = opened(file, writable=True)
    said = sys.stdin.read() if text == "-" else text
    done = commands.note(review, _subject(review, subject), said, actor=clock.actor(actor), at=clock.now())
    tell(review, done, as_json)


def _subject(review: Review, named: str) -> str:
    known = {
        "review",
        *(c.id for c, _, _ in queries.asked_controls(review)),
        *queries.findings_by_id(review),
        *(f.id for f in review.summary().findings),
    }
    return named if named in known else tool_named(review, named)


@click.command("undo", epilog="Example: clearance undo payments.clearance")
@FILE
@recording
def undo_command(file: Path, actor: str | None, as_json: bool) -> None:
    """Take back your last action, a bulk as one step."""
    review = opened(file, writable=True)
    tell(review, commands.undo(review, actor=clock.actor(actor), at=clock.now()), as_json)


@click.command("redo", epilog="Example: clearance redo payments.clearance")
@FILE
@recording
def redo_command(file: Path, actor: str | None, as_json: bool) -> None:
    """Do again what you have taken back last."""
    review = opened(file, writable=True)
    tell(review, commands.redo(review, actor=clock.actor(actor), at=clock.now()), as_json)


@click.command("view", epilog="Example: clearance view payments.clearance 'money' 'class:billing is:undecided'")
@FILE
@click.argument("name")
@click.argument("query")
@recording
def view_command(file: Path, name: str, query: str, actor: str | None, as_json: bool) -> None:
    """Keep QUERY under NAME for everybody who works on the review; an empty QUERY forgets the name."""
    review = opened(file, writable=True)
    tell(review, commands.save_view(review, name, query, actor=clock.actor(actor), at=clock.now()), as_json)
