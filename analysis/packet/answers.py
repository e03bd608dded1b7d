"""The five questions as pages: a short answer, the figures, and the controls that prove it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.packet.blocks import (
    Block,
    Cell,
    Code,
    Facts,
    Heading,
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

_CRITICAL_SHOWN = 60


def five_questions(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the five chapters that a reviewer turns to after the first page."""
    names = {row["id"]: row["name"] for row in doc["inventory"]}
    asked = doc["questions"]
    pages = (
        (Own("Question 1: what can the agent access?"), "q1", _access(asked["access"], names), "access"),
        (Own("Question 2: what can it do?"), "q2", _actions(asked["actions"]), "actions"),
        (
            Own("Question 3: how are its credentials kept?"),
            "q3",
            _credentials(asked["credentials"], names),
            "credentials",
        ),
        (Own("Question 4: who approves?"), "q4", _approvals(asked["approvals"], names), "approvals"),
        (Own("Question 5: what trail is left?"), "q5", _audit(asked["audit"]), "audit"),
    )
    for title, anchor, blocks, key in pages:
        yield Heading(2, title, anchor)
        yield from blocks
        yield from _controls(doc, asked[key]["controls"])


def _controls(doc: dict[str, Any], ids: list[str]) -> Iterator[Block]:
    """Yield the governance answers that belong to a question; an unanswered one is shown like any other."""
    by_id = {c["id"]: c for c in doc["controls"]}
    rows: list[tuple[Cell, ...]] = []
    for control in (by_id[i] for i in ids):
        levels = joined([word(e["level"]) for e in control["evidence"]])
        rows.append((Code(control["id"]), control["question"], mark(control["state"]), control["text"], levels))
    if rows:
        head = ("Control", "Question", "State", "Answer", "Evidence")
        yield Table(Own("Controls that answer this question"), head, tuple(rows))


def _access(answer: dict[str, Any], names: dict[str, str]) -> Iterator[Block]:
    yield Facts(
        (
            (Own("Tools reviewed"), number(answer["tools"])),
            (Own("Tools allowed"), number(answer["allowed"])),
            (Own("No data class seen in"), number(answer["no_data_class"])),
            (Own("Servers named"), codes(answer["servers"])),
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
        yield Table(Own("Classes of data and the tools that touch them"), head, tuple(rows), frozenset({1, 2, 3}))
    yield Para(Own("Classes of data are read from field names: a hint where to look, no proof of absence."), "note")


def _actions(answer: dict[str, Any]) -> Iterator[Block]:
    rows = [(word(r["type"]), number(r["tools"]), number(r["allowed"])) for r in answer["types"]]
    yield Table(Own("Tools by type"), ("Type", "Tools", "Allowed"), tuple(rows), frozenset({1, 2}))
    grave = answer["critical"]
    if not grave:
        yield Para(Own("No tool was found that cannot be undone, moves money or changes who may do what."))
        return
    title = Own("Tools that cannot be undone, move money or change who may do what")
    yield Heading(3, title)
    shown: list[tuple[Cell, ...]] = [
        (Code(t["name"]), mark(t["type"]), word(t["reversibility"]), mark(t["risk"]), mark(t["state"]))
        for t in grave[:_CRITICAL_SHOWN]
    ]
    yield Table(title, ("Tool", "Type", "Reversibility", "Risk", "Decision"), tuple(shown))
    if len(grave) > _CRITICAL_SHOWN:
        yield Para((number(len(grave) - _CRITICAL_SHOWN), Own(" more stand in the inventory.")), "note")


def _credentials(answer: dict[str, Any], names: dict[str, str]) -> Iterator[Block]:
    if answer["schemes"]:
        rows = [
            (
                Code(row["scheme"]),
                row["kind"],
                Code(row["scope"]) if row["scope"] else Own("no scope"),
                number(len(row["tools"])),
                codes([names.get(i, i) for i in row["tools"]], 6),
            )
            for row in answer["schemes"]
        ]
        head = ("Scheme", "Kind", "Scope", "Tools", "Which")
        yield Table(Own("Credentials and scopes by tool"), head, tuple(rows), frozenset({3}))
    else:
        yield Para(Own("The sources name no security scheme."))
    free = [names.get(i, i) for i in answer["no_credential"]]
    if free:
        yield Para((Own("Callable without any credential: "), *codes(free)))
    if answer["not_stated"]:
        count = number(len(answer["not_stated"]))
        yield Para((Own("For "), count, Own(" of the tools, the source cannot say which credential a call needs.")))


def _approvals(answer: dict[str, Any], names: dict[str, str]) -> Iterator[Block]:
    yield Facts(
        (
            (Own("Tools confirmed at run time"), number(answer["run_time_approval"])),
            (Own("High-risk tools allowed"), number(answer["high_risk_allowed"])),
            (Own("… of these not confirmed"), number(len(answer["high_risk_without_approval"]))),
        )
    )
    loose = [names.get(i, i) for i in answer["high_risk_without_approval"]]
    if loose:
        yield Para((Own("High risk, and called without a person confirming: "), *codes(loose)))
    if answer["decided_by"]:
        people = [(row["actor"], number(row["decisions"])) for row in answer["decided_by"]]
        yield Table(Own("Who decided"), ("Person", "Decisions"), tuple(people), frozenset({1}))
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
        head = ("Condition", "Value", "Tools", "Proved", "Which")
        yield Table(Own("Conditions under which tools are allowed"), head, tuple(rows), frozenset({2, 3}))


def _audit(answer: dict[str, Any]) -> Iterator[Block]:
    yield Facts(
        (
            (Own("Events recorded"), number(answer["events"])),
            (Own("By people"), number(answer["people"])),
            (Own("First event"), moment(answer["first_at"])),
            (Own("Last event"), moment(answer["last_at"])),
            (Own("Tools that must leave an audit event"), number(answer["audit_conditions"])),
        )
    )
    yield Para(Own("These are the events of the review. Whether calls are logged is for the controls to answer."))
