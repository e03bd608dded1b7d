"""The tools of a review as queries see them, kept so that a typed letter does not build them all again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.model import DecisionState, FlowRole, Status, ToolId
from analysis.query import EVERY_FLAG, QueryRow, parse
from analysis.review.derived.view import DerivedView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from analysis.model import Finding, ToolState
    from analysis.query import Query
    from analysis.review.derived.view import ToolTable

    Findings = Mapping[ToolId, tuple[Finding, ...]]

_NEEDS_FINDINGS = frozenset({"rule", "severity", "findings"})
#: What a row has only when a query asks for it.
_ADDED = _NEEDS_FINDINGS | {"note", "group"}
#: What depends on the person who asks.
_OF_PERSON = frozenset({"mine", EVERY_FLAG})


def query_row_of(tool: ToolState, actor: str, id: str = "") -> QueryRow:
    """Return a tool as a query sees it, without findings, notes, and what is marked or opened."""
    row, decision = tool.row, tool.decision
    assigned = tool.assignment.to if tool.assignment else ""
    flags = {
        "mine": bool(actor) and actor in {decision.actor if decision else "", assigned},
        "assigned": bool(assigned),
        "overdue": tool.overdue,
        "stale": tool.stale,
        "conflict": tool.conflict,
        "expired": tool.decision_state is DecisionState.EXPIRED,
        "unclear": row.unclear and tool.type_override is None,
        "retagged": tool.risk_override is not None or tool.type_override is not None,
        "deprecated": row.deprecated,
        "noted": tool.notes > 0,
        "proposed": decision is not None and decision.proposal is not None,
        "sampled": decision is not None and decision.sampled,
        "claimed": bool(tool.claimed) and tool.undecided,
    }
    return QueryRow(
        id=id,
        kind=row.kind.value,
        name=row.name,
        method=row.method,
        path=row.path,
        text=f"{row.name} {row.path} {row.operation_id} {row.summary}".lower(),
        effect=tool.effect.value,
        type=tool.type.value,
        types=tuple(tool_type.value for tool_type in row.types),
        risk=tool.risk.value,
        reversibility=row.reversibility.value,
        status=tool.decision_state.simple,
        flags=frozenset(flag for flag, holds in flags.items() if holds),
        data=row.data,
        confidential=(row.confidentiality.value, *row.confidential) if row.confidential else (),
        tags=row.tags,
        source=row.source,
        scopes=row.scopes,
        tokens=row.tokens,
        roles=tuple(role.value for role in FlowRole if role in tool.flow_roles),
        by=decision.actor if decision else "",
        decided=decision.at[:10] if decision else "",
        assigned=assigned,
    )


class QueryRows(DerivedView):
    """The rows of all tools, for one actor at a time; none until they are asked for."""

    def __init__(self, table: ToolTable) -> None:
        self._actor: str | None = None
        super().__init__(table)

    def rebuild(self) -> None:
        """Forget every row; they are built for the actor who asks next."""
        self._rows: list[QueryRow] = []
        self._with_found: dict[str, tuple[QueryRow, tuple[Finding, ...], QueryRow]] = {}
        self._last: tuple[Query, list[QueryRow]] | None = None

    def update(self, places: set[int]) -> None:
        """Build the rows at some places again."""
        self._last = None
        if self._rows:
            for place in places:
                self._rows[place] = self._row_at(place)

    def rows(self, actor: str | None = None) -> list[QueryRow]:
        """Return every row as an actor sees it, or as the one who asked last (None), in document order."""
        asks = self._actor or "" if actor is None else actor
        if not self._rows or asks != self._actor:
            self._actor = asks
            self.rebuild()
            self._rows = [self._row_at(place) for place in range(len(self.table.states))]
        return self._rows

    def _row_at(self, place: int) -> QueryRow:
        tool = self.table.states[place]
        return query_row_of(tool, self._actor or "", tool.row.id)

    def select(
        self,
        query: str,
        *,
        actor: str,
        findings: Callable[[], Findings],
        notes: Callable[[ToolId], str],
        groups: Callable[[ToolId], str],
        sets: Mapping[str, AbstractSet[ToolId]],
    ) -> list[ToolId]:
        """Return the tools that match a query, in document order; `sets` are flags kept by the caller.

        Raises `UsageError` for a faulty query.
        """
        wanted = parse(query)
        if not query.strip():
            return list(self.table.ids)
        asks = wanted.fields()
        # A query that asks for no person can be answered from the rows as they are, whose person need not be this one.
        rows = self.rows(actor if asks & _OF_PERSON else None)
        flagged = {flag: members for flag, members in sets.items() if members and asks & {flag, "*"}}
        if not flagged and not asks & _ADDED:
            if self._last is not None and wanted.narrows(self._last[0]):
                rows = self._last[1]
            found = wanted.select(rows)
            self._last = (wanted, found)
            return _ids(found)
        if asks & _NEEDS_FINDINGS:
            rows = self._add_findings(rows, findings())
        if "group" in asks:
            rows = [replace(row, group=groups(ToolId(row.id))) for row in rows]
        if "note" in asks:
            rows = [replace(row, notes=notes(ToolId(row.id))) if "noted" in row.flags else row for row in rows]
        if flagged:
            rows = [_add_flags(row, flagged) for row in rows]
        return _ids(wanted.select(rows))

    def depends_on_rows_alone(self, query: str, flags: AbstractSet[str]) -> bool:
        """Whether a query can be answered tool by tool: by no findings, notes, groups, person, or one of `flags`."""
        asks = parse(query).fields()
        return not asks & (_ADDED | _OF_PERSON | flags)

    def row(self, place: int) -> QueryRow:
        """Return the row at a place, as the person sees it who asked last."""
        return self.rows()[place]

    def _add_findings(self, rows: Sequence[QueryRow], findings: Findings) -> list[QueryRow]:
        made = []
        for row in rows:
            found = findings.get(ToolId(row.id), ())
            if found:
                known = self._with_found.get(row.id)
                if known is None or known[0] is not row or known[1] is not found:
                    self._with_found[row.id] = known = (row, found, _with_findings(row, found))
                made.append(known[2])
            else:
                made.append(row)
        return made


def _with_findings(row: QueryRow, findings: Sequence[Finding]) -> QueryRow:
    still_open = [f for f in findings if f.status in {Status.OPEN, Status.FIXING}]
    return replace(
        row,
        rules=tuple(f.rule for f in still_open),
        severities=tuple(f.severity.value for f in still_open),
        findings=len(still_open),
    )


def _add_flags(row: QueryRow, sets: Mapping[str, AbstractSet[ToolId]]) -> QueryRow:
    flags = {flag for flag, members in sets.items() if row.id in members}
    return replace(row, flags=row.flags | flags) if flags else row


def _ids(rows: Iterable[QueryRow]) -> list[ToolId]:
    return [ToolId(row.id) for row in rows]
