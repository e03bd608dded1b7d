"""What this copy of a review has and no branch of its remote carries."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from analysis.review.sources.rebuild import stored_as
from analysis.sync.pushed import Outgoing
from analysis.sync.signed_commits import Segment
from analysis.workspace.keys import parse_key
from analysis.workspace.replicas import written_here

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from analysis.review.session import Review
    from analysis.sync.branch_names import ReplicaBranch
    from analysis.sync.sync_memory import SyncMemory
    from analysis.workspace import Event

#: Maximum number of events, and of characters, that one commit carries.
_MAX_EVENTS: Final = 20_000
_MAX_CHARACTERS: Final = 16 * 1024 * 1024
#: Maximum number of chains in a commit: its message names the end of each.
_MAX_SEGMENTS: Final = 300


def outgoing_of(
    review: Review, branch: ReplicaBranch, memory: SyncMemory, withheld: Collection[str] = ()
) -> Iterator[Outgoing]:
    """Yield what this copy has and no branch carries, in parts of the size of one commit on its own branch.

    Chains that are `withheld` are not among it.
    """
    segments: list[Segment] = []
    sources: dict[str, Sequence[tuple[str, bytes]]] = {}
    events, characters = 0, 0
    for replica, chain in _unsent(review, memory):
        for event in chain if replica not in withheld else ():
            if segments and segments[-1].replica == replica:
                last = segments[-1]
                segments[-1] = Segment(replica, last.first, (*last.bodies, event.body), event.id)
            else:
                segments.append(Segment(replica, event.seq, (event.body,), event.id))
            if event.kind == "source.imported":
                sources |= _files(review, event)
            events, characters = events + 1, characters + len(event.body)
            if events >= _MAX_EVENTS or characters >= _MAX_CHARACTERS or len(segments) >= _MAX_SEGMENTS:
                yield Outgoing(memory.review, branch, tuple(segments), sources)
                segments, sources, events, characters = [], {}, 0, 0
    if segments:
        yield Outgoing(memory.review, branch, tuple(segments), sources)


def in_my_name(review: Review, branch: ReplicaBranch, memory: SyncMemory) -> dict[str, int]:
    """Return the chains of other copies with events under the name of the person here that are not proven, and how many.

    A signature over such a chain would prove them, and anyone can write a name into a file: so this copy signs only what
    this machine has recorded, unless the person says that the others are theirs too.
    """
    name, proofs = branch.person.casefold(), review.record.proofs
    proofs.bind(review.store.events)
    found: Counter[str] = Counter()
    for event in review.store.events:
        if event.actor.casefold() == name and event.replica != branch.replica and not proofs.key_of(event):
            found[event.replica] += 1
    if found:
        for replica in (*memory.own, *written_here()):
            found.pop(replica, None)
    return {replica: count for replica, count in found.items() if replica in dict(_unsent(review, memory))}


def _unsent(review: Review, memory: SyncMemory) -> Iterator[tuple[str, list[Event]]]:
    """Yield the events of each chain that no branch carries: our own, and those of copies without a branch."""
    chains: dict[str, list[Event]] = {}
    for event in review.store.events:
        chains.setdefault(event.replica, []).append(event)
    for replica, chain in sorted(chains.items(), key=lambda each: each[0] != review.store.replica):
        ids = [
            seq for seq, event in memory.on_remote.get(replica, ()) if seq <= len(chain) and chain[seq - 1].id == event
        ]
        rest = chain[max(ids, default=0) :]
        if rest:
            yield replica, rest


def _files(review: Review, event: Event) -> dict[str, Sequence[tuple[str, bytes]]]:
    """Return the files of an import by its digest; none where a later import has taken their place."""
    files = tuple(review.store.files(parse_key(event.key).subject))
    return {str(event.data["sha256"]): files} if stored_as(files, event) is not None else {}
