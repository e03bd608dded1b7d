"""Tools as queries see them, kept between queries: a letter typed into a filter must not build them all again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.model import DecisionState, Status, ToolId
from analysis.query import QueryRow, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from analysis.model import Finding, ToolState
    from analysis.query import Query

_ASK_FINDINGS = frozenset({"rule", "severity", "findings"})


def query_row_of(tool: ToolState, actor: str, id: str = "") -> QueryRow:
    """Return a tool as a query sees it, without findings, notes, and what is marked or seen."""
    row, made = tool.row, tool.decision
    held = {
        "mine": made is not None and made.actor == actor,
        "stale": tool.stale,
        "conflict": tool.conflict,
        "expired": tool.decision_state is DecisionState.EXPIRED,
        "unclear": row.unclear and tool.type_override is None,
        "retagged": tool.risk_override is not None or tool.type_override is not None,
        "deprecated": row.deprecated,
        "noted": tool.notes > 0,
    }
    return QueryRow(
        id=id,
        name=row.name,
        method=row.method,
        path=row.path,
        text=f"{row.name} {row.path} {row.operation_id} {row.summary}".lower(),
        effect=tool.effect.value,
        type=tool.type.value,
        types=tuple(kind.value for kind in row.types),
        risk=tool.risk.value,
        reversibility=row.reversibility.value,
        status=tool.decision_state.simple,
        flags=frozenset(flag for flag, holds in held.items() if holds),
        data=row.data,
        tags=row.tags,
        source=row.source,
        scopes=row.scopes,
        tokens=row.tokens,
        by=made.actor if made else "",
        decided=made.at[:10] if made else "",
    )


class QueryRows:
    """The tools of a review as queries see them, for one actor at a time."""

    def __init__(self) -> None:
        self._actor = ""
        self._light: dict[ToolId, QueryRow] = {}
        self._stale: set[ToolId] = set()  # of these, what has to be built anew
        self._full: dict[ToolId, tuple[QueryRow, tuple[Finding, ...], QueryRow]] = {}
        self._last: tuple[Query, list[QueryRow]] | None = None

    def forget(self, tools: Iterable[ToolId] | None = None) -> None:
        """Build tools anew at the next query (None: all)."""
        self._last = None
        if tools is None:
            self._light.clear()
            self._stale.clear()
            self._full.clear()
        else:
            self._stale.update(tools)

    def rows(self, tools: Mapping[ToolId, ToolState], actor: str) -> list[QueryRow]:
        """Return every tool, in document order."""
        if actor != self._actor:
            self._actor = actor
            self.forget()
        stale, self._stale = self._stale, set()
        if not self._light:
            self._light = {each: query_row_of(tool, actor, each) for each, tool in tools.items()}
        else:
            self._light.update({each: query_row_of(tools[each], actor, each) for each in stale if each in tools})
        return list(self._light.values())

    def select(
        self,
        query: str,
        tools: Mapping[ToolId, ToolState],
        *,
        actor: str,
        findings: Callable[[], Mapping[ToolId, tuple[Finding, ...]]],
        notes: Callable[[ToolId], str],
        sets: Mapping[str, AbstractSet[ToolId]],
    ) -> list[ToolId]:
        """Return the tools a query shows, in document order. `sets` are flags that the caller keeps, with their tools.

        Raises `UsageError` for a faulty query.
        """
        wanted = parse(query)
        if not query.strip():
            return list(tools)
        asks = wanted.asks()
        rows = self.rows(tools, actor)
        if asks & _ASK_FINDINGS:
            rows = self._with_findings(rows, findings())
        if "note" in asks:
            rows = [replace(row, notes=notes(ToolId(row.id))) if "noted" in row.flags else row for row in rows]
        flagged = {flag: members for flag, members in sets.items() if members and asks & {flag, "*"}}
        if flagged:
            rows = [_flagged(row, flagged) for row in rows]
        if flagged or asks & {*_ASK_FINDINGS, "note"}:
            return _ids(wanted.select(rows))
        if self._last is not None and wanted.narrows(self._last[0]):
            rows = self._last[1]
        found = wanted.select(rows)
        self._last = (wanted, found)
        return _ids(found)

    def _with_findings(
        self, rows: Sequence[QueryRow], findings: Mapping[ToolId, tuple[Finding, ...]]
    ) -> list[QueryRow]:
        made = []
        for row in rows:
            tool = ToolId(row.id)
            found = findings.get(tool, ())
            if not found:
                made.append(row)
                continue
            known = self._full.get(tool)
            if known is None or known[0] is not row or known[1] is not found:
                self._full[tool] = known = (row, found, _found(row, found))
            made.append(known[2])
        return made


def _found(row: QueryRow, findings: Sequence[Finding]) -> QueryRow:
    counted = [f for f in findings if f.status in {Status.OPEN, Status.FIXING}]
    return replace(
        row,
        rules=tuple(f.rule for f in counted),
        severities=tuple(f.severity.value for f in counted),
        findings=len(counted),
    )


def _flagged(row: QueryRow, sets: Mapping[str, AbstractSet[ToolId]]) -> QueryRow:
    held = {flag for flag, members in sets.items() if row.id in members}
    return replace(row, flags=row.flags | held) if held else row


def _ids(rows: Iterable[QueryRow]) -> list[ToolId]:
    return [ToolId(row.id) for row in rows]
