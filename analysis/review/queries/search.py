"""Search of a review: filters, their completion, orders, saved views, and conditions used so far."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from analysis.model import Status
from analysis.query import completed_field, completions, tally
from analysis.review.queries.tools import notes
from analysis.review.record import state
from analysis.review.record.access_request import OTHER_AUDIENCE, OTHER_ENVIRONMENT, request_fit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from analysis.model import ToolId
    from analysis.review.session import Review

#: Word of `is:` for the allowed tools that lack a second approver.
AWAITING_SECOND = "awaiting-second"
#: Flags of tools that are not in their rows: what is marked or opened, and what the whole review says of them.
ADDED_FLAGS = frozenset({"marked", "seen", OTHER_ENVIRONMENT, OTHER_AUDIENCE, AWAITING_SECOND})
#: Maximum number of sets of conditions that are suggested.
MAX_CONDITIONS = 9


def select(
    review: Review,
    query: str,
    *,
    actor: str = "",
    marked: AbstractSet[ToolId] = frozenset(),
    seen: AbstractSet[ToolId] = frozenset(),
) -> list[ToolId]:
    """Return the tools that match a query, in document order. Raises `UsageError` for a faulty query."""
    return review.views.query_rows.select(
        query,
        actor=actor,
        findings=lambda: review.summary().by_tool,
        notes=lambda tool: " ".join(note.text for note in notes(review, tool)),
        groups=lambda tool: review.views.groups.id_of(tool),  # noqa: PLW0108 - made only for a query that asks for it
        sets={"marked": marked, "seen": seen} | _outside_request(review, query) | _awaiting_second(review, query),
    )


def _awaiting_second(review: Review, query: str) -> dict[str, AbstractSet[ToolId]]:
    """Return the tools that wait for a second approver, for a query that asks for them."""
    if AWAITING_SECOND not in query.lower():
        return {}
    return {AWAITING_SECOND: frozenset(review.record.lacking_second_approver(review.table.states))}


def _outside_request(review: Review, query: str) -> dict[str, AbstractSet[ToolId]]:
    """Return the tools that do not fit the access request, by the flag of each misfit that a query names."""
    if OTHER_ENVIRONMENT not in query.lower() and OTHER_AUDIENCE not in query.lower():
        return {}
    fit = request_fit(review.record.registers, review.table.states)
    return {OTHER_ENVIRONMENT: frozenset(fit.other_environment), OTHER_AUDIENCE: frozenset(fit.other_audience)}


def prepare(review: Review, actor: str = "") -> None:
    """Compute the views that the first screen and the first filter need."""
    _ = review.summary().open_findings  # which makes the rows of all findings, kept from then on
    review.views.query_rows.rows(actor)
    _ = review.views.orders


def prepare_next(review: Review) -> Iterator[object]:
    """Compute what other screens need, a piece each time: between two pieces there is time for a key."""
    yield review.views.groups.ordered()
    yield review.views.flows.all()


def ordered(review: Review, tools: Sequence[ToolId], order: str) -> list[ToolId]:
    """Return tools, given in document order, in one of `analysis.review.derived.orders.ORDERS`."""
    return review.views.orders.ordered(tools, order)


def filter_completions(review: Review, query: str, actor: str = "") -> list[tuple[str, int]]:
    """Return the completions of the last word of a query, each with the number of tools it would show.

    The number is 0 for the name of a field, which is not a filter by itself.
    """
    field = completed_field(query)
    if not field:
        return [(offer, 0) for offer in completions(query)]
    if field in {"rule", "severity"}:
        # The filter shows tools by their open findings.
        found = [
            [f for f in group if f.status in {Status.OPEN, Status.FIXING}]
            for group in review.summary().by_tool.values()
        ]
        values = [{f.rule if field == "rule" else f.severity.value for f in group} for group in found]
        counts = Counter(value.lower() for group in values for value in group)
    else:
        counts = tally(field, review.views.query_rows.rows(actor))
    offers = completions(query, [value for value, _ in counts.most_common()])
    return [(offer, counts[re.split("[:,]", offer)[-1]]) for offer in offers]


def saved_views(review: Review) -> dict[str, str]:
    """Return the saved views as name -> query, by name."""
    return state.recorded_views(review.record.registers)


def conditions_used(review: Review, limit: int = MAX_CONDITIONS) -> list[str]:
    """Return the sets of conditions on decisions, last used first, each as one line."""
    lines: dict[str, None] = {}
    for event in reversed(review.record.understood):
        found = event.data.get("conditions") if event.kind == "tool.decided" and not event.undoes else None
        if found and len(lines) < limit:
            parts = [f"{c['kind']}={c['value']}" + (f" | {c['evidence']}" if c.get("evidence") else "") for c in found]
            lines.setdefault("; ".join(parts))
    return list(lines)
