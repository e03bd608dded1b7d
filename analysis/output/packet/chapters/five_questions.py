"""The five questions as pages: a short answer, the figures, and the controls that prove it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.output.packet.chapters.blocks import (
    Block,
    Cell,
    Code,
    FactList,
    Heading,
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

#: Maximum number of critical tools listed.
_MAX_CRITICAL = 60


def five_questions(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the five chapters that follow the first page."""
    names = {tool["id"]: tool["name"] for tool in doc["tools"]}
    answers = doc["questions"]
    pages = (
        (SafeText("Question 1: what can the agent access?"), "q1", _access(answers["access"], names), "access"),
        (SafeText("Question 2: what can it do?"), "q2", _actions(answers["actions"]), "actions"),
        (
            SafeText("Question 3: how are its credentials kept?"),
            "q3",
            _credentials(answers["credentials"], names),
            "credentials",
        ),
        (SafeText("Question 4: who approves?"), "q4", _approvals(answers["approvals"], names), "approvals"),
        (SafeText("Question 5: what audit trail is left?"), "q5", _audit(answers["audit"]), "audit"),
    )
    for title, anchor, blocks, key in pages:
        yield Heading(2, title, anchor)
        yield from blocks
        yield from _controls(doc, answers[key]["controls"])


def _controls(doc: dict[str, Any], ids: list[str]) -> Iterator[Block]:
    """Yield the governance answers that belong to a question; an unanswered one is shown like any other."""
    by_id = {c["id"]: c for c in doc["controls"]}
    rows: list[tuple[Cell, ...]] = []
    for control in (by_id[i] for i in ids):
        levels = joined([word(e["level"]) for e in control["evidence"]])
        rows.append((Code(control["id"]), control["question"], badge(control["state"]), control["text"], levels))
    if rows:
        head = ("Control", "Question", "State", "Answer", "Evidence")
        yield Table(SafeText("Controls that answer this question"), head, tuple(rows))


def _access(answer: dict[str, Any], names: dict[str, str]) -> Iterator[Block]:
    yield FactList(
        (
            (SafeText("Tools reviewed"), number(answer["tools"])),
            (SafeText("Tools allowed"), number(answer["allowed"])),
            (SafeText("No data class seen in"), number(answer["no_data_class"])),
            (SafeText("Servers named"), codes(answer["servers"])),
        )
    )
    if answer["data"]:
        rows = [
            (
                row["data"],
                number(row["returned_by"]),
                number(row["received_by"]),
                number(row["allowed"]),
                codes([names.get(i, i) for i in row["tools"]], 6),
            )
            for row in answer["data"]
        ]
        head = ("Class of data", "Returned by", "Received by", "Allowed", "Tools")
        yield Table(SafeText("Classes of data and the tools that touch them"), head, tuple(rows), frozenset({1, 2, 3}))
    yield Para(
        SafeText("Classes of data are derived from field names: an indication, and no proof of absence."), "note"
    )


def _actions(answer: dict[str, Any]) -> Iterator[Block]:
    rows = [(word(r["type"]), number(r["tools"]), number(r["allowed"])) for r in answer["types"]]
    yield Table(SafeText("Tools by type"), ("Type", "Tools", "Allowed"), tuple(rows), frozenset({1, 2}))
    critical = answer["critical"]
    if not critical:
        yield Para(SafeText("No tool was found that cannot be undone, moves money or changes who may do what."))
        return
    title = SafeText("Tools that cannot be undone, move money or change who may do what")
    yield Heading(3, title)
    shown: list[tuple[Cell, ...]] = [
        (Code(t["name"]), badge(t["type"]), word(t["reversibility"]), badge(t["risk"]), badge(t["decision"]))
        for t in critical[:_MAX_CRITICAL]
    ]
    yield Table(title, ("Tool", "Type", "Reversibility", "Risk", "Decision"), tuple(shown))
    if len(critical) > _MAX_CRITICAL:
        yield Para((number(len(critical) - _MAX_CRITICAL), SafeText(" more are listed in the inventory.")), "note")


def _credentials(answer: dict[str, Any], names: dict[str, str]) -> Iterator[Block]:
    if answer["schemes"]:
        rows = [
            (
                Code(row["scheme"]),
                row["kind"],
                Code(row["scope"]) if row["scope"] else SafeText("no scope"),
                number(len(row["tools"])),
                codes([names.get(i, i) for i in row["tools"]], 6),
            )
            for row in answer["schemes"]
        ]
        head = ("Scheme", "Kind", "Scope", "Tools", "Which")
        yield Table(SafeText("Credentials and scopes by tool"), head, tuple(rows), frozenset({3}))
    else:
        yield Para(SafeText("The sources name no security scheme."))
    uncontrolled = [names.get(i, i) for i in answer["no_credential"]]
    if uncontrolled:
        yield Para((SafeText("Callable without any credential: "), *codes(uncontrolled)))
    if answer["not_stated"]:
        count = number(len(answer["not_stated"]))
        yield Para(
            (SafeText("For "), count, SafeText(" of the tools, the source cannot say which credential a call needs."))
        )


def _approvals(answer: dict[str, Any], names: dict[str, str]) -> Iterator[Block]:
    yield FactList(
        (
            (SafeText("Tools confirmed at run time"), number(answer["run_time_approval"])),
            (SafeText("High-risk tools allowed"), number(answer["high_risk_allowed"])),
            (
                SafeText("High-risk tools allowed without confirmation"),
                number(len(answer["high_risk_without_approval"])),
            ),
        )
    )
    unconfirmed = [names.get(i, i) for i in answer["high_risk_without_approval"]]
    if unconfirmed:
        yield Para((SafeText("High risk, and called without a person confirming: "), *codes(unconfirmed)))
    if answer["decided_by"]:
        people = [(row["by"], number(row["decisions"])) for row in answer["decided_by"]]
        yield Table(SafeText("Who decided"), ("Person", "Decisions"), tuple(people), frozenset({1}))
    if answer["conditions"]:
        rows = [
            (
                condition(row["kind"]),
                row["value"],
                number(len(row["tools"])),
                number(row["evidenced"]),
                codes([names.get(i, i) for i in row["tools"]], 6),
            )
            for row in answer["conditions"]
        ]
        head = ("Condition", "Value", "Tools", "With evidence", "Which")
        yield Table(SafeText("Conditions under which tools are allowed"), head, tuple(rows), frozenset({2, 3}))


def _audit(answer: dict[str, Any]) -> Iterator[Block]:
    yield FactList(
        (
            (SafeText("Events recorded"), number(answer["events"])),
            (SafeText("By people"), number(answer["people"])),
            (SafeText("First event"), timestamp(answer["first_at"])),
            (SafeText("Last event"), timestamp(answer["last_at"])),
            (SafeText("Tools with an audit condition"), number(answer["audit_conditions"])),
        )
    )
    yield Para(SafeText("These are the events of the review. The controls answer whether calls are logged."))
