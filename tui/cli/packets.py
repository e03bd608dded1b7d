"""`clearance export`, `withdraw`, `targets`, `diff`, `check`: the packet, its targets, and what differs from a packet or a source."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.errors import CheckFailed, UsageError
from analysis.review import queries
from analysis.review.packets.comparison import PacketComparison, compare
from analysis.review.packets.dry_run import DryRun, dry_run
from analysis.review.packets.export import Exported, ExportSettings, export, review_snapshot, targets, typst_version
from analysis.review.packets.last_packet import supersede as record_superseded
from analysis.review.packets.withdrawal import withdraw
from analysis.review.queries.status import json_data
from analysis.text import visible
from tui import clock
from tui.cli.common.options import recording
from tui.cli.common.output import put_json, remark, say
from tui.cli.common.review_file import opened
from tui.cli.common.sources import SourceOptions, served_definitions, source_options

if TYPE_CHECKING:
    from analysis.review.packets.drift_check import DriftReport


@click.command("export", epilog="Example: clearance export payments.clearance packet/ --target codex")
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--target", "names", multiple=True, metavar="NAME", help="Add the files of an export target; repeatable.")
@click.option("--gateway", metavar="URL", default="", help="Address at which agents reach `clearance enforce`.")
@click.option("--pdf", is_flag=True, help="Add the review document as PDF. Needs the extra `pdf`.")
@click.option("--dry-run", "dry", is_flag=True, help="Only show what would change in the allowlist in DIR.")
@click.option(
    "--supersede", is_flag=True,
    help="Record that this packet supersedes the signed one, in DIR or elsewhere; in DIR, keep it as DIR.superseded-DIGEST.",
)  # fmt: skip
@recording
def export_command(
    file: Path,
    folder: Path,
    names: tuple[str, ...],
    gateway: str,
    pdf: bool,
    dry: bool,
    supersede: bool,
    actor: str | None,
    as_json: bool,
) -> None:
    """Write the review packet and the allowlist into DIR. A signed packet there is never replaced: see --supersede.

    While a gate is open, every file says DRAFT and the allowlist allows nothing: see `clearance gates`. `clearance targets`
    lists the export targets. The PDF is listed with its digest, and `clearance verify` does not compute it again.
    """
    typst = typst_version() if pdf else ""
    review = opened(file, writable=supersede and not dry)
    if dry:
        _show_dry_run(dry_run(review, folder), as_json=as_json)
        return
    if supersede:
        record_superseded(review, folder.resolve(), actor=clock.actor(actor), at=clock.now())
    settings = ExportSettings(gateway=gateway)
    made = export(review, folder, names, keep_signed=supersede, typst=typst, settings=settings)
    if as_json:
        put_json(json_data(made) | {"folder": str(made.folder)})
    else:
        show_export(made)


def _show_dry_run(found: DryRun, *, as_json: bool) -> None:
    """Print the changes an export would make."""
    if as_json:
        put_json(json_data(found))
        return
    for line in [] if found.first else found.lines:
        change = " -> ".join(part for part in (line.before, line.now) if part)
        say(f"{line.sign} {visible(line.name)}  ({visible(change)})")
    say(found.sentence)


def show_export(exported: Exported) -> None:
    """Print what was exported."""
    others = exported.tools - exported.allowed - exported.conditional
    state = "DRAFT packet" if exported.open_gates else "packet"
    say(f"{state} written to {visible(str(exported.folder))}")
    say(f"  {', '.join(exported.files)}")
    approved = f"{exported.allowed} allowed, {exported.conditional} with conditions"
    say(
        f"  allowlist: allows nothing; decided so far: {approved}, {others} blocked or undecided"
        if exported.open_gates
        else f"  allowlist: {approved}, {others} blocked (default deny)"
    )
    if exported.kept:
        say(f"  supersedes the signed packet, which is kept whole in {visible(exported.kept)}")
    if exported.removed:
        say(f"  removed with the earlier packet: {', '.join(exported.removed)}")
    for each in exported.left_out:
        say(f"  {each['target']}: left out {visible(each['tool'], 200)}: {visible(each['reason'], 200)}")
    for gate in exported.open_gates:
        say(f"  open: {gate.why}")


_TARGET_FACTS = ("name", "title", "tested", "carries", "cannot")


@click.command("targets", epilog="Example: clearance targets --json")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def targets_command(as_json: bool) -> None:
    """List the targets to which `clearance export --target NAME` can export the allowlist."""
    if as_json:
        put_json([{name: getattr(t, name) for name in _TARGET_FACTS} for t in targets()])
        return
    for target in targets():
        say(f"{target.name:14} {target.title}; {target.tested}")
        say(f"{'':14} carries: {target.carries}")
        say(f"{'':14} cannot:  {target.cannot}")


@click.command(
    "withdraw",
    epilog="Example: clearance withdraw pay.clearance packet/ --where name:refundPayment --reason 'incident 7'",
)
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path), metavar="PACKET")
@click.option("--where", required=True, help="Which tools, as a query: 'name:refundPayment'.")
@click.option("--reason", required=True, help="Why, in a few words.")
@recording
def withdraw_command(file: Path, folder: Path, where: str, reason: str, actor: str | None, as_json: bool) -> None:
    """Withdraw tools: block them, supersede PACKET, and write it anew with every target it was exported to.

    A signed packet is kept whole next to the new one, which has to be signed again. A running `clearance enforce` of PACKET
    sees it at its next check and stops serving until then.
    """
    if not where.strip():
        raise UsageError(
            "an empty query would withdraw every tool", remedy="to mean all: --where 'risk:high,medium,low'"
        )
    review = opened(file, writable=True)
    who = clock.actor(actor)
    tools = queries.select(review, where, actor=who)
    withdrawal = withdraw(review, folder, tools, reason=reason, actor=who, at=clock.now())
    made = withdrawal.write(review_snapshot(review))
    if as_json:
        put_json(json_data(made) | {"withdrawn": withdrawal.tools, "folder": str(made.folder)})
        return
    say(withdrawal.sentence)
    if withdrawal.without_pdf:
        say(f"the new packet has no PDF: {withdrawal.without_pdf}")
    show_export(made)


@click.command("diff", epilog="Example: clearance diff packet.superseded-1f2e3d4c5b6a/ packet/")
@click.argument("old", type=click.Path(path_type=Path), metavar="OLD")
@click.argument("new", type=click.Path(path_type=Path), metavar="NEW")
@click.option("--json", "as_json", is_flag=True, help="Print the differences as JSON.")
def diff_command(old: Path, new: Path, as_json: bool) -> None:
    """Say what differs between two packets: capabilities, definitions, decisions, findings, answers, score, verdict.

    Decisions are compared as decided, and marked as loosened or tightened. Signatures are not checked. Exit code 0 for
    equal packets, 1 for different ones.
    """
    found = compare(old, new)
    if as_json:
        put_json({"equal": found.equal} | json_data(found))
    else:
        _show_diff(found)
    if not found.equal:
        raise CheckFailed(
            "the packets differ", place=str(new), why=found.sentence, remedy="look first at what was loosened"
        )


def _show_diff(found: PacketComparison) -> None:
    for each in found.changes:
        change = " -> ".join(visible(part, 300) or "none" for part in (each.before, each.after))
        say(f"{each.direction:9}  {each.part:10}  {visible(each.subject, 200)}: {change}")
    if found.equal:
        say(found.sentence)


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
    from analysis.review.packets.drift_check import check_drift, decided_packet  # noqa: PLC0415 - reading a packet is not cheap

    if as_json and as_sarif:
        raise UsageError("--json and --sarif exclude each other", remedy="choose one")
    approved = decided_packet(packet)
    report = check_drift(approved, served_definitions(source, SourceOptions(**how)), named)
    if as_json:
        put_json(_drift_data(report))
    elif as_sarif:
        from analysis.output.drift.reports import drift_sarif  # noqa: PLC0415

        put_json(drift_sarif(report.drift, report.place, report.lines))
    else:
        _show_drift(report)
    if report.drift:
        raise CheckFailed(
            "the source differs from what was decided", place=visible(source, 200), why=_drift_sentence(report),
            remedy="review the differences, decide again and export a new packet; what differs is not approved",
        )  # fmt: skip


def _drift_data(report: DriftReport) -> dict[str, Any]:
    from analysis.output.drift.reports import drift_data  # noqa: PLC0415

    return {
        "drift": [drift_data(each, report.decisions.get(each.was or each.tool, "")) for each in report.drift],
        "equal": report.equal,
        "with_substance": report.substance,
        "source": report.source,
        "packet": report.state,
        "not_checked": [{"check": each.check, "reason": each.reason} for each in report.not_checked],
    }


def _show_drift(report: DriftReport) -> None:
    from analysis.output.drift.reports import drift_lines  # noqa: PLC0415

    for line in drift_lines(report.drift, report.decisions):
        say(line)
    if not report.drift:
        say(_drift_sentence(report))
    for each in report.not_checked:
        remark(f"not checked: {visible(each.check, 100)}: {visible(each.reason, 300)}")


def _drift_sentence(report: DriftReport) -> str:
    equal = f"{report.equal:,} definition{'s' * (report.equal != 1)} equal"
    if not report.drift:
        return f"no drift: {equal}"
    tools = {tool for each in report.drift for tool in each.tools or (each.tool,)}
    substantial = {tool for each in report.drift if each.substance for tool in each.tools or (each.tool,)}
    return f"{len(tools):,} differ, {len(substantial):,} of them with substance; {equal}"
