"""The chapters about single tools: the inventory, what was decided of each, and a page for each high risk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.output.packet.blocks import (
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
    codes,
    condition,
    joined,
    number,
    timestamp,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_DIGEST = 12  # characters of a digest that a table shows; the whole stands in review.json


def operation(row: dict[str, Any]) -> Cell:
    """Return method and path, or say that the tool is one of an MCP server."""
    if not row["method"]:
        return SafeText("MCP tool")
    return (Code(row["method"]), SafeText(" "), Code(row["path"]))


def inventory(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield every tool with its digest: the population an auditor samples from."""
    yield Heading(2, SafeText("Inventory"), "inventory")
    yield Para(
        (
            number(len(doc["inventory"])),
            SafeText(" tools. Digests are shortened here and whole in review.json. Digest over the whole inventory: "),
            Code(doc["inventory_sha256"]),
        )
    )
    rows: list[tuple[Cell, ...]] = []
    for row in doc["inventory"]:
        data = joined([word(d) for d in sorted({hit["data"] for hit in row["data"]})])
        kind: Cell = (badge(row["type"]), SafeText(", unclear")) if row["unclear"] else badge(row["type"])
        digest = Code(row["definition_sha256"][:_DIGEST])
        rows.append((Code(row["name"]), operation(row), kind, badge(row["risk"]), data, badge(row["state"]), digest))
    head = ("Tool", "Operation", "Type", "Risk", "Data", "Decision", "Definition")
    yield Table(SafeText("All tools reviewed"), head, tuple(rows))


def decisions(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield what was decided of each tool, then each tool of high risk with the evidence."""
    yield Heading(2, SafeText("Decisions"), "decisions")
    yield Para(SafeText("A decision holds for one definition; when the definition changes, it lapses."))
    rows: list[tuple[Cell, ...]] = [
        (Code(d["name"]), badge(d["state"]), _reason_and_conditions(d), _who(d)) for d in doc["decisions"]
    ]
    head = ("Tool", "Decision", "Reason and conditions", "Decided by")
    yield Table(SafeText("What was decided of each tool"), head, tuple(rows))
    retags: list[tuple[Cell, ...]] = [(Code(d["name"]), _overrides(d)) for d in doc["decisions"] if _overrides(d)]
    if retags:
        yield Table(SafeText("Risks and types that a reviewer corrected"), ("Tool", "Correction"), tuple(retags))
    yield from _high_risk(doc)


def _who(said: dict[str, Any]) -> Cell:
    return (said["actor"], COMMA, timestamp(said["at"])) if said["actor"] else NONE


def _reason_and_conditions(said: dict[str, Any]) -> Cell:
    bound = (SafeText(" · Conditions: "), *_conditions(said)) if said["conditions"] else ()
    return (said["reason"], *bound)


def _conditions(said: dict[str, Any]) -> tuple[Inline, ...]:
    """Return the conditions; one without evidence is called what it is, a promise."""
    out: list[Inline] = []
    for made in said["conditions"]:
        out += [SafeText("; ")] if out else []
        out += [condition(made["kind"]), SafeText(": "), made["value"]]
        out += (
            [SafeText(" (evidence: "), made["evidence"], SafeText(")")]
            if made["evidence"]
            else [SafeText(" (promised)")]
        )
    return tuple(out)


def _overrides(said: dict[str, Any]) -> tuple[Inline, ...]:
    out: list[Inline] = []
    for name, override in ((SafeText("risk"), said["risk_retag"]), (SafeText("type"), said["type_retag"])):
        if override:
            out += [SafeText("; ")] if out else []
            out += [
                name,
                SafeText(" "),
                word(override["from"]),
                SafeText(" → "),
                word(override["to"]),
                SafeText(" by "),
                override["actor"],
            ]
            out += [SafeText(": "), override["reason"]]
    return tuple(out)


def _high_risk(doc: dict[str, Any]) -> Iterator[Block]:
    tools = {row["id"]: row for row in doc["inventory"]}
    said = {row["id"]: row for row in doc["decisions"]}
    rules = {f["id"]: f for f in doc["findings"]}
    if not doc["high_risk"]:
        yield Para(SafeText("No tool carries a high risk."))
    for position, tool in enumerate(doc["high_risk"], 1):
        yield Heading(3, (SafeText("High risk: "), Code(tools[tool]["name"])), f"high-{position}")
        yield _sheet(tools[tool], said[tool], [rules[i] for i in tools[tool]["findings"] if i in rules])
        for note in said[tool]["notes"]:
            yield Para(
                (
                    SafeText("Note by "),
                    note["actor"],
                    SafeText(", "),
                    timestamp(note["at"]),
                    SafeText(": "),
                    note["text"],
                ),
                "note",
            )


def _sheet(row: dict[str, Any], said: dict[str, Any], found: list[dict[str, Any]]) -> FactList:
    """Return all that is known of one tool; what does not apply is left out."""
    data: list[Inline] = []
    for hit in row["data"]:
        data += [SafeText("; ")] if data else []
        data += [word(hit["data"]), SafeText(" in the "), word(hit["direction"]), SafeText(": "), *codes(hit["fields"])]
    rows: tuple[tuple[SafeText, Cell], ...] = (
        (SafeText("Operation"), operation(row)),
        (SafeText("Summary"), row["summary"]),
        (SafeText("Effect"), badge(row["effect"])),
        (SafeText("Reversibility"), word(row["reversibility"])),
        (SafeText("Types"), joined([word(t) for t in row["types"]])),
        (SafeText("Speaks for it"), _reasons(row, against=False)),
        (SafeText("Speaks against it"), _reasons(row, against=True)),
        (SafeText("Confidence"), (number(row["confidence_percent"]), SafeText(" %"))),
        (SafeText("Data"), tuple(data)),
        (SafeText("Findings"), _found(found)),
        (SafeText("Decision"), badge(said["state"])),
        (SafeText("Conditions"), _conditions(said)),
        (SafeText("Reason"), said["reason"]),
        (SafeText("Decided by"), _who(said) if said["actor"] else ""),
        (SafeText("Corrected"), _overrides(said)),
        (SafeText("Definition"), Code(row["definition_sha256"])),
    )
    return FactList(tuple((name, value) for name, value in rows if value not in {"", ()}))


def _reasons(row: dict[str, Any], *, against: bool) -> tuple[Inline, ...]:
    """Return the evidence for or against the classification: where it was seen, what it was, what it says."""
    out: list[Inline] = []
    for reason in row["reasons"]:
        if reason["against"] is against:
            out += [SafeText("; ")] if out else []
            out += [
                word(reason["where"]),
                SafeText(" "),
                Code(reason["matched"]),
                SafeText(" says "),
                word(reason["says"]),
            ]
    return tuple(out)


def _found(found: list[dict[str, Any]]) -> tuple[Inline, ...]:
    out: list[Inline] = []
    for finding in found:
        out += [SafeText("; ")] if out else []
        out += [badge(finding["severity"]), SafeText(" "), finding["title"], SafeText(": "), badge(finding["status"])]
    return tuple(out)
