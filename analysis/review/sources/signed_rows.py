"""The store of a review as everyone sees it: with the rows that follow from what is signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.review.sources.policy_words import words_at_import, words_digest
from analysis.review.sources.rebuild import rebuilt_rows
from analysis.workspace.carried_store import carried_store
from analysis.workspace.stored_rows import RebuiltRows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.sync.signed_commits import Proof
    from analysis.workspace import Store


def store_as_signed(store: Store, proofs: Sequence[Proof], words: str) -> Store:
    """Return a store whose rows are those of every copy; `words` is the digest of the vocabulary that counts here.

    Where a policy that is not signed yet has words of its own, sources are assessed anew without them.
    """
    signed = words_at_import(store.events, proofs)
    if words_digest(signed, store.events) == words:
        return store
    events = [(event.id, event.replica, event.seq, event.body) for event in store.events]
    return carried_store(store.path, events, RebuiltRows(rebuilt_rows(store, signed)))
