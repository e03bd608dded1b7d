"""The replica that writes: an identity of this copy on this machine, kept outside the file.

A copied file must not continue the original's chain, or two different events would have one place in it. So the
identity is kept in the user's state folder, by path, together with the last event written; when the file does not
end with it, or nothing is known of the file, a new identity is drawn. A new one is always safe.

The identity is stored before the first write, so that a journal found after a crash is known to be our own. The state
folder also records what this machine has verified of the file, because a file cannot vouch for itself.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
from dataclasses import asdict, dataclass, replace
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
    """The record of a file on this machine; a field is empty where nothing is known.

    `head` is the event at place `seq` of the chain of `replica`, the last one written here. `derived` is the
    fingerprint of the derived rows that this machine has written or verified, `stamp` the file-system facts of the
    file when it was last verified as a whole.
    """

    replica: str = ""
    seq: int = 0
    head: str = ""
    derived: str = ""
    stamp: tuple[int, ...] = ()

    def is_of(self, engine: str) -> bool:
        """Whether the derived rows are those of an engine."""
        return self.derived.startswith(f"{engine}:")


def card_of(path: Path) -> Card:
    """Return the card of a file; an empty one where there is none that can be read."""
    try:
        content = json.loads(_card(path).read_text("utf-8"))
        stamp = tuple(int(part) for part in content.get("stamp", ()))
        derived = str(content.get("derived", ""))
        return Card(str(content["replica"]), int(content["seq"]), str(content["head"]), derived, stamp)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Card()


def written_here() -> frozenset[str]:
    """Return the identities under which this machine writes, or wrote before a file was moved, as far as is known."""
    found = set()
    with contextlib.suppress(OSError):
        for place in state_folder().glob("*.json"):
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                found.add(str(json.loads(place.read_text("utf-8"))["replica"]))
    return frozenset(found)


def stamp(path: Path) -> tuple[int, ...]:
    """Return file-system facts that change whenever a file is written, replaced or touched; empty if unreadable."""
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
    last = heads.get(card.replica)
    if last is None or last[0] < card.seq or (last[0] == card.seq and last[1] != card.head):
        return None
    return card.replica


def remember(path: Path, card: Card) -> None:
    """Store a card. A failure is harmless: the next session draws a new identity, and verifies everything again."""
    with contextlib.suppress(OSError):
        place = _card(path)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = place.with_suffix(f".{os.getpid()}.tmp")
        draft.write_text(json.dumps(asdict(card)), "utf-8")
        draft.replace(place)


def renewed(path: Path) -> str:
    """Return a fresh identity and remember it, after another machine has written under that of this copy."""
    card = replace(card_of(path), replica=new_replica(), seq=0, head="")
    remember(path, card)
    return card.replica
