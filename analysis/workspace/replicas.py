"""Which replica writes: an identity of this copy on this machine, kept outside the file.

A copied file must not go on with the original's chain, or two different events would claim one place. So the
identity lies in the user's state folder, by path, together with the last event written; when the file does not
end there, or nothing is known of it, a new identity is drawn. A new one is always safe.

The identity is kept before the first write too: whoever finds a journal after a crash can tell that it is our own. Beside it lies what this machine has verified of the file, because
nothing inside a file can vouch for it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path


def state_folder() -> Path:
    """Return the folder for what this machine remembers (`$XDG_STATE_HOME/clearance`)."""
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(base) / "clearance" / "replicas"


def new_replica() -> str:
    """Return a fresh identity of 128 random bits."""
    return secrets.token_hex(16)


def _card(path: Path) -> Path:
    return state_folder() / f"{hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:32]}.json"


@dataclass(frozen=True, slots=True)
class Card:
    """What this machine remembers of the file at a place; each fact is empty where there is nothing to remember.

    `head` is the event at place `seq` of the chain of `replica`, the last one written here. `derived` is the
    fingerprint of the derived rows that this machine has written or verified, `stamp` what the file system said of the
    file when it was last verified as a whole.
    """

    replica: str = ""
    seq: int = 0
    head: str = ""
    derived: str = ""
    stamp: tuple[int, ...] = ()


def card_of(path: Path) -> Card:
    """Return what is remembered of a file; what cannot be read is not known."""
    try:
        said = json.loads(_card(path).read_text("utf-8"))
        stamp = tuple(int(part) for part in said.get("stamp", ()))
        return Card(str(said["replica"]), int(said["seq"]), str(said["head"]), str(said.get("derived", "")), stamp)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Card()


def stamp(path: Path) -> tuple[int, ...]:
    """Return what changes whenever a file is written, replaced or touched; nothing where it cannot be told."""
    try:
        info = path.stat()
    except OSError:
        return ()
    return info.st_ino, info.st_size, info.st_mtime_ns, info.st_ctime_ns


def has_written(path: Path) -> bool:
    """Whether this machine has written in a file at this place, or had begun to."""
    return bool(card_of(path).replica)


def known_replica(card: Card, heads: dict[str, tuple[int, str]]) -> str | None:
    """Return this copy's identity, if the file still holds everything it has written."""
    here = heads.get(card.replica)
    if here is None or here[0] < card.seq or (here[0] == card.seq and here[1] != card.head):
        return None
    return card.replica


def remember(path: Path, card: Card) -> None:
    """Keep a card. Failing to is harmless: the next session draws a new identity, and verifies everything anew."""
    with contextlib.suppress(OSError):
        place = _card(path)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = place.with_suffix(f".{os.getpid()}.tmp")
        draft.write_text(json.dumps(asdict(card)), "utf-8")
        draft.replace(place)
