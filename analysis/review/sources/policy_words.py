"""The vocabulary under which each source is assessed: that of the policy which was in force at its import.

In a review of several people a policy that is only claimed is not in force, so its words do not count either: they could
make a dangerous tool look harmless. What is proven later counts from then on, and the sources are assessed again.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from analysis.review.record.policy import review_policy
from analysis.review.record.understanding import understand
from analysis.workspace import Registers
from analysis.workspace.keys import POLICY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.sync.signed_commits import Proof
    from analysis.workspace import Event

IMPORT: Final = "source.imported"

#: By the id of an import: the vocabulary in the form of `ImportOptions.own_words`.
Words = dict[str, "Mapping[str, Any]"]


def words_at_import(events: Sequence[Event], proofs: Sequence[Proof] = (), own: tuple[str, str] | None = None) -> Words:
    """Return, by import, the vocabulary of the policy that was in force then, where it had any.

    `events` are in canonical order; `proofs` and `own` are as in `Record`: whose policies count.
    """
    if not any(event.key == POLICY for event in events):
        return {}
    from analysis.review.record.people.proven_events import Authors, Proofs  # noqa: PLC0415 - few reviews have a policy

    understood = understand(events).events
    authors, signed = Authors(), Proofs(proofs)
    authors.add(understood)
    if authors.several:
        signed.bind(events)
    registers, found = Registers(), Words()
    for event in understood:
        if event.kind == IMPORT and (policy := review_policy(registers).policy) is not None and policy.vocabulary:
            found[event.id] = policy.own_words()
        elif event.key == POLICY and (not authors.several or signed.key_of(event) or _is_own(event, own)):
            registers.add(event)
    return found


def _is_own(event: Event, own: tuple[str, str] | None) -> bool:
    """Whether this copy has recorded an event and may go by it until it is signed."""
    return own is not None and event.replica == own[0] and own[1] in {"", event.actor}


def words_digest(words: Words, events: Sequence[Event]) -> str:
    """Return what changes when sources are assessed under other words; empty where they are assessed without any."""
    by_source = {event.key: words[event.id] for event in events if event.id in words} if words else {}
    return hashlib.sha256(json.dumps(by_source, sort_keys=True).encode()).hexdigest()[:16] if by_source else ""
