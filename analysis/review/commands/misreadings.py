"""A signal was misread: the label that rests on it is corrected on all tools that carry the same one, as one action."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.assess.sensitivity.risk import MINIMUM, TABLE
from analysis.errors import CheckFailed, UsageError
from analysis.model import Risk, ToolType
from analysis.review.commands.outcome import Outcome
from analysis.review.commands.overrides import left_out_unseen
from analysis.review.queries.decision_support.label_signals import signals_of, tools_with_signal
from analysis.review.record import drafts, state
from analysis.text import visible
from analysis.workspace.keys import override_key

if TYPE_CHECKING:
    from collections.abc import Collection

    from analysis.model import ToolId, ToolRow
    from analysis.review.queries.decision_support.label_signals import LabelSignal
    from analysis.review.session import Review
    from analysis.workspace import EventDraft


def corrections(row: ToolRow, signal: LabelSignal, label: ToolType | Risk | None) -> dict[str, str]:
    """Return the overrides that correct a label of a tool: the value by the name of its register.

    A type brings the risk that the engine's table gives it, with the flow roles of the tool. None takes the flow role of
    the signal away. Raises `UsageError` for a label that the signal does not speak for.
    """
    if signal.flow_role is not None:
        if label is not None:
            raise UsageError("this signal shows a flow role", place=signal.words, remedy="leave type and risk out")
        return {state.FLOW_ROLE_REGISTERS[signal.flow_role]: "absent"}
    if label is None:
        raise UsageError("the right label is missing", place=signal.words, remedy="name the right type or risk")
    if isinstance(label, Risk):
        return {"risk": label.value}
    proposed = [TABLE[label][row.confidentiality.rank], *(MINIMUM.get(role, Risk.LOW) for role in row.flow_roles)]
    risk = max(proposed, key=lambda each: each.rank)
    return {"type": label.value} | ({"risk": risk.value} if risk is not row.risk else {})


def correct_signal(
    review: Review, tool: ToolId, signal: LabelSignal, label: ToolType | Risk | None, *, reason: str, actor: str, at: str,
    opened: Collection[ToolId] = (),
) -> Outcome:  # fmt: skip
    """Correct the label that rests on a signal of a tool, on all tools that carry the same signal, as one action.

    `opened` are the tools whose page the person has seen; `tool` is one of them. Tools of high risk that were not opened
    keep their label where it would become milder. The signal is recorded with each override, and counted by
    `clearance rules --stats`. Raises `UsageError`, and `CheckFailed` where the tool has no such signal.
    """
    if not reason.strip():
        raise UsageError("calling a signal wrong needs a reason", remedy="say what the engine misread")
    if signal not in signals_of(review, tool):
        raise CheckFailed(
            "the tool has no such signal",
            place=visible(signal.words, 200),
            remedy="list them: clearance misread FILE --tool TOOL",
        )
    similar = tools_with_signal(review, tool, signal)
    left_out = left_out_unseen(review, similar, lambda row: corrections(row, signal, label), {tool, *opened})
    tools = [each for each in similar if each not in left_out]
    data = {"reason": reason.strip(), "signal": dict(signal.recorded())}

    def make() -> list[EventDraft]:
        registers = review.record.registers
        return [
            drafts.replacing(registers, "tool.retagged", override_key(each, what), {"value": value} | data)
            for each in tools
            for what, value in corrections(review.tool(each).row, signal, label).items()
        ]

    review.commit(make, actor, at)
    what = (
        f"{signal.flow_role.value} removed" if signal.flow_role is not None else f"now {label.value if label else ''}"
    )
    named = review.tool(tool).row.name if len(tools) == 1 else f"{len(tools):,} tools with the same signal"
    rest = f"; left out, of high risk and not opened: {len(left_out):,}" if left_out else ""
    return Outcome(f"{named}: {what}{rest}", tuple(tools), left_out)
