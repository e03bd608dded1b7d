"""A limit on one parameter of a call, as people write it and as JSON Schema."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

_PARAMETER: Final = re.compile(r"[^\s:{}\[\]\"',;|]+")
_NUMBER: Final = re.compile(r"-?\d{1,15}(?:\.\d{1,9})?", re.ASCII)


class NotTyped(ValueError):
    """A text that is no condition of its kind; `remedy` says what to write."""

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(why)
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class ParameterLimit:
    """What one parameter may be: a JSON Schema fragment. A dot in its name leads into an object (`filter.limit`).

    A limited parameter has to be sent, as the server's default may lie beyond the limit; `forbidden` is one that may not.
    """

    parameter: str
    schema: Mapping[str, Any] = field(hash=False)
    forbidden: bool = False

    def argument_schema(self) -> dict[str, Any]:
        """Return the JSON Schema (2020-12) that the arguments of a call have to meet."""
        first, *rest = self.parameter.split(".")
        inner: Any = self.schema
        required = not self.forbidden
        for name in reversed(rest):
            inner = {"type": "object", "properties": {name: inner}, **({"required": [name]} if required else {})}
        return {"properties": {first: inner}, **({"required": [first]} if required else {})}


def read_limit(value: str) -> ParameterLimit:
    """Return the limit that `NAME: LIMIT` states. Raises `NotTyped`."""
    remedy = 'write NAME and its limit: "limit: at most 100", "amount: 1 to 500", "currency: one of EUR, USD", "force: not sent"'
    name, colon, limit = value.partition(":")
    name, limit = name.strip(), limit.strip()
    if not colon or not limit or not _PARAMETER.fullmatch(name) or not all(name.split(".")):
        raise NotTyped("a limit names a parameter and what it may be", remedy)
    if limit.casefold() == "not sent":
        return ParameterLimit(name, {"not": {}}, forbidden=True)
    if limit.startswith("{"):
        return ParameterLimit(name, _fragment(limit))
    for pattern, schema in _LIMITS:
        if found := pattern.fullmatch(limit):
            return ParameterLimit(name, schema(found))
    raise NotTyped("this limit cannot be checked at a call", remedy)


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def _between(found: re.Match[str]) -> dict[str, Any]:
    low, high = _number(found[1]), _number(found[2])
    if low > high:
        raise NotTyped("the limits are in the wrong order", f"write: {found[2]} to {found[1]}")
    return {"type": "number", "minimum": low, "maximum": high}


def _one_of(found: re.Match[str]) -> dict[str, Any]:
    return {"enum": list(dict.fromkeys(_scalar(part.strip()) for part in found[1].split(",") if part.strip()))}


def _scalar(text: str) -> Any:
    if text in {"true", "false"}:
        return text == "true"
    return _number(text) if _NUMBER.fullmatch(text) else text.strip('"')


_N: Final = rf"({_NUMBER.pattern})"
#: How a limit may be written, and its JSON Schema fragment. The type is part of it: without one, a text
#: would pass a limit on numbers.
_LIMITS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], dict[str, Any]]], ...]] = tuple(
    (re.compile(pattern, re.IGNORECASE), schema)
    for pattern, schema in (
        (r"(?:at most|up to|<=) (\d{1,9}) characters?", lambda m: {"type": "string", "maxLength": int(m[1])}),
        (r"(?:at most|up to|<=) (\d{1,9}) (?:items?|entries)", lambda m: {"type": "array", "maxItems": int(m[1])}),
        (rf"(?:at most|up to|<=) ?{_N}", lambda m: {"type": "number", "maximum": _number(m[1])}),
        (rf"(?:at least|>=) ?{_N}", lambda m: {"type": "number", "minimum": _number(m[1])}),
        (rf"(?:from )?{_N} to {_N}", _between),
        (r"(?:one of|either) (.*[^\s,].*)", _one_of),
        (r"(?:exactly|always|only|=) ?(.+)", lambda m: {"const": _scalar(m[1])}),
    )
)


def _fragment(text: str) -> dict[str, Any]:
    remedy = 'write a JSON Schema fragment with a type, enum or const: {"type": "integer", "maximum": 100}'
    try:
        schema = json.loads(text)
    except (ValueError, RecursionError):
        raise NotTyped("this is not JSON", remedy) from None
    _check_fragment(schema, remedy)
    return dict(schema)


_TYPES: Final = frozenset({"string", "number", "integer", "boolean", "array", "object", "null"})


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_pattern(value: Any) -> bool:
    try:
        return isinstance(value, str) and len(value) <= 500 and bool(re.compile(value))
    except re.error:
        return False


#: The keywords of a fragment that every JSON Schema library checks in the same way, and the values each may have.
_KEYWORDS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "type": lambda value: isinstance(value, str) and value in _TYPES,
    "enum": lambda value: isinstance(value, list) and bool(value),
    "const": lambda value: value is None or isinstance(value, str | bool) or _is_number(value),
    "minimum": _is_number,
    "maximum": _is_number,
    "exclusiveMinimum": _is_number,
    "exclusiveMaximum": _is_number,
    "multipleOf": lambda value: _is_number(value) and value > 0,
    "minLength": _is_count,
    "maxLength": _is_count,
    "pattern": _is_pattern,
    "minItems": _is_count,
    "maxItems": _is_count,
    "uniqueItems": lambda value: isinstance(value, bool),
    "items": lambda value: isinstance(value, dict),
}


def _check_fragment(schema: Any, remedy: str, depth: int = 0) -> None:
    if not isinstance(schema, dict) or depth > 4:
        raise NotTyped("a limit is a JSON Schema object", remedy)
    for keyword, value in schema.items():
        if keyword not in _KEYWORDS:
            raise NotTyped(
                f"the keyword {keyword!r} is not one that every gateway checks", f"use: {', '.join(_KEYWORDS)}"
            )
        if not _KEYWORDS[keyword](value):
            raise NotTyped(f"the value of {keyword!r} is not one it may have", remedy)
    if not schema.keys() & {"type", "enum", "const"}:
        raise NotTyped("without a type, values of other types would pass", remedy)
    if "items" in schema:
        _check_fragment(schema["items"], remedy, depth + 1)
