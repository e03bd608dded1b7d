"""What is known of the exfiltration path over the tools, by role, and what is not settled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.model import DecisionState
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
    table_or_none,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_SETS = (
    (SafeText("Approved tools"), "approved"),
    (SafeText("Approved and undecided tools"), "approved_and_undecided"),
)
_SOURCE_ERRORS = SafeText("the source was read with errors")
_NOTHING = SafeText("nothing is approved yet")
_ALLOWED = frozenset(state.value for state in DecisionState if state.allowed)
_EVERY = SafeText("every role")


def flows(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the chapter on information flows; nothing where the review states none."""
    stated = doc["exfiltration_path"]
    if not stated:
        return
    names = {tool["id"]: tool["name"] for tool in doc["tools"]}
    yield Heading(2, SafeText("Information flows"), "flows")
    yield Para(
        SafeText(
            "The exfiltration path (lethal trifecta) is present when one set of tools reads private data, reads untrusted "
            "content and can send data out; a tool that executes code can do all three. It is absent only where every "
            "tool is settled for a role that none plays, and broken by condition where a person approves each call of "
            "every sink."
        )
    )
    nothing = not any(tool["decision"] in _ALLOWED for tool in doc["tools"])
    yield FactList(
        tuple(
            (label, (_NOTHING,) if nothing and key == "approved" else badge(stated[key]["exfiltration_path"]))
            for label, key in _SETS
        )
    )
    head = ("Role", "Approved tools", "Approved and undecided tools")
    roles = [
        (word(role), *(_named(stated[key]["flow_roles"][role], names) for _, key in _SETS))
        for role in stated["approved"]["flow_roles"]
    ]
    yield Table(SafeText("Tools by role"), head, tuple(roles))
    widest = stated["approved_and_undecided"]
    if widest["unsettled"] or widest["unread"]:
        yield from table_or_none(
            SafeText("Not settled"), ("Tool or source", "Role", "Why"), list(_unsettled(doc, widest))
        )
    if widest["held"]:
        yield FactList(((SafeText("A person approves each call of"), _named(widest["held"], names)),))


def _unsettled(doc: dict[str, Any], path: dict[str, Any]) -> Iterator[tuple[Cell, ...]]:
    """Yield the roles that tools leave open, and the sources from which tools may be missing."""
    unsettled = set(path["unsettled"])
    for tool in doc["tools"]:
        if tool["id"] in unsettled:
            yield from ((Code(tool["name"]), word(role["role"]), role["why"]) for role in tool["open_roles"])
    yield from ((Code(source), _EVERY, _SOURCE_ERRORS) for source in path["unread"])


def _named(tools: list[str], names: dict[str, str]) -> tuple[Inline, ...]:
    return codes([names.get(tool, tool) for tool in tools]) or (SafeText("none"),)
