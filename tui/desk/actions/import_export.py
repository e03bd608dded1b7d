"""Import of sources and export of packets, as background jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.review import commands
from analysis.review.commands import Outcome
from analysis.text import visible
from tui import clock
from tui.desk.shell.host import session_of, typed_path
from tui.desk.widgets.prompts import Choose, Form, FormField

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.review.packets.export import Exported
    from analysis.review.session import Review
    from analysis.review.sources.importing import ImportResult
    from tui.desk.shell.background_jobs import Job
    from tui.desk.shell.host import Host


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
    given = await desk.prompts.ask(Form(title, [FormField("Folder", str(folder))], note=note))
    if given is None:
        return
    target = typed_path(given[0])
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

    await desk.jobs.run("writing the packet", lambda job: write(snapshot, target, job.check, keep_signed=keep), report)


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


async def import_source(desk: Host) -> None:
    """Add a source, or refresh one."""
    from analysis.review.sources.importing import ImportOptions, examine_source  # noqa: PLC0415 - most sessions end without an import

    session = session_of(desk)
    given = await desk.prompts.ask(
        Form("Import a source", [FormField("OpenAPI document, its folder, or a saved tools/list")])
    )
    if given is None:
        return
    path, review = str(typed_path(given[0])), session.review
    words = review.policy.own_words()

    def read(job: Job) -> ImportResult:
        return examine_source(path, options=ImportOptions(own_words=words, progress=job.report))

    async def add(source: ImportResult) -> None:
        if desk.session is session:
            desk.sync.done(commands.add_source(review, source, actor=session.actor, at=clock.now()))

    await desk.jobs.run("reading the source", read, add)
