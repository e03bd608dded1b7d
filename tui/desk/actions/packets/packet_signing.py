"""The sign-off of an exported packet: a form, a question, and OpenSSH with the terminal to itself."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import UsageError
from analysis.review.commands import Outcome
from analysis.text import visible
from tui import clock
from tui.desk.shell.host import session_of, typed_path
from tui.desk.widgets.prompts import Choose, Form, FormField
from tui.desk.widgets.symbols import ELLIPSIS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.review.packets.signing import StatedPacket
    from analysis.review.session import Review
    from tui.desk.shell.host import Host


async def sign_packet(desk: Host) -> None:
    """Ask for verdict, role, name, statement, conditions, validity and key; then once more; then sign."""
    from analysis.review.packets.last_packet import objection, record_signed  # noqa: PLC0415
    from analysis.review.packets.signing import SignoffText, SignoffVerdict, roles_to_sign, sign, stated_packet  # noqa: PLC0415 - most sessions end without a sign-off
    from tui.desk.areas.signoff import packet_folder  # noqa: PLC0415

    session = session_of(desk)
    folder = packet_folder(session)
    packet = stated_packet(folder)
    if packet is None:
        raise UsageError("there is no packet to sign", place=str(folder), remedy="press E to export one")
    verdicts = {verdict.short: verdict for verdict in SignoffVerdict}
    fields = [
        FormField(f"Verdict: {', '.join(verdicts)}", choices=tuple(verdicts)),
        FormField("Role", choices=roles_to_sign(session.review)),
        FormField("Your name in the list of signers", session.actor),
        FormField("Statement", needed=False),
        FormField("Conditions, with ; between them (empty: those of the packet)", needed=False),
        FormField("Valid until (YYYY-MM-DD; empty: no end)", needed=False),
        FormField("SSH key file, or the .pub of a key in an agent (arrows: your keys)", choices=_keys()),
    ]

    def text_of(values: list[str]) -> SignoffText:
        verdict, role, signer, statement, conditions, until, _ = values
        given = tuple(part.strip() for part in conditions.split(";") if part.strip())
        return SignoffText(role, signer, verdicts[verdict], clock.now(), statement, given, until)

    def check(values: list[str]) -> str:
        if values[0] not in verdicts:
            return f"the verdict is one of {', '.join(verdicts)}"
        return text_of(values).problem

    note = "\n".join(_facts(packet, session.review))
    given = await desk.prompts.ask(Form("Sign the packet", fields, note=note, check=check))
    if given is None:
        return
    text, key = text_of(given), typed_path(given[-1])
    earlier = [s for s in packet.signoffs if (s.role, s.signer) == (text.role, text.signer)]
    title = f"Sign with {text.verdict.short}, as {text.role}, {visible(text.signer, 80)}?"
    replaces = f", in place of your earlier one ({earlier[0].verdict})" if earlier else ""
    chosen = await desk.prompts.ask(
        Choose(title, [("y", f"Sign manifest {packet.manifest[:16]}{ELLIPSIS}{replaces}"), ("n", "Do not sign")])
    )
    if chosen != "y":
        return

    def signed() -> Path:
        # The desk does not draw now: OpenSSH asks on the terminal, and says nothing while it waits for a touch.
        sys.stderr.write("ssh-keygen signs; it may ask for the passphrase of the key, or wait for a touch\n")
        return sign(folder, text, key=key, replace=bool(earlier), manifest=packet.manifest)

    place = desk.suspend_for(signed, remedy="sign with: clearance sign")
    said = f"signed with {text.verdict.short}: {visible(str(place), 300)}"
    if session.review.writable and not objection(session.review, packet):
        record_signed(session.review, folder, manifest=packet.manifest, actor=session.actor, at=clock.now())
        desk.sync.done(Outcome(said))
    else:
        desk.messages.say(said)
    if desk.area == "signoff":
        desk.list_area.reload()


def _facts(packet: StatedPacket, review: Review) -> Iterator[str]:
    """Yield what a person has to know before signing."""
    facts = packet.facts
    yield f"Packet: {visible(str(packet.folder), 200)}"
    score = "" if packet.score is None else f", score {packet.score}"
    yield f"Result: {packet.status or 'unreadable'}, verdict {facts.verdict or 'unreadable'}{score}"
    if facts.approvable:
        yield "No gate is open."
    else:
        yield f"Only reject can be signed. Open: {'; '.join(facts.open_gates) or 'the review may not be approved'}"
    if review.record.goes_beyond({replica: seq for replica, (seq, _) in packet.ends.items()}):
        yield "The review has changed since this packet was exported: E exports it anew."
    signed = "; ".join(visible(each.words, 120) for each in packet.signoffs)
    yield f"Signed so far: {signed or 'by no one'}"
    yield f"You sign: SHA-256 {packet.manifest or 'unreadable'} of manifest.json"


def _keys() -> tuple[str, ...]:
    """Return the private keys in the person's own folder for them, as far as their public half is there."""
    try:
        found = sorted((Path.home() / ".ssh").glob("id_*.pub"))
    except (OSError, RuntimeError):
        return ()
    return tuple(f"~/.ssh/{path.stem}" for path in found)
