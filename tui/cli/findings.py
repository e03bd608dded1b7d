"""`clearance findings`, `dispose`: the findings of a review and their dispositions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.errors import UsageError
from analysis.model import Disposition, FindingId, Status
from analysis.model.serialise import whole_finding
from analysis.review import commands, queries
from analysis.review.queries.findings import earlier_report, is_closed, notes_on_finding
from analysis.review.queries.rule_manual import known_rule
from analysis.review.queries.status import json_data, score_change
from analysis.review.record.dispositions import CODES, VOIDS
from analysis.text import visible
from tui import clock
from tui.cli.common.lookup import resolve_tool
from tui.cli.common.options import AS_JSON, FILE, recording
from tui.cli.common.outcome import show_outcome
from tui.cli.common.output import columns, put_json, say, say_wrapped
from tui.cli.common.review_file import opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.model import Finding
    from analysis.review.session import Review

#: Maximum number of findings a dry run prints.
_MAX_PREVIEW = 10


# findings ------------------------------------------------------------------------------------------------


@click.command("findings", epilog="Example: clearance findings payments.clearance --new-since last-packet/")
@FILE
@click.option("--where", default="", help="Only findings on tools that this query selects.")
@click.option("--status", type=click.Choice([each.value for each in Status]), help="Only findings with this status.")
@click.option("--rule", default="", help="Only findings of this rule.")
@click.option("--suppressed", is_flag=True, help="Only closed or accepted findings, with who, why and until when.")
@click.option("--mine", is_flag=True, help="Only findings you disposed of or own, or on tools you decided.")
@click.option("--new-since", "before", type=click.Path(path_type=Path), help="Only findings missing from this packet.")
@click.option("--ids", is_flag=True, help="Print the id of each, for `show`, `note` and `dispose`.")
@click.option("--actor", help="Who `--mine` is. Default: $CLEARANCE_ACTOR, else your login name.")
@AS_JSON
def findings_command(file: Path, *, ids: bool, as_json: bool, actor: str | None, **filters: Any) -> None:
    """List the findings of a review, most severe first.

    A risk whose acceptance has expired or was voided is open again, with the reason.
    """
    review = opened(file)
    who = clock.actor(actor)
    tests = _filters(review, who, **filters)
    findings = (
        queries.listed_findings(review, lambda each: all(test(each) for test in tests))
        if tests
        else review.summary().findings
    )
    if as_json:
        put_json([_entry(review, each) for each in findings])
        return
    rows = [["SEVERITY", "RULE", "STATUS", "FINDING"]]
    for each in findings:
        subject = review.tool(each.tool).row.name if each.tool else each.control or each.matched
        title = visible(f"{each.heading} · {subject}".removesuffix(" · "), 240)
        rows.append([each.severity.value, each.rule, each.status.value, title])
    head, *lines = columns(rows, [8, 16, 14, 0])
    say(head)
    for each, line in zip(findings, lines, strict=True):
        say(line)
        if ids:
            say(f"          {visible(each.id, 400)}")
        if why := queries.reopened_reason(review, each):
            say(f"          was accepted, open again: {why}")
        elif (made := queries.disposition_for(review, each)) is not None and (filters["suppressed"] or filters["mine"]):
            say(f"          {_disposition_line(made)}")
    say(f"{len(findings)} findings")


def _entry(review: Review, finding: Finding) -> dict[str, Any]:
    made = queries.disposition_for(review, finding)
    return whole_finding(finding) | {
        "reopened_reason": queries.reopened_reason(review, finding),
        "disposition": json_data(made) if made else None,
    }


def _filters(
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
    """Return the conditions a finding has to meet to be listed."""
    tests: list[Callable[[Finding], bool]] = []
    if where:
        selected = set(queries.select(review, where, actor=who))
        tests.append(lambda each: each.tool in selected)
    if status:
        tests.append(lambda each: each.status.value == status)
    if rule:
        rule_id = known_rule(rule)
        tests.append(lambda each: each.rule == rule_id)
    if suppressed:
        tests.append(is_closed)
    if mine:
        tests.append(lambda each: queries.concerns(review, each, who))
    if before is not None:
        in_earlier_report = earlier_report(before)
        tests.append(lambda each: not in_earlier_report(each))
    return tests


def show_finding(review: Review, finding: Finding, *, as_json: bool) -> None:
    """Print one finding with its disposition and notes."""
    made, notes = queries.disposition_for(review, finding), notes_on_finding(review, finding)
    if as_json:
        put_json(_entry(review, finding) | {"notes": [json_data(note) for note in notes]})
        return
    say(visible(f"{finding.severity.value} {finding.rule} {finding.title}", 400))
    subject = review.tool(finding.tool).row.name if finding.tool else finding.control
    place = f", line {finding.line}" if finding.line else ""
    for name, text in (
        ("subject", f"{subject or f'{finding.count} findings'}{place}"),
        ("evidence", finding.matched),
        ("why", finding.why),
        ("remedy", finding.remedy),
        ("status", finding.status.value),
        ("disposition", _disposition_line(made) if made else ""),
        ("open again", queries.reopened_reason(review, finding)),
        *(("note", f"{note.at} {note.actor}: {note.text}") for note in notes),
    ):
        if text:
            say_wrapped(f"{name}: {visible(text, 2_000)}", 2)


def _disposition_line(made: Disposition) -> str:
    """Return a disposition as one line: status, code, actor, owner, expiry, reason, evidence."""
    code = f" ({made.code})" if made.code else ""
    owner = f", owner {made.owner}" if made.owner else ""
    until = f" until {made.until}" if made.until else ""
    voids = f", ends early if {', '.join(VOIDS.get(each, each) for each in made.voids)}" if made.voids else ""
    evidence = f" | {made.evidence}" if made.evidence else ""
    return visible(f"{made.status.value}{code} by {made.actor}{owner}{until}{voids}: {made.reason}{evidence}", 1_000)


# dispose -------------------------------------------------------------------------------------------------


@click.command(
    "dispose",
    epilog="Example: clearance dispose payments.clearance --rule DAT-001 --status accepted --reason 'masked'"
    " --owner 'H. Field' --until 2027-01-31 --voids definition",
)
@FILE
@click.option("--finding", "findings", multiple=True, help="A finding by its id; a grouped one includes its members.")
@click.option("--rule", default="", help="All findings of a rule.")
@click.option("--tool", default="", help="All findings on a tool, by its name or id.")
@click.option("--like", default="", help="All findings with the rule, source and matched text of this one.")
@click.option("--where", default="", help="All findings on tools that this query selects.")
@click.option("--status", required=True, type=click.Choice([each.value for each in Status]))
@click.option("--reason", default="", help="Why; required for anything but `open`.")
@click.option("--code", type=click.Choice(list(CODES)), help="Why it is not a fault; required for `false-positive`.")
@click.option("--evidence", default="", help="What proves it; required for `fixed`.")
@click.option("--owner", default="", help="Who owns an accepted risk: a person of the business.")
@click.option("--until", default="", help="Date an acceptance expires, or a `fixing` is due (YYYY-MM-DD).")
@click.option("--voids", multiple=True, help=f"What ends an acceptance early: {', '.join(VOIDS)}; or in your words.")
@click.option("--dry-run", is_flag=True, help="Only list the findings this would change.")
@recording
def dispose_command(file: Path, *, as_json: bool, dry_run: bool, status: str, actor: str | None, **given: Any) -> None:
    """Set the disposition of findings, as one action with one reason.

    Several of --rule, --tool, --like and --where select the findings that match all of them. They select open
    findings, or with --status open those that were closed or accepted.
    """
    who = clock.actor(actor)
    review = opened(file, writable=not dry_run)
    chosen = _select(review, who, Status(status), given)
    if not chosen:
        say("no finding matches; nothing was recorded")
        return
    made = Disposition(
        Status(status), given["reason"], who, clock.now(), given["code"] or "", given["evidence"], given["owner"],
        given["until"], tuple(given["voids"]),
    )  # fmt: skip
    if dry_run:
        _show_preview(review, queries.findings_in_scope(review, chosen, made))
        return
    before = review.summary().figures.value
    outcome = commands.dispose(review, chosen, made)
    show_outcome(review, replace(outcome, sentence=f"{outcome.sentence}; {score_change(before, review)}"), as_json)


def _select(review: Review, who: str, status: Status, given: dict[str, Any]) -> list[FindingId]:
    """Return the single findings that the options select."""
    by_property = any(given[name] for name in ("rule", "tool", "like", "where"))
    if bool(given["findings"]) == by_property:
        raise UsageError("no findings were named", remedy="either --finding, or any of --rule, --tool, --like, --where")
    if given["findings"]:
        return queries.single_findings(review, [FindingId(each) for each in given["findings"]])
    rule = known_rule(given["rule"]) if given["rule"] else ""
    tool = resolve_tool(review, given["tool"]) if given["tool"] else None
    similar = set(queries.same_cause(review, FindingId(given["like"]))) if given["like"] else None
    selected = set(queries.select(review, given["where"], actor=who)) if given["where"] else None
    return [
        identity
        for identity, each in queries.findings_by_id(review).items()
        if is_closed(each) is (status is Status.OPEN)
        and rule in {"", each.rule}
        and (tool is None or each.tool == tool)
        and (similar is None or identity in similar)
        and (selected is None or each.tool in selected)
    ]


def _show_preview(review: Review, chosen: list[FindingId]) -> None:
    every = queries.findings_by_id(review)
    say(f"would change {len(chosen)} findings:")
    for identity in chosen[:_MAX_PREVIEW]:
        finding = every[identity]
        subject = review.tool(finding.tool).row.name if finding.tool else finding.control
        say(f"  {finding.severity.value:8}  {finding.rule}  {visible(subject)}  [{finding.status.value}]")
    if len(chosen) > _MAX_PREVIEW:
        say(f"  … and {len(chosen) - _MAX_PREVIEW} more")
