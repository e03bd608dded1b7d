"""What a schema states about fields: names, and the references where more names come from."""

from __future__ import annotations

from typing import Any, Final

_MAPS: Final = ("patternProperties", "dependentSchemas")
_LISTS: Final = ("allOf", "anyOf", "oneOf", "prefixItems")
_SINGLE: Final = (
    "items", "additionalProperties", "if", "then", "else", "contains", "additionalItems",
    "unevaluatedItems", "unevaluatedProperties", "contentSchema", "schema",
)  # fmt: skip


def field_names(schema: Any, pointer: str, *, siblings: bool) -> tuple[set[str], list[tuple[str, str]]]:
    """Return (property names stated inline, references as (ref, pointer)).

    `siblings`: whether keys beside a `$ref` count (OpenAPI 3.1 and newer) or are ignored (2.0, 3.0).
    `not` is left out: what may not be sent is no field. Media type, header and parameter objects are
    entered by their `schema` and `content`.
    """
    names: set[str] = set()
    refs: list[tuple[str, str]] = []
    stack: list[Any] = [schema]
    while stack:
        node = stack.pop()
        if isinstance(node, list):  # `items` as a tuple, before 2020-12
            stack.extend(node)
            continue
        if not isinstance(node, dict):
            continue
        ref = node.get("$ref")
        if isinstance(ref, str):
            refs.append((ref, pointer))
            if not siblings:
                continue
        properties = node.get("properties")
        if isinstance(properties, dict):
            names.update(properties)
            stack.extend(properties.values())
        for key in _MAPS:
            if isinstance(node.get(key), dict):
                stack.extend(node[key].values())
        for key in _LISTS:
            if isinstance(node.get(key), list):
                stack.extend(node[key])
        stack.extend(node[key] for key in _SINGLE if key in node)
        stack.extend(_media_schemas(node.get("content")))
        refs.extend((target, pointer) for target in discriminated(node.get("discriminator")))
    return names, refs


def _media_schemas(content: Any) -> list[Any]:
    """Return the media type objects of a `content` map; entered by their `schema`."""
    return list(content.values()) if isinstance(content, dict) else []


def discriminated(discriminator: Any) -> list[str]:
    """Return the subtypes a discriminator names, as references; a bare name means a schema component."""
    mapping = discriminator.get("mapping") if isinstance(discriminator, dict) else None
    if not isinstance(mapping, dict):
        return []
    targets = [value for value in mapping.values() if isinstance(value, str)]
    return [t if "#" in t or "/" in t or "." in t else f"#/components/schemas/{t}" for t in targets]


def type_name(schema: Any) -> str:
    """Return the type a schema states, for a person: `string`, `array`, `string | null`, `$ref name`."""
    if not isinstance(schema, dict):
        return "any"
    stated = schema.get("type")
    if isinstance(stated, list):
        return " | ".join(str(item) for item in stated)
    if isinstance(stated, str):
        return f"{stated}({schema['format']})" if isinstance(schema.get("format"), str) else stated
    if isinstance(schema.get("$ref"), str):
        return str(schema["$ref"]).rpartition("/")[2]
    return "object" if "properties" in schema else "any"


def values(schema: Any) -> tuple[str, ...]:
    """Return the values of an enumeration as text."""
    stated = schema.get("enum") if isinstance(schema, dict) else None
    return tuple(str(item) for item in stated) if isinstance(stated, list) else ()
