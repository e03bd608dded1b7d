"""`clearance traffic`: recorded calls of an agent, checked against the decisions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from analysis.errors import CheckFailed, InputRefused
from analysis.review.queries.status import plain
from analysis.review.sources.traffic import check_traffic
from analysis.text import visible
from tui.cli.common.options import AS_JSON, FILE
from tui.cli.common.output import put_json, remark, say
from tui.cli.common.review_file import opened

if TYPE_CHECKING:
    from analysis.model import ToolId
    from analysis.review.session import Review
    from analysis.review.sources.traffic import CheckedTraffic

#: Maximum number of unknown calls and of problems printed.
_MAX_SHOWN = 20


@click.command("traffic", epilog="Example: clearance traffic payments.clearance audit.jsonl")
@FILE
@click.argument("log", type=click.Path(path_type=Path))
@AS_JSON
def traffic_command(file: Path, log: Path, as_json: bool) -> None:
    """Check a LOG of recorded calls against the inventory and the decisions of a review.

    LOG is a HAR file or a JSON-lines audit log of tool calls. Exit code 1 when a call was not allowed, unknown,
    outside its definition, or not fully recorded. Argument values are never kept.
    """
    review = opened(file)
    try:
        raw = log.read_bytes()
    except (OSError, ValueError) as error:
        raise InputRefused("the log cannot be read", place=str(log), why=str(error), remedy="check the path") from None
    report = check_traffic(review, raw, str(log))
    if as_json:
        put_json(plain(report) | {"clean": report.traffic.clean})
    else:
        _show(review, report)
    if not report.traffic.clean:
        raise CheckFailed("some calls were not allowed or not fully recorded", place=str(log))


def _tally(pairs: tuple[tuple[str, int], ...], most: int = 3) -> str:
    return ", ".join(f"{visible(name, 140) or '(no user)'} {count}" for name, count in pairs[:most])


def _show(review: Review, report: CheckedTraffic) -> None:
    def name(tool: ToolId) -> str:
        return visible(review.tool(tool).row.name, 60)

    traffic = report.traffic
    say(f"{traffic.calls:,} calls of {len(traffic.tools)} tools; {len(traffic.never_called)} tools were never called")
    for called in traffic.refused:
        say(
            f"NOT ALLOWED  {name(called.tool)} ({called.decision}): {called.calls} calls by {_tally(called.users)}, first record {called.first}"
        )
    for unknown in traffic.unknown[:_MAX_SHOWN]:
        target = visible(f"{unknown.method} {unknown.host}{unknown.path}".strip() or unknown.name, 100)
        say(f"UNKNOWN      {target}: {unknown.calls} calls, {visible(unknown.why)}, first record {unknown.first}")
    if len(traffic.unknown) > _MAX_SHOWN:
        say(f"… and {len(traffic.unknown) - _MAX_SHOWN} more kinds of unknown calls; all of them with --json")
    for called in traffic.tools:
        say(
            f"{name(called.tool)}: {called.calls} calls, outcomes {_tally(called.outcomes)}; checked {called.checked} of {called.calls}"
        )
        for label, counts in (
            ("undeclared", called.undeclared),
            ("violates", called.violations),
            ("unchecked", called.unchecked),
        ):
            if counts:
                say(f"  {label}: {_tally(counts)}")
    for field, count in traffic.missing_fields:
        if count:
            say(f"audit field {field}: missing in {count:,} of {traffic.calls:,} records")
    for host, count in traffic.hosts:
        say(f"host of no declared server: {visible(host, 80)} {count}")
    if traffic.mismatched:
        say(
            f"{len(traffic.mismatched)} records name a different tool than they called, first record {traffic.mismatched[0]}"
        )
    for problem in report.problems[:_MAX_SHOWN]:
        remark(f"log: {visible(problem.what)}" + (f" (line {problem.line})" if problem.line else ""))
    for skipped in report.not_checked:
        remark(f"not checked: {visible(skipped.check)}: {visible(skipped.reason)}")
