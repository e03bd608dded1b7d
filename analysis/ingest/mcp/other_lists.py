"""Lists of resources, resource templates and prompts, and requests of a server to the client, in a saved file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from analysis.ingest.document.canonical_json import child
from analysis.ingest.mcp.entries import McpEntry
from analysis.model import CapabilityKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_RESOURCE, _TEMPLATE, _PROMPT = CapabilityKind.RESOURCE, CapabilityKind.RESOURCE_TEMPLATE, CapabilityKind.PROMPT
#: Keys of such lists, in the spelling of the protocol and of Python.
OTHER_LISTS: Final[Mapping[str, CapabilityKind]] = {
    "resources": _RESOURCE,
    "resourceTemplates": _TEMPLATE,
    "resource_templates": _TEMPLATE,
    "prompts": _PROMPT,
}
#: Keys of the identity of an entry, per kind.
IDENTITY: Final[Mapping[CapabilityKind, tuple[str, ...]]] = {
    _RESOURCE: ("uri", "uriTemplate", "uri_template"),
    _TEMPLATE: ("uriTemplate", "uri_template"),
    _PROMPT: ("name",),
}
#: Keys next to a list that show a file of MCP, where the entries alone do not.
_MCP: Final = frozenset(
    {"serverInfo", "server_info", "protocolVersion", "protocol_version", "capabilities", "tools", "instructions",
     "nextCursor", "next_cursor", *OTHER_LISTS}
)  # fmt: skip
#: Requests that only a server sends.
_REQUESTS: Final = frozenset({"sampling/createMessage", "elicitation/create", "roots/list"})


def kind_of_list(node: dict[str, Any], key: str) -> CapabilityKind | None:
    """Return the kind of the list under a key, or None when it is something else, such as the resources of a cluster.

    An empty list, and prompts with nothing but a name, count only next to other keys of MCP.
    """
    kind, value = OTHER_LISTS[key], node[key]
    entries = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(entries, list):
        return None
    marked = len(_MCP & node.keys()) > 1
    if not entries:
        return kind if marked and isinstance(value, list) else None
    if isinstance(value, dict):
        return kind if all(_is_entry(kind, entry) for entry in entries) else None
    if kind is _PROMPT and not marked:
        return kind if all(_is_entry(kind, e) and isinstance(e.get("arguments"), list) for e in entries) else None
    return kind if marked or any(_is_entry(kind, entry) for entry in entries) else None


def _is_entry(kind: CapabilityKind, entry: Any) -> bool:
    return _identity(kind, entry) is not None


def _identity(kind: CapabilityKind, entry: Any) -> str | None:
    if not isinstance(entry, dict):
        return None
    return next((entry[key] for key in IDENTITY[kind] if isinstance(entry.get(key), str) and entry[key]), None)


def entries_of_kind(kind: CapabilityKind, value: Any, pointer: str) -> Iterator[McpEntry]:
    """Yield the entries of such a list; one without an identity has no name and no body."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, node in pairs:
        name, place = _identity(kind, node), child(pointer, key)
        yield McpEntry(place, node, name, node if name is not None else None, place)


def is_request(node: Any) -> bool:
    """Whether a message is a request of a server to the client: for a model's answer, data of the user, or folders."""
    method = node.get("method") if isinstance(node, dict) else None
    return isinstance(method, str) and method in _REQUESTS
