"""Signing a packet: only what may be signed, by whom it may be signed, and never over what is not intact."""

from __future__ import annotations

import hashlib
import os
import secrets
from typing import TYPE_CHECKING, Any

from analysis.errors import CheckFailed, UsageError
from analysis.model import iso_date
from analysis.output.packet.file_check import check_manifest, manifest_facts, read_manifest
from analysis.output.packet.folder import SIGNOFFS, Snapshot, Unreadable
from analysis.output.packet.signing import sshsig
from analysis.output.packet.signing.requirements import objection_to
from analysis.output.packet.signing.statement import (
    UTC_TIME,
    SignedManifest,
    SignoffText,
    role_and_signer,
    signed_bytes,
)
from analysis.output.packet.signing.verdicts import SignoffVerdict
from analysis.text import visible

if TYPE_CHECKING:
    from pathlib import Path


def sign(folder: Path, text: SignoffText, *, key: Path, replace: bool = False) -> Path:
    """Sign a packet and return the path of the sign-off. A packet that is not intact is not signed.

    A packet that is a draft, or of a review that may not be approved, is signed with `reject` alone. `CheckFailed` says
    which gates are open, or why the signer may not approve. The sign-off names those that are there already, so that none
    can be taken away later.
    """
    sshsig.check_names(text.role, text.signer)
    _check_text(text)
    target = folder / text.file
    if target.exists() and not replace:
        why = f"{text.signer} has already signed as {text.role}"
        raise UsageError("the sign-off exists", place=str(target), why=why, remedy="add --replace to replace it")
    packet = _intact(folder)
    _check_allowed(read_manifest(packet), text.signer, text.verdict, folder)
    message = signed_bytes(text, SignedManifest.of(packet), _present(packet))
    signature = sshsig.make_signature(message, key=key, role=text.role)
    target.parent.mkdir(exist_ok=True)
    # The signature comes first: if the machine stops between the two, no unsigned statement is left behind.
    _write(target.with_name(f"{target.name}.sig"), signature)
    _write(target, message)
    return target


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


def _present(packet: Snapshot) -> list[dict[str, str]]:
    """Return the sign-offs of a packet by name and digest, sorted."""
    texts = [name for name in packet.names if name.startswith(f"{SIGNOFFS}/") and role_and_signer(name)]
    return [{"name": name, "sha256": hashlib.sha256(packet.read(name)).hexdigest()} for name in sorted(texts)]


def _check_text(text: SignoffText) -> None:
    if (text.verdict is SignoffVerdict.CONDITIONS) is not bool(text.conditions):
        raise UsageError(
            "conditions and verdict do not match", remedy="give --condition with --verdict conditions, and only then"
        )
    if not UTC_TIME.fullmatch(text.signed_at):
        raise UsageError(
            f"{visible(text.signed_at, 40)} is not a time", remedy="give ISO 8601 in UTC, such as 2026-11-22T10:00:00Z"
        )
    until = text.valid_until
    if until and (iso_date(until) != until or until < text.signed_at[:10]):
        raise UsageError(
            f"{visible(until, 40)} cannot end a sign-off", remedy="give a date from today on, as YYYY-MM-DD"
        )


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
