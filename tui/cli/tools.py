"""`clearance tools`, `show`, `views`, `keys`: what the desk shows, as text and JSON."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from analysis.errors import UsageError
from analysis.model import FindingId
from analysis.model.serialise import note_facts, reviewed_tool, state_facts, whole_finding
from analysis.review.queries.governance import required_controls
from analysis.review.queries.related_tools import related_tools
from analysis.review.queries.status import plain
from analysis.review.record.approvers import decision_states
from analysis.review.record.dispositions import VOIDS
from analysis.text import visible
from analysis.words import nearest
from tui import clock
from tui.cli.common.output import columns, put_json, say, say_wrapped
from tui.cli.common.review_file import FILE, opened

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from analysis.model import Disposition, Finding, ToolId
    from analysis.review.queries.schema_tree import SchemaField
    from analysis.review.service import Review

_JSON = click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")


def tool_named(review: Review, named: str) -> ToolId:
    """Return the tool of a name or an identity. Raises `UsageError` with the nearest name."""
    states = review.tools()
    found = [s.row.id for s in states if s.row.id == named] or [s.row.id for s in states if s.row.name == named]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            f"{len(found)} tools have this name", place=named, remedy=f"name one by its identity: {found[0]}"
        )
    near = nearest(named, [s.row.name for s in states])
    remedy = f"did you mean {near}?" if near else "list the tools with: clearance tools FILE"
    raise UsageError("there is no such tool in the review", place=named, remedy=remedy)


@click.command("tools", epilog="Example: clearance tools payments.clearance --where 'risk:high is:undecided' --json")
@FILE
@click.option("--where", default="", help="Only those that a query shows.")
@click.option("--view", default="", help="Only those that a saved view shows.")
@click.option("--actor", help="Whose decisions `is:mine` means. Default: $CLEARANCE_ACTOR, else your login name.")
@_JSON
def tools_command(file: Path, where: str, view: str, actor: str | None, as_json: bool) -> None:
    """List the tools of a review with decision, risk and type."""
    review = opened(file)
    if view and view not in review.views():
        raise UsageError("there is no such view", place=view, remedy="list the views with: clearance views FILE")
    query = f"({where}) ({review.views()[view]})" if where and view else where or review.views().get(view, "")
    in_effect = decision_states(review.tools(), review.alone())
    shown = (review.tool(tool) for tool in review.select(query, actor=clock.actor(actor)))
    states = [replace(state, decision_state=in_effect[state.row.id]) for state in shown]
    if as_json:
        put_json([state_facts(state) for state in states])
        return
    rows = [["DECISION", "RISK", "TYPE", "TOOL", "CALL"]]
    for state in states:
        call = f"{state.row.method} {state.row.path}".strip() or "MCP tool"
        rows.append(
            [state.decision_state.value, state.risk.value, state.type.value, visible(state.row.name), visible(call)]
        )
    for line in columns(rows, [11, 6, 14, 40, 0]):
        say(line)
    say(f"{len(states)} of {len(review.tools())} tools")


@click.command("show", epilog="Example: clearance show payments.clearance createRefund")
@FILE
@click.argument("tool")
@click.option("--definition", is_flag=True, help="Show the lines of the source too.")
@click.option("--schema", is_flag=True, help="Show what it takes and gives back, as a tree of fields, too.")
@_JSON
def show_command(file: Path, tool: str, definition: bool, schema: bool, as_json: bool) -> None:
    """Show all evidence on TOOL: what it is, why the engine says so, what stands against it, what people said.

    TOOL may be the identity of a finding, too: why it is one, what to do, what was made of it, and the notes on it.
    """
    from tui.desk.pages.tool import page  # noqa: PLC0415 - one command needs the page

    review = opened(file)
    if (finding := _finding_named(review, tool)) is not None:
        _put_finding(review, finding, as_json=as_json)
        return
    named = tool_named(review, tool)
    seen, found = review.evidence(named), review.summary().by_tool.get(named, ())
    around = related_tools(review, seen)
    if as_json:
        questions, conditions = required_controls(seen.state.type, review)
        data = reviewed_tool(seen) | {
            "findings": [whole_finding(each) for each in found],
            "surroundings": plain(around),
        }
        data |= {"called_for": {"questions": dict(questions), "conditions": list(conditions)}}
        put_json(data | ({"schema": [plain(each) for each in _tree(review, named)]} if schema else {}))
        return
    whole = page(seen, found, review.history_of(named), around)
    for paragraph in whole:
        say(" " * paragraph.indent + "".join(text for text, _ in paragraph.parts))
    if schema:
        from tui.desk.pages.schemas import tree_rows  # noqa: PLC0415

        say("\nSchemas")
        for row in tree_rows(_tree(review, named)):
            say(row)
    if definition:
        from analysis.review.queries.excerpts import excerpt  # noqa: PLC0415 - on demand

        say("\nDefinition")
        for number, text in excerpt(review, named):
            say(f"{number:>6}  {visible(text) if not text.strip() else _kept(text)}")


def _tree(review: Review, tool: ToolId) -> Sequence[SchemaField]:
    from analysis.review.queries.schema_tree import schema_of  # noqa: PLC0415 - on demand

    return schema_of(review, tool)


def disposition_line(said: Disposition) -> str:
    """Return a disposition as one line: status, code, who, until when, why, what proves it."""
    code = f" ({said.code})" if said.code else ""
    carried = f", carried by {said.owner}" if said.owner else ""
    until = f" until {said.until}" if said.until else ""
    voids = f", void if {', '.join(VOIDS.get(each, each) for each in said.voids)}" if said.voids else ""
    proof = f" | {said.evidence}" if said.evidence else ""
    return visible(f"{said.status.value}{code} by {said.actor}{carried}{until}{voids}: {said.reason}{proof}", 1_000)


def _finding_named(review: Review, named: str) -> Finding | None:
    """Return the finding of an identity, gathered or single."""
    listed = {each.id: each for each in review.summary().findings}
    return listed.get(FindingId(named)) or review.each_finding().get(FindingId(named))


def _put_finding(review: Review, found: Finding, *, as_json: bool) -> None:
    said, notes = review.disposition_for(found), review.notes(found.id)
    if as_json:
        made = {"disposition": plain(said) if said else None, "notes": [note_facts(note) for note in notes]}
        put_json(whole_finding(found) | made | {"came_back": review.reopened_reason(found)})
        return
    say(visible(f"{found.severity.value} {found.rule} {found.title}", 400))
    about = review.tool(found.tool).row.name if found.tool else found.control or f"{len(found.members) or 1} findings"
    place = f", line {found.line}" if found.line else ""
    for name, text in (
        ("on", f"{about}{place}"),
        ("matched", found.matched),
        ("why", found.why),
        ("what to do", found.remedy),
        ("status", found.status.value),
        ("made of it", disposition_line(said) if said else ""),
        ("open again", review.reopened_reason(found)),
        *(("note", f"{note.at} {note.actor}: {note.text}") for note in notes),
    ):
        if text:
            say_wrapped(f"{name}: {visible(text, 2_000)}", 2)


def _kept(text: str) -> str:
    """Return a line of a source made visible, its indent kept."""
    bare = text.lstrip(" \t")
    return " " * (len(text) - len(bare)) + visible(bare)


@click.command("views", epilog="Example: clearance views payments.clearance")
@FILE
@_JSON
def views_command(file: Path, as_json: bool) -> None:
    """List the saved views of a review with how many tools each shows."""
    review = opened(file)
    counts = {name: len(review.select(query, actor=clock.actor())) for name, query in review.views().items()}
    if as_json:
        put_json([{"name": name, "query": query, "tools": counts[name]} for name, query in review.views().items()])
        return
    for line in columns([[visible(n), str(counts[n]), visible(q)] for n, q in review.views().items()], [24, 6, 0]):
        say(line)
    if not counts:
        say("no saved views; save one with: clearance view FILE NAME QUERY")


@click.command("keys", epilog="Example: clearance keys --json | jq -r '.[].action'")
@_JSON
def keys_command(as_json: bool) -> None:
    """Print the keys of the desk with the published names of their actions."""
    from tui.desk.shell.keymap import place, read_keymap  # noqa: PLC0415 - the table loads no terminal
    from tui.desk.shell.keys import spelled  # noqa: PLC0415

    entries = read_keymap().entries
    if as_json:
        put_json(
            [{"action": e.action, "keys": e.keys.split(","), "help": e.help, "areas": list(e.areas)} for e in entries]
        )
        return
    rows = [["KEYS", "ACTION", "WHAT IT DOES", "WHERE"]]
    rows += [[spelled(e.keys), e.action, e.help, ", ".join(e.areas) or "everywhere"] for e in entries]
    for line in columns(rows, [10, 20, 60, 0]):
        say(line)
    say(f'\nBind keys of your own in {visible(str(place()))}: under [keys], action = "key".')
