"""Which fetched commits prove something: checked against the allowed signers, at the time at which they were first seen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from analysis.errors import InputRefused, Unreadable
from analysis.ssh.signer_list import REVOKED, SignerList, revoked_next_to
from analysis.sync.signed_commits import CommitText, read_commit, verified
from analysis.sync.sync_memory import KnownCommit, SyncMemory

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.sync.received import Received

#: Maximum size of an `allowed_signers` file, in bytes.
_MAX_SIGNERS: Final = 4 * 1024 * 1024


def remembered_signers(memory: SyncMemory) -> SignerList | None:
    """Return the allowed signers, with the revoked keys next to them; None where no file was named. Raises `InputRefused`."""
    if not memory.allowed_signers:
        return None
    try:
        with Path(memory.allowed_signers).open("rb") as file:
            content = file.read(_MAX_SIGNERS + 1)
    except OSError as error:
        raise InputRefused(
            "the allowed signers cannot be read", place=memory.allowed_signers, why=error.strerror or "",
            remedy="give the path with --allowed-signers",
        ) from None  # fmt: skip
    if len(content) > _MAX_SIGNERS:
        raise InputRefused("the allowed signers are too large", place=memory.allowed_signers, remedy="check the path")
    try:
        return SignerList(content, revoked_next_to(Path(memory.allowed_signers)))
    except Unreadable as error:
        raise InputRefused(
            "the revoked keys cannot be read", place=memory.allowed_signers, why=str(error),
            remedy=f"correct or remove the file {REVOKED} next to the allowed signers",
        ) from None  # fmt: skip


def with_checked(memory: SyncMemory, received: Received, signers: SignerList | None, at: str) -> SyncMemory:
    """Return a memory with the commits that prove something; the known ones are checked again when the signers change."""
    digest = signers.digest if signers is not None else ""
    known = memory.commits
    if digest != memory.checked_with:
        known = tuple(checked(memory.review, each, signers) for each in known)
    have = {each.text for each in known}
    for news in received.news:
        covered: dict[str, int] = {}
        for commit in reversed(news.commits):
            if all(covered.get(replica, 0) >= seq for replica, (seq, _) in commit.heads.items()):
                continue
            text = commit.raw.decode("latin-1")
            if text in have:
                continue
            one = checked(memory.review, KnownCommit(text, news.branch.person, news.branch.name, at), signers, commit)
            known = (*known, one)
            if one.key:
                covered |= {replica: max(seq, covered.get(replica, 0)) for replica, (seq, _) in commit.heads.items()}
    return memory.with_(commits=needed(known), checked_with=digest)


def checked(
    review: str, known: KnownCommit, signers: SignerList | None, commit: CommitText | None = None
) -> KnownCommit:
    """Return a commit with the key that signed it, or with why it proves nothing."""
    if signers is None:
        return replace(known, key="", why="no allowed signers were given, so nothing is proven")
    commit = commit or read_commit(known.text.encode("latin-1"))
    proof = verified(commit, review=review, person=known.person, signers=signers, at=known.seen)
    return replace(known, key="", why=proof) if isinstance(proof, str) else replace(known, key=proof.key, why="")


def needed(commits: Sequence[KnownCommit]) -> tuple[KnownCommit, ...]:
    """Return the commits without those of which later ones of the same branch prove as much."""
    kept: list[KnownCommit] = []
    covered: dict[tuple[str, str, str], int] = {}
    for each in sorted(commits, key=lambda each: each.seen, reverse=True):
        heads = read_commit(each.text.encode("latin-1")).heads
        names = {(each.branch, each.key and "proven", replica): seq for replica, (seq, _) in heads.items()}
        if any(covered.get(name, 0) < seq for name, seq in names.items()):
            kept.append(each)
            covered |= {name: max(seq, covered.get(name, 0)) for name, seq in names.items()}
    return tuple(reversed(kept))
