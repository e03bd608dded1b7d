"""Export of packets, and withdrawal of tools from them, as background jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.errors import UsageError
from analysis.review.commands import Outcome
from analysis.text import visible
from tui import clock
from tui.desk.shell.host import session_of, typed_path
from tui.desk.widgets.prompts import Choose, Form, FormField
from tui.desk.widgets.symbols import SEP

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from analysis.review.packets.export import Exported, ExportSettings, ExportTarget
    from analysis.review.session import Review
    from tui.desk.shell.background_jobs import Job
    from tui.desk.shell.host import Host

#: Word for the review document as PDF, among the names of targets.
_PDF: Final = "pdf"


async def export_packet(desk: Host) -> None:
    """Write the packet."""
    from analysis.review.packets.dry_run import dry_run  # noqa: PLC0415 - most sessions end without an export
    from analysis.review.packets.export import review_snapshot, write  # noqa: PLC0415
    from analysis.review.packets.last_packet import supersede  # noqa: PLC0415
    from tui.desk.areas.signoff import packet_folder  # noqa: PLC0415

    session = session_of(desk)
    gates = [gate.why for gate in session.review.summary().open_gates]
    folder = packet_folder(session)
    note = f"DRAFT: {'; '.join(gates)}" if gates else "No gate is open: the packet can be signed as an approval."
    note += f"\nAllowlist: {dry_run(session.review, folder).sentence}"
    title = "Export the packet and the allowlist"
    given = await desk.prompts.ask(Form(title, _export_fields(folder), note=note, check=_export_problem))
    if given is None:
        return
    target = typed_path(given[0])
    chosen, settings, typst = _chosen(given)
    keep = await _may_replace(desk, target)
    if keep is None:
        return
    if keep or await _ends_the_one_in_force(desk, session.review):
        supersede(session.review, target.resolve(), actor=session.actor, at=clock.now())
        desk.sync.done(Outcome("the signed packet is recorded as superseded"))
    snapshot = review_snapshot(session.review)

    async def report(packet: Exported) -> None:
        session.exported_to = packet.folder
        counts = f"{packet.allowed} approved, {packet.conditional} approved with conditions"
        state = (
            f"DRAFT packet, which allows nothing, written to {packet.folder}; so far "
            if packet.open_gates
            else f"packet written to {packet.folder}: "
        )
        kept = f"; the signed packet before it is kept whole in {packet.kept}" if packet.kept else ""
        desk.messages.say(visible(state + counts + kept, 600))
        if desk.area == "signoff":
            desk.list_area.reload()

    def written(job: Job) -> Exported:
        return write(snapshot, target, job.check, chosen, keep_signed=keep, typst=typst, settings=settings)

    await desk.jobs.run("writing the packet", written, report)


def _export_fields(folder: Path) -> list[FormField]:
    """Return what an export asks for, filled as the packet in the folder was exported."""
    from analysis.review.packets.export import targets  # noqa: PLC0415
    from analysis.review.packets.export_options import export_options  # noqa: PLC0415

    earlier = export_options(folder)
    names = (_PDF, *(target.name for target in targets()))
    also = ", ".join((*([_PDF] if earlier.pdf else []), *earlier.targets))
    return [
        FormField("Folder", str(folder)),
        FormField("Targets and pdf, separated by commas (arrows: the names)", also, needed=False, choices=names),
        FormField("Address of the gateway, for targets that name it", earlier.settings.gateway, needed=False),
    ]


def _chosen(given: Sequence[str]) -> tuple[tuple[ExportTarget, ...], ExportSettings, str]:
    """Return targets, settings and the version of typst of a filled form. Raises `UsageError`."""
    from analysis.review.packets.export import ExportSettings, target_named, typst_version  # noqa: PLC0415

    names = list(dict.fromkeys(part.strip() for part in given[1].split(",") if part.strip()))
    chosen = tuple(target_named(name) for name in names if name != _PDF)
    return chosen, ExportSettings(gateway=given[2].strip()), typst_version() if _PDF in names else ""


def _export_problem(given: list[str]) -> str:
    """Return the problem with the values of the form; empty when there is none."""
    try:
        _chosen(given)
    except UsageError as error:
        return SEP.join(error.lines())
    return ""


async def _may_replace(desk: Host, folder: Path) -> bool | None:
    """Return whether a signed packet in a folder is to be superseded; None where the person chose not to export."""
    from analysis.review.packets.supersession import kept_place, signed_packet  # noqa: PLC0415

    signed = signed_packet(folder)
    if signed is None:
        return False
    who = ", ".join(visible(each.words, 120) for each in signed.signoffs)
    title = f"This folder holds a signed packet ({who or 'unreadable'})"
    kept = visible(kept_place(signed).name, 120)
    choices = [
        ("s", f"Supersede it: it is kept whole as {kept}, and the new packet names it"),
        ("k", "Keep it where it is; export into another folder instead (press E again)"),
    ]
    chosen = await desk.prompts.ask(Choose(title, choices))
    return True if chosen == "s" else None


async def _ends_the_one_in_force(desk: Host, review: Review) -> bool:
    """Return whether the signed packet that the review knows, and has gone beyond since, is to be superseded."""
    record = review.record
    if record.packet is None or not record.packet.in_force or not record.since_packet:
        return False
    title = f"The packet signed on {visible(record.packet.issued_at[:10], 20)} is older than the review"
    choices = [
        ("s", "Supersede it: the new packet names it and says what has changed"),
        ("k", "Leave it in force: the new packet is a DRAFT"),
    ]
    return await desk.prompts.ask(Choose(title, choices)) == "s"


async def withdraw_tools(desk: Host) -> None:
    """Withdraw the tool under the cursor, or all marked tools."""
    from analysis.review.packets.export import review_snapshot  # noqa: PLC0415 - most sessions withdraw nothing
    from analysis.review.packets.export_options import export_options  # noqa: PLC0415
    from analysis.review.packets.withdrawal import withdraw  # noqa: PLC0415
    from tui.desk.areas.signoff import packet_folder  # noqa: PLC0415

    session = session_of(desk)
    tools = session.targets(desk.tools_area.tool)
    if not tools:
        return
    folder = packet_folder(session)
    named = visible(session.review.tool(tools[0]).row.name, 60) if len(tools) == 1 else f"{len(tools)} tools"
    targets = ", ".join(export_options(folder).targets)
    note = f"Blocked at once. The packet is written anew{f', with its targets: {targets}' if targets else ''}."
    note += "\nA signed packet is kept next to it as superseded; the new one has to be signed."
    recalled = tuple(session.recalled_reasons())
    fields = [FormField("Packet", str(folder)), FormField("Reason", choices=recalled)]
    given = await desk.prompts.ask_verdict(f"Withdraw: {named}", fields, note)
    if given is None:
        return
    session.remember_reason(given[1])
    withdrawal = withdraw(
        session.review, typed_path(given[0]), tools, reason=given[1], actor=session.actor, at=clock.now()
    )
    session.marks.clear()
    desk.sync.done(Outcome(withdrawal.sentence, withdrawal.tools))
    snapshot = review_snapshot(session.review)

    async def report(packet: Exported) -> None:
        session.exported_to = packet.folder
        state = "DRAFT packet, which allows nothing" if packet.open_gates else "packet, to be signed"
        desk.messages.say(visible(f"{withdrawal.sentence}; {state}, written to {packet.folder}", 600))

    await desk.jobs.run("writing the packet", lambda job: withdrawal.write(snapshot, job.check), report)
