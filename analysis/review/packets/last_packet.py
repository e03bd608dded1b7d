"""The signed packet that a review knows last: recorded when it is signed, and when the next one supersedes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.output.packet.document.packet_contents import packet_contents
from analysis.output.packet.stated_packet import signed_packet
from analysis.review.packets.export import review_snapshot
from analysis.review.packets.recomputation import carried_review
from analysis.review.packets.supersession import check_place, not_written
from analysis.review.record import drafts

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.model import PacketContents
    from analysis.output.packet.stated_packet import StatedPacket
    from analysis.review.session import Review


def record_signed(review: Review, folder: Path, *, actor: str, at: str) -> StatedPacket | None:
    """Record in a review that the packet in a folder is signed, and what it contains. Returns it; None without one.

    Nothing is recorded twice. Raises `WorkspaceRefused` for a packet of another review, or one that cannot be read.
    """
    signed = signed_packet(folder)
    if signed is not None:
        _check_review(review, signed)
        known = review.record.packet
        stated = tuple(each.words for each in signed.signoffs)
        if known is None or not known.in_force or (known.manifest, known.signoffs) != (signed.manifest, stated):
            _record(review, signed, superseded=False, actor=actor, at=at)
    return signed


def supersede(review: Review, folder: Path, *, actor: str, at: str) -> StatedPacket | None:
    """Record that the next packet of a review supersedes the signed one in a folder. Returns it; None without one.

    Where the folder holds none, it supersedes the one that the review knows to be in force, wherever that is. Nothing
    is recorded twice, and no file is changed: the export that follows keeps the packet. Raises `WorkspaceRefused` for a
    packet of another review, one that cannot be read, or one that has no place to be kept.
    """
    signed, known = signed_packet(folder), review.record.packet
    if signed is None:
        if known is not None and known.in_force:
            draft = drafts.packet_no_longer_in_force(review.record.registers)
            review.commit(lambda: [draft], actor, at)
        return None
    check_place(signed)
    _check_review(review, signed)
    if known is None or known.in_force or known.manifest != signed.manifest:
        _record(review, signed, superseded=True, actor=actor, at=at)
    return signed


def _record(review: Review, signed: StatedPacket, *, superseded: bool, actor: str, at: str) -> None:
    draft = drafts.packet_recorded(signed, _contents(review, signed), superseded=superseded)
    registers = review.record.registers
    review.commit(lambda: [drafts.replacing(registers, draft.kind, draft.key, draft.data)], actor, at)


def _contents(review: Review, signed: StatedPacket) -> PacketContents | None:
    """Return what a packet contains: what the review is now, where nothing was recorded since; else what it carries."""
    known = review.record.packet
    if known is not None and known.manifest == signed.manifest:
        return known.contents
    if not review.record.goes_beyond(signed.ends):
        return packet_contents(review_snapshot(review, ()))
    carried = carried_review(signed.folder)
    return None if carried is None else packet_contents(review_snapshot(carried, ()))


def _check_review(review: Review, signed: StatedPacket) -> None:
    if not signed.manifest:
        raise not_written(
            signed.folder, "the manifest of the signed packet there cannot be read", "name another folder"
        )
    if signed.workspace != review.store.events[0].id:
        raise not_written(signed.folder, "the signed packet there is of another review", "name another folder")
