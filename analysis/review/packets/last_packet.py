"""The signed packet that a review knows last: recorded when it is signed, and when the next one supersedes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.errors import WorkspaceRefused
from analysis.output.packet.document.packet_contents import packet_contents
from analysis.output.packet.stated_packet import signed_packet, stated_packet
from analysis.review.packets.export import review_snapshot
from analysis.review.packets.recomputation import carried_review
from analysis.review.packets.supersession import check_place, not_written
from analysis.review.record import drafts
from analysis.review.record.signed_packet import SUPERSEDED

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.model import PacketContents
    from analysis.output.packet.stated_packet import StatedPacket
    from analysis.review.session import Review


def check_review(review: Review, folder: Path) -> None:
    """Raise `WorkspaceRefused` unless the packet in a folder was exported from this very review."""
    stated = stated_packet(folder)
    why = "there is no packet" if stated is None else objection(review, stated)
    if why:
        raise WorkspaceRefused(
            "the packet does not belong to this review", place=str(folder), why=why,
            remedy="name the review from which it was exported",
        )  # fmt: skip


def record_signed(review: Review, folder: Path, *, manifest: str = "", actor: str, at: str) -> StatedPacket | None:
    """Record in a review that the packet in a folder is signed, and what it contains. Returns it if it was recorded.

    Only an approval comes into force. A packet that was in force and is not an approval any more ends to be; any other
    refusal, a packet older than the one that is known, and one that was superseded change nothing. With `manifest`, the
    SHA-256 of what was signed, no other packet is recorded. Raises `WorkspaceRefused` for a packet of another review.
    """
    signed = signed_packet(folder)
    if signed is None or manifest not in {"", signed.manifest}:
        return None
    check_review(review, folder)
    known, registers = review.record.packet, review.record.registers
    if known is not None and known.in_force and known.manifest == signed.manifest and not signed.approved:
        review.commit(lambda: [drafts.packet_no_longer_in_force(registers, signed)], actor, at)
        return signed
    stated = tuple(each.words for each in signed.signoffs)
    if (
        not signed.approved
        or _is_older(review, signed)
        or (known and (known.manifest, known.signoffs) == (signed.manifest, stated))
    ):
        return None
    _record(review, signed, superseded=False, actor=actor, at=at)
    return signed


def supersede(review: Review, folder: Path, *, actor: str, at: str) -> StatedPacket | None:
    """Record that the next packet of a review supersedes the signed one in a folder. Returns it; None without one.

    Where the folder holds none, it supersedes the one that the review knows to be in force, wherever that is. Nothing
    is recorded twice, and no file is changed: the export that follows keeps the packet. Raises `WorkspaceRefused` for a
    packet of another review, one that cannot be read, or one that has no place to be kept.
    """
    signed, known = signed_packet(folder), review.record.packet
    registers = review.record.registers
    if signed is None:
        if known is not None and known.in_force:
            review.commit(lambda: [drafts.packet_no_longer_in_force(registers)], actor, at)
        return None
    check_place(signed)
    why = objection(review, signed)
    if why:
        raise not_written(folder, why, "name another folder")
    if known is None or known.in_force or known.manifest != signed.manifest:
        _record(review, signed, superseded=True, actor=actor, at=at)
    return signed


def objection(review: Review, stated: StatedPacket) -> str:
    """Return why a packet is not one of a review; empty if it is. It has to end where the log of the review once ended."""
    if not stated.manifest:
        return "the manifest of the signed packet there cannot be read"
    events = {(event.replica, event.seq): event.id for event in review.store.events}
    known = stated.ends and all(events.get((replica, seq)) == end for replica, (seq, end) in stated.ends.items())
    if stated.workspace != review.record.identity or not known:
        return "the signed packet there is of another review, or of events that this file does not have"
    return ""


def _is_older(review: Review, signed: StatedPacket) -> bool:
    """Whether a packet was superseded, or lacks events that the packet known last has."""
    superseded = any(e.kind == SUPERSEDED and e.data.get("manifest") == signed.manifest for e in review.store.events)
    known, ends = review.record.packet, {replica: seq for replica, (seq, _) in signed.ends.items()}
    behind = known is not None and any(ends.get(replica, 0) < seq for replica, seq in known.heads.items())
    return superseded or behind


def _record(review: Review, signed: StatedPacket, *, superseded: bool, actor: str, at: str) -> None:
    known, registers = review.record.packet, review.record.registers
    contents, of = _contents(review, signed), signed.issued_at
    if not signed.approved:  # what was refused is nothing that others are compared with
        contents, of = (known.contents, known.contents_of) if known is not None else (None, "")
    draft = drafts.packet_recorded(signed, contents, of, superseded=superseded)
    review.commit(lambda: [drafts.replacing(registers, draft.kind, draft.key, draft.data)], actor, at)


def _contents(review: Review, signed: StatedPacket) -> PacketContents | None:
    """Return what a packet contains: what the review is now, where nothing was recorded since; else what it carries."""
    known = review.record.packet
    if known is not None and known.manifest == signed.manifest:
        return known.contents
    unchanged = not review.record.goes_beyond({replica: seq for replica, (seq, _) in signed.ends.items()})
    if unchanged and review.as_of[:10] == signed.issued_at[:10]:  # nothing has expired in between
        return packet_contents(review_snapshot(review, ()))
    carried = carried_review(signed.folder, signed.manifest)
    return None if carried is None else packet_contents(review_snapshot(carried, ()))
