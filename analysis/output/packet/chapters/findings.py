"""Findings with their dispositions, accepted risks, and overrides that improved the result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.output.packet.chapters.blocks import (
    Block,
    Cell,
    Code,
    Heading,
    Inline,
    Para,
    SafeText,
    Table,
    badge,
    codes,
    number,
    timestamp,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


def findings(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield every finding with its disposition, worst first."""
    yield Heading(2, SafeText("Findings and dispositions"), "findings")
    if not doc["findings"]:
        yield Para(SafeText("No rule matched. For the rules that did not run, see Scope and method."))
        return
    names = {tool["id"]: tool["name"] for tool in doc["tools"]}
    rows = [(badge(f["severity"]), _what(f), _where(f, names), _disposition(f)) for f in doc["findings"]]
    head = ("Severity", "Finding", "Where", "Status and disposition")
    yield Table(SafeText("All findings"), head, tuple(rows))


def _what(finding: dict[str, Any]) -> Cell:
    """Return what is wrong, the evidence, why it matters, and the gain of fixing it."""
    out: list[Inline] = [finding["title"], SafeText(" ("), Code(finding["rule"]), SafeText("). ")]
    out += [SafeText("Found: "), Code(finding["matched"]), SafeText(". ")] if finding["matched"] else []
    out += [finding["why"]]
    out += [SafeText(" Remedy: "), finding["remedy"]] if finding["remedy"] else []
    out += [SafeText(" Gain if fixed: "), number(finding["gain"]), SafeText(".")] if finding["gain"] else []
    return tuple(out)


def _where(finding: dict[str, Any], names: dict[str, str]) -> Cell:
    if finding["tools"]:
        return codes([names.get(tool, tool) for tool in finding["tools"]], 5)
    subject = finding["tool_name"] or finding["control"]
    place: Inline = Code(subject) if subject else SafeText("the review")
    return place if finding["line"] is None else (place, SafeText(", line "), number(finding["line"]))


def _disposition(finding: dict[str, Any]) -> Cell:
    out: list[Inline] = [badge(finding["status"])]
    if made := finding["disposition"]:
        out += [SafeText(": "), made["reason"]]
        out += [SafeText(" ("), made["by"], SafeText(", "), timestamp(made["at"]), SafeText(")")]
        for name, value in ((SafeText(" code "), made["code"]), (SafeText(" evidence "), made["evidence"])):
            out += [name, Code(value)] if value else []
        out += [SafeText(" owner "), made["owner"]] if made["owner"] else []
        out += [SafeText(" until "), timestamp(made["until"])] if made["until"] else []
        out += [SafeText(" ends early if: "), "; ".join(made["voids"])] if made["voids"] else []
    return tuple(out)


def accepted_risks(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the accepted risks, with owner and expiry."""
    yield Heading(2, SafeText("Accepted risks"), "acceptances")
    by_id = {f["id"]: f for f in doc["findings"]}
    rows: list[tuple[Cell, ...]] = []
    for finding in (by_id[i] for i in doc["acceptances"]):
        made = finding["disposition"] or {"reason": "", "owner": "", "until": "", "by": ""}
        owner = made["owner"] or SafeText("no owner")
        until = timestamp(made["until"]) if made["until"] else SafeText("no expiry")
        what = (finding["title"], SafeText(" · "), Code(finding["tool_name"] or finding["control"] or finding["rule"]))
        rows.append((badge(finding["severity"]), what, made["reason"], owner, until, made["by"]))
    if rows:
        head = ("Severity", "Risk", "Reason", "Owner", "Until", "Recorded by")
        yield Table(SafeText("Accepted risks"), head, tuple(rows))
    else:
        yield Para(SafeText("No risk was accepted."))


def overrides(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield every override that improved the result."""
    yield Heading(2, SafeText("Overrides"), "overrides")
    counted = doc["overrides"]
    yield Para(
        (SafeText("Overrides that lowered a risk or a type, and findings called false: "), number(counted["count"]))
    )
    tools = {tool["id"]: tool for tool in doc["tools"]}
    findings_by_id = {finding["id"]: finding for finding in doc["findings"]}
    rows: list[tuple[Cell, ...]] = []
    for key, what in (("risk_lowered", "risk"), ("type_lowered", "type")):
        for tool in (tools[i] for i in counted[key]):
            made = tool["overrides"][what]
            change: Cell = (word(made["from"]), SafeText(" → "), word(made["to"]))
            rows.append((Code(tool["name"]), change, made["reason"], made["by"], timestamp(made["at"])))
    for finding in (findings_by_id[i] for i in counted["false_positives"]):
        made = finding["disposition"] or {"reason": "", "by": "", "at": ""}
        change = (Code(finding["rule"]), SafeText(" is a false positive"))
        rows.append((Code(finding["tool_name"]), change, made["reason"], made["by"], timestamp(made["at"])))
    if rows:
        yield Table(SafeText("Overrides"), ("Tool", "Change", "Reason", "By", "When"), tuple(rows))
