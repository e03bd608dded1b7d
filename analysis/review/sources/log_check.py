"""A check of the chains of a review file, for which nothing has to be derived."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.collector import collector_paused
from analysis.review.record.imports import imports_in_effect, without_bytes
from analysis.review.record.people.proven_events import Proofs, proofs_of
from analysis.review.record.record import Record
from analysis.review.record.understanding import understand
from analysis.review.sources.rebuild import stored_as
from analysis.sync.sync_memory import remembered
from analysis.workspace import Store
from analysis.workspace.keys import parse_key

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.review.record.understanding import SetAside
    from analysis.workspace import Event


@dataclass(frozen=True, slots=True)
class LogCheck:
    """A log whose chains are whole: the number of events, the end of each chain as (replica, seq, id), what was set aside.

    Each event set aside comes with whether a person has settled it.
    """

    events: int
    chains: tuple[tuple[str, int, str], ...]
    set_aside: tuple[tuple[SetAside, bool], ...]


@collector_paused()
def check_log(path: Path, *, now: str) -> LogCheck:
    """Check every chain of a file and the digests of its sources. Raises `WorkspaceRefused` or `InputRefused`.

    The first broken event is named.
    """
    store = Store.open(path, writable=False, rows=False)
    try:
        _, left = imports_in_effect(store.events, lambda event: _has_bytes(store, event), {})
        refused = without_bytes(left)
        aside = understand(store.events, known=refused).set_aside
        unsettled: set[str] = set()
        if aside:
            memory = remembered(path)
            own = (store.replica, memory.person if memory.key else "")
            record = Record(
                store.events, now, order=store.log.order, refused=refused, proofs=Proofs(proofs_of(memory)), own=own
            )
            unsettled = {each.event.id for each in record.unsettled}
        ends = tuple((replica, seq, identity) for replica, (seq, identity) in sorted(store.log.heads.items()))
        return LogCheck(
            len(store.events), ends, tuple((each, identity not in unsettled) for identity, each in aside.items())
        )
    finally:
        store.close()


def _has_bytes(store: Store, event: Event) -> bool:
    return stored_as(tuple(store.files(parse_key(event.key).subject)), event) is not None
