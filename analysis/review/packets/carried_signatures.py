"""The signatures on events that a packet carries: written from a review, read back, and verified by its receiver."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.errors import Unreadable
from analysis.model import SignedEvents
from analysis.output.packet.proofs_file import PROOFS, carried_proofs
from analysis.ssh.signatures import key_fingerprint
from analysis.sync.signed_commits import CommitText, Proof, read_commit, verified
from analysis.text import visible
from analysis.workspace.order import TIME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.output.packet.folder import Snapshot
    from analysis.review.session import Review
    from analysis.ssh.signer_list import SignerList


def signed_events(review: Review) -> tuple[SignedEvents, ...]:
    """Return the signatures of a review that cover events which are in it."""
    events = {event.id: (event.replica, event.seq) for event in review.store.events} if review.proofs else {}
    return tuple(
        SignedEvents(proof.person, proof.key, proof.commit)
        for proof in review.proofs
        if any(events.get(event) == (replica, seq) for replica, (seq, event) in proof.heads.items())
    )


def carried_signatures(packet: Snapshot) -> tuple[Proof, ...]:
    """Return what the signatures of a packet cover, as they state it; `signature_problems` verifies them.

    Raises `Unreadable`.
    """
    found = []
    for person, commit in _commits(packet):
        key = key_fingerprint(commit.signature)
        found.append(Proof(person, key, commit.heads, commit.raw.decode("latin-1")))
    return tuple(found)


def signature_problems(packet: Snapshot, manifest: dict[str, Any], signers: SignerList, now: str) -> Iterator[str]:
    """Yield a sentence for each signature on events that was not valid at the time of the packet.

    That is the time of its last event, for which the sign-offs vouch: when a commit was first seen, only its receiver
    knows. A time later than `now` (ISO 8601) does not count.
    """
    predicate = manifest.get("predicate")
    claimed = predicate if isinstance(predicate, dict) else {}
    workspace, issued = claimed.get("workspace"), str(claimed.get("issuedAt", ""))
    review = str(workspace.get("id", "")) if isinstance(workspace, dict) else ""
    at = issued if TIME.fullmatch(issued) and issued < now else now
    try:
        for person, commit in _commits(packet):
            found = verified(commit, review=review, person=person, signers=signers, at=at)
            if isinstance(found, str):
                yield f"{PROOFS}: the signature of {visible(person, 60)} proves nothing: {found}"
    except Unreadable as error:
        yield f"{PROOFS}: {error}"


def _commits(packet: Snapshot) -> Iterator[tuple[str, CommitText]]:
    if PROOFS not in packet.names:
        return
    for person, text in carried_proofs(packet.read(PROOFS)):
        try:
            yield person, read_commit(text.encode("latin-1"))
        except UnicodeError:
            raise Unreadable("holds something else than commits") from None
