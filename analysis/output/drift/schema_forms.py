"""Schemas in one spelling: two that mean the same and are written differently are equal afterwards."""

from __future__ import annotations

from typing import Any, Final

from analysis.output.drift.differences import canonical_text

#: Keywords that say nothing about values, and definitions that count where they are referred to.
_NO_MEANING: Final = frozenset({"$schema", "$id", "id", "$anchor", "$defs", "definitions", "$vocabulary"})
#: Keywords with the value that their absence means.
_DEFAULTS: Final[dict[str, Any]] = {
    "required": [], "properties": {}, "patternProperties": {}, "additionalProperties": {}, "unevaluatedProperties": {}, "items": {},
    "nullable": False, "deprecated": False, "readOnly": False, "writeOnly": False, "uniqueItems": False,
    "exclusiveMinimum": False, "exclusiveMaximum": False, "minLength": 0, "minItems": 0, "minProperties": 0,
    "anyOf": [], "oneOf": [], "allOf": [],
}  # fmt: skip
_BOUNDS: Final = (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum"))


def normal(schema: Any) -> dict[str, Any]:
    """Return the keywords of a schema in one spelling; parts of it stay as they are."""
    if schema is False:
        return {"not": {}}
    if not isinstance(schema, dict):
        return {} if schema is True or schema is None else {"const": schema}
    found = {key: value for key, value in schema.items() if key not in _NO_MEANING or not _is_keyword(key, value)}
    _merge_alternatives(found)
    _one_type(found)
    for bound, exclusive in _BOUNDS:
        if found.get(exclusive) is True and bound in found:
            found[exclusive] = found.pop(bound)
    if "const" in found and "enum" not in found:
        found["enum"] = [found.pop("const")]
    if isinstance(found.get("enum"), list):
        found["enum"] = sorted(found["enum"], key=canonical_text)
    for key in ("additionalProperties", "unevaluatedProperties", "items"):
        if found.get(key) is True:
            found[key] = {}
    return {key: value for key, value in found.items() if key not in _DEFAULTS or not _is_default(key, value)}


def _is_keyword(key: str, value: Any) -> bool:
    """Whether a key is the keyword of that name, and no unknown one: `id` may be anything but text."""
    return isinstance(value, dict) if key in {"$defs", "definitions", "$vocabulary"} else isinstance(value, str)


def _is_default(key: str, value: Any) -> bool:
    default = _DEFAULTS[key]
    return bool(value == default and isinstance(value, bool) is isinstance(default, bool))


def _merge_alternatives(found: dict[str, Any]) -> None:
    """Merge alternatives that are types only: `anyOf: [{type: string}, {type: null}]` is `type: [string, null]`."""
    for key in ("anyOf", "oneOf"):
        listed = found.get(key)
        if isinstance(listed, list) and "type" not in found and len(listed) > 1 and all(map(_is_type_only, listed)):
            found["type"] = [each["type"] for each in found.pop(key)]
    listed = found.get("allOf")
    if isinstance(listed, list) and len(listed) == 1 and isinstance(listed[0], dict) and found.keys() == {"allOf"}:
        found.pop("allOf")
        found.update(listed[0])


def _is_type_only(schema: Any) -> bool:
    return isinstance(schema, dict) and schema.keys() == {"type"} and isinstance(schema["type"], str)


def _one_type(found: dict[str, Any]) -> None:
    """State the types as a sorted list, `nullable` among them."""
    stated = found.get("type")
    types = (
        {stated} if isinstance(stated, str) else {str(each) for each in stated} if isinstance(stated, list) else set()
    )
    if types and found.get("nullable") is True:
        types.add("null")
        found.pop("nullable")
    if types:
        found["type"] = sorted(types)
