"""Which approved capabilities are no longer what was approved: their digests against those of the upstream as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from analysis.model import CapabilityKind
from analysis.output.enforce.approved import INSTRUCTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from analysis.model import Tool
    from analysis.output.enforce.approved import Approved

#: How the upstream knows a capability: its kind, with its name, its URI, or `METHOD /path`.
Key: TypeAlias = tuple[CapabilityKind, str]


def key_of(tool: Tool) -> Key:
    """Return how an upstream knows a capability that was read from it."""
    if tool.kind in {CapabilityKind.RESOURCE, CapabilityKind.RESOURCE_TEMPLATE}:
        return tool.kind, tool.path
    if tool.kind is CapabilityKind.INSTRUCTIONS:
        return tool.kind, INSTRUCTIONS
    return tool.kind, f"{tool.method} {tool.path}" if tool.method else tool.name


def digests_of(tools: Iterable[Tool]) -> dict[Key, list[str]]:
    """Return the digests of the definitions under each key; several where an upstream lists one twice."""
    found: dict[Key, list[str]] = {}
    for tool in tools:
        found.setdefault(key_of(tool), []).append(tool.digest)
    return found


def drift_of(approved: Iterable[Approved], found: Mapping[Key, Sequence[str]]) -> dict[str, str]:
    """Return what has changed, by the name under which the gateway serves it. What is new is not looked at: it is not served."""
    drifted: dict[str, str] = {}
    for each in approved:
        digests = found.get((each.kind, each.reached), ())
        if not digests:
            drifted[each.name] = "the upstream does not offer it any more"
        elif len(digests) > 1:
            drifted[each.name] = "the upstream lists it more than once"
        elif digests[0] != each.digest:
            drifted[each.name] = "its definition has changed since it was approved"
    return drifted
