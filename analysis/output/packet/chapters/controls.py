"""Recommended controls by tool type, permissions by user, team and environment, conditions proven."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.output.packet.chapters.blocks import (
    Bar,
    Block,
    Cell,
    FactList,
    Gap,
    Heading,
    Inline,
    Para,
    SafeText,
    Table,
)
from analysis.output.packet.chapters.inline import (
    NOT_STATED,
    codes,
    condition,
    counted,
    figure,
    joined,
    number,
    small,
    strong,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What goes wrong with each type.
_RISKS = {
    "read-only": SafeText("data exposure"), "side-effect": SafeText("unintended changes"),
    "critical": SafeText("irreversible actions"), "administrative": SafeText("privilege escalation"),
    "billing": SafeText("revenue impact"),
}  # fmt: skip
_MAX_CONDITIONS = 12
_MAX_PERMISSIONS = 14
_NO_PROOF = frozenset({"expires", "owner"})


def recommended_controls(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield what is recommended for each tool type, and what of it is in place for the allowed tools."""
    title = SafeText("Recommended controls by tool type")
    yield Heading(2, title, "controls", keep=True)
    rows: list[tuple[Cell, ...]] = []
    for at, row in enumerate(doc["recommended"]):
        name: Cell = (strong(word(row["type"])), small(*codes(row["examples"][:1])))
        recommended = _added(row, doc["recommended"][:at])
        rows.append(
            (
                name,
                number(row["allowed"]),
                number(row["tools"]),
                _RISKS.get(row["type"], ""),
                recommended,
                _in_place(row),
            )
        )
    head = ("Tool type", "Allowed", "All", "Risk", "Recommended", "In place, of allowed tools")
    yield Table(title, head, tuple(rows), frozenset({1, 2}), (24, 8, 6, 13, 25, 24))


def _added(row: dict[str, Any], earlier: list[dict[str, Any]]) -> tuple[Inline, ...]:
    """Return the controls of a type: those of the largest earlier type that it includes, and what it adds to them."""
    base = max(
        (e for e in earlier if set(e["controls"]) <= set(row["controls"])),
        key=lambda e: len(e["controls"]),
        default=None,
    )
    added = [each for each in row["controls"] if base is None or each not in base["controls"]]
    if base is None:
        return joined(added)
    return (SafeText("as "), word(base["type"]), *((SafeText("; "), *joined(added)) if added else ()))


def _in_place(row: dict[str, Any]) -> Cell:
    if not row["allowed"]:
        return SafeText("none allowed")
    out: list[Inline] = []
    for each in row["conditions"]:
        out += [SafeText("; ")] if out else []
        out += [
            condition(each["kind"]),
            SafeText(": "),
            number(each["stated"]),
            SafeText(" of "),
            number(row["allowed"]),
        ]
        out += [SafeText(", "), number(each["proven"]), SafeText(" proven")] if each["stated"] else []
    return tuple(out)


def permissions(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield who may call how many tools where; a limit that no one set is marked."""
    title = SafeText("Permissions by user, team and environment")
    yield Heading(2, title, "permissions", keep=True)
    rows: list[tuple[Cell, ...]] = [
        (
            row["audience"] or Gap(SafeText("any user of the agent")),
            row["environment"] or Gap(SafeText("any environment")),
            number(row["tools"]),
            *(figure(row[effect]) for effect in ("read-only", "side-effect", "critical")),
        )
        for row in doc["permissions"][:_MAX_PERMISSIONS]
    ]
    if not rows:
        yield Para(SafeText("No tool is allowed."))
        yield from _request(doc["request"])
        return
    yield Para(
        SafeText(
            "Allowed tools by the conditions on audience and environment. A triangle marks a limit that was not set."
        ),
        "lead",
    )
    head = ("User or team", "Environment", "Tools", "Read-only", "Side-effect", "Critical")
    yield Table(title, head, tuple(rows), frozenset({2, 3, 4, 5}), (31, 25, 11, 11, 11, 11))
    more = len(doc["permissions"]) - len(rows)
    if more > 0:
        yield Para((number(more), SafeText(" more combinations.")), "note")
    yield from _request(doc["request"])


def _request(request: dict[str, Any]) -> Iterator[Block]:
    """Yield what the access request says besides the facts of the first page."""
    if not request["stated"]:
        return
    data: Cell = joined(request["data"]) or NOT_STATED
    yield Heading(3, SafeText("Access request"))
    yield FactList(
        (
            (SafeText("Server"), request["server"] or NOT_STATED),
            (SafeText("Data"), data),
            (SafeText("Writes"), request["writes"] or NOT_STATED),
        ),
        "rows",
    )


def conditions_proven(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield every condition at run time with the share that evidence proves."""
    title = SafeText("Conditions proven and not proven")
    yield Heading(2, title, "conditions", keep=True)
    found = [row for row in doc["questions"]["approvals"]["conditions"] if row["kind"] not in _NO_PROOF]
    found.sort(key=lambda row: (row["kind"] != "approval", -len(row["tools"]), row["kind"], row["value"]))
    ends = sum(len(row["tools"]) for row in doc["questions"]["approvals"]["conditions"] if row["kind"] == "expires")
    if not found:
        yield Para(SafeText("No tool is allowed under a condition that evidence could prove."))
    else:
        yield Para(
            SafeText("A condition is proven when evidence is attached to it. Solid: proven. Dashed: stated only."),
            "lead",
        )
        rows: list[tuple[Cell, ...]] = []
        for row in found[:_MAX_CONDITIONS]:
            total, proven = len(row["tools"]), row["evidenced"]
            share = Bar((("ok", proven), ("todo", total - proven)), 150, 7)
            rows.append(
                (joined((condition(row["kind"]), row["value"]), SafeText(": ")), number(total), number(proven), share)
            )
        yield Table(title, ("Condition", "Tools", "Proven", "Share"), tuple(rows), frozenset({1, 2}), (44, 10, 10, 36))
        more = len(found) - len(rows)
        if more > 0:
            yield Para((number(more), SafeText(" more conditions on fewer tools.")), "note")
    if ends:
        yield Para(
            (
                counted(ends, SafeText("approval ends"), SafeText("approvals end")),
                SafeText(" on a date, which the review enforces itself."),
            ),
            "note",
        )
