"""What this machine remembers of a remote: where it is, what was seen on it and when, and which commits were verified.

The review file cannot vouch for itself, so this lies in the state folder of the user, one folder a review file. When a
commit was first seen here counts for the end of a key, because the date in a commit is its author's word.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

#: Version of the stored form; another one is not read.
_FORMAT: Final = 1
#: Maximum number of ends of one chain that are remembered; an older one forgotten means that events are sent twice.
_MAX_ENDS: Final = 7
#: Maximum number of branches that are remembered.
_MAX_BRANCHES: Final = 20_000


@dataclass(frozen=True, slots=True)
class SeenBranch:
    """The last commit taken in from a branch, and when it was first seen (ISO 8601)."""

    tip: str
    seen: str


@dataclass(frozen=True, slots=True)
class KnownCommit:
    """A commit that may prove events: its exact text, the person of its branch, when it was first seen, and its key.

    Without a key it proved nothing when it was checked last; `why` says so.
    """

    text: str
    person: str
    branch: str  # `ReplicaBranch.name`; later commits of one branch prove what earlier ones do
    seen: str
    key: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class SyncMemory:
    """What is remembered of one review file; empty where it was never synchronised."""

    review: str = ""  # id of the review; a file of another one at this place begins anew
    remote: str = ""
    allowed_signers: str = ""  # path
    key: str = ""  # path
    person: str = ""
    synced_at: str = ""
    checked_with: str = ""  # digest of the `allowed_signers` with which the commits were checked
    branches: dict[str, SeenBranch] = field(default_factory=dict)  # by `ReplicaBranch.name`
    refused: dict[str, tuple[str, str]] = field(default_factory=dict)  # branch -> commit that was refused last, and why
    commits: tuple[KnownCommit, ...] = ()
    #: By replica: events (seq, id) that others can read, each with all before it; several where a chain was forked.
    on_remote: dict[str, tuple[tuple[int, str], ...]] = field(default_factory=dict)
    #: The replicas under which this copy has written, and those that its person has said to be theirs.
    own: tuple[str, ...] = ()

    def with_(self, **changes: Any) -> SyncMemory:
        """Return it with some fields changed."""
        return replace(self, **changes)

    def with_on_remote(self, replica: str, seq: int, event: str) -> SyncMemory:
        """Return it knowing one more event that others can read."""
        known = [end for end in self.on_remote.get(replica, ()) if end != (seq, event)]
        return replace(self, on_remote={**self.on_remote, replica: (*known[-_MAX_ENDS:], (seq, event))})


def memory_folder(path: Path) -> Path:
    """Return the folder of what is remembered of a review file (`$XDG_STATE_HOME/clearance/sync/…`)."""
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    name = hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:32]
    return Path(base) / "clearance" / "sync" / name


def remembered(path: Path) -> SyncMemory:
    """Return what is remembered of a review file; nothing where it cannot be read."""
    try:
        data = json.loads((memory_folder(path) / "memory.json").read_text("utf-8"))
        if data.pop("format") != _FORMAT:
            return SyncMemory()
        return SyncMemory(
            **{
                name: str(data[name])
                for name in ("review", "remote", "allowed_signers", "key", "person", "synced_at", "checked_with")
            },
            branches={str(name): SeenBranch(**seen) for name, seen in data["branches"].items()},
            refused={str(name): (str(tip), str(why)) for name, (tip, why) in data["refused"].items()},
            commits=tuple(KnownCommit(**commit) for commit in data["commits"]),
            on_remote={
                str(name): tuple((int(seq), str(event)) for seq, event in ends)
                for name, ends in data["on_remote"].items()
            },
            own=tuple(map(str, data.get("own", ()))),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return SyncMemory()


def remember_sync(path: Path, memory: SyncMemory) -> None:
    """Store what is remembered, whole or not at all. A failure means that it is fetched and verified again."""
    with contextlib.suppress(OSError):
        folder = memory_folder(path)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = folder / f"memory.{os.getpid()}.new"
        kept = memory if len(memory.branches) <= _MAX_BRANCHES else replace(memory, branches={})
        draft.write_text(json.dumps({"format": _FORMAT} | asdict(kept)), "utf-8")
        draft.replace(folder / "memory.json")
