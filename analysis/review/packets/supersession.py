"""Supersession: a signed packet is kept whole next to the one that takes its place, and the review records it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.errors import WorkspaceRefused
from analysis.output.packet.stated_packet import StatedPacket, signed_packet
from analysis.review.record import drafts
from analysis.review.record.state import superseded_packet

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.review.session import Review

__all__ = ["kept_place", "refuse_signed", "signed_packet", "supersede"]

#: Number of characters of a digest in the name of a kept folder.
_SHORT = 12


def supersede(review: Review, folder: Path, *, actor: str, at: str) -> StatedPacket | None:
    """Record that the next packet of a review supersedes the signed one in a folder. Returns it; None without one.

    Nothing is recorded twice, and no file is changed: the export that follows keeps the packet. Raises
    `WorkspaceRefused` for a packet of another review, one that cannot be read, or one that has no place to be kept.
    """
    signed = signed_packet(folder)
    if signed is None:
        return None
    _check_place(signed)
    if signed.workspace != review.store.events[0].id:
        raise _refused(folder, "the signed packet there is of another review", "name another folder")
    if superseded_packet(review.record.registers) != signed.manifest:
        draft = drafts.packet_superseded(signed)
        registers = review.record.registers
        review.commit(lambda: [drafts.replacing(registers, draft.kind, draft.key, draft.data)], actor, at)
    return signed


def refuse_signed(folder: Path, supersedes: str, *, keep: bool) -> Path | None:
    """Return the place where the signed packet of a folder is kept; None where nothing in it is signed.

    Raises `WorkspaceRefused` unless it is to be kept, and recorded as the one that is superseded (its manifest's digest).
    """
    signed = signed_packet(folder)
    if signed is None:
        return None
    if not keep:
        who = ", ".join(each.words for each in signed.signoffs[:3]) or "unreadable"
        raise _refused(
            folder,
            f"the folder holds a signed packet ({who})",
            "name another folder, or add --supersede: the signed packet is then kept whole next to the new one",
        )
    _check_place(signed)
    if signed.manifest != supersedes:
        raise _refused(folder, "the review does not record that packet as superseded", "export again")
    return kept_place(signed)


def kept_place(signed: StatedPacket) -> Path:
    """Return the folder in which a superseded packet is kept."""
    return signed.folder.with_name(f"{signed.folder.name}.superseded-{signed.manifest[:_SHORT]}")


def _check_place(signed: StatedPacket) -> None:
    if not signed.manifest:
        raise _refused(signed.folder, "the manifest of the signed packet there cannot be read", "name another folder")
    place = kept_place(signed)
    if place.exists() or place.is_symlink():
        raise _refused(signed.folder, f"{place.name}, where it would be kept, is there already", "name another folder")


def _refused(folder: Path, why: str, remedy: str) -> WorkspaceRefused:
    return WorkspaceRefused("the packet was not written", place=str(folder), why=why, remedy=remedy)
