"""What a gateway serves, from a packet that was verified: the approved set of one upstream, and nothing else."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from analysis.errors import CheckFailed, UsageError
from analysis.output.allowlist.canonical import ALLOWLIST
from analysis.output.corrected_hints import corrected_hints
from analysis.output.enforce.approved_capabilities import (
    ApprovedCapabilities,
    approved_capabilities,
    servers_of,
    sources_of,
)
from analysis.output.packet.definitions_file import DEFINITIONS, carried_definitions, carried_texts
from analysis.output.packet.document.review_document import REVIEW_JSON
from analysis.output.packet.folder import MANIFEST, MAX_BYTES, Snapshot, Unreadable
from analysis.output.packet.strict_json import strict_json
from analysis.review.packets.signing import HEADLINES, verify
from analysis.ssh.signer_list import revoked_places
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from analysis.model import SourceKind

#: What people do about a packet that is not an approval.
_REMEDY: Final = "have it signed, or name the packet that was; `clearance verify` shows all of it"


@dataclass(frozen=True, slots=True)
class VerifiedPacket:
    """A packet that is an approval now, as it was read. `files`: the files of each source, by its id."""

    manifest: str  # SHA-256 of manifest.json
    allowlist: dict[str, Any]
    definitions: dict[str, str]
    files: dict[str, tuple[tuple[str, bytes], ...]] = field(repr=False)
    hints: dict[str, dict[str, bool]] = field(repr=False)  # hints of each tool as its reviewers see them, by id


@dataclass(frozen=True, slots=True)
class PacketPlace:
    """Where a packet lies, and whose signatures count; `policy` is the text of an organisation's own, or empty."""

    folder: Path
    signers: Path
    policy: str = ""

    def stamp(self) -> tuple[Any, ...]:
        """Return what changes when a file of the packet or the list of signers does: looked at often, read rarely."""
        try:
            places = [*self.folder.rglob("*"), self.folder, self.signers, *revoked_places(self.signers)]
            facts = [(str(each), each.lstat()) for each in sorted(places)]
        except (OSError, Unreadable) as error:
            return ("unreadable", str(error))
        return tuple((name, s.st_mtime_ns, s.st_size, s.st_ino) for name, s in facts)


def verified_packet(place: PacketPlace, *, now: str) -> VerifiedPacket:
    """Read and verify a packet. Raises `CheckFailed` unless it is an approval that may be relied on now."""
    try:
        packet = Snapshot.of(place.folder)
        found = verify(place.folder, place.signers, place.policy, now=now)
        if not found.ok:
            why = "; ".join(visible(text, 300) for text in found.why[:3])
            raise CheckFailed(
                f"nothing is served: {HEADLINES[found.result]}", place=str(place.folder), why=why, remedy=_REMEDY
            )
        _same(packet, Snapshot.of(place.folder))
        definitions = packet.read(DEFINITIONS)
        carried = carried_definitions(definitions, MAX_BYTES)
        allowlist = strict_json(packet.read(ALLOWLIST), MAX_BYTES)
        return VerifiedPacket(
            manifest=hashlib.sha256(packet.read(MANIFEST)).hexdigest(),
            allowlist=allowlist,
            definitions=carried_texts(definitions, MAX_BYTES),
            files={source.id: source.files for source in carried.sources},
            hints=_hints(allowlist, strict_json(packet.read(REVIEW_JSON), MAX_BYTES)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CheckFailed(
            "nothing is served: the packet has a form that this version does not know",
            why=visible(str(error), 200),
            remedy="export the packet again with this version, and have it signed",
        ) from None
    except Unreadable as error:
        raise CheckFailed(
            "nothing is served: the packet cannot be read", place=str(place.folder), why=str(error), remedy=_REMEDY
        ) from None


def _hints(allowlist: dict[str, Any], review: dict[str, Any]) -> dict[str, dict[str, bool]]:
    """Return the corrected hints of every tool; the declared ones are in the allowlist, all else in the review."""
    declared = {entry["id"]: entry["hints"] for entry in allowlist["tools"]}
    return {
        facts["id"]: corrected_hints({**facts, "hints": declared[facts["id"]]})
        for facts in review["tools"]
        if facts["id"] in declared
    }


def _same(packet: Snapshot, again: Snapshot) -> None:
    if again != packet:
        raise Unreadable("it was changed while it was verified; try again")


def source_for(packet: VerifiedPacket, kinds: Sequence[SourceKind], named: str) -> str:
    """Return the source of a packet that an upstream of some kinds is. Raises `UsageError` when it is not clear."""
    of_kind = [source for source, kind in sources_of(packet.allowlist).items() if kind in kinds]
    wanted = " or ".join(kind.value for kind in kinds)
    if named and named in of_kind:
        return named
    listed = ", ".join(visible(source, 60) for source in of_kind[:20])
    if not of_kind:
        raise UsageError(
            f"the packet has no source of the kind {wanted}",
            remedy="an MCP server is named by its command or address, an API by --openapi and --base-url",
        )
    if named or len(of_kind) > 1:
        what = f"the packet has no such source: {visible(named, 60)}" if named else "the packet has several sources"
        raise UsageError(what, remedy=f"name the one behind this gateway with --source: {listed}")
    return of_kind[0]


def approved_of(packet: VerifiedPacket, source: str, server: str = "") -> ApprovedCapabilities:
    """Return what a packet approves of a source. Raises `UsageError` where several servers are in it and none is named."""
    servers = servers_of(packet.allowlist, source)
    listed = ", ".join(visible(name, 60) for name in servers[:20])
    if server and server not in servers:
        raise UsageError(
            "the source names no such server",
            place=visible(server, 60),
            remedy=f"name one of: {listed}" if servers else "leave out --server: it holds one server",
        )
    if len(servers) > 1 and not server:
        raise UsageError("the source holds several servers", remedy=f"name the one behind this gateway: {listed}")
    try:
        return approved_capabilities(packet.allowlist, packet.definitions, source, server)
    except (KeyError, TypeError, ValueError) as error:
        raise CheckFailed(
            "nothing is served: the allowlist has a form that this version does not know",
            why=visible(str(error), 200),
            remedy="export the packet again with this version, and have it signed",
        ) from None
