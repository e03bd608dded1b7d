"""The governance checklist, its mapping to standards, and the policy in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.output.packet.chapters.blocks import (
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
    number,
    table_or_none,
    timestamp,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


def governance(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the governance checklist with answers and evidence."""
    yield Heading(2, SafeText("Governance checklist"), "governance")
    if doc["profile"] != "L1":
        yield Para((SafeText("Assurance profile "), word(doc["profile"]), SafeText(".")))
    rows: list[tuple[Cell, ...]] = []
    for c in doc["controls"]:
        who = (SafeText(" ("), c["by"], SafeText(", "), timestamp(c["at"]), SafeText(")")) if c["by"] else ()
        rows.append((Code(c["id"]), c["question"], badge(c["state"]), (c["text"], *who), _evidence(c)))
    if rows:
        head = ("Control", "Question", "State", "Answer", "Evidence")
        yield Table(SafeText("Governance checklist"), head, tuple(rows))
        yield Para(SafeText("E1 statement, E2 document, E3 export or log sample, E4 repeated by the reviewer."), "note")
    else:
        yield Para(SafeText("No governance question belongs to this review."))


def _evidence(control: dict[str, Any]) -> tuple[Inline, ...]:
    out: list[Inline] = []
    for e in control["evidence"]:
        out += [SafeText("; ")] if out else []
        out += [e["level"], SafeText(" "), e["title"]]
        out += [SafeText(", "), e["where"]] if e["where"] else []
        out += [SafeText(", valid until "), timestamp(e["valid_until"])] if e["valid_until"] else []
        out += [SafeText(", sha256 "), Code(e["sha256"][:12])] if e["sha256"] else []
    return tuple(out)


def mapping(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield which control covers which standard."""
    rows: list[tuple[Cell, ...]] = [
        (Code(c["id"]), c["title"], badge(c["state"]), codes(c["maps_to"], 20)) for c in doc["controls"] if c["maps_to"]
    ]
    if rows:
        yield Heading(2, SafeText("Control mapping"), "mapping")
        yield Table(SafeText("Controls by standard"), ("Control", "Title", "State", "Standards"), tuple(rows))


def policy(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield what the organisation's policy changed, if one is in force."""
    in_force = doc["policy"]
    if in_force is None:
        return
    yield Heading(2, SafeText("Policy"), "policy")
    signed = (number(in_force["sign_off"]["needed"]), SafeText(" of "), *codes(in_force["sign_off"]["roles"], 20))
    yield FactList(
        (
            (SafeText("Policy"), in_force["name"]),
            (SafeText("File"), Code(in_force["file"])),
            (SafeText("SHA-256"), Code(in_force["sha256"])),
            (SafeText("Sign-offs required"), signed if in_force["sign_off"]["roles"] else SafeText("none named")),
        )
    )
    rows: list[tuple[Cell, ...]] = [
        (Code(row["rule"]), badge(row["severity"]), row["reason"]) for row in in_force["severities"]
    ]
    rows += [(Code(row["rule"]), SafeText("switched off"), row["reason"]) for row in in_force["switched_off"]]
    yield from table_or_none(SafeText("Rules set by policy"), ("Rule", "Set to", "Reason"), rows)
