"""The page of a tool, to read before a decision: assessment with reasons, findings, inputs, text, history."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.model import DecisionState, Effect, Reversibility
from analysis.text import visible, visible_lines
from tui.desk.pages.generator_names import name_lines
from tui.desk.pages.related import relation_lines, required_control_lines
from tui.desk.widgets.lines import Line, line
from tui.desk.widgets.symbols import ELLIPSIS, SEP, SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.model import Finding, LogEntry, ReviewedTool, ToolState
    from analysis.review.packets.generator_names import DerivedName, Unread
    from analysis.review.queries.related_tools import RelatedTools

_MAX_TEXT = 1_200
_MAX_PARAMETERS = 30
#: A name may fill two lines of the narrowest screen, a call three, so that the assessment stays visible.
_MAX_NAME = 120
_MAX_CALL = 200
_SEVERITY = {each: each for each in ("critical", "high", "medium", "low")}
#: Places of signals that are shown in the line of the call.
_IN_CALL = frozenset({"method", "path"})


def page(
    review: ReviewedTool,
    findings: Sequence[Finding],
    history: Sequence[LogEntry],
    related: RelatedTools,
    names: Sequence[DerivedName] | Unread = (),
    actor: str = "",
) -> list[Line]:
    """Return the evidence page of a tool for an actor. `names` are those with problems; see `name_lines`.

    Where the actor is asked for a second approval, the reason of the first one is left out: each decides alone.
    """
    asked = _asked_for_second(review, actor, history)
    return [
        *_head(review),
        *_decision(review, asked=asked),
        *_findings(findings),
        *_reasons(review),
        *relation_lines(related),
        *_inputs(review),
        *_text(review),
        *required_control_lines(related.required_controls),
        *name_lines(names),
        *_notes(review, [entry for entry in history if not (asked and entry.kind == "tool.decided")]),
    ]


def _asked_for_second(review: ReviewedTool, actor: str, history: Sequence[LogEntry]) -> bool:
    """Whether a tool waits for a second approval, and the actor has not decided it yet."""
    decision = review.state.decision
    waits = review.state.decision_state is DecisionState.AWAITING_SECOND
    decided = any(entry.kind == "tool.decided" and entry.actor == actor for entry in history)
    return waits and decision is not None and not decided


def highlight(text: str, words: Sequence[str]) -> list[tuple[str, str]]:
    """Return a text in parts, with the matched words highlighted; both are made safe to show."""
    shown = sorted({visible(word, 80) for word in words if word.strip()}, key=len, reverse=True)
    if not shown:
        return [(text, "")]
    pieces = re.split(f"({'|'.join(map(re.escape, shown))})", text, flags=re.IGNORECASE)
    return [(piece, "mark" if place % 2 else "") for place, piece in enumerate(pieces) if piece]


def _heading(text: str) -> list[Line]:
    return [line(""), line((text, "title"))]


def _head(review: ReviewedTool) -> Iterator[Line]:
    """Yield what even a small screen shows: tool, risk, decision, call."""
    tool, assessment, state = review.tool, review.assessment, review.state
    yield line((visible(tool.name, _MAX_NAME), "strong"))
    risk = state.risk.value
    retagged = f" (proposed {state.row.risk.value})" if state.risk_override else ""
    kinds = ", ".join(kind.value for kind in assessment.types)
    typed = f"{state.type.value} (proposed {kinds})" if state.type_override else kinds
    yield line((f"{risk} risk{retagged}", risk), f"{SEP}{typed}{_undo(assessment.reversibility, typed)}")
    yield _decision_state(review.state)
    call = visible(tool.call, _MAX_CALL)
    yield line(*highlight(call, [r.matched for r in assessment.reasons if r.where in _IN_CALL]), indent=2)
    if state.assignment is not None:
        due = f", due {state.assignment.due}" if state.assignment.due else ""
        late = (" overdue", "bad") if state.overdue else ""
        yield line((f"assigned to {visible(state.assignment.to, 40)}{due}", "dim"), late)
    if assessment.unclear and not state.type_override:
        yield line(("unclear: treated as side-effect", "warn"))
    if tool.deprecated:
        yield line(("deprecated", "warn"))
    place = f", line {tool.line}" if tool.line else ""
    yield line(
        (
            f"confidence {assessment.confidence:.2f}{SEP}{assessment.tokens:,} tokens{SEP}{visible(tool.pointer, _MAX_CALL)}{place}",
            "dim",
        )
    )


def _undo(reversibility: Reversibility, typed: str) -> str:
    """Return whether a call can be undone, unless the type says so in the same words."""
    text = "reversibility unknown" if reversibility is Reversibility.UNKNOWN else reversibility.value
    return "" if reversibility.value == typed else f"{SEP}{text}"


def _decision_state(state: ToolState) -> Line:
    decision = state.decision
    text = {
        DecisionState.CONFLICT: ("conflicting decisions: not approved until resolved", "bad"),
        DecisionState.STALE: ("stale: the definition has changed since the decision; decide again", "changed"),
        DecisionState.EXPIRED: ("the approval has expired; decide again", "warn"),
        DecisionState.UNDECIDED: ("undecided: not approved", ""),
    }.get(state.decision_state)
    if text is not None or decision is None:
        return line(text or ("undecided: not approved", ""))
    style = decision.state.value
    second = (
        ("; not approved until a second person approves", "warn")
        if state.decision_state is DecisionState.AWAITING_SECOND
        else ""
    )
    return line((decision.state.value, style), f" by {visible(decision.actor, 40)} at {decision.at}", second)


def _decision(review: ReviewedTool, *, asked: bool) -> Iterator[Line]:
    state, decision = review.state, review.state.decision
    if state.sides:
        yield from _heading("Reviewers differ: your decision settles it")
    for side in state.sides:
        what = "withdrawn" if side.state is DecisionState.UNDECIDED else side.state.value
        yield line((what, "strong"), f" by {visible(side.actor, 40)} at {side.at}")
        yield line(visible(side.reason), indent=2)
        for condition in side.conditions:
            yield line(f"if {condition.kind.value}: {visible(condition.value)}", indent=3)
    if decision is None:
        return
    yield from _heading("Decision" if state.decision_state.settled else "Earlier decision")
    if not state.decision_state.settled:
        yield line(f"{decision.state.value} by {visible(decision.actor, 40)} at {decision.at}")
    reason = "a second approval is asked of you; the first reason is shown once you have decided"
    yield line(reason if asked else visible(decision.reason), indent=2)
    for condition in decision.conditions:
        evidence = f"evidence: {visible(condition.evidence)}" if condition.evidence else "no evidence yet"
        yield line(f"if {condition.kind.value}: {visible(condition.value)}", (f" ({evidence})", "dim"), indent=3)


def _findings(findings: Sequence[Finding]) -> Iterator[Line]:
    if not findings:
        return
    yield from _heading("Findings")
    for finding in findings:
        status = "" if finding.status.value == "open" else f" [{finding.status.value}]"
        severity = finding.severity.value
        symbol = SEVERITIES.get(severity, " ")
        shown = (f"{symbol} {severity}", _SEVERITY.get(severity, "dim"))
        yield line(shown, (f" {finding.rule}{status}", "dim"), f" {finding.title}", indent=2)
        if finding.matched:
            yield line((visible(finding.matched, 400), "dim"), indent=2)


def _reasons(review: ReviewedTool) -> Iterator[Line]:
    yield from _heading("Why")
    for reason in review.assessment.reasons:
        style = "against" if reason.against else ""
        against = "against: " if reason.against else ""
        yield line(
            (f"{reason.where:9} ", "dim"),
            (f"{against}{visible(reason.matched, 120)}", style or "strong"),
            f": {reason.says}",
            indent=10,
        )
    for found in review.assessment.confidential:
        yield line(
            (f"{found.where:9} ", "dim"),
            (visible(found.matched, 120), "strong"),
            f": returns {found.level.value} content ({found.kind})",
            indent=10,
        )
    if review.assessment.effect is Effect.READ and not review.assessment.data:
        yield line(("no sensitive field names found in the response", "dim"))


def _inputs(review: ReviewedTool) -> Iterator[Line]:
    tool = review.tool
    yield from _heading(f"Inputs ({len(tool.parameters)})")
    for parameter in tool.parameters[:_MAX_PARAMETERS]:
        required = "*" if parameter.required else " "
        values = f" one of {visible(', '.join(parameter.values), 80)}" if parameter.values else ""
        text = f"  {visible(parameter.description, 160)}" if parameter.description else ""
        yield line(
            f"{required}{visible(parameter.name)}",
            (f" {parameter.place} {visible(parameter.type)}{values}", "dim"),
            text,
            indent=3,
        )
    if len(tool.parameters) > _MAX_PARAMETERS:
        yield line((f"{ELLIPSIS} and {len(tool.parameters) - _MAX_PARAMETERS} more", "dim"))
    if tool.security is None:
        yield line(("the source does not state the credentials of a call", "warn"))
    elif not tool.security:
        yield line(("no credential required", "bad"))
    for uses in tool.security or ():
        named = " and ".join(
            f"{visible(u.name)} ({u.kind}{', ' + visible(', '.join(u.scopes)) if u.scopes else ''})" for u in uses
        )
        yield line(f"credential: {named}" if uses else ("credential optional", "bad"), indent=2)


def _text(review: ReviewedTool) -> Iterator[Line]:
    tool = review.tool
    yield from _heading("Text that a model reads")
    for text in dict.fromkeys((tool.summary, tool.description)):
        if text:
            words = [r.matched for r in review.assessment.reasons if r.where == "text"]
            yield from (line(*highlight(part, words)) for part in visible_lines(text, _MAX_TEXT).split("\n"))
    if not tool.summary and not tool.description:
        yield line(("none", "dim"))


def _notes(review: ReviewedTool, history: Sequence[LogEntry]) -> Iterator[Line]:
    if review.notes:
        yield from _heading("Notes")
        for note in review.notes:
            yield line((f"{visible(note.actor)} {note.at[:10]} ", "dim"), visible(note.text), indent=2)
    if history:
        yield from _heading("History")
        for entry in history[-10:]:
            yield line((f"{entry.at} {visible(entry.actor)} ", "dim"), visible(entry.sentence, 300), indent=2)
