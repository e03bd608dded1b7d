"""The approved capabilities of a packet, as the gateway serves them: definition, digest, and conditions as data.

What cannot be enforced is left out, with the reason, and never served without its condition.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from analysis.model import CapabilityKind, Condition, ConditionKind, Risk, ToolType
from analysis.model.parameter_limit import ParameterLimit
from analysis.model.terms import Approval, Audience, Audit, Expiry, Rate, terms
from analysis.output.allowlist.canonical import ALLOW, CONDITIONAL, LISTS
from analysis.output.allowlist.names.served import SERVED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.model.terms import Terms

#: Types whose calls are recorded before they are forwarded, and stop when the upstream can no longer be compared.
_CRITICAL: Final = frozenset({ToolType.CRITICAL, ToolType.ADMINISTRATIVE, ToolType.BILLING})
#: How the instructions of a server are known; a server has one text.
INSTRUCTIONS: Final = "instructions"
_URIS: Final = {CapabilityKind.RESOURCE: "uri", CapabilityKind.RESOURCE_TEMPLATE: "uri_template"}


@dataclass(frozen=True, slots=True)
class Requirements:
    """The conditions of one capability by kind. All of them have to be met; of the names of an audience, one."""

    approvals: tuple[Approval, ...] = ()
    users: tuple[Audience, ...] = ()
    teams: tuple[Audience, ...] = ()
    environments: tuple[Audience, ...] = ()
    limits: tuple[ParameterLimit, ...] = ()
    rates: tuple[Rate, ...] = ()
    audits: tuple[Audit, ...] = ()
    last_day: str = ""  # YYYY-MM-DD; empty where the approval does not end

    @property
    def of_people(self) -> bool:
        """Whether it matters who calls."""
        return bool(self.users or self.teams)


@dataclass(frozen=True, slots=True)
class Approved:
    """One approved capability. `reached` is how the upstream knows it: MCP name, `METHOD /path`, URI; `name` how callers do.

    `definition` is the data of the approved definition of an MCP capability; empty for an operation.
    """

    id: str
    kind: CapabilityKind
    name: str
    reached: str
    digest: str
    requirements: Requirements
    critical: bool = False
    definition: Mapping[str, Any] = field(default_factory=dict, hash=False)
    method: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class NotServed:
    """An approved capability that this run does not serve, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class ApprovedSet:
    """The approved capabilities of one upstream that are served, and those that are left out."""

    served: tuple[Approved, ...]
    left_out: tuple[NotServed, ...]


def sources_of(allowlist: Mapping[str, Any]) -> dict[str, str]:
    """Return the kind of each source of an allowlist."""
    return {str(source["id"]): str(source["kind"]) for source in allowlist["sources"]}


def servers_of(allowlist: Mapping[str, Any], source: str) -> list[str]:
    """Return the names of the MCP servers of a source that distinguishes them."""
    return sorted({e["mcp_server"] for _, e in _entries(allowlist) if e["source"] == source and e.get("mcp_server")})


def approved_set(
    allowlist: Mapping[str, Any], definitions: Mapping[str, str], source: str, server: str = ""
) -> ApprovedSet:
    """Return what a packet approves of a source, or of one server of it. `definitions`: digest -> canonical text.

    Raises `KeyError`, `TypeError` or `ValueError` for an allowlist that does not have its form.
    """
    served: list[Approved] = []
    left_out: list[NotServed] = []
    for kind, entry in _entries(allowlist):
        if entry["source"] != source or entry["decision"] not in {ALLOW, CONDITIONAL}:
            continue
        if server and entry.get("mcp_server", "") != server:
            continue
        made = _approved(kind, entry, definitions)
        if isinstance(made, Approved):
            served.append(made)
        else:
            left_out.append(made)
    return ApprovedSet(tuple(served), tuple(left_out))


def _entries(allowlist: Mapping[str, Any]) -> Iterator[tuple[CapabilityKind, Mapping[str, Any]]]:
    for kind, name in LISTS.items():
        for entry in allowlist[name]:
            yield kind, entry


def _approved(kind: CapabilityKind, entry: Mapping[str, Any], definitions: Mapping[str, str]) -> Approved | NotServed:
    reached, method, path = _reached(kind, entry)
    # No served name has a blank, so that a prompt never takes the name of a tool.
    name = entry["names"][SERVED] if kind is CapabilityKind.TOOL else f"{kind.value} {reached}"
    if "hosted" in entry:
        return NotServed(name, "a model vendor defines and runs it; it does not pass a gateway")
    stated = [_stated(condition) for condition in entry["conditions"]]
    unclear = next((text for _, text, found in stated if found is None), "")
    if unclear:
        return NotServed(name, f"its condition says nothing that can be checked: {unclear}")
    definition: Any = {}
    if not method:
        text = definitions.get(entry["digest"])
        definition = None if text is None else json.loads(text)
        if isinstance(definition, dict) and kind is not CapabilityKind.TOOL:  # its kind is part of the digest
            definition = definition.get("definition")
        if not isinstance(definition, dict):
            return NotServed(name, "the packet does not hold its definition")
    return Approved(
        id=entry["id"],
        kind=kind,
        name=name,
        reached=reached,
        digest=entry["digest"],
        requirements=_requirements([(of, found) for of, _, found in stated if found is not None], entry["expires"]),
        critical=entry["type"] in _CRITICAL or entry["risk"] == Risk.HIGH,
        definition=definition,
        method=method,
        path=path,
    )


def _reached(kind: CapabilityKind, entry: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return how the upstream knows it, and the method and path of an operation."""
    if kind in _URIS:
        return entry[_URIS[kind]], "", ""
    if kind is CapabilityKind.INSTRUCTIONS:
        return INSTRUCTIONS, "", ""
    if "operation" in entry:
        method, path = entry["operation"]["method"], entry["operation"]["path"]
        return f"{method} {path}", method, path
    return entry.get("mcp_name") or entry.get("hosted") or entry["id"], "", ""


def _stated(condition: Mapping[str, Any]) -> tuple[ConditionKind, str, Terms | None]:
    """Return a condition: kind, words, and data, which is read from its text again, as the text is what was decided."""
    kind = ConditionKind(condition["kind"])
    found = None if condition["terms"] is None else terms(Condition(kind, condition["value"], condition["evidence"]))
    return kind, f"{kind.value}={condition['value']}", found


def _requirements(stated: list[tuple[ConditionKind, Terms]], expires: str | None) -> Requirements:
    def audiences(kind: ConditionKind) -> tuple[Audience, ...]:
        return tuple(found for of, found in stated if of is kind and isinstance(found, Audience))

    every = [found for _, found in stated]
    return Requirements(
        approvals=tuple(each for each in every if isinstance(each, Approval)),
        users=audiences(ConditionKind.USER),
        teams=audiences(ConditionKind.GROUP),
        environments=audiences(ConditionKind.ENVIRONMENT),
        limits=tuple(each for each in every if isinstance(each, ParameterLimit)),
        rates=tuple(each for each in every if isinstance(each, Rate)),
        audits=tuple(each for each in every if isinstance(each, Audit)),
        last_day=min([*(each.day for each in every if isinstance(each, Expiry)), *filter(None, [expires])], default=""),
    )
