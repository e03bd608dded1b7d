"""The chapters about single tools: the inventory, what was decided of each, and a page for each high risk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.packet.blocks import (
    COMMA,
    NONE,
    Block,
    Cell,
    Code,
    Facts,
    Heading,
    Inline,
    Own,
    Para,
    Table,
    codes,
    condition,
    joined,
    mark,
    moment,
    number,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_DIGEST = 12  # characters of a digest that a table shows; the whole stands in review.json


def operation(row: dict[str, Any]) -> Cell:
    """Return method and path, or say that the tool is one of an MCP server."""
    if not row["method"]:
        return Own("MCP tool")
    return (Code(row["method"]), Own(" "), Code(row["path"]))


def inventory(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield every tool with its digest: the population an auditor samples from."""
    yield Heading(2, Own("Inventory"), "inventory")
    yield Para(
        (
            number(len(doc["inventory"])),
            Own(" tools. Digests are shortened here and whole in review.json. Digest over the whole inventory: "),
            Code(doc["inventory_sha256"]),
        )
    )
    rows: list[tuple[Cell, ...]] = []
    for row in doc["inventory"]:
        data = joined([word(d) for d in sorted({hit["data"] for hit in row["data"]})])
        kind: Cell = (mark(row["type"]), Own(", unclear")) if row["unclear"] else mark(row["type"])
        digest = Code(row["definition_sha256"][:_DIGEST])
        rows.append((Code(row["name"]), operation(row), kind, mark(row["risk"]), data, mark(row["state"]), digest))
    head = ("Tool", "Operation", "Type", "Risk", "Data", "Decision", "Definition")
    yield Table(Own("All tools reviewed"), head, tuple(rows))


def decisions(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield what was decided of each tool, then each tool of high risk with the evidence."""
    yield Heading(2, Own("Decisions"), "decisions")
    yield Para(Own("A decision holds for one definition; when the definition changes, it lapses."))
    rows: list[tuple[Cell, ...]] = [
        (Code(d["name"]), mark(d["state"]), _reason_and_conditions(d), _who(d)) for d in doc["decisions"]
    ]
    head = ("Tool", "Decision", "Reason and conditions", "Decided by")
    yield Table(Own("What was decided of each tool"), head, tuple(rows))
    retags: list[tuple[Cell, ...]] = [(Code(d["name"]), _retags(d)) for d in doc["decisions"] if _retags(d)]
    if retags:
        yield Table(Own("Risks and types that a reviewer corrected"), ("Tool", "Correction"), tuple(retags))
    yield from _high_risk(doc)


def _who(said: dict[str, Any]) -> Cell:
    return (said["actor"], COMMA, moment(said["at"])) if said["actor"] else NONE


def _reason_and_conditions(said: dict[str, Any]) -> Cell:
    bound = (Own(" · Conditions: "), *_conditions(said)) if said["conditions"] else ()
    return (said["reason"], *bound)


def _conditions(said: dict[str, Any]) -> tuple[Inline, ...]:
    """Return the conditions; one without evidence is called what it is, a promise."""
    out: list[Inline] = []
    for made in said["conditions"]:
        out += [Own("; ")] if out else []
        out += [condition(made["kind"]), Own(": "), made["value"]]
        out += [Own(" (evidence: "), made["evidence"], Own(")")] if made["evidence"] else [Own(" (promised)")]
    return tuple(out)


def _retags(said: dict[str, Any]) -> tuple[Inline, ...]:
    out: list[Inline] = []
    for name, retag in ((Own("risk"), said["risk_retag"]), (Own("type"), said["type_retag"])):
        if retag:
            out += [Own("; ")] if out else []
            out += [name, Own(" "), word(retag["from"]), Own(" → "), word(retag["to"]), Own(" by "), retag["actor"]]
            out += [Own(": "), retag["reason"]]
    return tuple(out)


def _high_risk(doc: dict[str, Any]) -> Iterator[Block]:
    tools = {row["id"]: row for row in doc["inventory"]}
    said = {row["id"]: row for row in doc["decisions"]}
    rules = {f["id"]: f for f in doc["findings"]}
    if not doc["high_risk"]:
        yield Para(Own("No tool carries a high risk."))
    for position, tool in enumerate(doc["high_risk"], 1):
        yield Heading(3, (Own("High risk: "), Code(tools[tool]["name"])), f"high-{position}")
        yield _sheet(tools[tool], said[tool], [rules[i] for i in tools[tool]["findings"] if i in rules])
        for note in said[tool]["notes"]:
            yield Para((Own("Note by "), note["actor"], Own(", "), moment(note["at"]), Own(": "), note["text"]), "note")


def _sheet(row: dict[str, Any], said: dict[str, Any], found: list[dict[str, Any]]) -> Facts:
    """Return all that is known of one tool; what does not apply is left out."""
    data: list[Inline] = []
    for hit in row["data"]:
        data += [Own("; ")] if data else []
        data += [word(hit["data"]), Own(" in the "), word(hit["direction"]), Own(": "), *codes(hit["fields"])]
    rows: tuple[tuple[Own, Cell], ...] = (
        (Own("Operation"), operation(row)),
        (Own("Summary"), row["summary"]),
        (Own("Effect"), mark(row["effect"])),
        (Own("Reversibility"), word(row["reversibility"])),
        (Own("Types"), joined([word(t) for t in row["types"]])),
        (Own("Speaks for it"), _reasons(row, against=False)),
        (Own("Speaks against it"), _reasons(row, against=True)),
        (Own("Confidence"), (number(row["confidence_percent"]), Own(" %"))),
        (Own("Data"), tuple(data)),
        (Own("Findings"), _found(found)),
        (Own("Decision"), mark(said["state"])),
        (Own("Conditions"), _conditions(said)),
        (Own("Reason"), said["reason"]),
        (Own("Decided by"), _who(said) if said["actor"] else ""),
        (Own("Corrected"), _retags(said)),
        (Own("Definition"), Code(row["definition_sha256"])),
    )
    return Facts(tuple((name, value) for name, value in rows if value not in {"", ()}))


def _reasons(row: dict[str, Any], *, against: bool) -> tuple[Inline, ...]:
    """Return the evidence for or against the classification: where it was seen, what it was, what it says."""
    out: list[Inline] = []
    for reason in row["reasons"]:
        if reason["against"] is against:
            out += [Own("; ")] if out else []
            out += [word(reason["where"]), Own(" "), Code(reason["matched"]), Own(" says "), word(reason["says"])]
    return tuple(out)


def _found(found: list[dict[str, Any]]) -> tuple[Inline, ...]:
    out: list[Inline] = []
    for finding in found:
        out += [Own("; ")] if out else []
        out += [mark(finding["severity"]), Own(" "), finding["title"], Own(": "), mark(finding["status"])]
    return tuple(out)
