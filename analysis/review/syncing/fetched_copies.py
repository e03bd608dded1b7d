"""What branches of a remote carry, as copies of the review: chains checked from where this copy has them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.text import visible
from analysis.workspace.events import BrokenLogError, check_chains, event_id
from analysis.workspace.keys import parse_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from analysis.sync.received import BranchNews, Chunk
    from analysis.workspace import Event


@dataclass(frozen=True, slots=True)
class FetchedFiles:
    """The files of one import, read as `RecordedSources`."""

    path: Path
    events: Sequence[Event]
    source: str
    content: tuple[tuple[str, bytes], ...]

    def files(self, source: str) -> list[tuple[str, bytes]]:
        """Return the files of a source as (relative name, bytes), the entry first."""
        return list(self.content) if source == self.source else []

    def sources(self) -> list[Any]:
        """Return the identity of the source; what its validation reported is not transferred."""
        return [{"info": {"id": self.source}, "problems": []}]


@dataclass(slots=True)
class FetchedLogs:
    """The logs that branches add up to. `extends` holds if every new event continues a chain of this copy.

    `parted` names the branches of which a chain parts from this copy's before what they newly carry.
    """

    logs: list[list[Event]] = field(default_factory=list)
    new: list[Event] = field(default_factory=list)
    files: list[FetchedFiles] = field(default_factory=list)
    extends: bool = True
    taken: list[BranchNews] = field(default_factory=list)
    parted: list[str] = field(default_factory=list)
    trouble: list[tuple[str, str]] = field(default_factory=list)


def fetched_logs(own: Iterable[Event], news: Sequence[BranchNews]) -> FetchedLogs:
    """Return what branches carry as logs, each chain from its beginning; a branch with a broken chain is left out."""
    chains: dict[str, list[Event]] = {}
    for event in own:
        chains.setdefault(event.replica, []).append(event)
    found, waiting = FetchedLogs(), list(news)
    while waiting:
        later = [each for each in waiting if _lacks_base(each, chains)]
        if len(later) == len(waiting):  # what comes before was refused, or is on no branch
            found.trouble += [(each.branch.name, "it lacks events that come before those it carries") for each in later]
            break
        for each in waiting:
            if each in later:
                continue
            try:
                _add(found, each, chains)
            except BrokenLogError as error:
                found.trouble.append((each.branch.name, visible(str(error), 200)))
        waiting = later
    return found


def _lacks_base(news: BranchNews, chains: Mapping[str, list[Event]]) -> bool:
    reached = {replica: len(chain) for replica, chain in chains.items()}
    for chunk in news.chunks:
        if chunk.first > reached.get(chunk.replica, 0) + 1:
            return True
        reached[chunk.replica] = max(reached.get(chunk.replica, 0), chunk.first + len(chunk.bodies) - 1)
    return False


def _add(found: FetchedLogs, news: BranchNews, chains: dict[str, list[Event]]) -> None:
    """Add what one branch carries. Raises `BrokenLogError`."""
    lines: dict[str, list[Event]] = {}
    fresh: list[Event] = []
    for chunk in news.chunks:
        line = lines.get(chunk.replica) or chains.get(chunk.replica, [])[: chunk.first - 1]
        line = line[: chunk.first - 1]
        rows = [(event_id(body.encode()), chunk.replica, chunk.first + n, body) for n, body in enumerate(chunk.bodies)]
        try:
            made = check_chains(rows, {chunk.replica: (len(line), line[-1].id if line else "")})
        except BrokenLogError:
            if line and chunk.first > 1 and not _whole(news, chunk):
                found.parted.append(news.branch.name)
                return
            raise
        found.extends = found.extends and not any(event.fault for event in made)
        lines[chunk.replica] = [*line, *made]
        fresh += made
    for replica, line in lines.items():
        ours = chains.get(replica, [])
        shorter = min(len(ours), len(line))
        if shorter and ours[shorter - 1].id != line[shorter - 1].id:
            found.extends = False
        elif len(line) > len(ours):
            found.new += line[len(ours) :]
            chains[replica] = line
    found.logs.append([event for line in lines.values() for event in line])
    found.taken.append(news)
    for event in fresh:
        files = news.sources.get(str(event.data.get("sha256"))) if event.kind == "source.imported" else None
        if files is not None:
            place = Path(news.branch.name)
            found.files.append(FetchedFiles(place, (), parse_key(event.key).subject, files))


def _whole(news: BranchNews, chunk: Chunk) -> bool:
    """Whether a branch carries a chain from its beginning."""
    return any(each.replica == chunk.replica and each.first == 1 for each in news.chunks)
