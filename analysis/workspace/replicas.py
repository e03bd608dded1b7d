"""Which replica writes: an identity of this copy on this machine, kept outside the file.

A copied file must not go on with the original's chain, or two different events would claim one place. So the
identity lies in the user's state folder, by path, together with the last event written; when the file does not
end there, or nothing is known of it, a new identity is drawn. A new one is always safe.

The identity is kept before the first write too: whoever finds a journal after a crash can tell that it is our own.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
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


def has_written(path: Path) -> bool:
    """Whether this machine has written in a file at this place, or had begun to."""
    try:
        return bool(json.loads(_card(path).read_text("utf-8"))["replica"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def known_replica(path: Path, heads: dict[str, tuple[int, str]]) -> str | None:
    """Return this copy's identity, if the file still holds everything it has written."""
    try:
        card = json.loads(_card(path).read_text("utf-8"))
        replica, seq, head = str(card["replica"]), int(card["seq"]), str(card["head"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    here = heads.get(replica)
    if here is None or here[0] < seq or (here[0] == seq and here[1] != head):
        return None
    return replica


def remember(path: Path, replica: str, seq: int, head: str) -> None:
    """Keep the identity and the last event. Failing to is harmless: the next session draws a new identity."""
    with contextlib.suppress(OSError):
        card = _card(path)
        card.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = card.with_suffix(f".{os.getpid()}.tmp")
        draft.write_text(json.dumps({"replica": replica, "seq": seq, "head": head}), "utf-8")
        draft.replace(card)
