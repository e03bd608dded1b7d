"""The signed packet in a folder: what its manifest and its sign-offs state, before anything of it is verified."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.output.packet.folder import MANIFEST, SIGNOFFS, Unreadable, read
from analysis.output.packet.signing.statement import predicate_of, role_and_signer
from analysis.output.packet.strict_json import strict_json

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class SignedPacket:
    """A packet with sign-offs as it states itself; `clearance verify` tells what of it holds.

    `manifest` is the SHA-256 of its manifest, empty where that cannot be read; `signoffs` are (role, signer, verdict).
    """

    folder: Path
    manifest: str
    workspace: str = ""
    status: str = ""
    verdict: str = ""
    score: int | None = None
    issued_at: str = ""
    signoffs: tuple[tuple[str, str, str], ...] = ()


def signed_packet(folder: Path) -> SignedPacket | None:
    """Return the signed packet in a folder; None where nothing in it is signed. Never raises for what it holds."""
    try:
        signed = sorted(path for path in (folder / SIGNOFFS).iterdir())
    except (OSError, ValueError):
        return None
    if not signed:
        return None
    signoffs = tuple(found for path in signed if (found := _signoff(path)))
    try:
        data = read(folder / MANIFEST)
        predicate = strict_json(data)["predicate"]
        workspace, score = predicate["workspace"]["id"], predicate.get("score")
    except (Unreadable, KeyError, TypeError, AttributeError):
        return SignedPacket(folder, "", signoffs=signoffs)
    return SignedPacket(
        folder, hashlib.sha256(data).hexdigest(), str(workspace), _text(predicate, "status"), _text(predicate, "verdict"),
        score if type(score) is int else None, _text(predicate, "issuedAt"), signoffs,
    )  # fmt: skip


def _text(predicate: dict[str, Any], name: str) -> str:
    return str(predicate.get(name, ""))[:80]


def _signoff(path: Path) -> tuple[str, str, str] | None:
    """Return role, signer and stated verdict of a sign-off; None for any other file."""
    named = role_and_signer(f"{SIGNOFFS}/{path.name}")
    if named is None:
        return None
    try:
        predicate = predicate_of(strict_json(read(path)))
    except Unreadable:
        predicate = None
    return (*named, predicate["verdict"] if predicate else "unreadable")
