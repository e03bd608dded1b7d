"""One tool as a page to read before the verdict: what it is, why the engine says so, what stands against it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.model import DecisionState, Effect, Reversibility
from analysis.text import visible, visible_lines
from tui.desk.pages.related import relation_lines, required_control_lines
from tui.desk.widgets.lines import Line, line
from tui.desk.widgets.symbols import ELLIPSIS, SEP

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.model import Finding, LogEntry, ReviewedTool, ToolState
    from analysis.review.queries.related_tools import RelatedTools

_MAX_TEXT = 1_200
_MAX_PARAMETERS = 30
#: A name may fill two lines of the narrowest screen, a call three: what decides stays in sight.
_MAX_NAME = 120
_MAX_CALL = 200
#: Where a signal is seen that stands in the line of the call.
_IN_CALL = frozenset({"method", "path"})


def page(
    review: ReviewedTool,
    findings: Sequence[Finding],
    history: Sequence[LogEntry],
    around: RelatedTools,
) -> list[Line]:
    """Return the evidence page of a tool."""
    return [
        *_head(review),
        *_verdict(review),
        *_findings(findings),
        *_reasons(review),
        *relation_lines(around),
        *_inputs(review),
        *_text(review),
        *required_control_lines(around.required_controls),
        *_notes(review, history),
    ]


def marked(text: str, words: Sequence[str]) -> list[tuple[str, str]]:
    """Return a text in parts, with the words that were matched in it marked; text and words are shown safely."""
    shown = sorted({visible(word, 80) for word in words if word.strip()}, key=len, reverse=True)
    if not shown:
        return [(text, "")]
    pieces = re.split(f"({'|'.join(map(re.escape, shown))})", text, flags=re.IGNORECASE)
    return [(piece, "mark" if place % 2 else "") for place, piece in enumerate(pieces) if piece]


def _heading(text: str) -> list[Line]:
    return [line(""), line((text, "title"))]


def _head(review: ReviewedTool) -> Iterator[Line]:
    """Say in the first lines what a small screen has to show: which tool, how risky, what was decided."""
    tool, said, state = review.tool, review.assessment, review.state
    yield line((visible(tool.name, _MAX_NAME), "strong"))
    risk = state.risk.value.upper()
    style = {"HIGH": "bad", "MEDIUM": "warn"}.get(risk, "")
    retagged = f" (proposed {state.row.risk.value})" if state.risk_override else ""
    kinds = ", ".join(kind.value for kind in said.types)
    typed = f"{state.type.value} (proposed {kinds})" if state.type_override else kinds
    yield line((f"{risk} risk{retagged}", style), f"{SEP}{typed}{_undo(said.reversibility, typed)}")
    yield _summary(review.state)
    call = visible(f"{tool.method} {tool.path}", _MAX_CALL) if tool.method else "MCP tool"
    yield line(*marked(call, [r.matched for r in said.reasons if r.where in _IN_CALL]), indent=2)
    if said.unclear and not state.type_override:
        yield line(("unclear: treated as side-effect until somebody can tell", "warn"))
    if tool.deprecated:
        yield line(("deprecated by its makers", "warn"))
    place = f", line {tool.line}" if tool.line else ""
    yield line(
        (
            f"confidence {said.confidence:.2f}{SEP}{said.tokens:,} tokens{SEP}{visible(tool.pointer, _MAX_CALL)}{place}",
            "dim",
        )
    )


def _undo(held: Reversibility, typed: str) -> str:
    """Return whether a call can be taken back, where the type does not say so in the same words."""
    told = "not known whether it can be undone" if held is Reversibility.UNKNOWN else held.value
    return "" if held.value == typed else f"{SEP}{told}"


def _summary(state: ToolState) -> Line:
    made = state.decision
    told = {
        DecisionState.CONFLICT: ("reviewers differ: counts as blocked until it is settled", "bad"),
        DecisionState.STALE: ("the definition has changed since it was decided: decide again", "warn"),
        DecisionState.EXPIRED: ("the approval has expired: decide again", "warn"),
        DecisionState.UNDECIDED: ("undecided: not allowed", ""),
    }.get(state.decision_state)
    if told is not None or made is None:
        return line(told or ("undecided: not allowed", ""))
    style = {"approved": "good", "conditional": "warn"}.get(made.state.value, "bad")
    waits = (
        ("; not allowed before a second person decides the same", "warn")
        if state.decision_state is DecisionState.AWAITING_SECOND
        else ""
    )
    return line((made.state.value, style), f" by {visible(made.actor, 40)} at {made.at}", waits)


def _verdict(review: ReviewedTool) -> Iterator[Line]:
    state, made = review.state, review.state.decision
    if made is None:
        return
    yield from _heading("Decision" if state.decision_state.settled else "Earlier decision")
    if not state.decision_state.settled:
        yield line(f"{made.state.value} by {visible(made.actor, 40)} at {made.at}")
    yield line(visible(made.reason), indent=2)
    for condition in made.conditions:
        proof = f"proved by {visible(condition.evidence)}" if condition.evidence else "not proved yet"
        yield line(f"if {condition.kind.value}: {visible(condition.value)}", (f" ({proof})", "dim"), indent=3)


def _findings(findings: Sequence[Finding]) -> Iterator[Line]:
    if not findings:
        return
    yield from _heading("Findings")
    for finding in findings:
        status = "" if finding.status.value == "open" else f" [{finding.status.value}]"
        style = "bad" if finding.severity.value in {"critical", "high"} else "warn"
        yield line((f"{finding.severity.value} {finding.rule}{status}", style), f" {finding.title}", indent=2)
        if finding.matched:
            yield line((visible(finding.matched, 400), "dim"), indent=2)


def _reasons(review: ReviewedTool) -> Iterator[Line]:
    yield from _heading("Why")
    for reason in review.assessment.reasons:
        style = "against" if reason.against else ""
        against = "against: " if reason.against else ""
        yield line(
            (f"{reason.where:10}", "dim"),
            (f"{against}{visible(reason.matched, 120)}", style or "strong"),
            f": {reason.says}",
            indent=10,
        )
    if review.assessment.effect is Effect.READ and not review.assessment.data:
        yield line(("no sensitive field names found in the response", "dim"))


def _inputs(review: ReviewedTool) -> Iterator[Line]:
    tool = review.tool
    yield from _heading(f"Inputs ({len(tool.parameters)})")
    for parameter in tool.parameters[:_MAX_PARAMETERS]:
        needed = "*" if parameter.required else " "
        values = f" one of {visible(', '.join(parameter.values), 80)}" if parameter.values else ""
        text = f"  {visible(parameter.description, 160)}" if parameter.description else ""
        yield line(
            f"{needed}{visible(parameter.name)}",
            (f" {parameter.place} {visible(parameter.type)}{values}", "dim"),
            text,
            indent=3,
        )
    if len(tool.parameters) > _MAX_PARAMETERS:
        yield line((f"{ELLIPSIS} and {len(tool.parameters) - _MAX_PARAMETERS} more", "dim"))
    if tool.security is None:
        yield line(("the source does not say which credentials a call needs", "warn"))
    elif not tool.security:
        yield line(("no credential needed", "bad"))
    for uses in tool.security or ():
        named = " and ".join(
            f"{visible(u.name)} ({u.kind}{', ' + visible(', '.join(u.scopes)) if u.scopes else ''})" for u in uses
        )
        yield line(f"credential: {named}" if uses else ("credential may be left out", "bad"), indent=2)


def _text(review: ReviewedTool) -> Iterator[Line]:
    tool = review.tool
    yield from _heading("Text a model reads")
    for text in dict.fromkeys((tool.summary, tool.description)):
        if text:
            words = [r.matched for r in review.assessment.reasons if r.where == "text"]
            yield from (line(*marked(part, words)) for part in visible_lines(text, _MAX_TEXT).split("\n"))
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
