"""What is new on a remote: listed, fetched into quarantine, measured, read as data, and only then kept.

A branch is taken in whole or not at all. One that was rewritten, holds anything else than events, or is too large is
refused and named; what was taken in from it before stays.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from analysis.errors import Unreadable
from analysis.sync.branch_names import ReplicaBranch, pattern, reference, replica_branch
from analysis.sync.git_program import MAX_PACK, Git, GitFailed, Objects
from analysis.sync.signed_commits import (
    MAX_BLOB,
    MAX_COMMIT,
    MAX_TREE,
    files_in_tree,
    files_of_source,
    read_commit,
    read_segment,
)
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from analysis.sync.signed_commits import CommitText
    from analysis.sync.sync_memory import SyncMemory

#: Maximum size of the listing of a remote, in bytes: some 20,000 branches.
_MAX_LISTING: Final = 4 * 1024 * 1024
#: Maximum size of what one branch may bring at once, in bytes, packed and unpacked; and its number of commits.
MAX_BRANCH_PACK: Final = 64 * 1024 * 1024
MAX_BRANCH: Final = 256 * 1024 * 1024
MAX_COMMITS: Final = 50_000
#: Maximum number of branches that are fetched by one command.
_AT_ONCE: Final = 400
_LARGE: Final = "it would bring more than is taken in at once"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Events of one chain as a branch carries them: the place of the first, and the bodies, one after another."""

    replica: str
    first: int
    bodies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BranchNews:
    """What is new on a branch: its commits from the first new one to the tip, and what they carry."""

    branch: ReplicaBranch
    tip: str
    commits: tuple[CommitText, ...]
    chunks: tuple[Chunk, ...]
    sources: Mapping[str, tuple[tuple[str, bytes], ...]]


@dataclass(slots=True)
class Received:
    """What was found on a remote. `trouble` says of branches why they were not taken in; names are not escaped."""

    news: list[BranchNews] = field(default_factory=list)
    trouble: list[tuple[str, str]] = field(default_factory=list)
    refused: dict[str, tuple[str, str]] = field(default_factory=dict)
    tips: dict[str, str] = field(default_factory=dict)  # of every branch of the review, by `ReplicaBranch.name`


def receive(folder: Path, address: str, review: str, memory: SyncMemory) -> Received:
    """Return what is new on a remote since the memory. Raises `GitFailed` where the remote cannot be read.

    Nothing is kept beyond the objects of branches that were taken in, so that a later transfer begins after them.
    """
    store = Git.made(folder / "objects.git")
    found, tips = Received(), dict[ReplicaBranch, str]()
    for tip, name in _listed(store, address, review):
        branch = replica_branch(review, name)
        if branch is None:
            found.trouble.append((name, "its name is not that of a person's replica: it is not read"))
        else:
            tips[branch] = tip
    found.tips = {branch.name: tip for branch, tip in tips.items()}
    for name in memory.branches:
        if name not in found.tips:
            found.trouble.append((name, "it was deleted on the remote: what was read of it before is kept"))
    new = []
    for branch, tip in tips.items():
        known, refused = memory.branches.get(branch.name), memory.refused.get(branch.name)
        if refused is not None and refused[0] == tip:
            found.refused[branch.name] = refused
            found.trouble.append((branch.name, refused[1]))
        elif known is None or known.tip != tip:
            new.append(branch)
    for start in range(0, len(new), _AT_ONCE):
        _take_in(store, folder, address, review, new[start : start + _AT_ONCE], memory, found)
    return found


def _listed(store: Git, address: str, review: str) -> Iterator[tuple[str, str]]:
    """Yield commit and full name of each branch of a review on a remote."""
    arguments = ["ls-remote", "--quiet", *store.at(address, "upload-pack"), "--", address, pattern(review)]
    for line in store.run(*arguments, max_file=_MAX_LISTING).decode("utf-8", "replace").splitlines():
        commit, _, name = line.partition("\t")
        if len(commit) != 40 or not commit.isalnum():
            raise GitFailed("the remote uses names of objects that are not SHA-1")
        yield commit, name


def _take_in(
    store: Git,
    folder: Path,
    address: str,
    review: str,
    branches: Sequence[ReplicaBranch],
    memory: SyncMemory,
    found: Received,
) -> None:
    """Fetch branches together into quarantine, or each alone where one of them cannot be; read them, and keep them."""
    with tempfile.TemporaryDirectory(dir=folder, prefix="incoming-") as place:
        waiting = Git.made(Path(place), alternate=store.folder)
        there = _fetched(waiting, address, review, branches, found)
        good = []
        with Objects(waiting) as objects:
            for branch in there:
                known = memory.branches.get(branch.name)
                try:
                    news = _read(objects, branch, objects.commit_at(_place(branch)), known.tip if known else "")
                except (Unreadable, GitFailed) as error:
                    _refuse(found, branch, str(error))
                else:
                    found.news.append(news)
                    good.append(branch)
        if good:
            specs = [f"+{_place(branch)}:{_place(branch)}" for branch in good]
            store.run("fetch", *_HOW, *store.at(place, "upload-pack"), "--", place, *specs)


_HOW: Final = (
    "--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--no-auto-maintenance", "--refmap=",
)  # fmt: skip


def _fetched(
    waiting: Git, address: str, review: str, branches: Sequence[ReplicaBranch], found: Received
) -> list[ReplicaBranch]:
    """Fetch branches; return those that arrived."""

    def fetch(some: Sequence[ReplicaBranch], limit: int) -> None:
        specs = [f"+{reference(review, branch)}:{_place(branch)}" for branch in some]
        waiting.run("fetch", *_HOW, *waiting.at(address, "upload-pack"), "--", address, *specs, max_file=limit)

    try:
        fetch(branches, MAX_PACK)
    except GitFailed as error:
        if len(branches) == 1:
            _refuse(found, branches[0], _why(error))
            return []
    else:
        return list(branches)
    arrived = []
    for branch in branches:
        try:
            fetch([branch], MAX_BRANCH_PACK)
        except GitFailed as error:
            _refuse(found, branch, _why(error))
        else:
            arrived.append(branch)
    return arrived


def _why(error: GitFailed) -> str:
    """Return why a transfer failed; git does not say that the limit of the system has ended it."""
    said = str(error)
    return f"{_LARGE}, or is damaged: {said}" if "index-pack" in said or "unpack" in said else said


def _refuse(found: Received, branch: ReplicaBranch, why: str) -> None:
    shown = visible(why, 300)
    found.refused[branch.name] = found.tips[branch.name], shown
    found.trouble.append((branch.name, shown))


def _place(branch: ReplicaBranch) -> str:
    """Return where a branch lies in our own repository; no name from outside is a path there."""
    return f"refs/seen/{hashlib.sha256(branch.name.encode()).hexdigest()[:40]}"


def _read(objects: Objects, branch: ReplicaBranch, tip: str, known: str) -> BranchNews:
    """Return what is new on a branch since a known commit. Raises `Unreadable` or `GitFailed`."""
    commits: list[CommitText] = []
    name = tip
    while name != known:
        commit = read_commit(objects.read(name, "commit", MAX_COMMIT))
        commits.append(commit)
        if len(commit.parents) > 1 or len(commits) > MAX_COMMITS:
            raise Unreadable("its history is not one line of commits")
        if not commit.parents:
            if known:
                raise Unreadable("its history was rewritten: what was read of it before is kept")
            break
        name = commit.parents[0]
    commits.reverse()
    chunks: list[Chunk] = []
    sources: dict[str, tuple[tuple[str, bytes], ...]] = {}
    left = MAX_BRANCH
    for commit in commits:
        for file, blob in files_in_tree(objects.read(commit.tree, "tree", MAX_TREE)).items():
            data = objects.read(blob, "blob", min(MAX_BLOB, left))
            left -= len(data)
            segment = read_segment(file, data)
            if segment is not None:
                chunks.append(Chunk(*segment))
            else:
                digest, files = files_of_source(file, data)
                sources[digest] = files
    return BranchNews(branch, tip, tuple(commits), tuple(chunks), sources)
