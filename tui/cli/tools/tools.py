"""`clearance tools`, `show`: the tools of a review, and all evidence on one of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from analysis.errors import UsageError
from analysis.model import CapabilityKind, kinds_in_words
from analysis.model.serialise import reviewed_tool_facts, state_facts, tool_fields, whole_finding
from analysis.review import queries
from analysis.review.packets.generator_names import Unread, known_names, problem_finder
from analysis.review.queries.governance import required_controls
from analysis.review.queries.related_tools import related_tools
from analysis.review.queries.status import json_data
from analysis.review.record.people.approvers import decision_states
from analysis.text import visible
from tui import clock
from tui.cli.common.lookup import resolve_finding, resolve_tool
from tui.cli.common.options import AS_JSON, FILE
from tui.cli.common.output import columns, put_json, say
from tui.cli.common.review_file import opened
from tui.cli.findings import show_finding

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from analysis.model import ToolId
    from analysis.review.packets.generator_names import DerivedName
    from analysis.review.queries.schema_tree import SchemaField
    from analysis.review.session import Review


@click.command("tools", epilog="Example: clearance tools payments.clearance --where 'risk:high is:undecided' --json")
@FILE
@click.option("--where", default="", help="Only tools that this query selects.")
@click.option("--view", default="", help="Only tools of this saved view.")
@click.option("--actor", help="Whose decisions `is:mine` selects. Default: $CLEARANCE_ACTOR, else your login name.")
@AS_JSON
def tools_command(file: Path, where: str, view: str, actor: str | None, as_json: bool) -> None:
    """List the tools of a review with decision, risk and type."""
    review = opened(file)
    if view and view not in queries.saved_views(review):
        raise UsageError("there is no such view", place=view, remedy="list the views with: clearance views FILE")
    query = (
        f"({where}) ({queries.saved_views(review)[view]})"
        if where and view
        else where or queries.saved_views(review).get(view, "")
    )
    in_effect = decision_states(review.tools(), queries.lacking_second_approver(review))
    selected = (review.tool(tool) for tool in queries.select(review, query, actor=clock.actor(actor)))
    states = [replace(state, decision_state=in_effect[state.row.id]) for state in selected]
    if as_json:
        put_json([state_facts(state) for state in states])
        return
    rows = [["DECISION", "RISK", "TYPE", "TOOL", "CALL"]]
    for state in states:
        call = state.row.call
        rows.append(
            [state.decision_state.value, state.risk.value, state.type.value, visible(state.row.name), visible(call)]
        )
    for line in columns(rows, [11, 6, 14, 40, 0]):
        say(line)
    kinds = Counter(state.row.kind for state in states)
    shown = f" ({kinds_in_words(kinds)})" if len(states) > kinds[CapabilityKind.TOOL] else ""
    say(
        f"{len(states)} of {len(review.tools())} tools"
        if not shown
        else f"{len(states)} of {len(review.tools())}{shown}"
    )


@click.command("show", epilog="Example: clearance show payments.clearance createRefund")
@FILE
@click.argument("tool")
@click.option("--definition", is_flag=True, help="Add the lines of the source that define it.")
@click.option("--schema", is_flag=True, help="Add its inputs and outputs as a tree of fields.")
@AS_JSON
def show_command(file: Path, tool: str, definition: bool, schema: bool, as_json: bool) -> None:
    """Show all evidence on TOOL: definition, assessment and its reasons, findings, decisions and notes.

    TOOL may also be the id of a finding: why it was raised, how to fix it, its disposition and notes.
    """
    from tui.desk.pages.tool import page  # noqa: PLC0415 - one command needs the page

    review = opened(file)
    if (finding := resolve_finding(review, tool)) is not None:
        show_finding(review, finding, as_json=as_json)
        return
    identity = resolve_tool(review, tool)
    reviewed, findings = queries.reviewed_tool(review, identity), review.summary().by_tool.get(identity, ())
    related = related_tools(review, reviewed)
    if as_json:
        questions, conditions = required_controls(reviewed.state.type, review)
        data = (
            reviewed_tool_facts(reviewed)
            | tool_fields(reviewed.tool)
            | {"findings": [whole_finding(each) for each in findings]}
        )
        data |= {
            "related": json_data(related),
            "required_controls": {"questions": dict(questions), "conditions": list(conditions)},
        }
        put_json(data | ({"schema": [json_data(each) for each in _fields(review, identity)]} if schema else {}))
        return
    names: Sequence[DerivedName] | Unread = known_names(review, identity)
    if names is Unread.NOT_YET:
        names = problem_finder(review, identity)()
    for paragraph in page(reviewed, findings, queries.history_of(review, identity), related, names):
        say(" " * paragraph.indent + "".join(text for text, _ in paragraph.parts))
    if schema:
        from tui.desk.pages.schemas import tree_rows  # noqa: PLC0415

        say("\nSchemas")
        for row in tree_rows(_fields(review, identity)):
            say(row)
    if definition:
        from analysis.review.queries.excerpts import excerpt  # noqa: PLC0415 - on demand

        say("\nDefinition")
        for number, text in excerpt(review, identity):
            say(f"{number:>6}  {_visible_indented(text)}")


def _fields(review: Review, tool: ToolId) -> Sequence[SchemaField]:
    from analysis.review.queries.schema_tree import tool_schema  # noqa: PLC0415 - on demand

    return tool_schema(review, tool)


def _visible_indented(text: str) -> str:
    """Return a line of a source made visible, with its indent."""
    bare = text.lstrip(" \t")
    return " " * (len(text) - len(bare)) + visible(bare) if bare.strip() else visible(text)
