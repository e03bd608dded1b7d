"""What documents answer by themselves: a text and an extract per question. Nothing here is an answer: a person gives it.

An extract of a document is evidence of level E2, a log sample of level E3; where a question asks for more, the
proposal leaves a claim.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from analysis.governance.diagrams import hosts_of
from analysis.model import Effect, Evidence, EvidenceKind, Proposal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from analysis.model import ReviewedTool, SourceInfo

#: How many names an extract lists before it only counts.
_NAMED: Final = 12


def proposals(
    sources: Sequence[SourceInfo], tools: Sequence[ReviewedTool], records: tuple[int, Mapping[str, int]] | None = None
) -> dict[str, Proposal]:
    """Return proposals by id of the question; a question that the documents say nothing to has none.

    `records` is what recorded traffic showed, where it was held against the review: how many records, and for each
    required audit field how many of them lack it.
    """
    live = [tool for tool in tools if tool.state.live]
    found = {
        "inv-tools": _inventory(sources, tools),
        "inv-data": _data(tools),
        "cred-scope": _scopes(live),
        "doc-cred": _schemes(live),
        "risk-egress": _hosts(live),
        "comp-pci": _card(live),
    }
    made = {control: _proposal(control, *said, sources) for control, said in found.items() if said is not None}
    if records is not None and records[0]:
        made["log-fields"] = _fields(*records)
    return made


def _proposal(control: str, text: str, extract: Iterable[str], sources: Sequence[SourceInfo]) -> Proposal:
    one = sources[0] if len(sources) == 1 else None
    title = f"Extract of {one.title or one.id}" if one else f"Extract of {len(sources)} sources"
    evidence = Evidence(
        title=title,
        level="E2",
        where=_listed(extract),
        sha256=one.sha256 if one else "",
        kind=EvidenceKind.NOTE,
        source=one.format if one else "",
    )
    return Proposal(control, text, evidence)


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    return "; ".join(found[:_NAMED]) + (f"; and {len(found) - _NAMED} more" if len(found) > _NAMED else "")


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}" + ("" if count == 1 else "s")


_Said = tuple[str, list[str]]


def _inventory(sources: Sequence[SourceInfo], tools: Sequence[ReviewedTool]) -> _Said | None:
    if not tools:
        return None
    counted = Counter(tool.tool.source for tool in tools)
    extract = [
        f"{s.title or s.id} {s.version}: {_many(counted[s.id], 'tool')}, sha256 {s.sha256[:12]}" for s in sources
    ]
    text = f"The sources define {_many(len(tools), 'tool')}. Whether a server offers more is not in them."
    return text, extract


def _data(tools: Sequence[ReviewedTool]) -> _Said | None:
    """Say which classes of data the definitions name, and how many tools return or receive each."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for tool in tools:
        for data, direction in {(hit.data, hit.direction) for hit in tool.assessment.data}:
            counted[data][direction] += 1
    if not counted:
        return None
    extract = [
        f"{data}: returned by {seen['response']}, received by {seen['request']}"
        for data, seen in sorted(counted.items())
    ]
    return "The names of fields show these classes of data; that a class is missing proves nothing.", extract


def _scopes(live: Sequence[ReviewedTool]) -> _Said | None:
    """Say which scopes tools ask for, and whether one grant both reads and does what cannot be undone."""
    reading: set[str] = set()
    grave: set[str] = set()
    counted: Counter[str] = Counter()
    for tool in live:
        asked = {s for uses in tool.tool.security or () for use in uses for s in use.scopes}
        counted.update(asked)
        reading |= asked if tool.state.effect is Effect.READ else set()
        grave |= asked if tool.state.effect is Effect.CRITICAL else set()
    if not counted:
        return None
    shared = sorted(reading & grave)
    split = f"These scopes grant both reading and critical actions: {', '.join(shared)}." if shared else (
        "No scope grants both reading and critical actions."
    )  # fmt: skip
    extract = [f"{scope}: {_many(count, 'tool')}" for scope, count in sorted(counted.items())]
    return f"The live tools ask for {_many(len(counted), 'scope')}. {split}", extract


def _schemes(live: Sequence[ReviewedTool]) -> _Said | None:
    """Say which credential is presented to which host."""
    shown = {
        f"{use.name} ({use.kind}) to {host or 'a host that is not stated'}"
        for tool in live
        for uses in tool.tool.security or ()
        for use in uses
        for host in hosts_of(tool)
    }
    if not shown:
        return None
    return "The documents state what is presented where. Who issues, holds and exchanges it is not in them.", sorted(
        shown
    )


def _hosts(live: Sequence[ReviewedTool]) -> _Said | None:
    counted = Counter(host for tool in live for host in hosts_of(tool) if host)
    if not counted:
        return None
    extract = [f"{host}: {_many(count, 'tool')}" for host, count in sorted(counted.items())]
    return (
        f"The live tools are on {_many(len(counted), 'host')}. What keeps the server from others is not stated.",
        extract,
    )


def _card(live: Sequence[ReviewedTool]) -> _Said | None:
    """Say which live tools return card data; none is only what the names of fields say."""
    if not live:
        return None
    found = sorted(
        t.tool.name for t in live if any(h.data == "card" and h.direction != "request" for h in t.assessment.data)
    )
    if found:
        return f"Fields of card data stand in the answers of {_many(len(found), 'live tool')}.", found
    return "No field of an answer is named like card data.", [f"{_many(len(live), 'live tool')} looked at"]


def _fields(records: int, lacking: Mapping[str, int]) -> Proposal:
    """Say which audit fields recorded calls hold."""
    missing = {field: count for field, count in lacking.items() if count}
    said = f"missing in some: {', '.join(sorted(missing))}" if missing else "every required field is there"
    extract = _listed(f"{field}: {records - count} of {records} records" for field, count in sorted(lacking.items()))
    evidence = Evidence("Recorded calls held against the review", "E3", extract, kind=EvidenceKind.NOTE)
    return Proposal("log-fields", f"In {_many(records, 'recorded call')}, {said}.", evidence)
