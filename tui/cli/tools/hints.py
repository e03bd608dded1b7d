"""`clearance hints`: corrected hints, for the owners of the servers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from analysis.review.queries.status import json_data
from analysis.review.sources.hint_report import hint_report
from analysis.text import visible
from tui.cli.common.options import AS_JSON, FILE
from tui.cli.common.output import put_json, remark, say
from tui.cli.common.review_file import opened

if TYPE_CHECKING:
    from pathlib import Path


@click.command("hints", epilog="Example: clearance hints payments.clearance > corrections.yaml")
@FILE
@AS_JSON
def hints_command(file: Path, as_json: bool) -> None:
    """Print corrected hints of MCP tools as the reviewers see them, to hand to the owners of the servers.

    Taken from effect, type, reversibility and flow roles in effect, re-tags included, which a review file has and a packet
    states only in part. Only hints that mean something else than the declared ones are listed, as YAML; with --json each
    tool has a JSON Patch for its saved list. A correction takes back no warning because nothing was found.
    """
    report = hint_report(opened(file))
    if as_json:
        put_json(json_data(report))
        return
    for each in report.corrections:
        say(f"{json.dumps(each.name)}:  # {visible(each.why, 160)} ({each.by}; {each.decision})")
        say("  annotations:")
        for name, value in each.corrected.items():
            stated = str(each.declared[name]).lower() if name in each.declared else "not declared"
            say(f"    {name}: {str(value).lower()}  # declared: {stated}")
    remark(
        f"{len(report.corrections)} tools to correct, {report.equal} agree, {report.others} declare no hints (not MCP tools)"
    )
