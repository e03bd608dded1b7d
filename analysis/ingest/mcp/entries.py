"""Entries of a saved tool list, in the formats of MCP, model providers and agent frameworks.

They name the same four parts of a tool differently. Nothing is rewritten: the entry stays the definition, and this
module finds its parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from analysis.ingest.document.canonical_json import child
from analysis.ingest.mcp.vendor_tools import hosted_entry, is_known_hosted

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Keys of the input schema of a tool, the specification's name first.
INPUTS: Final = (
    "inputSchema", "input_schema", "parameters", "parametersJsonSchema", "parameters_json_schema",
    "args_schema", "argsSchema", "args", "schema",
)  # fmt: skip
OUTPUTS: Final = (
    "outputSchema", "output_schema", "responseJsonSchema", "response_json_schema", "response", "returns",
)  # fmt: skip
_WRAPPERS: Final = ("function", "toolSpec", "tool_spec", "tool")
_DECLARED: Final = ("functionDeclarations", "function_declarations")
#: Keys of a schema that is wrapped once more, as in Bedrock and the AI SDK.
_INNER_KEYS: Final = ("json", "jsonSchema")
#: Keywords, by type of value, that distinguish a JSON Schema from a plain object of arguments.
_KEYWORDS: Final[tuple[tuple[type | tuple[type, ...], tuple[str, ...]], ...]] = (
    (str, ("type", "$ref", "title", "description", "$schema", "$id")),
    (list, ("type", "allOf", "anyOf", "oneOf", "required", "enum")),
    (dict, ("properties", "$defs", "definitions", "patternProperties")),
    (bool, ("additionalProperties",)),
)


@dataclass(frozen=True, slots=True)
class McpEntry:
    """One entry of a list. `node` is the whole of it; `name` and `body` are None when it is not a tool.

    `hosted` is the type of a tool that a model vendor defines and runs, or an empty string.
    """

    pointer: str
    node: Any
    name: str | None
    body: dict[str, Any] | None
    body_pointer: str
    hosted: str = ""


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema of a tool. `assumption` says how an irregular one was read, `conflicts` lists keys of other schemas."""

    value: Any
    pointer: str
    stated: bool
    assumption: str = ""
    conflicts: tuple[str, ...] = ()


def is_tool(node: Any) -> bool:
    """Whether an entry is a tool, with or without a definition of its input."""
    body, _ = _body(node, "")
    return body is not None and (isinstance(body.get("name"), str) or is_known_hosted(node))


def defines_tool(node: Any) -> bool:
    """Whether an entry is certainly a tool: it describes its input, or is wrapped like a function."""
    if not isinstance(node, dict):
        return False
    if any(isinstance(node.get(key), list) for key in _DECLARED):
        return True
    body, _ = _body(node, "")
    has_text = body is not None and any(key in body for key in ("name", "description"))
    return has_text and body is not None and any(isinstance(body.get(key), dict) for key in INPUTS)


def is_described(node: Any) -> bool:
    """Whether the value under a name may be a tool that was saved without its input."""
    return isinstance(node, dict) and isinstance(node.get("description"), str)


def entries_of(tools: Any, pointer: str) -> Iterator[McpEntry]:
    """Return the entries of a list, or of an object that holds them by name."""
    pairs = tools.items() if isinstance(tools, dict) else enumerate(tools)
    for key, node in pairs:
        place = child(pointer, key)
        declared = next((k for k in _DECLARED if isinstance(node, dict) and isinstance(node.get(k), list)), None)
        if declared is not None:
            yield from entries_of(node[declared], child(place, declared))
            continue
        body, inside = _body(node, place)
        name = body.get("name") if body is not None else None
        if name is None and isinstance(key, str):
            name = key
        hosted = hosted_entry(node)
        if hosted is not None:
            yield McpEntry(place, node, hosted.name, hosted.body, place, hosted.type)
        else:
            yield McpEntry(place, node, name if isinstance(name, str) and body is not None else None, body, inside)


def _body(node: Any, pointer: str) -> tuple[dict[str, Any] | None, str]:
    """Return the object with the name and the schema of a tool, and its pointer."""
    if not isinstance(node, dict):
        return None, pointer
    for key in _WRAPPERS:
        inner = node.get(key)
        if isinstance(inner, dict) and isinstance(inner.get("name"), str) and not isinstance(node.get("name"), str):
            return inner, child(pointer, key)
    return node, pointer


def entry_schema(entry: McpEntry, keys: tuple[str, ...]) -> Schema:
    """Return the input or output schema of a tool; without one, {}."""
    body = entry.body or {}
    found = [key for key in keys if isinstance(body.get(key), dict | list)]
    if not found:
        return Schema({}, entry.body_pointer, stated=False)
    value, pointer = body[found[0]], child(entry.body_pointer, found[0])
    others = tuple(key for key in found[1:] if body[key] != value)
    for key in _INNER_KEYS:
        if isinstance(value, dict) and isinstance(value.get(key), dict) and "properties" not in value:
            value, pointer = value[key], child(pointer, key)
    if isinstance(value, list):
        return _listed(value, pointer, others)
    if value and not _is_schema(value) and all(isinstance(inner, dict) for inner in value.values()):
        assumption = f"`{found[0]}` is not a JSON Schema; its keys were taken as the names of arguments"
        return Schema({"properties": value}, pointer, stated=True, assumption=assumption, conflicts=others)
    return Schema(value, pointer, stated=True, conflicts=others)


def _is_schema(value: dict[str, Any]) -> bool:
    return any(isinstance(value.get(key), kind) for kind, keys in _KEYWORDS for key in keys)


def _listed(value: list[Any], pointer: str, others: tuple[str, ...]) -> Schema:
    """Return a list of described parameters as a schema."""
    named = [item for item in value if isinstance(item, dict) and isinstance(item.get("name"), str)]
    if not named or len(named) != len(value):
        return Schema({}, pointer, stated=False, conflicts=others)
    schema = {
        "properties": {item["name"]: item.get("schema", item) for item in named},
        "required": [item["name"] for item in named if item.get("required") is True],
    }
    return Schema(
        schema, pointer, stated=True, assumption="the arguments are a list, not a JSON Schema", conflicts=others
    )
