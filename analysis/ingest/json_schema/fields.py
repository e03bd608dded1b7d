"""Facts that a schema states itself: field names, references to further schemas, types, limits, descriptions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from analysis.ingest.document.canonical_json import discriminator_refs
from analysis.ingest.json_schema.choices import stated_values

if TYPE_CHECKING:
    from analysis.model import Parameter

#: Keywords that contain schemas: as the values of a map, as the items of a list, or as the value.
_MAPS: Final = frozenset({"patternProperties", "dependentSchemas", "content"})
_LISTS: Final = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_SINGLE: Final = frozenset(
    {
        "additionalProperties", "if", "then", "else", "contains", "additionalItems",
        "unevaluatedItems", "unevaluatedProperties", "contentSchema", "schema", "itemSchema",
    }
)  # fmt: skip
_RARE: Final = _MAPS | _LISTS | _SINGLE | {"discriminator"}
_has_none_of = _RARE.isdisjoint
#: Keywords that may list values.
_CHOOSING: Final = frozenset({"enum", "const", "oneOf", "anyOf"})


def field_names(schema: Any, *, siblings: bool) -> tuple[dict[str, Any], list[str]]:
    """Return (properties stated inline: name to schema, references that lead to more).

    `siblings`: whether keys next to a `$ref` count (OpenAPI 3.1 and newer) or are ignored (2.0, 3.0).
    `not` is left out: it describes what may not be sent. Media type, header and parameter objects are
    visited through their `schema` and `content`.
    """
    names: dict[str, Any] = {}
    refs: list[str] = []
    stack: list[Any] = [schema]
    while stack:
        node = stack.pop()
        if type(node) is not dict:
            if type(node) is list:  # `items` as a tuple, before 2020-12
                stack.extend(node)
            continue
        ref = node.get("$ref")
        if type(ref) is str:
            refs.append(ref)
            if not siblings:
                continue
        properties = node.get("properties")
        if type(properties) is dict:
            names.update(properties)
            stack.extend(properties.values())
        items = node.get("items")
        if items is not None:
            stack.append(items)
        if not _has_none_of(node):
            _rare(node, stack, refs)
    return names, refs


def _rare(node: dict[str, Any], stack: list[Any], refs: list[str]) -> None:
    """Visit the keywords that few schemas have: most nodes of a document have a type and a description only."""
    for key, value in node.items():
        if key in _SINGLE or (key in _LISTS and isinstance(value, list)):
            stack.append(value)
        elif key in _MAPS and isinstance(value, dict):
            stack.extend(value.values())
        elif key == "discriminator":
            refs.extend(discriminator_refs(value))


def type_name(schema: Any) -> str:
    """Return the type of a schema for display: `string`, `array`, `string | null`, `$ref name`."""
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
    """Return the values of an enumeration as text, those of a union of constants too."""
    return stated_values(schema) if isinstance(schema, dict) and may_state_values(schema) else ()


def may_state_values(schema: dict[str, Any]) -> bool:
    """Whether a schema has a keyword that may list values."""
    return not _CHOOSING.isdisjoint(schema)


def with_values_of(first: Parameter, second: Parameter) -> Parameter:
    """Return one parameter for two of one name in alternatives of a schema: the first, with the values of both.

    Where both state values, a caller chooses between the alternatives by them.
    """
    if not second.values or set(second.values) <= set(first.values):
        return first
    if not first.values:
        return replace(first, values=second.values)
    both = tuple(dict.fromkeys((*first.values, *second.values)))
    return replace(first, values=both, limits=_without_const(first), choices=(*first.choices, (first.name, both)))


def _without_const(parameter: Parameter) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in parameter.limits if name != "const")


#: Keywords that restrict the values of a field.
_BOUNDS: Final = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "pattern", "format", "const")
_has_no_bound = frozenset(_BOUNDS).isdisjoint
_MAX_BOUND: Final = 60


def limits(schema: Any) -> tuple[tuple[str, str], ...]:
    """Return the bounds of a schema, and `open` for an object of undefined content."""
    if not isinstance(schema, dict):
        return ()
    stated: tuple[tuple[str, str], ...] = ()
    if not _has_no_bound(schema):
        stated = tuple([(key, str(schema[key])[:_MAX_BOUND]) for key in _BOUNDS if key in schema])
    return (*stated, ("open", "")) if is_open(schema) else stated


def is_open(schema: dict[str, Any]) -> bool:
    """Whether a schema is an object of undefined content."""
    if schema.get("type") != "object" and schema.get("type") != ["object"]:
        return False
    return not any(schema.get(key) for key in ("properties", "$ref", *_LISTS, *_MAPS)) and not isinstance(
        schema.get("additionalProperties"), dict
    )


#: Maximum length of a field's description, characters.
_MAX_DESCRIPTION: Final = 240


def field_notes(fields: dict[str, Any], name: str) -> tuple[tuple[str, str, str], ...]:
    """Return (field, name of its schema, beginning of its description) of the properties of one schema."""
    return tuple([(field, name, _description(schema)) for field, schema in fields.items()])


def _description(schema: Any) -> str:
    text = schema.get("description") if isinstance(schema, dict) else None
    return text[:_MAX_DESCRIPTION] if isinstance(text, str) else ""
