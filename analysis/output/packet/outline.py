"""What stands on the pages of a packet, and in which order: the first page, then every chapter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.output.packet.blocks import (
    Badge,
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
    TableOfContents,
    badge,
    codes,
    decimal,
    joined,
    number,
    of_hundred,
    timestamp,
    word,
)
from analysis.output.packet.chapters import (
    accepted_risks,
    findings,
    governance,
    history,
    mapping,
    notes,
    overrides,
    policy,
    scope,
    verification,
    vocabulary,
)
from analysis.output.packet.document import SENTENCES
from analysis.output.packet.five_questions import five_questions
from analysis.output.packet.tool_pages import decisions, inventory

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Tones of the parts of a tool set, by state.
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
_BLOCKED_SHOWN = 5


def outline(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the whole document, block by block."""
    yield from _title(doc)
    yield from _summary(doc)
    yield TableOfContents()
    yield from five_questions(doc)
    chapters = (scope, inventory, decisions, findings, accepted_risks, overrides, governance, policy, mapping, ledger)
    for chapter in (*chapters, notes, history, verification, vocabulary):
        yield from chapter(doc)


def is_draft(doc: dict[str, Any]) -> bool:
    """Whether the pages must say DRAFT; only a document that says FINAL is final."""
    return bool(doc["status"] != "FINAL")


def _title(doc: dict[str, Any]) -> Iterator[Block]:
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
            (SafeText("Lapses first on"), timestamp(doc["lapses_first"])),
            (SafeText("Review"), Code(doc["workspace"][:12])),
        )
    )


def verdict(value: str) -> Inline:
    """Return a verdict with its tone: unlike a blocked tool, a blocked review is bad news."""
    return Badge("blocked", "bad") if value == "blocked" else badge(value)


def _summary(doc: dict[str, Any]) -> Iterator[Block]:
    decision, score, counts = doc["decision"], doc["score"], doc["counts"]
    yield Heading(2, SafeText("Executive summary"), "summary")
    yield Para((verdict(decision["verdict"]), SafeText(" · "), _sentence(decision["sentence"])), "lead")
    yield Para(_tally(counts))
    states = counts["by_state"]
    yield KeyFigures(
        (
            (of_hundred(score["value"]), SafeText("score")),
            (number(score["without_acceptances"]), SafeText("score without accepted risks")),
            (number(score["quality"]), SafeText("tool quality, apart")),
            (number(states["approved"] + states["conditional"]), SafeText("tools allowed")),
            (number(states["blocked"]), SafeText("tools blocked")),
            (number(len(doc["residual"])), SafeText("residual risks")),
            (number(doc["overrides"]["count"]), SafeText("overrides by reviewers")),
        )
    )
    left_out = dict.fromkeys([*(r["check"] for r in doc["not_checked"]), *(r["rule"] for r in doc["rules_not_run"])])
    if left_out:
        yield Para(
            (SafeText("Not checked, and so not in the score: "), *codes(list(left_out), 20), SafeText(".")), "note"
        )
    yield StackedBar(
        SafeText("Tools by decision"), tuple((s, states[s.text], tone) for s, tone in _STATES if states[s.text])
    )
    effects = counts["by_effect"]
    yield StackedBar(SafeText("Tools by effect"), tuple((e, effects[e.text], tone) for e, tone in _EFFECTS))
    if decision["because"]:
        yield Heading(3, SafeText("Why this verdict"))
        yield Bullets(tuple(decision["because"]))
    yield from _top_risks(doc)
    yield from _blocked(doc)


def _sentence(said: str) -> Inline:
    """Return the decision sentence as our own only if it is one of ours, word for word."""
    return next((SafeText(text) for text in SENTENCES.values() if text == said), said)


def _tally(counts: dict[str, Any]) -> Cell:
    states = counts["by_state"]
    in_doubt = sum(states[s] for s in ("undecided", "stale", "conflicting", "expired", "awaiting-second"))
    return (
        SafeText("Of "),
        number(counts["tools"]),
        SafeText(" tools: "),
        number(states["approved"]),
        SafeText(" approved, "),
        number(states["conditional"]),
        SafeText(" approved with conditions, "),
        number(states["blocked"]),
        SafeText(" blocked, "),
        number(in_doubt),
        SafeText(" without a valid decision and so not allowed."),
    )


def _subject(finding: dict[str, Any]) -> Cell:
    """Return what a finding is about, in a few words."""
    if finding["tools"]:
        return number(len(finding["tools"])), SafeText(" tools")
    return Code(finding["tool_name"]) if finding["tool_name"] else word(finding["control"] or "the review")


def _top_risks(doc: dict[str, Any]) -> Iterator[Block]:
    yield Heading(3, SafeText("Largest residual risks"))
    by_id = {f["id"]: f for f in doc["findings"]}
    rows: list[tuple[Cell, ...]] = []
    for finding in (by_id[i] for i in doc["top_residual"]):
        said = finding["disposition"] or {}
        owner = said.get("owner") or SafeText("nobody named")
        until = timestamp(said["until"]) if said.get("until") else SafeText("no date")
        rows.append(
            (badge(finding["severity"]), finding["title"], _subject(finding), badge(finding["status"]), owner, until)
        )
    if not rows:
        yield Para(SafeText("None: no finding stands against a tool that is exposed."))
        return
    yield Table(
        SafeText("Largest residual risks"), ("Severity", "Risk", "Where", "Status", "Owner", "Until"), tuple(rows)
    )
    more = len(doc["residual"]) - len(rows)
    if more > 0:
        yield Para((number(more), SafeText(" more stand in the chapter on findings.")), "note")


def _blocked(doc: dict[str, Any]) -> Iterator[Block]:
    yield Heading(3, SafeText("What was blocked"))
    said = {d["id"]: d for d in doc["decisions"]}
    rows: list[tuple[Cell, ...]] = [
        (Code(said[i]["name"]), said[i]["reason"], said[i]["actor"]) for i in doc["blocked"][:_BLOCKED_SHOWN]
    ]
    if not rows:
        yield Para(SafeText("No tool was blocked."))
        return
    yield Table(SafeText("What was blocked"), ("Tool", "Reason", "Blocked by"), tuple(rows))
    more = len(doc["blocked"]) - len(rows)
    if more > 0:
        yield Para((number(more), SafeText(" more stand in the chapter on decisions.")), "note")


def ledger(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the chapter that explains every point of the score."""
    score = doc["score"]
    yield Heading(2, SafeText("Score ledger"), "ledger")
    yield FactList(
        (
            (SafeText("Score"), of_hundred(score["value"])),
            (SafeText("Verdict"), verdict(score["verdict"])),
            (SafeText("Model"), Code(score["model"])),
            (SafeText("Rule pack"), Code(doc["rule_pack"])),
        )
    )
    yield Para(
        SafeText(
            "The verdict follows from gates, never from the number. Scores of different models or rule packs "
            "cannot be compared."
        ),
        "note",
    )
    if score["ledger"]:
        rows = [
            (line["label"], Code(line["rule"]), decimal(line["points"]), decimal(line["counted"]), number(line["wins"]))
            for line in score["ledger"]
        ]
        head = ("Deduction", "Rule", "Points", "Counted", "Gain if mended")
        yield Table(SafeText("Score ledger"), head, tuple(rows), frozenset({2, 3, 4}))
    else:
        yield Para(SafeText("Nothing was deducted."))
    for ceiling in score["ceilings"]:
        yield Para((SafeText("Ceiling at "), number(ceiling["at"]), SafeText(": "), ceiling["why"]))
