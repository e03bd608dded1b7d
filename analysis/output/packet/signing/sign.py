"""Signing a packet: only what may be signed, by whom it may be signed, and never over what is not intact."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import replace as with_changes
from typing import TYPE_CHECKING, Any

from analysis.errors import CheckFailed, UsageError
from analysis.output.packet.file_check import check_manifest, manifest_facts, read_manifest
from analysis.output.packet.folder import SIGNOFF_PAGE, SIGNOFFS, Snapshot, Unreadable
from analysis.output.packet.signing import sshsig
from analysis.output.packet.signing.packet_conditions import packet_conditions
from analysis.output.packet.signing.requirements import objection_to
from analysis.output.packet.signing.signoff import read_signers
from analysis.output.packet.signing.signoff_page import signoff_page
from analysis.output.packet.signing.statement import (
    SIGNATURE,
    STAMP,
    SignedManifest,
    SignoffText,
    role_and_signer,
    signed_bytes,
)
from analysis.output.packet.signing.verdicts import SignoffVerdict
from analysis.text import visible

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.ssh.signer_list import SignerList


def sign(
    folder: Path, text: SignoffText, *, key: Path, replace: bool = False, manifest: str = "",
    allowed_signers: Path | None = None,
) -> Path:  # fmt: skip
    """Sign a packet and return the path of the sign-off. A packet that is not intact is not signed.

    With `manifest`, the SHA-256 of what the person was shown, nothing else is signed. With `allowed_signers`, a signature
    that does not count by that list and the revoked keys next to it is not written.

    A packet that is a draft, or of a review that may not be approved, is signed with `reject` alone. `CheckFailed` says
    which gates are open, or why the signer may not approve. The sign-off names those that are there already, so that none
    can be taken away later; the page that shows them is made again. A verdict with conditions takes those of the packet where none are given.
    """
    text.check()
    target = folder / text.file
    if target.exists() and not replace:
        why = f"{text.signer} has already signed as {text.role}"
        raise UsageError("the sign-off exists", place=str(target), why=why, remedy="add --replace to replace it")
    packet = _intact(folder)
    subject = SignedManifest.of(packet)
    if manifest not in {"", subject.sha256}:
        why = "another packet has been exported into this folder"
        raise CheckFailed("this is not the packet that was shown", place=str(folder), why=why, remedy="read it again")
    _check_allowed(read_manifest(packet), text.signer, text.verdict, folder)
    text = _with_conditions(text, packet)
    message = signed_bytes(text, subject, _present(packet))
    signers = _signers(allowed_signers, folder)
    signature = sshsig.make_signature(message, key=key, role=text.role)
    if signers is not None:
        checked = sshsig.check_signature(message, signature, role=text.role, signer=text.signer, signers=signers)
        if not checked.ok:
            raise CheckFailed(
                "this signature would not count", place=str(key), why=checked.why,
                remedy="sign with the key and in the role that your organisation's list names",
            )  # fmt: skip
    page = _page(packet, {text.file: message, f"{text.file}{SIGNATURE}": signature}, folder)
    target.parent.mkdir(exist_ok=True)
    target.with_name(f"{target.name}{STAMP}").unlink(missing_ok=True)  # that of the signature that is replaced
    # The signature comes first: if the machine stops between the two, no unsigned statement is left behind.
    _write(target.with_name(f"{target.name}{SIGNATURE}"), signature)
    _write(target, message)
    _write(folder / SIGNOFF_PAGE, page)
    return target


def _signers(place: Path | None, folder: Path) -> SignerList | None:
    """Return the lists of the organisation; None where none was named. Raises `CheckFailed`."""
    try:
        return read_signers(place, folder) if place is not None else None
    except Unreadable as error:
        remedy = "name the list of your organisation"
        raise CheckFailed("nothing was signed", place=str(place), why=str(error), remedy=remedy) from None


def _intact(folder: Path) -> Snapshot:
    """Return a packet whose files were checked: what is signed is what was checked. Raises `CheckFailed`."""
    try:
        packet = Snapshot.of(folder)
        problems = check_manifest(packet)
    except Unreadable as error:
        raise CheckFailed("this is not a packet", place=str(folder), why=str(error), remedy="export it again") from None
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise CheckFailed(
            "the packet is not intact", place=str(folder), why=problems[0] + more, remedy="export it again"
        )
    return packet


def _check_allowed(manifest: dict[str, Any], signer: str, verdict: SignoffVerdict, folder: Path) -> None:
    """Raise `CheckFailed` for a verdict that this packet, or this person, does not allow."""
    facts = manifest_facts(manifest)
    if verdict is not SignoffVerdict.REJECT and not facts.approvable:
        gates = "; ".join(facts.open_gates) or f"the verdict of the review is {facts.verdict or 'not stated'}"
        raise CheckFailed(
            f"this packet cannot be signed with {verdict.short}", place=str(folder), why=f"open: {gates}",
            remedy="close what is open and export again, or sign --verdict reject",
        )  # fmt: skip
    why = objection_to(signer, facts) if verdict.approves else ""
    if why:
        raise CheckFailed(
            f"{visible(signer, 80)} cannot approve this packet", place=str(folder), why=why,
            remedy="another person has to sign; --verdict reject is possible",
        )  # fmt: skip


def _with_conditions(text: SignoffText, packet: Snapshot) -> SignoffText:
    """Return a sign-off with conditions: those that were given, or those of the packet."""
    if text.verdict is not SignoffVerdict.CONDITIONS or text.conditions:
        return text
    try:
        found = packet_conditions(packet)
    except Unreadable as error:
        raise CheckFailed("the packet has no form that is known", why=str(error), remedy="export it again") from None
    if not found:
        why = "no condition was given, and the packet has none"
        raise UsageError("this sign-off has no condition", why=why, remedy="give --condition, or --verdict approve")
    return with_changes(text, conditions=found)


def _page(packet: Snapshot, added: dict[str, bytes], folder: Path) -> bytes:
    """Return the page of the sign-offs once some files are added. Raises `CheckFailed`."""
    try:
        return signoff_page(Snapshot({**packet.files, **added}, packet.refused))
    except Unreadable as error:
        raise CheckFailed("this is not a packet", place=str(folder), why=str(error), remedy="export it again") from None


def _present(packet: Snapshot) -> list[dict[str, str]]:
    """Return the sign-offs of a packet and their signatures by name and digest, sorted."""
    texts = [name for name in packet.names if name.startswith(f"{SIGNOFFS}/") and role_and_signer(name)]
    both = [name for text in texts for name in (text, f"{text}{SIGNATURE}") if name in packet.files]
    return [{"name": name, "sha256": hashlib.sha256(packet.read(name)).hexdigest()} for name in sorted(both)]


def _write(path: Path, data: bytes) -> None:
    """Write a file atomically."""
    temporary = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with temporary.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
