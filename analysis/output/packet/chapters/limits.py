"""What was not examined, how the score was reached, and the notes of reviewers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.output.packet.chapters.blocks import Block, Cell, Code, Gap, Heading, Para, SafeText, Step, Table
from analysis.output.packet.chapters.inline import codes, date, gain, number, shortened, signed, small, strong

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MAX_ROWS = 14
_MAX_STEPS = 12
_MAX_CAPS = 4
_MAX_REASON = 220
_FULL = 100
#: Limits of every review, whatever it holds.
_ALWAYS = (
    (SafeText("Truth of the definitions"), SafeText("Effects, data classes and findings follow from definitions by word lists and rules. They state what a definition claims, not what a server does.")),
    (SafeText("Other routes"), SafeText("Whether the agent can reach the same systems around the tool server.")),
)  # fmt: skip


def not_examined(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the limits: no clean page without them."""
    title = SafeText("What was not examined")
    yield Heading(2, title, "limits")
    rows: list[tuple[Cell, ...]] = [(row["check"], row["reason"]) for row in doc["not_checked"]]
    rows += _rules(doc["rules_not_run"])
    rows += [
        (
            strong(SafeText("Problem of the input")),
            (shortened(p["what"], _MAX_REASON), small(Code(p["pointer"])))
            if p["pointer"]
            else shortened(p["what"], _MAX_REASON),
        )
        for p in doc["problems"][: _MAX_ROWS // 2]
    ]
    more = len(doc["problems"]) - _MAX_ROWS // 2
    rows += [(SafeText("More problems"), number(more))] if more > 0 else []
    for source in doc["sources"]:
        if source["not_callable"]:
            rows.append((SafeText("Listed, not callable"), codes(source["not_callable"], 6)))
        if source["facts"]:
            rows.append(
                (
                    SafeText("Read with other limits"),
                    codes([f"{fact['fact']}: {fact['value']}" for fact in source["facts"]], 6),
                )
            )
    yield Table(title, ("What", "Why"), (*rows[:_MAX_ROWS], *_ALWAYS), widths=(26, 74))


def _rules(rows: Sequence[dict[str, Any]]) -> list[tuple[Cell, ...]]:
    """Return the rules that did not run, one row for each reason."""
    by_reason: dict[str, list[str]] = {}
    for row in rows:
        by_reason.setdefault(row["reason"], []).append(row["rule"])
    return [((SafeText("Rules not run: "), *codes(rules, 6)), reason) for reason, rules in by_reason.items()]


def score_steps(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield how the score was reached, as a waterfall from 100, the largest steps first, with the cap that applies."""
    title = SafeText("How the score was reached")
    result = doc["score"]
    yield Heading(2, title, "score")
    caps = sorted(result["caps"], key=lambda cap: cap["at"])
    lead: tuple[Any, ...] = (
        SafeText("The verdict follows from gates, never from the number. Gain is what fixing that line alone adds."),
    )
    yield Para(lead, "lead")
    if caps:
        stated = [
            piece
            for cap in caps[:_MAX_CAPS]
            for piece in (SafeText(" · "), number(cap["at"]), SafeText(": "), cap["why"])
        ]
        yield Para((Gap(SafeText("Caps")), SafeText(" "), *stated[1:]), "note")
    if result["value"] is None or not result["ledger"]:
        yield Para(
            SafeText("There is no score: no tool is left to call.")
            if result["value"] is None
            else SafeText("Nothing was deducted.")
        )
        return
    rows = _steps(result, caps[0]["at"] if caps else None)
    yield Table(
        title,
        ("Deduction", "Rule", "Points", "0 to 100", "Gain"),
        tuple(rows),
        frozenset({2, 4}),
        (37, 15, 8, 33, 7),
        totals=1,
    )


def _steps(result: dict[str, Any], cap: int | None) -> list[tuple[Cell, ...]]:
    merged: dict[tuple[str, str], dict[str, Any]] = {}
    for line in result["ledger"]:
        row = merged.setdefault((line["label"], line["rule"]), {**line, "counted": 0.0, "gain": 0})
        row["counted"] += float(line["counted"])
        row["gain"] += line["gain"]
    lines = sorted(merged.values(), key=lambda line: -line["counted"])
    rows: list[tuple[Cell, ...]] = [(SafeText("Start"), "", number(_FULL), Step(0, _FULL, cap, whole=True), "")]
    at = float(_FULL)
    for line in lines[:_MAX_STEPS]:
        counted = line["counted"]
        rows.append(
            (
                shortened(line["label"].partition(" · ")[0], 46),
                Code(line["rule"]),
                signed(-counted),
                Step(max(at - counted, 0), max(at, 0), cap),
                gain(line["gain"]),
            )
        )
        at -= counted
    rest = sum(line["counted"] for line in lines[_MAX_STEPS:])
    if rest:
        rows.append(
            (
                (number(len(lines) - _MAX_STEPS), SafeText(" smaller deductions")),
                "",
                signed(-rest),
                Step(max(at - rest, 0), max(at, 0), cap),
                "",
            )
        )
        at -= rest
    return [*rows, (SafeText("Score"), "", number(result["value"]), Step(0, result["value"], cap, whole=True), "")]


def notes(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the last notes of reviewers."""
    if not doc["notes"]:
        return
    title = SafeText("Notes of reviewers")
    yield Heading(2, title, "notes", numbered=False)
    rows: list[tuple[Cell, ...]] = [
        (Code(n["subject"]), n["text"], n["by"], date(n["at"])) for n in doc["notes"][-_MAX_ROWS:]
    ]
    yield Table(title, ("About", "Note", "By", "When"), tuple(rows), widths=(28, 44, 16, 12))
    more = len(doc["notes"]) - len(rows)
    if more > 0:
        yield Para((number(more), SafeText(" older notes are in the audit trail.")), "note")
