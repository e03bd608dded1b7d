"""Where gateways keep what they share: audit, approval queue and stop file, one folder for each packet."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from analysis.errors import InputRefused
from analysis.output.enforce.gateway_store import STORE
from analysis.review.enforcement.gateway import STOP
from analysis.text import file_name, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Name of the audit file in such a folder.
AUDIT: Final = "audit.jsonl"
_SHORT: Final = 12


def states() -> Path:
    """Return the folder of all such folders of this user."""
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "clearance" / "enforce"


def gateway_folder(packet: Path) -> Path:
    """Return the folder of a packet: by its path, so that the packet that takes its place has the same one."""
    place = packet.absolute()
    mark = hashlib.sha256(os.fsencode(place)).hexdigest()[:_SHORT]
    return states() / f"{file_name(place.name, 'packet')}-{mark}"


def known_states() -> Iterator[Path]:
    """Yield the folders of this user that hold an approval queue."""
    root = states()
    yield from sorted(place.parent for place in root.glob(f"*/{STORE}")) if root.is_dir() else ()


def stop(state: Path, *, actor: str, at: str) -> Path:
    """Stop every gateway of a state folder, and keep new ones from starting. Raises `InputRefused`."""
    place = state / STOP
    try:
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        place.write_text(f"stopped by {actor} at {at}\n", "utf-8")
    except OSError as error:
        raise InputRefused(
            "the stop file cannot be written", place=str(place), why=str(error), remedy="name the folder with --state"
        ) from None
    return place


def resume(state: Path) -> bool:
    """Let gateways of a state folder start again; return whether they had been stopped."""
    place = state / STOP
    was = place.exists()
    place.unlink(missing_ok=True)
    return was


def stopped(state: Path) -> str:
    """Return who stopped the gateways of a state folder; empty when no one did."""
    place = state / STOP
    try:
        return visible(place.read_text("utf-8", errors="replace").strip(), 200) or "stopped"
    except OSError:
        return "stopped" if place.exists() else ""
