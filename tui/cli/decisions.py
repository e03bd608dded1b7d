"""`clearance status`, `decide`, `log`: where a review stands, and decisions from a script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from analysis.errors import UsageError
from analysis.model import DecisionState
from analysis.review import commands, queries
from analysis.review.queries.people import people
from analysis.review.queries.status import plain, score_moved, status
from analysis.review.record.conditions import read_conditions
from analysis.text import visible
from tui import clock
from tui.cli.common.output import columns, put_json, say
from tui.cli.common.review_file import FILE, opened

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from analysis.model import ToolId
    from analysis.review.session import Review

_NO_TOOL = "no tool matches; nothing was decided"
_LEDGER = 12
#: A day, or the beginning of a moment that the record states.
_DAY = re.compile(r"\d{4}(-\d\d(-\d\d(T[\d:.Z]*)?)?)?", re.ASCII)
_PREVIEW = 10


@click.command("status", epilog="Example: clearance status payments.clearance --json | jq .verdict")
@FILE
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def status_command(file: Path, as_json: bool) -> None:
    """Show score, verdict, ledger, progress, and what was not checked."""
    review = opened(file)
    if as_json:
        put_json(status(review))
    else:
        show_status(review)


def show_status(review: Review) -> None:
    """Print where a review stands."""
    data = status(review)
    score = "—" if data["score"] is None else str(data["score"])
    counts, progress = data["counts"], data["progress"]
    say(visible(data["title"]))
    say(f"{score} / 100 · {data['verdict']}" + (f" ({', '.join(data['because'])})" if data["because"] else ""))
    say(
        f"{progress['decided']}/{progress['tools']} tools decided · {progress['answered']}/{progress['controls']} answers"
        f" · profile {data['profile']} · score model {data['score_model']}, quality {data['quality']}"
    )
    say("tools: " + ", ".join(f"{n} {name}" for name, n in counts["effect"].items()) + f"; {counts['unclear']} unclear")
    say("decisions: " + ", ".join(f"{n} {name}" for name, n in counts["decision"].items()))
    if data["policy"]:
        say(f"policy: {visible(data['policy']['name'], 120)}, sha256 {data['policy']['sha256'][:12]}…")
    if data["score_without_acceptances"] != data["score"]:
        say(f"without accepted risks: {data['score_without_acceptances']} / 100")
    if data["ledger"]:
        say("\nwhat the score is made of (points, what fixing it wins):")
        rows = [
            [f"-{line['counted']:g}", f"+{line['wins']}" if line["wins"] else "", visible(line["label"])]
            for line in data["ledger"][:_LEDGER]
        ]
        for line in columns(rows, [6, 4, 0]):
            say(f"  {line}")
        if len(data["ledger"]) > _LEDGER:
            say(f"  … and {len(data['ledger']) - _LEDGER} more lines; all of them with --json")
    for gate in data["gates"]:
        if gate["open"]:
            say(f"open: {gate['why']}")
    for source in data["sources"]:
        for name, value in source["facts"]:
            say(f"source {visible(source['id'])}: {visible(name)}: {visible(value)}")
    for problem in data["problems"][:_PREVIEW]:
        place = f"line {problem['line']}" if problem["line"] else problem["pointer"]
        say(f"input {problem['level']}: {visible(problem['what'])} ({visible(place)})")
    if len(data["problems"]) > _PREVIEW:
        say(f"… and {len(data['problems']) - _PREVIEW} more problems of the input; all of them with --json")
    for skipped in data["not_checked"]:
        say(f"not checked: {skipped['check']}: {skipped['reason']}")
    for failed in data["rules_not_run"]:
        say(f"not run: {failed['rule']}: {visible(failed['reason'])}")


@click.command(
    "decide",
    epilog="Example: clearance decide payments.clearance --where 'method:DELETE' --block --reason 'not for agents'",
)
@FILE
@click.option("--where", required=True, help="Which tools, in the filter language: 'class:read-only -data:personal'.")
@click.option("--approve", "verdict", flag_value="approved", help="Approve them.")
@click.option("--block", "verdict", flag_value="blocked", help="Block them.")
@click.option("--clear", "verdict", flag_value="clear", help="Take the decision back.")
@click.option("--condition", "conditions", multiple=True, help="Approve with KIND=VALUE, or 'KIND=VALUE | EVIDENCE'.")
@click.option("--reason", required=True, help="Why, in a few words.")
@click.option("--actor", help="Who decides. Default: $CLEARANCE_ACTOR, else your login name.")
@click.option("--dry-run", is_flag=True, help="Only say which tools it would be.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def decide_command(
    file: Path,
    where: str,
    verdict: str | None,
    conditions: tuple[str, ...],
    reason: str,
    actor: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Decide all tools that a query shows, as one action.

    Condition kinds: approval, group, env, param_allow, rate, audit, expires, note.
    """
    if (verdict is None) == (not conditions):
        raise UsageError("say what to decide", remedy="exactly one of --approve, --block, --clear, or --condition")
    if not where.strip():
        raise UsageError(
            "an empty filter would decide every tool", remedy="to mean all: --where 'risk:high,medium,low'"
        )
    review = opened(file, writable=not dry_run)
    tools = queries.select(review, where, actor=clock.actor(actor))
    if not tools and not as_json:
        say(_NO_TOOL)
        return
    decision_state = (
        DecisionState(verdict) if verdict and verdict != "clear" else DecisionState.CONDITIONAL if conditions else None
    )
    made = read_conditions(conditions)
    effect = review.views.flows.effect_of(tools, decision_state, made)
    done = _NO_TOOL
    before = review.summary().figures.value
    if tools and not dry_run:
        who, at = clock.actor(actor), clock.now()
        done = commands.decide(review, tools, decision_state, reason=reason, actor=who, at=at, conditions=made).sentence
    if as_json:
        listed = [{"id": tool, "name": review.tool(tool).row.name} for tool in tools]
        told = {"closes_trifecta": effect.closes, "breaks_trifecta": effect.breaks, "events": len(review.record.events)}
        put_json({"tools": listed, "exposure": decision_state, "done": "" if dry_run else done} | told)
        return
    _show_decided(review, tools, "" if dry_run else f"{done}; {score_moved(before, review)}")
    if effect.closes:
        say("this closes a trifecta over allowed tools; see: clearance flows FILE")
    elif effect.breaks:
        say("this breaks the trifecta over allowed tools")


def _show_decided(review: Review, tools: Sequence[ToolId], done: str) -> None:
    """Print what was decided; with nothing done, what it would be."""
    if not done:
        say(f"would decide {len(tools)} tools:")
        for tool in tools:
            now = review.tool(tool)
            say(f"  {now.decision_state.simple:11}  {now.risk.value:6}  {visible(now.row.name)}")
        return
    summary = review.summary()
    say(visible(done))
    say(f"{summary.progress.decided}/{summary.progress.tools} tools decided · verdict: {summary.score.verdict}")


@click.command("log", epilog="Example: clearance log payments.clearance --json | jq -r .sentence")
@FILE
@click.option("--by", default="", help="Only what a person did, by a part of the name.")
@click.option("--kind", default="", help="Only events of a kind, such as tool.decided.")
@click.option("--since", default="", help="Only from a date on (YYYY-MM-DD).")
@click.option("--has", default="", help="Only sentences that hold a text, whatever its case.")
@click.option("--people", "who", is_flag=True, help="Only who acted, how often and when.")
@click.option("--json", "as_json", is_flag=True, help="Print all events as JSON, bodies included.")
def log_command(file: Path, by: str, kind: str, since: str, has: str, who: bool, as_json: bool) -> None:
    """Show the audit trail: who did what, when, oldest first."""
    if since and not _DAY.fullmatch(since):
        raise UsageError("this is no day", place=since, remedy="write --since YYYY-MM-DD")
    review = opened(file)
    if who:
        _show_people(review, as_json=as_json)
        return
    entries = [
        entry
        for entry in queries.log(review)
        if by.lower() in entry.actor.lower()
        and entry.kind.startswith(kind)
        and entry.at >= since
        and has.lower() in entry.sentence.lower()
    ]
    if as_json:
        fields = ("id", "replica", "seq", "at", "actor", "kind", "key", "sentence", "body")
        put_json([{field: getattr(entry, field) for field in fields} for entry in entries])
        return
    for entry in entries:
        say(f"{entry.at}  {visible(entry.actor, 20):20}  {visible(entry.sentence)}")


def _show_people(review: Review, *, as_json: bool) -> None:
    """Print who acted in a review."""
    found = people(review)
    if as_json:
        put_json([plain(each) | {"events": each.events} for each in found])
        return
    for each in found:
        done = ", ".join(f"{count} {kind}" for kind, count in each.done)
        say(f"{visible(each.name, 20):20}  {each.first[:10]} to {each.last[:10]}  {done}")
