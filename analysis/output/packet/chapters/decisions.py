"""Decisions: by group, on every high-risk tool that is allowed, and on each capability of the inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.model import CapabilityKind
from analysis.output.packet.chapters.blocks import (
    Block,
    Cards,
    Cell,
    Code,
    FoldItem,
    Folds,
    Gap,
    Heading,
    InfoCard,
    Inline,
    Para,
    RowGroup,
    SafeText,
    Table,
)
from analysis.output.packet.chapters.inline import (
    COMMA,
    DOT,
    PROVEN,
    badge,
    condition,
    counted,
    date,
    joined,
    kind_label,
    number,
    of,
    plural,
    population,
    small,
    strong,
    tool_count,
    word,
)
from analysis.output.packet.csv_files import TOOLS_CSV

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Characters of a digest that the inventory shows; the data has it whole.
_DIGEST = 12
_ALLOWED = frozenset({"approved", "conditional"})
#: Maximum number of groups shown; the others are counted by state.
MAX_GROUPS = 16
#: Maximum number of high-risk tools shown as cards, and as rows of a table.
_MAX_CARDS = 6
_MAX_ROWS = 30
#: A review with more tools begins its main chapters on a new page.
LARGE = 100
_MAX_PLACES = 4
#: Conditions that need no proof: the review enforces an end date, and an owner is only a name.
_NO_PROOF = frozenset({"expires", "owner"})


def is_large(doc: dict[str, Any]) -> bool:
    """Whether main chapters begin a page of their own."""
    return len(doc["tools"]) > LARGE


def operation(row: dict[str, Any]) -> tuple[Inline, ...]:
    """Return method and path, or the kind of capability of an MCP server, with the URI of a resource."""
    if row["kind"] != CapabilityKind.TOOL:
        label = kind_label(row["kind"])
        return (label, SafeText(" "), Code(row["path"])) if row["path"] else (label,)
    return (Code(f"{row['method']} {row['path']}"),) if row["method"] else (SafeText("MCP tool"),)


def decisions(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the decisions, one row for each group of equal state, person, reason and conditions."""
    groups = doc["groups"]
    yield Heading(2, SafeText("Decisions by group"), "decisions", page=is_large(doc))
    what = counted(len(groups), SafeText("group"), SafeText("groups"))
    yield Para(
        (
            population(doc["counts"]["by_kind"]), SafeText(", "), what, SafeText(
                " of equal decision, person, reason and conditions. A dot marks a condition with proof. A decision is valid "
                "for one definition; when that changes, it is stale. Single tools are in "), Code(TOOLS_CSV),
            SafeText(" and in the inventory."),
        ), "lead",
    )  # fmt: skip
    if not groups:
        yield Para(SafeText("There is no tool."))
        return
    largest = sorted(range(len(groups)), key=lambda at: -len(groups[at]["tools"]))[:MAX_GROUPS]
    rows: list[tuple[Cell, ...] | RowGroup] = []
    for state in dict.fromkeys(group["state"] for group in groups):
        members = [(at, group) for at, group in enumerate(groups) if group["state"] == state]
        total = sum(len(group["tools"]) for _, group in members)
        rows.append(RowGroup((badge(state), DOT, tool_count(total))))
        rows += [_group(group) for at, group in members if at in largest]
        rest = [group for at, group in members if at not in largest]
        if rest:
            smaller = counted(len(rest), SafeText("smaller group"), SafeText("smaller groups"))
            rows.append((smaller, number(sum(len(group["tools"]) for group in rest)), "", ""))
    head = ("Reason and conditions", "Tools", "Where", "By")
    yield Table(SafeText("Decisions by group"), head, tuple(rows), frozenset({1}), (50, 7, 29, 14))


def _group(group: dict[str, Any]) -> tuple[Cell, ...]:
    undecided = Gap(SafeText("no decision")) if not group["by"] else Gap(SafeText("no reason"))
    lead: Inline = group["reason"] or undecided
    under = conditions_line(group["conditions"])
    first: Cell = (lead, small(*under)) if under else lead
    return (first, number(len(group["tools"])), _places(group["resources"]), group["by"])


def _places(resources: Sequence[dict[str, Any]]) -> Cell:
    out: list[Inline] = []
    for each in resources[:_MAX_PLACES]:
        out += [COMMA] if out else []
        out += [each["name"], SafeText("\u00a0"), number(each["tools"])]
    if len(resources) > _MAX_PLACES:
        out += [COMMA, number(len(resources) - _MAX_PLACES), SafeText(" more")]
    return tuple(out)


def conditions_line(stated: Sequence[dict[str, Any]]) -> tuple[Inline, ...]:
    """Return conditions in a line; those with evidence carry the word `proven`. An end date needs no proof."""
    out: list[Inline] = []
    for each in stated:
        out += [DOT] if out else []
        out += [condition(each["kind"]), SafeText(": ")]
        out.append(date(each["value"]) if each["kind"] == "expires" else each["value"])
        out += [SafeText(" "), PROVEN] if each["evidence"] and each["kind"] not in _NO_PROOF else []
    return tuple(out)


def high_risk(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield every high-risk tool that is allowed: as cards, as a table, or the first of many."""
    tools = {tool["id"]: tool for tool in doc["tools"]}
    found = [tools[identity] for identity in doc["high_risk_allowed"]]
    total = doc["counts"]["by_risk"]["high"]
    title = SafeText("High-risk tools that are allowed")
    yield Heading(2, title, "high-risk", keep=len(found) <= _MAX_CARDS)
    if not found:
        yield Para((SafeText("None of the "), number(total), SafeText(" high-risk tools is allowed.")))
        return
    share = of(len(found), total)
    shown = (
        SafeText("; each is shown.")
        if len(found) <= _MAX_ROWS
        else SafeText("; those without proven run-time approval are shown first.")
    )
    verb = plural(
        len(found),
        SafeText(" high-risk tools is decided as allowed"),
        SafeText(" high-risk tools are decided as allowed"),
    )
    yield Para((*share, verb, shown), "lead")
    if len(found) <= _MAX_CARDS:
        yield Cards(tuple(map(_card, found)))
        return
    rows = tuple(_row(tool) for tool in found[:_MAX_ROWS])
    yield Table(title, ("Tool", "Effect and data", "Conditions", "Decided by"), rows, widths=(44, 20, 23, 13))
    if len(found) > _MAX_ROWS:
        yield Para((number(len(found) - _MAX_ROWS), SafeText(" more are in "), Code(TOOLS_CSV), SafeText(".")), "note")


def _effect(tool: dict[str, Any]) -> Cell:
    said: list[Inline] = [word(tool["type"])]
    said += [COMMA, word(tool["reversibility"])] if tool["reversibility"] != tool["type"] else []
    return (
        (*said, small(SafeText("returns "), *joined(tool["data_classes"][:3]))) if tool["data_classes"] else tuple(said)
    )


def _row(tool: dict[str, Any]) -> tuple[Cell, ...]:
    under = conditions_line(tool["conditions"]) or (Gap(SafeText("no condition")),)
    what = (strong(Code(tool["name"])), small(*operation(tool)))
    return (what, _effect(tool), under, (tool["by"], small(date(tool["at"]))))


def _card(tool: dict[str, Any]) -> InfoCard:
    kinds = [c for c in tool["conditions"] if c["kind"] == "approval"]
    approval: list[Inline] = []
    for each in kinds:
        approval += [COMMA] if approval else []
        approval += [each["value"]]
        approval += [SafeText(" "), PROVEN] if each["evidence"] else [SafeText(", stated only")]
    others = conditions_line([c for c in tool["conditions"] if c["kind"] != "approval"])
    facts: list[tuple[SafeText, Cell]] = [
        (SafeText("effect"), _effect(tool)),
        (SafeText("run-time approval"), tuple(approval) or Gap(SafeText("none"))),
    ]
    facts += [(SafeText("limits"), others)] if others else []
    facts += [(SafeText("reason"), tool["reason"])] if tool["reason"] else []
    facts.append((SafeText("decided by"), (tool["by"], COMMA, date(tool["at"]))))
    return InfoCard(Code(tool["name"]), operation(tool), tuple(facts))


def inventory(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield every tool with its class, decision and digest: the population an auditor samples from."""
    yield Heading(2, SafeText("Inventory"), "inventory", numbered=False)
    yield Para(
        (
            population(doc["counts"]["by_kind"]),
            SafeText(
                " by resource. Find in page opens a fold in most browsers; on paper there are counts, and every row is in "
            ),
            Code(TOOLS_CSV),
            SafeText("."),
        ),
        "lead",
    )
    by_id = {tool["id"]: tool for tool in doc["tools"]}
    resources: dict[str, list[dict[str, Any]]] = {}
    for group in doc["resources"]:
        resources[group["name"]] = [by_id[identity] for identity in group["tools"]]
    items = tuple(_item(name, tools) for name, tools in resources.items())
    yield Folds(("Tool", "Type", "Risk", "Decision", "Definition"), items)


def _item(name: str, tools: Sequence[dict[str, Any]]) -> FoldItem:
    allowed = sum(tool["decision"] in _ALLOWED for tool in tools)
    summary = (tool_count(len(tools)), SafeText(", "), number(allowed), SafeText(" allowed"))
    return FoldItem(name, summary, tuple(map(_inventory_row, tools)))


def _inventory_row(tool: dict[str, Any]) -> tuple[Cell, ...]:
    under = conditions_line(tool["conditions"])
    decision: Cell = (badge(tool["decision"]), small(*under)) if under else badge(tool["decision"])
    kind: Cell = (word(tool["type"]), DOT, SafeText("unclear")) if tool["unclear"] else word(tool["type"])
    return (
        (Code(tool["name"]), small(*operation(tool))),
        kind,
        badge(tool["risk"]),
        decision,
        Code(tool["digest"][:_DIGEST]),
    )
