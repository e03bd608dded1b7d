"""A packet as it states itself: its manifest and its sign-offs, before anything of it is verified."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from analysis.model import MAX_SCORE
from analysis.output.packet.file_check import ManifestFacts, manifest_facts
from analysis.output.packet.folder import MANIFEST, SIGNOFFS, Unreadable, read
from analysis.output.packet.signing.statement import SIGNATURE, predicate_of, role_and_signer
from analysis.output.packet.signing.verdicts import SignoffVerdict
from analysis.output.packet.strict_json import strict_json
from analysis.ssh.signatures import key_fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from analysis.output.packet.folder import Snapshot


_APPROVALS: Final = frozenset(each.value for each in SignoffVerdict if each.approves)


@dataclass(frozen=True, slots=True)
class StatedSignoff:
    """A sign-off as it states itself. `verdict` is `unreadable` where it cannot be read; `key` its fingerprint."""

    role: str
    signer: str
    verdict: str
    signed_at: str = ""
    valid_until: str = ""
    statement: str = ""
    conditions: tuple[str, ...] = ()
    key: str = ""

    @property
    def words(self) -> str:
        """Role, person and verdict in a few words; not escaped."""
        return f"{self.role} {self.signer}: {self.verdict}"


@dataclass(frozen=True, slots=True)
class StatedPacket:
    """A packet as it states itself; `clearance verify` tells what of it holds.

    `manifest` is the SHA-256 of its manifest, empty where that cannot be read. `signed`: the folder of its sign-offs is
    not empty. `heads` are the ends of its log: replica -> {seq, id}.
    """

    folder: Path
    manifest: str
    signed: bool
    signoffs: tuple[StatedSignoff, ...]
    facts: ManifestFacts
    workspace: str = ""
    status: str = ""
    score: int | None = None
    issued_at: str = ""
    heads: Mapping[str, Any] | None = None

    @property
    def ends(self) -> dict[str, tuple[int, str]]:
        """The ends of its log by replica, as (number of events, id of the last), as far as they can be read."""
        heads = self.heads if isinstance(self.heads, dict) else {}
        found = {
            replica: (head.get("seq"), head.get("id")) for replica, head in heads.items() if isinstance(head, dict)
        }
        return {
            r: (seq, end) for r, (seq, end) in found.items() if type(seq) is int and seq > 0 and isinstance(end, str)
        }

    @property
    def approved(self) -> bool:
        """Whether it states an approval: it may be one, someone approved it, and no one rejected it or withdrew."""
        verdicts = {each.verdict for each in self.signoffs}
        return self.facts.approvable and bool(verdicts) and verdicts <= _APPROVALS


def stated_packet(folder: Path) -> StatedPacket | None:
    """Return the packet in a folder; None where there is none. Never raises for what it holds."""
    try:
        signed = sorted((folder / SIGNOFFS).iterdir())
    except (OSError, ValueError):
        signed = []
    signoffs = tuple(found for path in signed if (found := _signoff(path)))
    try:
        data = read(folder / MANIFEST)
    except (Unreadable, ValueError):
        return StatedPacket(folder, "", bool(signed), signoffs, manifest_facts({})) if signed else None
    try:
        manifest = strict_json(data)
        predicate = manifest["predicate"]
        workspace, score = predicate["workspace"], predicate.get("score")
        return StatedPacket(
            folder, hashlib.sha256(data).hexdigest(), bool(signed), signoffs, manifest_facts(manifest),
            str(workspace["id"]), str(predicate.get("status", "")), score if type(score) is int and 0 <= score <= MAX_SCORE else None,
            str(predicate.get("issuedAt", "")), workspace.get("heads"),
        )  # fmt: skip
    except (Unreadable, KeyError, TypeError, AttributeError):
        return StatedPacket(folder, "", bool(signed), signoffs, manifest_facts({}))


def signed_packet(folder: Path) -> StatedPacket | None:
    """Return the packet in a folder if anything in it is signed."""
    found = stated_packet(folder)
    return found if found is not None and found.signed else None


def stated_signoffs(packet: Snapshot) -> tuple[StatedSignoff, ...]:
    """Return the sign-offs in the files of a packet, by file name."""
    named = [(name, found) for name in packet.names if (found := role_and_signer(name))]
    return tuple(
        _stated(found, partial(packet.read, name), partial(packet.read, f"{name}{SIGNATURE}")) for name, found in named
    )


def _signoff(path: Path) -> StatedSignoff | None:
    """Return a sign-off; None for any other file."""
    named = role_and_signer(f"{SIGNOFFS}/{path.name}")
    if named is None:
        return None
    return _stated(named, partial(read, path), partial(read, path.with_name(f"{path.name}{SIGNATURE}")))


def _stated(named: tuple[str, str], text: Callable[[], bytes], signature: Callable[[], bytes]) -> StatedSignoff:
    try:
        predicate = predicate_of(strict_json(text()))
        key = key_fingerprint(signature())
    except Unreadable:
        predicate, key = None, ""
    if predicate is None:
        return StatedSignoff(*named, "unreadable")
    return StatedSignoff(
        *named, predicate["verdict"], predicate["signedAt"], predicate["validUntil"], predicate["statement"],
        tuple(predicate["conditions"]), key,
    )  # fmt: skip
