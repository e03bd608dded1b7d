"""Dispose of findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.review.commands.outcome import Outcome
from analysis.review.queries.findings import findings_by_id, findings_in_scope, single_findings
from analysis.review.record import drafts
from analysis.review.record.dispositions import to_event_data, validated
from analysis.workspace.keys import finding_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import Disposition, FindingId
    from analysis.review.session import Review
    from analysis.workspace import EventDraft


def dispose(review: Review, findings: Sequence[FindingId], disposition: Disposition) -> Outcome:
    """Set the disposition of findings as one action; `OPEN` takes it back. Raises `UsageError`.

    Actor and time are in the disposition. A grouped finding means every finding in it, and the code `misread` everything
    that the rule misread in the same way (`findings_in_scope`).
    """
    disposition = validated(disposition, review.policy.policy)
    named = len(single_findings(review, findings))
    single, by_id = findings_in_scope(review, findings, disposition), findings_by_id(review)
    tools = {finding: review.table.get(by_id[finding].tool) for finding in single}

    def make() -> list[EventDraft]:
        registers = review.record.registers
        return [
            drafts.replacing(registers, "finding.disposed", finding_key(f), to_event_data(disposition, tools[f]))
            for f in single
        ]

    review.commit(make, disposition.actor, disposition.at)
    more = f", {len(single) - named:,} of them with the same evidence" if len(single) > named else ""
    return Outcome(f"{len(single)} finding{'s' if len(single) != 1 else ''}: {disposition.status.value}{more}")
