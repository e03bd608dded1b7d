"""The signatures that prove events, as a file: without it, no verifier could tell a proven approval from a claimed one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from analysis.output.packet.folder import Unreadable
from analysis.output.packet.strict_json import strict_json

if TYPE_CHECKING:
    from analysis.model import ReviewSnapshot

#: Name of the file in a packet.
PROOFS: Final = "proofs.jsonl"


def proofs(review_snapshot: ReviewSnapshot) -> bytes:
    """Return a line for each signed commit: the person, and the exact commit, which names the ends of chains it covers."""
    lines = sorted({(each.person, each.commit) for each in review_snapshot.proofs})
    return "".join(f"{json.dumps({'person': person, 'commit': commit})}\n" for person, commit in lines).encode("ascii")


def carried_proofs(data: bytes) -> list[tuple[str, str]]:
    """Return person and commit of each line. Raises `Unreadable`."""
    *lines, rest = data.split(b"\n")
    if rest:
        raise Unreadable("does not end with a whole line")
    found = [strict_json(line) for line in lines]
    if any({name: type(value) for name, value in each.items()} != {"person": str, "commit": str} for each in found):
        raise Unreadable("does not hold persons and commits")
    return [(each["person"], each["commit"]) for each in found]
