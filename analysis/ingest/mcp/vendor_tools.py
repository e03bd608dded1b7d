"""Hosted tools in the lists of model vendors: the vendor defines and runs them, and a list holds their type only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

#: Keys that describe an input: with one of them, a tool is described, whatever its type.
_DESCRIBED: Final = (
    "inputSchema", "input_schema", "parameters", "function", "schema", "args", "format", "toolSpec", "description",
)  # fmt: skip
#: Types of tools that the author of the list describes.
_OWN: Final = frozenset({"function", "custom", "object", "tool", "action"})
#: Beginnings of types that show a list of tools even where no entry has a name.
_KNOWN: Final = (
    "bash", "code_", "computer", "file_search", "web_", "mcp", "text_editor", "image_generation", "local_shell", "shell",
    "apply_patch", "memory_", "tool_search",
)  # fmt: skip
_TYPE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{1,60}\Z")
#: Members of a list that are one setting each, as in the lists of Google: `{"googleSearch": {}}`.
_MEMBERS: Final = frozenset(
    {"googleSearch", "google_search", "googleSearchRetrieval", "google_search_retrieval", "codeExecution",
     "code_execution", "urlContext", "url_context", "computerUse", "computer_use", "fileSearch", "file_search",
     "googleMaps", "google_maps", "retrieval", "enterpriseWebSearch", "systemTool"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HostedEntry:
    """A hosted tool of a list: its type, the name a reviewer sees, and its settings."""

    type: str
    name: str
    body: dict[str, Any]


def is_known_hosted(node: Any) -> bool:
    """Whether an entry is certainly a hosted tool, even outside a list of tools."""
    found = hosted_entry(node)
    return found is not None and found.type.startswith(_KNOWN)


def hosted_entry(node: Any) -> HostedEntry | None:
    """Return a hosted tool; None when an entry is described, or is no tool."""
    if not isinstance(node, dict):
        return None
    kind = node.get("type")
    if isinstance(kind, str) and kind not in _OWN and _TYPE.match(kind) and not any(key in node for key in _DESCRIBED):
        label = _text(node, "name", "server_label", "mcp_server_name")
        is_server = kind == "mcp" or "mcp" in kind.lower()
        name = f"{kind} {label}" if is_server and label else label or kind
        return HostedEntry(kind, name, node)
    if len(node) == 1 and (key := next(iter(node))) in _MEMBERS and isinstance(node[key], dict):
        settings = node[key]
        label = _text(settings, "name") if key == "systemTool" else ""
        return HostedEntry(label or key, label or key, settings)
    return None


def _text(node: dict[str, Any], *keys: str) -> str:
    """Return the first text under some keys, or an empty string."""
    return next((node[key] for key in keys if isinstance(node.get(key), str) and node[key]), "")
