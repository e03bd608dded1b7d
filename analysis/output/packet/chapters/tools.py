"""Chapters on single tools: the inventory, the decision on each, and a fact sheet for each of high risk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.model import CapabilityKind
from analysis.output.packet.chapters.blocks import (
    COMMA,
    NONE,
    Block,
    Cell,
    Code,
    FactList,
    Heading,
    Inline,
    Para,
    SafeText,
    Table,
    badge,
    by_inventory,
    codes,
    condition,
    joined,
    kind_label,
    number,
    population,
    timestamp,
    word,
)
from analysis.output.packet.document.review_document import REVIEW_JSON

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Characters of a digest that a table shows; the file of the data has it whole.
_DIGEST_LENGTH = 12


def operation(row: dict[str, Any]) -> Cell:
    """Return method and path, or the kind of capability of an MCP server, with the URI of a resource."""
    if row["kind"] != CapabilityKind.TOOL:
        label = kind_label(row["kind"])
        return (label, SafeText(" "), Code(row["path"])) if row["path"] else label
    if not row["method"]:
        return SafeText("MCP tool")
    return (Code(row["method"]), SafeText(" "), Code(row["path"]))


def inventory(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield every tool with its digest: the population an auditor samples from."""
    yield Heading(2, SafeText("Inventory"), "inventory")
    yield Para(
        (
            population(doc["counts"]["by_kind"]),
            SafeText(". Digests are shortened here and whole in "),
            Code(REVIEW_JSON),
            SafeText(". Digest of the whole inventory: "),
            Code(doc["inventory_sha256"]),
        )
    )
    rows: list[tuple[Cell, ...]] = []
    for row in doc["tools"]:
        data = joined([word(d) for d in sorted({hit["data"] for hit in row["data"]})])
        tool_type: Cell = (badge(row["type"]), SafeText(", unclear")) if row["unclear"] else badge(row["type"])
        digest = Code(row["digest"][:_DIGEST_LENGTH])
        rows.append(
            (Code(row["name"]), operation(row), tool_type, badge(row["risk"]), data, badge(row["decision"]), digest)
        )
    head = ("Tool", "Operation", "Type", "Risk", "Data", "Decision", "Definition")
    yield Table(
        by_inventory(doc["counts"], SafeText("All tools reviewed"), SafeText("All capabilities reviewed")),
        head,
        tuple(rows),
    )


def decisions(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the decision on each tool, then each tool of high risk with its evidence."""
    yield Heading(2, SafeText("Decisions"), "decisions")
    yield Para(SafeText("A decision is valid for one definition; when the definition changes, the decision is stale."))
    rows: list[tuple[Cell, ...]] = [
        (Code(d["name"]), badge(d["decision"]), _reason_and_conditions(d), _by(d)) for d in doc["tools"]
    ]
    head = ("Tool", "Decision", "Reason and conditions", "Decided by")
    yield Table(SafeText("Decision on each tool"), head, tuple(rows))
    overridden: list[tuple[Cell, ...]] = [(Code(d["name"]), _overrides(d)) for d in doc["tools"] if _overrides(d)]
    if overridden:
        yield Table(SafeText("Risks and types that a reviewer overrode"), ("Tool", "Override"), tuple(overridden))
    yield from _high_risk(doc)


def _by(tool: dict[str, Any]) -> Cell:
    return (tool["by"], COMMA, timestamp(tool["at"])) if tool["by"] else NONE


def _reason_and_conditions(tool: dict[str, Any]) -> Cell:
    conditions = (SafeText(" · Conditions: "), *_conditions(tool)) if tool["conditions"] else ()
    return (tool["reason"], *conditions)


def _conditions(tool: dict[str, Any]) -> tuple[Inline, ...]:
    """Return the conditions; one without evidence is called what it is, a promise."""
    out: list[Inline] = []
    for stated in tool["conditions"]:
        out += [SafeText("; ")] if out else []
        out += [condition(stated["kind"]), SafeText(": "), stated["value"]]
        if stated["evidence"]:
            out += [SafeText(" (evidence: "), stated["evidence"], SafeText(")")]
        else:
            out += [SafeText(" (promised)")]
    return tuple(out)


def _overrides(tool: dict[str, Any]) -> tuple[Inline, ...]:
    out: list[Inline] = []
    for name, key in ((SafeText("risk"), "risk"), (SafeText("type"), "type")):
        if override := tool["overrides"].get(key):
            out += [SafeText("; ")] if out else []
            out += [name, SafeText(" "), word(override["from"]), SafeText(" → "), word(override["to"])]
            out += [SafeText(" by "), override["by"], SafeText(": "), override["reason"]]
    return tuple(out)


def _high_risk(doc: dict[str, Any]) -> Iterator[Block]:
    tools = {tool["id"]: tool for tool in doc["tools"]}
    findings = {finding["id"]: finding for finding in doc["findings"]}
    if not doc["high_risk"]:
        yield Para(SafeText("No tool is of high risk."))
    for position, identity in enumerate(doc["high_risk"], 1):
        tool = tools[identity]
        yield Heading(3, (SafeText("High risk: "), Code(tool["name"])), f"high-{position}")
        yield _sheet(tool, [findings[i] for i in tool["finding_ids"] if i in findings])
        for note in tool["note_records"]:
            who = (SafeText("Note by "), note["by"], COMMA, timestamp(note["at"]), SafeText(": "))
            yield Para((*who, note["text"]), "note")


def _sheet(tool: dict[str, Any], findings: list[dict[str, Any]]) -> FactList:
    """Return all facts of one tool; what does not apply is left out."""
    data: list[Inline] = []
    for hit in tool["data"]:
        data += [SafeText("; ")] if data else []
        data += [word(hit["data"]), SafeText(" in the "), word(hit["direction"]), SafeText(": "), *codes(hit["fields"])]
    percent = number(round(tool["confidence"] * 100))
    rows: tuple[tuple[SafeText, Cell], ...] = (
        (SafeText("Operation"), operation(tool)),
        (SafeText("Summary"), tool["summary"]),
        (SafeText("Effect"), badge(tool["effect"])),
        (SafeText("Reversibility"), word(tool["reversibility"])),
        (SafeText("Types"), joined([word(t) for t in tool["types"]])),
        (SafeText("Evidence for"), _reasons(tool, against=False)),
        (SafeText("Evidence against"), _reasons(tool, against=True)),
        (SafeText("Confidence"), (percent, SafeText(" %"))),
        (SafeText("Data"), tuple(data)),
        (SafeText("Findings"), _titles(findings)),
        (SafeText("Decision"), badge(tool["decision"])),
        (SafeText("Conditions"), _conditions(tool)),
        (SafeText("Reason"), tool["reason"]),
        (SafeText("Decided by"), _by(tool) if tool["by"] else ""),
        (SafeText("Override"), _overrides(tool)),
        (SafeText("Definition"), Code(tool["digest"])),
    )
    return FactList(tuple((name, value) for name, value in rows if value not in {"", ()}))


def _reasons(tool: dict[str, Any], *, against: bool) -> tuple[Inline, ...]:
    """Return the signals for or against the classification: where each was seen, the text that matched, the class."""
    out: list[Inline] = []
    for reason in tool["reasons"]:
        if reason["against"] is against:
            out += [SafeText("; ")] if out else []
            out += [word(reason["where"]), SafeText(" "), Code(reason["matched"]), SafeText(": "), word(reason["says"])]
    return tuple(out)


def _titles(findings: list[dict[str, Any]]) -> tuple[Inline, ...]:
    out: list[Inline] = []
    for finding in findings:
        out += [SafeText("; ")] if out else []
        out += [badge(finding["severity"]), SafeText(" "), finding["title"], SafeText(": "), badge(finding["status"])]
    return tuple(out)
