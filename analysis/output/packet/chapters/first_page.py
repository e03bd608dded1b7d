"""The first page: title, verdict, key figures, the largest risks, and what was blocked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.output.packet.chapters.blocks import (
    Block,
    Bullets,
    Cell,
    Code,
    FactList,
    Heading,
    Inline,
    KeyFigures,
    Para,
    SafeText,
    StackedBar,
    Table,
    badge,
    by_inventory,
    codes,
    joined,
    number,
    of_hundred,
    population,
    timestamp,
    word,
)
from analysis.output.packet.chapters.ledger import verdict
from analysis.output.packet.document.review_document import SENTENCES

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Each state of a decision with its tone.
_STATES = (
    (SafeText("approved"), "good"),
    (SafeText("conditional"), "part"),
    (SafeText("blocked"), "off"),
    (SafeText("undecided"), "warn"),
    (SafeText("stale"), "warn"),
    (SafeText("conflicting"), "warn"),
    (SafeText("expired"), "warn"),
    (SafeText("awaiting-second"), "warn"),
)
_EFFECTS = ((SafeText("read-only"), "good"), (SafeText("side-effect"), "part"), (SafeText("critical"), "bad"))
#: Maximum number of blocked tools on the first page.
_MAX_BLOCKED = 5


def is_draft(doc: dict[str, Any]) -> bool:
    """Whether the pages must say DRAFT; only a document that says FINAL is final."""
    return bool(doc["status"] != "FINAL")


def title(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the title of the document, its status, and what it is about."""
    lead = SafeText("DRAFT: tool exposure review of ") if is_draft(doc) else SafeText("Tool exposure review of ")
    yield Heading(1, (lead, doc["title"]))
    if is_draft(doc):
        gates = joined(list(doc["open_gates"]), SafeText("; ")) or (SafeText("none is named"),)
        yield Para((SafeText("DRAFT. This review is not complete; do not rely on it. Still open: "), *gates), "draft")
    sources = joined([s["title"] or s["file"] for s in doc["sources"]])
    yield FactList(
        (
            (SafeText("Subject"), sources),
            (SafeText("As of"), timestamp(doc["as_of"])),
            (SafeText("Earliest expiry"), timestamp(doc["earliest_expiry"])),
            (SafeText("Review"), Code(doc["workspace"][:12])),
        )
    )


def summary(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the executive summary."""
    decision, score, counts = doc["decision"], doc["score"], doc["counts"]
    yield Heading(2, SafeText("Executive summary"), "summary")
    yield Para((verdict(decision["verdict"]), SafeText(" · "), _sentence(decision["sentence"])), "lead")
    yield Para(_tally(counts))
    states = counts["by_state"]
    yield KeyFigures(
        (
            (of_hundred(score["value"]), SafeText("score")),
            (number(score["without_acceptances"]), SafeText("score without accepted risks")),
            (number(score["quality"]), SafeText("tool quality (not part of the score)")),
            (
                number(states["approved"] + states["conditional"]),
                by_inventory(counts, SafeText("tools allowed"), SafeText("capabilities allowed")),
            ),
            (
                number(states["blocked"]),
                by_inventory(counts, SafeText("tools blocked"), SafeText("capabilities blocked")),
            ),
            (number(len(doc["residual"])), SafeText("residual risks")),
            (number(doc["overrides"]["count"]), SafeText("overrides by reviewers")),
        )
    )
    skipped = dict.fromkeys([*(r["check"] for r in doc["not_checked"]), *(r["rule"] for r in doc["rules_not_run"])])
    if skipped:
        yield Para(
            (SafeText("Not checked, and so not in the score: "), *codes(list(skipped), 20), SafeText(".")), "note"
        )
    yield StackedBar(
        by_inventory(counts, SafeText("Tools by decision"), SafeText("Capabilities by decision")),
        tuple((s, states[s.text], tone) for s, tone in _STATES if states[s.text]),
    )
    effects = counts["by_effect"]
    yield StackedBar(
        by_inventory(counts, SafeText("Tools by effect"), SafeText("Capabilities by effect")),
        tuple((e, effects[e.text], tone) for e, tone in _EFFECTS),
    )
    if decision["because"]:
        yield Heading(3, SafeText("Why this verdict"))
        yield Bullets(tuple(decision["because"]))
    yield from _top_risks(doc)
    yield from _blocked(doc)


def _sentence(sentence: str) -> Inline:
    """Return the sentence of the verdict as our own only if it is one of ours, word for word."""
    return next((SafeText(text) for text in SENTENCES.values() if text == sentence), sentence)


def _tally(counts: dict[str, Any]) -> Cell:
    states = counts["by_state"]
    without = sum(states[s] for s in ("undecided", "stale", "conflicting", "expired", "awaiting-second"))
    return (
        SafeText("Of "),
        population(counts["by_kind"]),
        SafeText(": "),
        number(states["approved"]),
        SafeText(" approved, "),
        number(states["conditional"]),
        SafeText(" approved with conditions, "),
        number(states["blocked"]),
        SafeText(" blocked, "),
        number(without),
        SafeText(" without a valid decision and so not allowed."),
    )


def _subject(finding: dict[str, Any]) -> Cell:
    """Return the subject of a finding in a few words."""
    if finding["tools"]:
        return number(len(finding["tools"])), SafeText(" tools")
    return Code(finding["tool_name"]) if finding["tool_name"] else word(finding["control"] or "the review")


def _top_risks(doc: dict[str, Any]) -> Iterator[Block]:
    yield Heading(3, SafeText("Largest residual risks"))
    by_id = {f["id"]: f for f in doc["findings"]}
    rows: list[tuple[Cell, ...]] = []
    for finding in (by_id[i] for i in doc["top_residual"]):
        disposition = finding["disposition"] or {}
        owner = disposition.get("owner") or SafeText("no owner")
        until = timestamp(disposition["until"]) if disposition.get("until") else SafeText("no expiry")
        rows.append(
            (badge(finding["severity"]), finding["title"], _subject(finding), badge(finding["status"]), owner, until)
        )
    if not rows:
        yield Para(SafeText("None: no finding on an exposed tool is open or accepted."))
        return
    head = ("Severity", "Risk", "Where", "Status", "Owner", "Until")
    yield Table(SafeText("Largest residual risks"), head, tuple(rows))
    more = len(doc["residual"]) - len(rows)
    if more > 0:
        yield Para((number(more), SafeText(" more: see Findings.")), "note")


def _blocked(doc: dict[str, Any]) -> Iterator[Block]:
    yield Heading(3, SafeText("Blocked tools"))
    tools = {tool["id"]: tool for tool in doc["tools"]}
    rows: list[tuple[Cell, ...]] = [
        (Code(tools[i]["name"]), tools[i]["reason"], tools[i]["by"]) for i in doc["blocked"][:_MAX_BLOCKED]
    ]
    if not rows:
        yield Para(SafeText("No tool was blocked."))
        return
    yield Table(SafeText("Blocked tools"), ("Tool", "Reason", "Blocked by"), tuple(rows))
    more = len(doc["blocked"]) - len(rows)
    if more > 0:
        yield Para((number(more), SafeText(" more: see Decisions.")), "note")
