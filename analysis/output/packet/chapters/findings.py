"""Residual risks with their owners; findings with their dispositions, one row for each rule; tool quality; overrides that improved the result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.output.packet.chapters.blocks import Block, Cell, Code, Gap, Heading, Inline, Para, SafeText, Table
from analysis.output.packet.chapters.headline import names, where
from analysis.output.packet.chapters.inline import (
    DOT,
    NONE,
    badge,
    date,
    figure,
    finding_count,
    gain,
    number,
    shortened,
    small,
    strong,
    tool_count,
    word,
)
from analysis.output.packet.csv_files import FINDINGS_CSV
from analysis.output.packet.document.risks import QUALITY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MAX_RISKS = 11
_MAX_REASON = 160
_MAX_ROWS = 26
_MAXQUALITY = 12
_MAX_OVERRIDES = 8


def residual_risks(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield what is left: each cause with its owner and its end."""
    yield Heading(2, SafeText("Residual risks and who carries them"), "risks")
    rows: list[tuple[Cell, ...]] = []
    for row in doc["residual"][:_MAX_RISKS]:
        about = where(row)
        said = shortened(row["reason"] or row["why"], _MAX_REASON)
        what = (strong(row["title"]), DOT, *about, small(said))
        until: Cell = date(row["until"]) if row["until"] else Gap(SafeText("no date"))
        owner: Cell = row["owner"] or Gap(SafeText("no owner"))
        rows.append((what, badge(row["severity"]), word(row["status"]), owner, until, names(row["voids"])))
    if not rows:
        yield Para(SafeText("None: no finding on a tool that is not blocked is open or accepted."))
        return
    head: tuple[str, ...] = ("Risk and reason", "Severity", "Status", "Owner", "Until", "Ends early if")
    widths: tuple[int, ...] = (44, 11, 10, 13, 11, 11)
    if not any(row["voids"] for row in doc["residual"]):
        rows, head, widths = [row[:-1] for row in rows], head[:-1], (52, 11, 10, 15, 12)
    yield Table(SafeText("Residual risks"), head, tuple(rows), widths=widths)
    more = len(doc["residual"]) - len(rows)
    if more > 0:
        yield Para(
            (number(more), SafeText(" more, all of lower weight, are in "), Code(FINDINGS_CSV), SafeText(".")), "note"
        )


def findings(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield one row for each rule, severity and disposition, worst first."""
    title = SafeText("Findings and dispositions")
    yield Heading(2, title, "findings")
    rows = [row for row in doc["findings_by_rule"] if not row["rule"].startswith(QUALITY)]
    if not rows:
        yield Para(SafeText("No rule matched. For the rules that did not run, see What was not examined."))
        return
    total = sum(row["findings"] for row in rows)
    yield Para(
        (
            finding_count(total),
            SafeText(
                ", one row for each rule, severity and disposition. Gain is what the score regains when the row is fixed. Single findings are in "
            ),
            Code(FINDINGS_CSV),
            SafeText("."),
        ),
        "lead",
    )
    yield from _table(title, rows, _MAX_ROWS)
    yield from _overrides(doc)


def quality(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield what makes tools hard to use well; apart from the score of the review."""
    title = SafeText("Tool quality")
    yield Heading(2, title, "quality")
    rows = [row for row in doc["findings_by_rule"] if row["rule"].startswith(QUALITY)]
    score = doc["score"]["quality"]
    yield Para(
        (
            SafeText("Quality "),
            number(score),
            SafeText(" of 100, not part of the score: it says how reliably an agent can pick and call the tools."),
        ),
        "lead",
    )
    if rows:
        yield from _table(title, rows, _MAXQUALITY)
    else:
        yield Para(SafeText("No rule on quality matched."))


def _table(title: SafeText, rows: Sequence[dict[str, Any]], most: int) -> Iterator[Block]:
    shown: list[tuple[Cell, ...]] = []
    for row in rows[:most]:
        shown.append(
            (
                _lead(row),
                badge(row["severity"]),
                _about(row),
                figure(row["findings"]),
                _disposition(row),
                gain(row["gain"]),
            )
        )
    head = ("Finding", "Severity", "Where", "Count", "Disposition", "Gain")
    yield Table(title, head, tuple(shown), frozenset({3, 5}), (37, 11, 19, 7, 20, 6))
    rest = rows[most:]
    if rest:
        count = sum(row["findings"] for row in rest)
        yield Para(
            (
                number(len(rest)),
                SafeText(" more rows with "),
                finding_count(count),
                SafeText(" of lower severity or weight are in "),
                Code(FINDINGS_CSV),
                SafeText("."),
            ),
            "note",
        )


def _lead(row: dict[str, Any]) -> tuple[Inline, ...]:
    if not row["controls"]:
        return (strong(row["title"]), SafeText(" "), Code(row["rule"]))
    what = SafeText("Answer without proof") if row["claimed"] else SafeText("Question without an answer")
    return (strong(what), SafeText(" "), Code("GOV"))


def _about(row: dict[str, Any]) -> Cell:
    if row["controls"]:
        return SafeText("see Checklists")
    return tool_count(len(row["tools"])) if len(row["tools"]) > 1 else where(row)


def _disposition(row: dict[str, Any]) -> Cell:
    return (word(row["status"]), small(row["owner"] or row["by"])) if row["by"] else word(row["status"])


def _overrides(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield what a reviewer corrected in favour of the result: counted, with the first of each."""
    made = doc["overrides"]
    if not made["count"]:
        return
    tools = {tool["id"]: tool for tool in doc["tools"]}
    rows: list[tuple[Cell, ...]] = []
    for key, what in (("risk_lowered", "risk"), ("type_lowered", "type")):
        for tool in (tools[i] for i in made[key][:_MAX_OVERRIDES]):
            change = tool["overrides"][what]
            rows.append(
                (
                    Code(tool["name"]),
                    (word(change["from"]), SafeText(" → "), word(change["to"])),
                    change["reason"],
                    change["by"],
                )
            )
    by_id = {finding["id"]: finding for finding in doc["findings"]}
    for finding in (by_id[i] for i in made["false_positives"][:_MAX_OVERRIDES]):
        said = finding["disposition"] or {"reason": "", "by": ""}
        rows.append(
            (
                Code(finding["tool_name"]) if finding["tool_name"] else NONE,
                (Code(finding["rule"]), SafeText(" called false")),
                said["reason"],
                said["by"],
            )
        )
    title = SafeText("Overrides that improved the result")
    yield Heading(3, title)
    yield Table(title, ("Tool", "Change", "Reason", "By"), tuple(rows[:_MAX_OVERRIDES]), widths=(26, 20, 38, 16))
    more = made["count"] - len(rows[:_MAX_OVERRIDES])
    if more > 0:
        yield Para((number(more), SafeText(" more.")), "note")
