"""`clearance retag`, `note`, `dispose`, `undo`, `redo`, `view`: what the desk's keys record, from a script."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.errors import UsageError
from analysis.model import Disposition, FindingId, Leg, Risk, Status, ToolType
from analysis.review.service import Review
from analysis.text import visible
from tui import clock
from tui.cli.output import put_json, say
from tui.cli.showing import tool_named

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.review.service import Done

#: What each leg is called on the command line.
_LEGS = {leg.name.lower().replace("_", "-"): leg for leg in Leg}
_FILE = click.argument("file", type=click.Path(path_type=Path))


def _recording(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of everything that records."""
    as_json: Callable[..., Any] = click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
    actor: Callable[..., Any] = click.option(
        "--actor", help="Who acts. Default: $CLEARANCE_ACTOR, else your login name."
    )
    made: Callable[..., Any] = actor(as_json(command))
    return made


def _tell(review: Review, done: Done, as_json: bool) -> None:
    if as_json:
        tools = [{"id": tool, "name": review.tool(tool).row.name} for tool in done.tools]
        put_json({"done": done.sentence, "tools": tools, "events": review.events})
    else:
        say(visible(done.sentence))


@click.command(
    "retag", epilog="Example: clearance retag payments.clearance deleteOrder --risk high --reason 'no backup'"
)
@_FILE
@click.argument("tool")
@click.option("--risk", type=click.Choice([each.value for each in Risk]), help="The risk in your judgement.")
@click.option("--type", "kind", type=click.Choice([each.value for each in ToolType]), help="The type.")
@click.option("--leg", type=click.Choice(list(_LEGS)), help="A leg that it lends to a flow over several tools.")
@click.option("--absent", is_flag=True, help="With --leg: it does not lend that leg.")
@click.option("--reason", default="", help="Why. Lowering a risk, any type and any leg need one.")
@_recording
def retag_command(
    file: Path,
    tool: str,
    risk: str | None,
    kind: str | None,
    leg: str | None,
    absent: bool,
    reason: str,
    actor: str | None,
    as_json: bool,
) -> None:
    """Set the risk, the type or a leg of TOOL, by its name or identity."""
    if sum(given is not None for given in (risk, kind, leg)) != 1:
        raise UsageError("say what to set", remedy="exactly one of --risk, --type and --leg")
    if absent and leg is None:
        raise UsageError("--absent is said of a leg", remedy="add --leg")
    review = Review.open(file)
    named, who = tool_named(review, tool), clock.actor(actor)
    if risk is not None:
        done = review.retag_risk(named, Risk(risk), reason=reason, actor=who, at=clock.now())
    elif leg is not None:
        done = review.retag_leg(named, _LEGS[leg], present=not absent, reason=reason, actor=who, at=clock.now())
    else:
        done = review.retag_type(named, ToolType(kind or ""), reason=reason, actor=who, at=clock.now())
    _tell(review, done, as_json)


@click.command("note", epilog="Example: clearance note payments.clearance createRefund 'asked the owner'")
@_FILE
@click.argument("subject")
@click.argument("text")
@_recording
def note_command(file: Path, subject: str, text: str, actor: str | None, as_json: bool) -> None:
    """Write a note on SUBJECT: a tool, a finding, a question, or `review`. TEXT of - reads standard input."""
    review = Review.open(file)
    said = sys.stdin.read() if text == "-" else text
    done = review.note(_subject(review, subject), said, actor=clock.actor(actor), at=clock.now())
    _tell(review, done, as_json)


def _subject(review: Review, named: str) -> str:
    known = {"review", *(c.id for c, _, _ in review.controls()), *(f.id for f in review.standing().findings)}
    return named if named in known else tool_named(review, named)


@click.command(
    "dispose",
    epilog="Example: clearance dispose payments.clearance --rule DAT-001 --status accepted --reason 'masked'"
    " --owner 'H. Field' --until 2027-01-31",
)
@_FILE
@click.option(
    "--finding", "findings", multiple=True, help="A finding by its identity; see `clearance findings --json`."
)
@click.option("--rule", default="", help="All open findings of a rule.")
@click.option("--where", default="", help="Of these, only those on tools that a query shows.")
@click.option("--status", required=True, type=click.Choice([each.value for each in Status]))
@click.option("--reason", default="", help="Why; anything but `open` needs one.")
@click.option("--evidence", default="", help="What proves it; `fixed` needs it.")
@click.option("--owner", default="", help="Who carries an accepted risk.")
@click.option("--until", default="", help="Until when a risk is accepted (YYYY-MM-DD).")
@_recording
def dispose_command(file: Path, findings: tuple[str, ...], rule: str, where: str, as_json: bool, **said: Any) -> None:
    """Say what becomes of findings, as one action."""
    if bool(findings) == bool(rule):
        raise UsageError("say which findings", remedy="either --finding, once or more often, or --rule")
    review = Review.open(file)
    who = clock.actor(said.pop("actor"))
    shown = set(review.select(where, actor=who)) if where else None
    listed = {f.id: f for group in review.standing().by_tool.values() for f in group}
    listed |= {f.id: f for f in review.standing().findings}
    unknown = [each for each in findings if FindingId(each) not in listed]
    if unknown:
        raise UsageError(
            "there is no such finding", place=unknown[0], remedy="list them with: clearance findings FILE --json"
        )
    chosen = [FindingId(each) for each in findings] or [
        f.id for f in listed.values() if f.rule == rule and not f.members
    ]
    chosen = [each for each in chosen if shown is None or listed[each].tool in shown]
    if not chosen:
        say("no finding matches; nothing was recorded")
        return
    made = Disposition(
        Status(said["status"]), said["reason"], who, clock.now(),
        evidence=said["evidence"], owner=said["owner"], until=said["until"],
    )  # fmt: skip
    _tell(review, review.dispose(review.single(chosen), made), as_json)


@click.command("undo", epilog="Example: clearance undo payments.clearance")
@_FILE
@_recording
def undo_command(file: Path, actor: str | None, as_json: bool) -> None:
    """Take back your last action, a bulk as one step."""
    review = Review.open(file)
    _tell(review, review.undo(actor=clock.actor(actor), at=clock.now()), as_json)


@click.command("redo", epilog="Example: clearance redo payments.clearance")
@_FILE
@_recording
def redo_command(file: Path, actor: str | None, as_json: bool) -> None:
    """Do again what you have taken back last."""
    review = Review.open(file)
    _tell(review, review.redo(actor=clock.actor(actor), at=clock.now()), as_json)


@click.command("view", epilog="Example: clearance view payments.clearance 'money' 'class:billing is:undecided'")
@_FILE
@click.argument("name")
@click.argument("query")
@_recording
def view_command(file: Path, name: str, query: str, actor: str | None, as_json: bool) -> None:
    """Keep QUERY under NAME for everybody who works on the review; an empty QUERY forgets the name."""
    review = Review.open(file)
    _tell(review, review.save_view(name, query, actor=clock.actor(actor), at=clock.now()), as_json)
