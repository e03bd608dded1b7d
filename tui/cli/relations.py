"""`clearance flows`, `duplicate_groups`, `changes`, `gates`: what tools do together, what is alike, what differs, what is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from analysis.errors import AnswerIsNo, UsageError
from analysis.review import commands
from analysis.review.derived.flows import TRIFECTA
from analysis.review.queries.changes import changes_of
from analysis.review.queries.status import plain
from analysis.text import visible
from tui import clock
from tui.cli.common.output import columns, put_json, say
from tui.cli.common.recording import tell
from tui.cli.common.review_file import FILE, opened
from tui.cli.tools import tool_named

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from analysis.model import ToolId
    from analysis.review.derived.duplicates import DuplicateGroup
    from analysis.review.derived.flows import Flow, ReviewFlows
    from analysis.review.session import Review

_JSON = click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
_NAMED = 10


def _names(review: Review, tools: Iterable[ToolId], most: int = _NAMED) -> str:
    named = [visible(review.tool(tool).row.name) for tool in tools]
    return ", ".join(named[:most]) + (f" and {len(named) - most:,} more" if len(named) > most else "")


@click.command("flows", epilog="Example: clearance flows payments.clearance --json | jq .exposed.closed")
@FILE
@_JSON
def flows_command(file: Path, as_json: bool) -> None:
    """Show the flow over several tools: private data, untrusted content and a way out, and what would break it."""
    review = opened(file)
    found = review.views.flows.all()
    if as_json:
        put_json({"exposed": _flow(found.exposed), "allowed": _flow(found.allowed), "lending": _lending(found)})
        return
    for title, now in (("tools not blocked", found.exposed), ("allowed tools", found.allowed)):
        say(f"trifecta over {title}: {'CLOSED' if now.closed else 'broken'}")
        for cut in now.cuts:
            say(f"  breaks when {cut.flow_role.value} goes: block {len(cut.tools):,}: {_names(review, cut.tools)}")
    for flow_role, tools in found.lending:
        say(f"{flow_role.value} ({len(tools):,}): {_names(review, tools) or 'none'}")


def _flow(found: Flow) -> dict[str, object]:
    return {
        "closed": found.closed,
        "legs": {flow_role.value: list(found.flow_roles[flow_role]) for flow_role in TRIFECTA},
        "cuts": [plain(cut) for cut in found.cuts],
    }


def _lending(found: ReviewFlows) -> dict[str, list[ToolId]]:
    return {flow_role.value: list(tools) for flow_role, tools in found.lending}


@click.command(
    "families",
    epilog="Example: clearance duplicates payments.clearance --keep getOrder --reason 'the others are older'",
)
@FILE
@click.option("--keep", "kept", default="", help="Keep this tool, and block the rest of its family as one action.")
@click.option("--reason", default="", help="Why; --keep needs one.")
@click.option("--actor", help="Who acts. Default: $CLEARANCE_ACTOR, else your login name.")
@_JSON
def duplicates_command(file: Path, kept: str, reason: str, actor: str | None, as_json: bool) -> None:
    """List tools among which an agent cannot choose, with what differs; or keep one of them."""
    if reason and not kept:
        raise UsageError("a reason for nothing", remedy="name the tool to keep: --keep TOOL")
    review = opened(file, writable=bool(kept))
    if kept:
        tool = tool_named(review, kept)
        family = next(
            (each for each in review.views.duplicates.groups if tool in {row.id for row in each.members}), None
        )
        if family is None:
            raise AnswerIsNo("this tool belongs to no family", place=kept, remedy="list them without --keep")
        done = commands.keep_one(review, family, tool, reason=reason, actor=clock.actor(actor), at=clock.now())
        tell(review, done, as_json)
        return
    found = review.views.duplicates.groups
    if as_json:
        put_json([_family(review, each) for each in found])
        return
    for family in found:
        _show_family(review, family)
    say(f"{len(found)} families")


def _family(review: Review, family: DuplicateGroup) -> dict[str, object]:
    return {
        "likeness": family.likeness,
        "members": [row.id for row in family.members],
        "keep": family.keep.id,
        "why": family.why,
        "differences": [plain(each) for each in review.views.duplicates.differences(family)],
    }


def _show_family(review: Review, family: DuplicateGroup) -> None:
    say(f"{family.likeness}: {_names(review, (row.id for row in family.members))}")
    say(f"  better kept: {visible(family.keep.name)}, for {family.why}")
    for each in review.views.duplicates.differences(family):
        say(f"  {visible(each.what)}: {' | '.join(visible(value, 80) for value in each.values)}")


@click.command("changes", epilog="Example: clearance changes payments.clearance --json")
@FILE
@_JSON
def changes_command(file: Path, as_json: bool) -> None:
    """Show what re-imports have changed: tools changed, new and gone, field by field."""
    found = changes_of(opened(file))
    if as_json:
        put_json([plain(each) for each in found])
        return
    for each in found:
        say(f"{each.kind:8}{visible(each.name)}  ({visible(each.source)}, {each.at})")
        for name, before, after in each.fields:
            say(f"  {name}: {visible(before, 200)} -> {visible(after, 200)}")
    say(f"{len(found)} tools differ")


@click.command(
    "gates", epilog="Example: clearance gates payments.clearance && clearance export payments.clearance packet/"
)
@FILE
@_JSON
def gates_command(file: Path, as_json: bool) -> None:
    """Show the gates before sign-off, and where each is closed. Exit code 1 while one is open."""
    found = opened(file).summary().gates
    if as_json:
        put_json([plain(each) for each in found])
    else:
        rows = [["OPEN" if g.open else "met", g.title, visible(g.why), _where(g.query, g.control)] for g in found]
        for line in columns(rows, [6, 36, 40, 0]):
            say(line)
    if any(gate.open for gate in found):
        raise AnswerIsNo("the review is not complete", place=str(file), remedy="close the open gates")


def _where(query: str, control: str) -> str:
    return f"--where '{query}'" if query else f"answer {control}" if control else ""
