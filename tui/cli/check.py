"""`clearance check`: the drift gate, between a packet and what its source serves now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.errors import CheckFailed, UsageError
from analysis.text import visible
from tui.cli.common.output import put_json, remark, say
from tui.cli.common.sources import SourceOptions, served_definitions, source_options

if TYPE_CHECKING:
    from analysis.review.packets.drift_check import DriftReport


@click.command("check", epilog="Example: clearance check packet/ openapi.yaml --json")
@click.argument("packet", type=click.Path(path_type=Path), metavar="PACKET")
@click.argument("source", metavar="SOURCE")
@click.option(
    "--source", "named", default="", metavar="ID", help="Which source of the packet this is, if it has several."
)
@click.option("--json", "as_json", is_flag=True, help="Print the differences as JSON.")
@click.option("--sarif", "as_sarif", is_flag=True, help="Print the differences as SARIF 2.1.0, for code scanning.")
@source_options
def check_command(packet: Path, source: str, named: str, as_json: bool, as_sarif: bool, **how: Any) -> None:
    """Say what differs between the definitions a packet decides on and those that a source serves now.

    SOURCE is a document, its folder, a saved tool list, - for standard input, or a live server: mcp:ADDRESS, mcp:CONFIG#NAME.
    A difference has substance unless it is wording, an added hint, a new operation id, or another spelling of the same.
    Exit codes: 0 equal, 1 drift of any kind, 3 source refused, 4 packet refused. Signatures: see `clearance verify`.
    """
    from analysis.review.packets.drift_check import approved_set, check_drift  # noqa: PLC0415 - reading a packet is not cheap

    if as_json and as_sarif:
        raise UsageError("--json and --sarif exclude each other", remedy="choose one")
    approved = approved_set(packet)
    report = check_drift(approved, served_definitions(source, SourceOptions(**how)), named)
    if as_json:
        put_json(_data(report))
    elif as_sarif:
        from analysis.output.drift.reports import drift_sarif  # noqa: PLC0415

        put_json(drift_sarif(report.drift, report.place, report.lines))
    else:
        _show(report)
    if report.drift:
        raise CheckFailed(
            "the source differs from what was decided", place=visible(source, 200), why=_sentence(report),
            remedy="review the differences, decide again and export a new packet; what differs is not approved",
        )  # fmt: skip


def _data(report: DriftReport) -> dict[str, Any]:
    from analysis.output.drift.reports import drift_data  # noqa: PLC0415

    return {
        "drift": [drift_data(each, report.decisions.get(each.was or each.tool, "")) for each in report.drift],
        "equal": report.equal,
        "with_substance": report.substance,
        "source": report.source,
        "packet": report.state,
        "not_checked": [{"check": each.check, "reason": each.reason} for each in report.not_checked],
    }


def _show(report: DriftReport) -> None:
    from analysis.output.drift.reports import drift_lines  # noqa: PLC0415

    for line in drift_lines(report.drift, report.decisions):
        say(line)
    if not report.drift:
        say(_sentence(report))
    for each in report.not_checked:
        remark(f"not checked: {visible(each.check, 100)}: {visible(each.reason, 300)}")


def _sentence(report: DriftReport) -> str:
    equal = f"{report.equal:,} definition{'s' * (report.equal != 1)} equal"
    if not report.drift:
        return f"no drift: {equal}"
    tools = {tool for each in report.drift for tool in each.tools or (each.tool,)}
    substantial = {tool for each in report.drift if each.substance for tool in each.tools or (each.tool,)}
    return f"{len(tools):,} differ, {len(substantial):,} of them with substance; {equal}"
