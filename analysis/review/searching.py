"""A review as one searches it: filters, what completes them, saved views, and conditions that were used before."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from analysis.query import completed_field, completions, tally
from analysis.review.derived import orders
from analysis.review.reading import ReviewReader
from analysis.review.record import state

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from analysis.model import Finding, ToolId


class Searching(ReviewReader):
    """An open review as one searches it."""

    def select(
        self,
        query: str,
        *,
        actor: str = "",
        marked: AbstractSet[ToolId] = frozenset(),
        seen: AbstractSet[ToolId] = frozenset(),
    ) -> list[ToolId]:
        """Return the tools a query shows, in document order. Raises `UsageError` for a faulty query."""
        return self._query_rows.select(
            query,
            self._states,
            actor=actor,
            findings=lambda: self.summary().by_tool,
            notes=lambda tool: " ".join(note.text for note in self.notes(tool)),
            sets={"marked": marked, "seen": seen},
        )

    def prepare(self, actor: str = "") -> None:
        """Work out beforehand what the first question and the first filter need."""
        self.summary()
        self._query_rows.rows(self._states, actor)
        orders.prepare(self)

    def ordered(self, tools: Sequence[ToolId], order: str) -> list[ToolId]:
        """Return tools, given in document order, in one of `orders.ORDERS`."""
        return orders.ordered(self, tools, order)

    def completions(self, query: str, actor: str = "") -> list[tuple[str, int]]:
        """Return what could stand in place of the last word of a query, each with how many tools it would show.

        The count is 0 for a name of a field: it shows nothing by itself.
        """
        asked = completed_field(query)
        if not asked:
            return [(offer, 0) for offer in completions(query)]
        rows = self._query_rows.rows(self._states, actor)
        if asked in {"rule", "severity"}:
            found = self.summary().by_tool.values()
            values = [{f.rule if asked == "rule" else f.severity.value for f in group} for group in found]
            counts = Counter(value.lower() for group in values for value in group)
        else:
            counts = tally(asked, rows)
        offers = completions(query, [value for value, _ in counts.most_common()])
        return [(offer, counts[re.split("[:,]", offer)[-1]]) for offer in offers]

    def findings_seen(self, tool: ToolId) -> tuple[Finding, ...]:
        """Return the findings of a tool as they were weighed last: without waiting for what the last events change."""
        summary = self._summary or self._seen
        return (summary or self.summary()).by_tool.get(tool, ())

    def views(self) -> dict[str, str]:
        """Return the saved views of the review as name -> query, by name."""
        return state.views(self._registers)

    def conditions_used(self, most: int = 9) -> list[str]:
        """Return the sets of conditions that decisions carry, last used first, each as one line."""
        lines: dict[str, None] = {}
        for event in reversed(self._store.events):
            stated = event.data.get("conditions") if event.kind == "tool.decided" and not event.undoes else None
            if stated and len(lines) < most:
                parts = [
                    f"{c['kind']}={c['value']}" + (f" | {c['evidence']}" if c.get("evidence") else "") for c in stated
                ]
                lines.setdefault("; ".join(parts))
        return list(lines)
