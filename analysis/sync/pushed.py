"""New events as one signed commit on the branch of this replica, pushed without force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from analysis.errors import UsageError
from analysis.ssh.signatures import make_signature
from analysis.sync.branch_names import ReplicaBranch, reference
from analysis.sync.git_program import Git
from analysis.sync.signed_commits import (
    MAX_BLOB,
    MAX_COMMIT,
    MAX_TREE,
    NAMESPACE,
    message_of,
    payload_of,
    segment_bytes,
    segment_name,
    source_bytes,
    source_name,
    with_signature,
    write_object,
    written_tree,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from analysis.sync.signed_commits import Segment


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What a replica has that its remote lacks: events by chain, and the files of the imports among them, by digest."""

    review: str
    branch: ReplicaBranch
    segments: tuple[Segment, ...]
    sources: Mapping[str, Sequence[tuple[str, bytes]]]

    @property
    def events(self) -> int:
        """The number of events."""
        return sum(len(segment.bodies) for segment in self.segments)


def push(folder: Path, address: str, outgoing: Outgoing, *, parent: str, key: Path, at: str, ask: bool) -> bytes:
    """Sign and push what is new after the commit `parent`; return the commit.

    Without `ask`, a key with a passphrase has to be in an agent. Raises `GitFailed` where the remote does not take it, and
    `InputRefused` where the key cannot sign; then nothing of it counts.
    """
    store = Git.made(folder / "objects.git")
    files = {segment_name(each): segment_bytes(each) for each in outgoing.segments}
    files |= {source_name(digest): source_bytes(each) for digest, each in outgoing.sources.items()}
    large = [name for name, data in files.items() if len(data) > MAX_BLOB]
    if large:
        raise UsageError(
            "this is too large to be synchronised",
            place=large[0],
            why=f"it has more than {MAX_BLOB:,} bytes, which no copy takes in",
            remedy="give a copy of the file instead: clearance share FILE OUT",
        )
    tree = written_tree({name: write_object(store.folder, "blob", data) for name, data in files.items()})
    message = message_of(outgoing.review, outgoing.branch.person, outgoing.segments)
    payload = payload_of(
        write_object(store.folder, "tree", tree),
        parent,
        person=outgoing.branch.person,
        seconds=int(datetime.fromisoformat(at).timestamp()),
        message=message,
    )
    commit = with_signature(payload, make_signature(payload, key=key, namespace=NAMESPACE, ask=ask))
    assert max(len(tree) - MAX_TREE, len(commit) - MAX_COMMIT) <= 0, "segments are cut so that both are read again"
    name = write_object(store.folder, "commit", commit)
    where = reference(outgoing.review, outgoing.branch)
    arguments = ["--quiet", "--no-verify", "--no-signed", "--no-follow-tags", *store.at(address, "receive-pack")]
    store.run("push", *arguments, "--", address, f"{name}:{where}")
    return commit
