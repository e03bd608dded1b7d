"""`clearance findings`, `dispose`: what is wrong, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.errors import UsageError
from analysis.model import Disposition, FindingId, Status
from analysis.model.serialise import whole_finding
from analysis.review.findings import earlier_report, set_aside
from analysis.review.queries.rule_manual import known_rule
from analysis.review.queries.status import plain, score_moved
from analysis.review.record.dispositions import CODES, VOIDS
from analysis.text import visible
from tui import clock
from tui.cli.common.output import columns, put_json, say
from tui.cli.common.recording import recording, tell
from tui.cli.common.review_file import FILE, opened
from tui.cli.tools import disposition_line, tool_named

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.model import Finding
    from analysis.review.service import Review

_SHOWN = 10


# findings ------------------------------------------------------------------------------------------------


@click.command("findings", epilog="Example: clearance findings payments.clearance --new-since last-packet/")
@FILE
@click.option("--where", default="", help="Only those on tools that a query shows.")
@click.option("--status", type=click.Choice([each.value for each in Status]), help="Only those of a status.")
@click.option("--rule", default="", help="Only those of a rule.")
@click.option("--suppressed", is_flag=True, help="Only those that people set aside, with who, why and until when.")
@click.option("--mine", is_flag=True, help="Only those that you disposed of or carry, or on tools that you decided.")
@click.option("--new-since", "before", type=click.Path(path_type=Path), help="Only those an earlier packet has not.")
@click.option("--ids", is_flag=True, help="Print the identity of each, for `show`, `note` and `dispose`.")
@click.option("--actor", help="Who `--mine` is. Default: $CLEARANCE_ACTOR, else your login name.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def findings_command(file: Path, *, ids: bool, as_json: bool, actor: str | None, **asked: Any) -> None:
    """List the findings of a review, worst first.

    A risk whose acceptance has ended, or was voided, is open again and says so.
    """
    review = opened(file)
    who = clock.actor(actor)
    tests = _tests(review, who, **asked)
    found = review.listed(lambda each: all(test(each) for test in tests)) if tests else review.summary().findings
    if as_json:
        put_json([_entry(review, each) for each in found])
        return
    rows = [["SEVERITY", "RULE", "STATUS", "WHAT"]]
    for each in found:
        about = review.tool(each.tool).row.name if each.tool else each.control or each.matched
        what = visible(f"{each.title} · {about}".removesuffix(" · "), 240)
        rows.append([each.severity.value, each.rule, each.status.value, what])
    head, *lines = columns(rows, [8, 16, 14, 0])
    say(head)
    for each, line in zip(found, lines, strict=True):
        say(line)
        if ids:
            say(f"          {visible(each.id, 400)}")
        if why := review.reopened_reason(each):
            say(f"          was accepted, open again: {why}")
        elif (said := review.disposition_for(each)) is not None and (asked["suppressed"] or asked["mine"]):
            say(f"          {disposition_line(said)}")
    say(f"{len(found)} findings")


def _entry(review: Review, found: Finding) -> dict[str, Any]:
    said = review.disposition_for(found)
    return whole_finding(found) | {
        "came_back": review.reopened_reason(found),
        "disposition": plain(said) if said else None,
    }


def _tests(
    review: Review,
    who: str,
    *,
    where: str,
    status: str | None,
    rule: str,
    suppressed: bool,
    mine: bool,
    before: Path | None,
) -> list[Callable[[Finding], bool]]:
    """Return what a finding has to be to be listed."""
    tests: list[Callable[[Finding], bool]] = []
    if where:
        shown = set(review.select(where, actor=who))
        tests.append(lambda each: each.tool in shown)
    if status:
        tests.append(lambda each: each.status.value == status)
    if rule:
        named = known_rule(rule)
        tests.append(lambda each: each.rule == named)
    if suppressed:
        tests.append(set_aside)
    if mine:
        tests.append(lambda each: review.concerns(each, who))
    if before is not None:
        known = earlier_report(before)
        tests.append(lambda each: not known(each))
    return tests


# dispose -------------------------------------------------------------------------------------------------


@click.command(
    "dispose",
    epilog="Example: clearance dispose payments.clearance --rule DAT-001 --status accepted --reason 'masked'"
    " --owner 'H. Field' --until 2027-01-31 --voids definition",
)
@FILE
@click.option("--finding", "findings", multiple=True, help="A finding by its identity; a gathered one means all of it.")
@click.option("--rule", default="", help="All of a rule.")
@click.option("--tool", default="", help="All on a tool, by its name or identity.")
@click.option("--like", default="", help="All that share rule, source and matched text with this finding.")
@click.option("--where", default="", help="All on tools that a query shows.")
@click.option("--status", required=True, type=click.Choice([each.value for each in Status]))
@click.option("--reason", default="", help="Why; anything but `open` needs one.")
@click.option("--code", type=click.Choice(list(CODES)), help="Why it is no fault; `false-positive` needs it.")
@click.option("--evidence", default="", help="What proves it; `fixed` needs it.")
@click.option("--owner", default="", help="Who carries an accepted risk: somebody of the business.")
@click.option("--until", default="", help="Until when a risk is accepted; `fixing`: by when it is fixed (YYYY-MM-DD).")
@click.option("--voids", multiple=True, help=f"What ends an acceptance early: {', '.join(VOIDS)}; or in your words.")
@click.option("--dry-run", is_flag=True, help="Only say which findings it would be.")
@recording
def dispose_command(file: Path, *, as_json: bool, dry_run: bool, status: str, actor: str | None, **asked: Any) -> None:
    """Say what becomes of findings, as one action with one reason.

    Several of --rule, --tool, --like and --where mean those that all of them name. These take what is open, or with
    --status open what was set aside.
    """
    who = clock.actor(actor)
    review = opened(file, writable=not dry_run)
    chosen = _chosen(review, who, Status(status), asked)
    if not chosen:
        say("no finding matches; nothing was recorded")
        return
    if dry_run:
        _preview(review, chosen)
        return
    made = Disposition(
        Status(status), asked["reason"], who, clock.now(), asked["code"] or "", asked["evidence"], asked["owner"],
        asked["until"], tuple(asked["voids"]),
    )  # fmt: skip
    before = review.summary().figures.value
    done = review.dispose(chosen, made)
    tell(review, replace(done, sentence=f"{done.sentence}; {score_moved(before, review)}"), as_json)


def _chosen(review: Review, who: str, status: Status, asked: dict[str, Any]) -> list[FindingId]:
    """Return the single findings that are meant."""
    groups = [asked[name] for name in ("rule", "tool", "like", "where")]
    if bool(asked["findings"]) == any(groups):
        raise UsageError("say which findings", remedy="either --finding, or any of --rule, --tool, --like and --where")
    if asked["findings"]:
        return review.single(FindingId(each) for each in asked["findings"])
    rule = known_rule(asked["rule"]) if asked["rule"] else ""
    tool = tool_named(review, asked["tool"]) if asked["tool"] else None
    alike = set(review.alike(FindingId(asked["like"]))) if asked["like"] else None
    shown = set(review.select(asked["where"], actor=who)) if asked["where"] else None
    return [
        identity
        for identity, each in review.each_finding().items()
        if set_aside(each) is (status is Status.OPEN)
        and rule in {"", each.rule}
        and (tool is None or each.tool == tool)
        and (alike is None or identity in alike)
        and (shown is None or each.tool in shown)
    ]


def _preview(review: Review, chosen: list[FindingId]) -> None:
    every = review.each_finding()
    say(f"would dispose of {len(chosen)} findings:")
    for identity in chosen[:_SHOWN]:
        found = every[identity]
        about = review.tool(found.tool).row.name if found.tool else found.control
        say(f"  {found.severity.value:8}  {found.rule}  {visible(about)}  [{found.status.value}]")
    if len(chosen) > _SHOWN:
        say(f"  … and {len(chosen) - _SHOWN} more")
