"""The signals behind the labels of a tool, and the tools that carry the same one: what a reviewer may call wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from analysis.model import Assessment, FlowRole
from analysis.workspace import from_plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.model import ToolId, ToolRow
    from analysis.review.session import Review

_NUMBER: Final = re.compile(r"\d[\d,.]*")


@dataclass(frozen=True, slots=True)
class LabelSignal:
    """One signal of an assessment: where it was found, the evidence, what it shows.

    With `flow_role` it shows that role; without, it speaks for type and risk.
    """

    where: str
    matched: str
    says: str
    flow_role: FlowRole | None = None

    @property
    def words(self) -> str:
        """The signal as one line, as `clearance misread --signal` takes it."""
        return f"{self.where}: {self.matched}: {self.says}"

    @property
    def pattern(self) -> tuple[str, str, str, str]:
        """What equal signals of several tools share; numbers in the evidence do not count."""
        return self.where, _NUMBER.sub("#", self.matched.casefold()), self.says, self.flow_role or ""

    def recorded(self) -> Mapping[str, str]:
        """Return the signal as the event of an override names it."""
        return {"where": self.where, "matched": self.matched, "says": self.says}


def signals_of(review: Review, tool: ToolId) -> list[LabelSignal]:
    """Return the signals of a tool in the order of its page: type and risk, content, flow roles. Each once.

    Signals against the label are left out: nothing rests on them.
    """
    review.tool(tool)
    return list(dict.fromkeys(_signals(review.store.record(tool))))


def _signals(record: Any) -> Iterator[LabelSignal]:
    assessment = from_plain(Assessment, record["assessment"])
    for reason in assessment.reasons:
        if not reason.against:
            yield LabelSignal(reason.where, reason.matched, reason.says)
    for content in assessment.confidential:
        yield LabelSignal(content.where, content.matched, f"returns {content.level.value} content ({content.kind})")
    for role in assessment.flow_roles:
        yield LabelSignal(role.where, role.matched, f"{role.flow_role.value}: {role.says}", role.flow_role)


def tools_with_signal(review: Review, tool: ToolId, signal: LabelSignal) -> list[ToolId]:
    """Return the tools whose label rests on the same signal as that of `tool`, which comes first.

    For a flow role: those that have the role by this signal alone. Else: those with the same method, and with the same
    type and risk as the engine gives them; of others, something else decides the label.
    """
    row = review.tool(tool).row
    similar = [tool]
    for state in review.table.states:
        if state.row.id == tool or not _same_label(state.row, row, signal.flow_role):
            continue
        found = list(_signals(review.store.record(state.row.id)))
        patterns = [each.pattern for each in found if each.flow_role is signal.flow_role]
        alone = signal.flow_role is None or len(set(patterns)) == 1
        if alone and signal.pattern in patterns:
            similar.append(state.row.id)
    return similar


def _same_label(row: ToolRow, other: ToolRow, flow_role: FlowRole | None) -> bool:
    if flow_role is not None:
        return flow_role in row.flow_roles
    return (row.method, row.types, row.risk) == (other.method, other.types, other.risk)
