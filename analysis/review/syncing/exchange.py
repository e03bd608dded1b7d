"""Sync: exchange events with colleagues through a git remote.

Five steps: `begin_exchange`, `fetch`, `take_in`, `send`, `finish`. `fetch` and `send` wait for a network, and do not touch the review,
so a desk runs them in the background. What was taken in is recorded before it is remembered: a program that is stopped fetches it again.
"""

from __future__ import annotations

import contextlib
import fcntl
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import ClearanceError, UsageError
from analysis.review.commands.merging import write_union
from analysis.review.record.conflicts import conflicts
from analysis.review.record.people.proven_events import proofs_of
from analysis.review.syncing.commit_checks import checked, needed, remembered_signers, with_checked
from analysis.review.syncing.fetched_copies import fetched_logs
from analysis.review.syncing.unsent_events import in_my_name, outgoing_of
from analysis.sync.branch_names import OWN_REPLICA, ReplicaBranch, check_person, remote_address
from analysis.sync.git_program import GitFailed
from analysis.sync.pushed import Outgoing, push
from analysis.sync.received import Received, receive
from analysis.sync.signed_commits import read_commit
from analysis.sync.sync_memory import KnownCommit, SeenBranch, SyncMemory, memory_folder, remember_sync, remembered
from analysis.text import visible
from analysis.workspace.order import in_order
from analysis.workspace.replicas import renewed
from analysis.workspace.union import Union, union

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.review.session import Review
    from analysis.ssh.signer_list import SignerList


@dataclass(slots=True)
class Exchange:
    """One exchange of a review with its remote, from `begin_exchange` to `finish`."""

    path: Path
    review: str
    person: str
    replica: str
    at: str
    memory: SyncMemory
    before: SyncMemory
    signers: SignerList | None  # of the organisation
    ask: bool
    mine: bool = False  # events in this person's name on other copies are theirs
    received: Received | None = None
    offline: str = ""  # why the remote was not reached
    outgoing: list[Outgoing] = field(default_factory=list)
    pushed: int = 0
    not_pushed: str = ""
    found: Union = field(default_factory=lambda: Union((), (), ()))
    known_conflicts: frozenset[str] = frozenset()
    trouble: list[tuple[str, str]] = field(default_factory=list)

    @property
    def branch(self) -> ReplicaBranch:
        """The branch on which this copy writes."""
        return ReplicaBranch(self.person, self.replica)


@dataclass(frozen=True, slots=True)
class Synced:
    """The outcome of an exchange; names and reasons from outside are not escaped."""

    remote: str
    reached: bool
    last: str  # when the remote was reached last, ISO 8601; empty if never
    why: str  # why it was not reached
    pushed: int
    not_pushed: str  # why events were kept back; empty where none were
    received: int
    people: tuple[tuple[str, int], ...]  # events received, by person
    conflicts: int  # that are open now and were not before
    trouble: tuple[tuple[str, str], ...]  # branches that were not taken in, or prove nothing, each with the reason

    @property
    def sentence(self) -> str:
        """The outcome in one line."""
        if not self.reached:
            last = f"last synchronised {self.last}" if self.last else "never synchronised"
            return f"offline, {last}: everything is kept and sent later ({self.why})"
        by = ", ".join(f"{name} {count:,}" for name, count in self.people)
        said = [f"sent {self.pushed:,}", f"received {self.received:,}{f' ({by})' if by else ''}"]
        said += [f"{self.conflicts:,} new conflicts"] if self.conflicts else []
        said += [f"not sent: {self.not_pushed}"] if self.not_pushed else []
        said += [f"{len(self.trouble):,} branches refused or unproven"] if self.trouble else []
        return "; ".join(said)


def begin_exchange(
    review: Review, *, person: str, at: str, remote: str = "", allowed_signers: Path | None = None, key: Path | None = None,
    ask: bool = False, mine: bool = False,
) -> Exchange:  # fmt: skip
    """Begin an exchange. Remote, key and allowed signers are remembered from the last one where they are not given.

    `mine`: events in the name of the person that other copies recorded are theirs, and are signed too. Raises `UsageError`
    where there is no remote, or the person cannot have a branch.
    """
    check_person(person)
    known = remembered(review.path)
    if known.review != review.record.identity:
        known = SyncMemory(review=review.record.identity)
    address = remote_address(remote or known.remote) if remote or known.remote else ""
    if not address:
        raise UsageError("this review has no remote", remedy="name one: clearance sync FILE REMOTE")
    if known.remote and address != known.remote:
        known = known.with_(branches={}, refused={}, on_remote={})
    memory = known.with_(
        remote=address,
        person=person,
        key=str(key.absolute()) if key else known.key,
        allowed_signers=str(allowed_signers.absolute()) if allowed_signers else known.allowed_signers,
        own=tuple(dict.fromkeys((*known.own, review.store.replica))),
    )
    return Exchange(
        path=review.path,
        review=review.record.identity,
        person=person,
        replica=review.store.replica,
        at=at,
        memory=memory,
        before=known,
        signers=remembered_signers(memory),
        ask=ask,
        mine=mine,
        known_conflicts=frozenset(each.key for each in conflicts(review.record.registers)),
    )


def fetch(exchange: Exchange, *, again: Sequence[str] = ()) -> None:
    """Read what is new on the remote, and verify it; waits for the network. `again` names branches to read as a whole."""
    memory = exchange.memory.with_(
        branches={name: seen for name, seen in exchange.memory.branches.items() if name not in again}
    )
    try:
        folder = memory_folder(exchange.path)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        exchange.received = receive(folder, exchange.memory.remote, exchange.review, memory)
    except GitFailed as error:
        exchange.offline = str(error)
        return
    except OSError as error:
        exchange.offline = f"the state folder cannot be written: {error.strerror}"
        return
    exchange.memory = with_checked(exchange.memory, exchange.received, exchange.signers, exchange.at)


def take_in(review: Review, exchange: Exchange) -> list[str]:
    """Record what was fetched; return the branches that have to be fetched again as a whole, which then is all to do."""
    received = exchange.received
    if received is None:
        return []
    review.refresh(exchange.at)
    logs = fetched_logs(review.store.events, received.news)
    if logs.parted:
        return logs.parted
    if logs.new or not logs.extends:
        own = review.store.events
        exchange.found = Union(tuple(in_order(logs.new)), (), ()) if logs.extends else union(own, logs.logs)
        if exchange.found.events:
            write_union(review, exchange.found, logs.files)
    exchange.trouble = [*received.trouble, *logs.trouble, *((n.replica, n.why) for n in exchange.found.left_out)]
    if any(fork.replica == exchange.replica for fork in exchange.found.forks):
        # Two machines have written as this replica, so that neither may go on.
        exchange.replica = review.store.replica = renewed(review.path)
    broken = {name for name, _ in logs.trouble}
    memory = exchange.memory.with_(refused=received.refused)
    for news in received.news:
        if news.branch.name not in broken:
            memory = memory.with_(branches={**memory.branches, news.branch.name: SeenBranch(news.tip, exchange.at)})
            for commit in news.commits:
                for replica, (seq, event) in commit.heads.items():
                    memory = memory.with_on_remote(replica, seq, event)
    gone = memory.branches.keys() - received.tips.keys()
    exchange.memory = memory
    remember_sync(exchange.path, memory)
    _prove(review, exchange)
    if not received.tips or exchange.branch.name in gone:
        rest = {name: ends for name, ends in memory.on_remote.items() if name != exchange.replica}
        exchange.memory = memory.with_(on_remote=rest)  # our own branch is gone: all of it is sent again
    _collect(review, exchange)
    return []


def _collect(review: Review, exchange: Exchange) -> None:
    """Find what is to be sent; what others wrote in the name of the person here is not signed for them."""
    foreign = in_my_name(review, exchange.branch, exchange.memory)
    if foreign and exchange.mine:
        exchange.memory = exchange.memory.with_(own=(*exchange.memory.own, *foreign))
        foreign = {}
    for replica, count in foreign.items():
        why = f"{count:,} events in your name from another copy are not signed or sent; if they are yours, add --mine"
        exchange.trouble.append((replica, why))
    exchange.outgoing = list(outgoing_of(review, exchange.branch, exchange.memory, foreign))


def _prove(review: Review, exchange: Exchange) -> None:
    """Take in what is proven, unless nothing can have changed: it takes a look at every event."""
    proofs = proofs_of(exchange.memory)
    if proofs != review.proofs or exchange.found.events:
        review.prove(proofs)


def send(exchange: Exchange) -> None:
    """Sign and push what the remote lacks; waits for the network. Why nothing was sent is in `not_pushed`."""
    if exchange.received is None or not exchange.outgoing:
        return
    if not exchange.memory.key:
        exchange.not_pushed = "no key was given to sign with: clearance sync FILE --key PATH"
        return
    if not OWN_REPLICA.fullmatch(exchange.replica):
        exchange.not_pushed = "this copy has no name of its own yet"
        return
    folder, name = memory_folder(exchange.path), exchange.branch.name
    for outgoing in exchange.outgoing:
        seen = exchange.memory.branches.get(name)
        try:
            raw = push(
                folder, exchange.memory.remote, outgoing, parent=seen.tip if seen else "", key=Path(exchange.memory.key),
                at=exchange.at, ask=exchange.ask,
            )  # fmt: skip
        except (GitFailed, ClearanceError, OSError) as error:
            exchange.not_pushed = ": ".join(error.lines()[:2]) if isinstance(error, ClearanceError) else str(error)
            return
        commit = read_commit(raw)
        exchange.pushed += outgoing.events
        one = KnownCommit(raw.decode("latin-1"), exchange.person, name, exchange.at)
        known = checked(exchange.review, one, exchange.signers, commit)
        memory = exchange.memory.with_(
            branches={**exchange.memory.branches, name: SeenBranch(commit.name, exchange.at)},
            commits=needed((*exchange.memory.commits, known)),
        )
        for replica, (seq, event) in commit.heads.items():
            memory = memory.with_on_remote(replica, seq, event)
        exchange.memory = memory
        remember_sync(exchange.path, memory)


def finish(review: Review, exchange: Exchange) -> Synced:
    """Remember what was exchanged, and take in what is proven by it."""
    reached = exchange.received is not None
    memory = exchange.memory.with_(synced_at=exchange.at if reached else exchange.before.synced_at)
    remember_sync(exchange.path, memory)
    _prove(review, exchange)
    unproven = [(each.person, each.why) for each in memory.commits if not each.key]
    return Synced(
        memory.remote,
        reached,
        memory.synced_at,
        exchange.offline,
        exchange.pushed,
        exchange.not_pushed,
        len(exchange.found.events),
        tuple(Counter(event.actor for event in exchange.found.events).most_common()),
        sum(each.key not in exchange.known_conflicts for each in conflicts(review.record.registers)),
        tuple(dict.fromkeys([*exchange.trouble, *unproven])),
    )


def sync(
    review: Review, *, person: str, at: str, remote: str = "", allowed_signers: Path | None = None, key: Path | None = None,
    ask: bool = False, mine: bool = False,
) -> Synced:  # fmt: skip
    """Exchange events with a remote, in one go; see `begin_exchange`. One exchange of a file at a time."""
    exchange = begin_exchange(
        review, person=person, at=at, remote=remote, allowed_signers=allowed_signers, key=key, ask=ask, mine=mine
    )
    with one_at_a_time(review.path):
        fetch(exchange)
        again = take_in(review, exchange)
        if again:
            fetch(exchange, again=again)
            take_in(review, exchange)
        send(exchange)
        return finish(review, exchange)


@contextlib.contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Keep other programs of ours from exchanging the same file meanwhile. Raises `UsageError` where one does."""
    folder = memory_folder(path)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise UsageError(
                "another program is synchronising this review", place=visible(str(path), 200), remedy="wait for it"
            ) from None
        yield
