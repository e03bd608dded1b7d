"""`clearance decide`: decisions on all tools that a query selects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from analysis.errors import UsageError
from analysis.model import DecisionState
from analysis.review import commands, queries
from analysis.review.queries.status import score_change
from analysis.review.record.conditions import read_conditions
from analysis.text import visible
from tui import clock
from tui.cli.common.options import FILE, recording
from tui.cli.common.output import put_json, say
from tui.cli.common.review_file import opened

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from analysis.model import ToolId
    from analysis.review.derived.flows import PathChange
    from analysis.review.session import Review

_NO_TOOL = "no tool matches; nothing was decided"


@click.command(
    "decide",
    epilog="Example: clearance decide payments.clearance --where 'method:DELETE' --block --reason 'not for agents'",
)
@FILE
@click.option("--where", required=True, help="Which tools, as a query: 'class:read-only -data:personal'.")
@click.option("--approve", "choice", flag_value="approved", help="Approve them.")
@click.option("--block", "choice", flag_value="blocked", help="Block them.")
@click.option("--clear", "choice", flag_value="clear", help="Withdraw the decisions on them.")
@click.option("--condition", "conditions", multiple=True, help="Approve with KIND=VALUE, or 'KIND=VALUE | EVIDENCE'.")
@click.option("--reason", required=True, help="Why, in a few words.")
@click.option("--dry-run", is_flag=True, help="Only list the tools this would decide.")
@recording
def decide_command(
    file: Path,
    where: str,
    choice: str | None,
    conditions: tuple[str, ...],
    reason: str,
    actor: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Decide all tools that a query selects, as one action.

    Condition kinds: approval, user, group, env, param_allow, rate, audit, expires, owner, note.
    """
    if (choice is None) == (not conditions):
        raise UsageError("no decision was named", remedy="give exactly one of --approve, --block, --clear, --condition")
    if not where.strip():
        raise UsageError("an empty query would decide every tool", remedy="to mean all: --where 'risk:high,medium,low'")
    review = opened(file, writable=not dry_run)
    tools = queries.select(review, where, actor=clock.actor(actor))
    if not tools and not as_json:
        say(_NO_TOOL)
        return
    state = DecisionState(choice) if choice and choice != "clear" else DecisionState.CONDITIONAL if conditions else None
    parsed = read_conditions(conditions)
    left_out = commands.left_out_of_bulk(review, tools, state)
    kept = [tool for tool in tools if tool not in left_out]
    commands.refuse_unseen(review, kept, state)  # a script opens no tool
    effect = review.views.flows.effect_of(kept, state, parsed)
    sentence = _NO_TOOL
    before = review.summary().figures.value
    if tools and not dry_run:
        who, at = clock.actor(actor), clock.now()
        sentence = commands.decide(review, tools, state, reason=reason, actor=who, at=at, conditions=parsed).sentence
    if as_json:
        put_json(
            {
                "tools": _listed(review, kept),
                "left_out": _listed(review, left_out),
                "decision": state,
                "done": "" if dry_run else sentence,
                "exfiltration_path": _path_change(effect),
                "events": len(review.record.events),
            }
        )
        return
    if dry_run:
        _show_preview(review, kept, left_out)
    else:
        summary = review.summary()
        say(visible(f"{sentence}; {score_change(before, review)}"))
        say(f"{summary.progress.decided}/{summary.progress.tools} tools decided · verdict: {summary.score.verdict}")
    if effect.completes:
        say("this completes an exfiltration path over approved tools; see: clearance flows FILE")
    elif effect.unsettles:
        say("whether approved tools form an exfiltration path is no longer known; see: clearance flows FILE")
    elif effect.removes:
        say("this removes the exfiltration path over approved tools")


def _path_change(effect: PathChange) -> str:
    if effect.completes:
        return "completed"
    return "no longer ruled out" if effect.unsettles else "removed" if effect.removes else "unchanged"


def _listed(review: Review, tools: Sequence[ToolId]) -> list[dict[str, str]]:
    return [{"id": tool, "name": review.tool(tool).row.name} for tool in tools]


def _show_preview(review: Review, tools: Sequence[ToolId], left_out: Sequence[ToolId]) -> None:
    """Print the tools that would be decided, as they are now, and those that a bulk approval leaves out."""
    _show_states(review, f"would decide {len(tools)} tools:", tools)
    if left_out:
        _show_states(review, f"would leave out, to be approved one by one: {len(left_out)}", left_out)


def _show_states(review: Review, title: str, tools: Sequence[ToolId]) -> None:
    say(title)
    for tool in tools:
        state = review.tool(tool)
        say(f"  {state.decision_state.simple:11}  {state.risk.value:6}  {visible(state.row.name)}")
