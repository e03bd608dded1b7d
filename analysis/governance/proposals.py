"""Proposed answers from documents: a text and an extract per question. A proposal counts only when a person accepts it.

An extract of a document is evidence of level E2, a log sample of level E3; where a question requires more, the accepted
proposal is a claim.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from analysis.governance.diagrams import hosts_of
from analysis.model import Effect, Evidence, EvidenceKind, Proposal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from analysis.model import ReviewedTool, SourceInfo

#: Maximum number of names in an extract.
_MAX_NAMES: Final = 12


def proposals(
    sources: Sequence[SourceInfo], tools: Sequence[ReviewedTool], records: tuple[int, Mapping[str, int]] | None = None
) -> dict[str, Proposal]:
    """Return proposals by id of the question, for questions that the documents answer.

    `records` is the result of a traffic check: the number of records, and per required audit field the number without.
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
    made = {control: _proposal(control, *answer, sources) for control, answer in found.items() if answer is not None}
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
    return "; ".join(found[:_MAX_NAMES]) + (f"; and {len(found) - _MAX_NAMES} more" if len(found) > _MAX_NAMES else "")


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}" + ("" if count == 1 else "s")


_Answer = tuple[str, list[str]]


def _inventory(sources: Sequence[SourceInfo], tools: Sequence[ReviewedTool]) -> _Answer | None:
    if not tools:
        return None
    counted = Counter(tool.tool.source for tool in tools)
    extract = [
        f"{s.title or s.id} {s.version}: {_many(counted[s.id], 'tool')}, sha256 {s.sha256[:12]}" for s in sources
    ]
    text = f"The sources define {_many(len(tools), 'tool')}. Servers may offer more tools than documented."
    return text, extract


def _data(tools: Sequence[ReviewedTool]) -> _Answer | None:
    """Return the data classes of definitions, with the number of tools that return or receive each."""
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
    return "Field names show these data classes; a missing class is no proof of absence.", extract


def _scopes(live: Sequence[ReviewedTool]) -> _Answer | None:
    """Return the requested scopes, and those used by both read-only and critical tools."""
    reading: set[str] = set()
    critical: set[str] = set()
    counted: Counter[str] = Counter()
    for tool in live:
        requested = {s for uses in tool.tool.security or () for use in uses for s in use.scopes}
        counted.update(requested)
        reading |= requested if tool.state.effect is Effect.READ else set()
        critical |= requested if tool.state.effect is Effect.CRITICAL else set()
    if not counted:
        return None
    shared = sorted(reading & critical)
    split = f"These scopes permit both read-only and critical tools: {', '.join(shared)}." if shared else (
        "No scope permits both read-only and critical tools."
    )  # fmt: skip
    extract = [f"{scope}: {_many(count, 'tool')}" for scope, count in sorted(counted.items())]
    return f"The live tools require {_many(len(counted), 'scope')}. {split}", extract


def _schemes(live: Sequence[ReviewedTool]) -> _Answer | None:
    """Return the credentials and the hosts they are presented to."""
    shown = {
        f"{use.name} ({use.kind}) to {host or 'a host that is not stated'}"
        for tool in live
        for uses in tool.tool.security or ()
        for use in uses
        for host in hosts_of(tool)
    }
    if not shown:
        return None
    return (
        "The documents state which credential is presented to which host, but not who issues, holds and exchanges it.",
        sorted(shown),
    )


def _hosts(live: Sequence[ReviewedTool]) -> _Answer | None:
    counted = Counter(host for tool in live for host in hosts_of(tool) if host)
    if not counted:
        return None
    extract = [f"{host}: {_many(count, 'tool')}" for host, count in sorted(counted.items())]
    return (
        f"The live tools are on {_many(len(counted), 'host')}. The control that blocks other hosts is not documented.",
        extract,
    )


def _card(live: Sequence[ReviewedTool]) -> _Answer | None:
    """Return the live tools that return card data by their field names."""
    if not live:
        return None
    found = sorted(
        t.tool.name for t in live if any(h.data == "card" and h.direction != "request" for h in t.assessment.data)
    )
    if found:
        return f"The responses of {_many(len(found), 'live tool')} have card data fields.", found
    return "No response field has a card data name.", [f"{_many(len(live), 'live tool')} checked"]


def _fields(records: int, lacking: Mapping[str, int]) -> Proposal:
    """Return the audit fields of recorded calls."""
    missing = {field: count for field, count in lacking.items() if count}
    summary = f"missing in some: {', '.join(sorted(missing))}" if missing else "every required field is present"
    extract = _listed(f"{field}: {records - count} of {records} records" for field, count in sorted(lacking.items()))
    evidence = Evidence("Recorded calls checked against the review", "E3", extract, kind=EvidenceKind.NOTE)
    return Proposal("log-fields", f"In {_many(records, 'recorded call')}, {summary}.", evidence)
