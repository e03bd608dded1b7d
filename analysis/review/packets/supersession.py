"""Supersession in a folder: a signed packet is kept whole next to the one that takes its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.errors import WorkspaceRefused
from analysis.output.packet.stated_packet import signed_packet

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.output.packet.stated_packet import StatedPacket

__all__ = ["check_place", "kept_place", "not_written", "refuse_signed", "signed_packet"]

#: Number of characters of a digest in the name of a kept folder.
_SHORT = 12


def refuse_signed(folder: Path, supersedes: str, *, keep: bool) -> Path | None:
    """Return the place where the signed packet of a folder is kept; None where nothing in it is signed.

    Raises `WorkspaceRefused` unless it is to be kept, and recorded as the one that is superseded (its manifest's digest).
    """
    signed = signed_packet(folder)
    if signed is None:
        return None
    if not keep:
        who = ", ".join(each.words for each in signed.signoffs[:3]) or "unreadable"
        raise not_written(
            folder,
            f"the folder holds a signed packet ({who})",
            "name another folder, or add --supersede: the signed packet is then kept whole next to the new one",
        )
    check_place(signed)
    if signed.manifest != supersedes:
        raise not_written(folder, "the review does not record that packet as superseded", "export again")
    return kept_place(signed)


def kept_place(signed: StatedPacket) -> Path:
    """Return the folder in which a superseded packet is kept."""
    return signed.folder.with_name(f"{signed.folder.name}.superseded-{signed.manifest[:_SHORT]}")


def check_place(signed: StatedPacket) -> None:
    """Raise `WorkspaceRefused` for a signed packet that cannot be kept where it would be."""
    if not signed.manifest:
        raise not_written(
            signed.folder, "the manifest of the signed packet there cannot be read", "name another folder"
        )
    place = kept_place(signed)
    if place.exists() or place.is_symlink():
        raise not_written(
            signed.folder, f"{place.name}, where it would be kept, is there already", "name another folder"
        )


def not_written(folder: Path, why: str, remedy: str) -> WorkspaceRefused:
    """Return the refusal to write a packet into a folder."""
    return WorkspaceRefused("the packet was not written", place=str(folder), why=why, remedy=remedy)
