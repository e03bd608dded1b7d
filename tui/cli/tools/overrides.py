"""`clearance retag`, `misread`: a reviewer's risk, type or flow role in place of the engine's, on one tool or on all similar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from analysis.errors import UsageError
from analysis.model import Disposition, FindingId, FlowRole, Risk, Status, ToolType
from analysis.review import commands, queries
from analysis.review.commands.misreadings import corrections
from analysis.review.commands.overrides import left_out_unseen
from analysis.review.queries.decision_support.label_signals import signals_of, tools_with_signal
from analysis.review.record.dispositions import MISREAD
from analysis.text import visible
from tui import clock
from tui.cli.common.lookup import resolve_tool
from tui.cli.common.options import FILE, recording
from tui.cli.common.outcome import show_outcome
from tui.cli.common.output import put_json, say
from tui.cli.common.review_file import opened

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from analysis.model import ToolId
    from analysis.review.queries.decision_support.label_signals import LabelSignal
    from analysis.review.session import Review

#: Maximum number of tools or findings that a dry run names.
_MAX_PREVIEW = 10

#: Flow roles by their name on the command line.
_FLOW_ROLES = {flow_role.name.lower().replace("_", "-"): flow_role for flow_role in FlowRole}


@click.command(
    "retag", epilog="Example: clearance retag payments.clearance deleteOrder --risk high --reason 'no backup'"
)
@FILE
@click.argument("tool", required=False)
@click.option("--where", default="", help="Instead of TOOL: all tools that this query selects, as one action.")
@click.option("--risk", type=click.Choice([each.value for each in Risk]), help="Your assessment of the risk.")
@click.option("--type", "tool_type", type=click.Choice([each.value for each in ToolType]), help="The tool type.")
@click.option(
    "--flow-role", type=click.Choice(list(_FLOW_ROLES)), help="A role the tool has in flows over several tools."
)
@click.option("--absent", is_flag=True, help="With --flow-role: the tool does not have that role.")
@click.option("--reason", default="", help="Why. Required for a lower risk, a type or a flow role.")
@recording
def retag_command(
    file: Path, *, tool: str | None, where: str, reason: str, actor: str | None, as_json: bool, **label: Any
) -> None:
    """Override the risk, the type or a flow role of TOOL, by its name or id, or of all tools that a query selects.

    Of several, those of high risk keep a label that would become milder: re-tag them one by one.
    """
    risk, tool_type, flow_role, absent = (label[name] for name in ("risk", "tool_type", "flow_role", "absent"))
    if sum(given is not None for given in (risk, tool_type, flow_role)) != 1:
        raise UsageError("nothing to override was named", remedy="give exactly one of --risk, --type and --flow-role")
    if absent and flow_role is None:
        raise UsageError("--absent applies to a flow role", remedy="add --flow-role")
    if bool(tool) == bool(where.strip()):
        raise UsageError("no tool was named", remedy="give either TOOL or --where")
    review = opened(file, writable=True)
    how: dict[str, Any] = {"reason": reason, "actor": clock.actor(actor), "at": clock.now()}
    chosen = Risk(risk) if risk else _FLOW_ROLES[flow_role] if flow_role else ToolType(tool_type or "")
    if tool is None:
        tools = queries.select(review, where, actor=how["actor"])
        if not tools:
            raise UsageError("no tool matches", place=visible(where, 200))
        outcome = commands.override_tools(review, tools, chosen, present=not absent, **how)
    elif isinstance(chosen, Risk):
        outcome = commands.override_risk(review, resolve_tool(review, tool), chosen, **how)
    elif isinstance(chosen, ToolType):
        outcome = commands.override_type(review, resolve_tool(review, tool), chosen, **how)
    else:
        outcome = commands.override_flow_role(review, resolve_tool(review, tool), chosen, present=not absent, **how)
    show_outcome(review, outcome, as_json)


@click.command(
    "misread",
    epilog="Example: clearance misread payments.clearance --tool holdFunds --signal 'hold: moves money' --type side-effect"
    " --reason 'places a reservation, moves nothing'",
)
@FILE
@click.option("--finding", default="", help="The rule of this finding misread the definition; by its id.")
@click.option("--tool", default="", help="A tool whose label rests on the signal, by its name or id.")
@click.option(
    "--signal", default="", help="The signal: words of it that no other signal of the tool has. Without: list them."
)
@click.option("--type", "tool_type", type=click.Choice([each.value for each in ToolType]), help="The right type.")
@click.option("--risk", type=click.Choice([each.value for each in Risk]), help="The right risk.")
@click.option("--absent", is_flag=True, help="The tools do not have the flow role that the signal shows.")
@click.option("--reason", default="", help="Why it is wrong here. Required.")
@click.option("--dry-run", is_flag=True, help="Only list what this would change.")
@recording
def misread_command(
    file: Path, *, finding: str, tool: str, signal: str, reason: str, dry_run: bool, actor: str | None, as_json: bool,
    **right: Any,
) -> None:  # fmt: skip
    """Say that a rule or a signal is wrong here: it is corrected on all that is similar, as one action with one reason.

    A finding becomes a false positive with the code `misread`, as do all findings of its rule with the same evidence. A
    signal gets another type, another risk or no flow role on all tools that carry it and have the same label; tools of
    high risk other than TOOL keep theirs where it would become milder. `rules --stats` counts both.
    """
    if bool(finding) == bool(tool):
        raise UsageError("nothing was named", remedy="give --finding, or --tool with --signal")
    review = opened(file, writable=bool(finding or signal) and not dry_run)
    who, at = clock.actor(actor), clock.now()
    if finding:
        made = Disposition(Status.FALSE_POSITIVE, reason, who, at, MISREAD)
        if dry_run:
            similar = queries.findings_in_scope(review, [FindingId(finding)], made)
            _preview(f"would close {len(similar)} findings", [str(each) for each in similar])
        else:
            show_outcome(review, commands.dispose(review, [FindingId(finding)], made), as_json)
        return
    identity = resolve_tool(review, tool)
    if not signal:
        _list_signals(review, identity, as_json)
        return
    wrong = _signal_named(review, identity, signal)
    label = _label(**right)
    if dry_run:
        similar_tools = tools_with_signal(review, identity, wrong)
        unseen = left_out_unseen(review, similar_tools, lambda row: corrections(row, wrong, label), {identity})
        _preview_tools(review, "would correct", [each for each in similar_tools if each not in unseen])
        _preview_tools(review, "would leave out, of high risk:", unseen)
        return
    outcome = commands.correct_signal(review, identity, wrong, label, reason=reason, actor=who, at=at)
    show_outcome(review, outcome, as_json)


def _label(tool_type: str | None, risk: str | None, *, absent: bool) -> ToolType | Risk | None:
    """Return the right label; None for a flow role that is absent."""
    if sum((tool_type is not None, risk is not None, absent)) != 1:
        raise UsageError("the right label is missing", remedy="give exactly one of --type, --risk and --absent")
    return ToolType(tool_type) if tool_type else Risk(risk) if risk else None


def _signal_named(review: Review, tool: ToolId, words: str) -> LabelSignal:
    """Return the signal of a tool that contains some words. Raises `UsageError` where none or several do."""
    signals = signals_of(review, tool)
    found = [each for each in signals if words.casefold() in each.words.casefold()]
    exact = [each for each in found if each.words == words]
    if len(exact or found) != 1:
        listed = "; ".join(visible(each.words, 120) for each in found or signals)
        what = "several signals have these words" if found else "no signal of the tool has these words"
        raise UsageError(what, place=visible(words, 120), why=listed, remedy="write more of one of them")
    return (exact or found)[0]


def _list_signals(review: Review, tool: ToolId, as_json: bool) -> None:
    rows: list[dict[str, Any]] = [
        {
            **each.recorded(),
            "flow_role": each.flow_role,
            "words": each.words,
            "tools": len(tools_with_signal(review, tool, each)),
        }
        for each in signals_of(review, tool)
    ]
    if as_json:
        put_json(rows)
        return
    for row in rows:
        say(f"{row['tools']:>6}  {visible(row['words'], 240)}")
    say(f"{len(rows)} signals of {visible(review.tool(tool).row.name, 120)}, each with the number of similar tools")


def _preview_tools(review: Review, title: str, tools: Sequence[ToolId]) -> None:
    if tools:
        names = [f"{review.tool(each).risk.value:6}  {visible(review.tool(each).row.name, 120)}" for each in tools]
        _preview(f"{title} {len(tools)} tool{'s' if len(tools) > 1 else ''}", names)


def _preview(title: str, names: list[str]) -> None:
    say(f"{title}:")
    for name in names[:_MAX_PREVIEW]:
        say(f"  {visible(name, 400)}")
    if len(names) > _MAX_PREVIEW:
        say(f"  and {len(names) - _MAX_PREVIEW} more")
