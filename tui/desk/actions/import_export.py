"""What goes in and out of a review: sources are read, and packets written, beside the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.review import commands
from tui import clock
from tui.desk.shell import background_jobs as beside
from tui.desk.shell.host import session_of, typed_path
from tui.desk.widgets.prompts import Form, FormField

if TYPE_CHECKING:
    from analysis.review.packets.export import Exported
    from analysis.review.sources.importing import ImportResult
    from tui.desk.shell.host import Host


async def export_packet(desk: Host) -> None:
    """Write the packet."""
    from analysis.review.packets.dry_run import dry_run  # noqa: PLC0415 - most sittings end without an export
    from analysis.review.packets.export import review_snapshot, write  # noqa: PLC0415
    from tui.desk.areas.signoff import packet_folder  # noqa: PLC0415

    session = session_of(desk)
    gates = [gate.why for gate in session.review.summary().open_gates]
    folder = packet_folder(session)
    note = f"DRAFT: {'; '.join(gates)}" if gates else "The review is complete."
    note += f"\nAllowlist: {dry_run(session.review, folder).sentence}"
    default = str(folder)
    given = await desk.ask(Form("Export the packet and the allowlist", [FormField("Folder", default)], note=note))
    if given:
        target, whole = typed_path(given[0]), review_snapshot(session.review)

        def told(made: Exported) -> None:
            draft = "DRAFT " if made.open_gates else ""
            desk.say(
                f"{draft}packet written to {made.folder}: {made.allowed} allowed, {made.conditional} with conditions"
            )
            if desk.area == "signoff":
                desk.list_area.reload()

        written = await beside.run(desk, "writing the packet", lambda job: write(whole, target, job.step), told)
        if written is not None:
            told(written)


async def import_source(desk: Host) -> None:
    """Add a source, or refresh one."""
    from analysis.review.sources.importing import ImportOptions, examine_source  # noqa: PLC0415 - most sittings end without an import

    session = session_of(desk)
    given = await desk.ask(Form("Import a source", [FormField("OpenAPI document, its folder, or a saved tools/list")]))
    if given:
        path, review = str(typed_path(given[0])), session.review
        words = review.policy.own_words()

        def taken(examined: ImportResult) -> None:
            if desk.session is session:
                desk.done(commands.add_source(review, examined, actor=session.actor, at=clock.now()))

        def read(job: beside.Job[ImportResult]) -> ImportResult:
            return examine_source(path, options=ImportOptions(own_words=words, progress=job.watch))

        examined = await beside.run(desk, "reading the source", read, taken)
        if examined is not None:
            taken(examined)
