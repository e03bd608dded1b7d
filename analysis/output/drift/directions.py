"""Whether another value of a keyword lets more through than before, or less."""

from __future__ import annotations

from typing import Any, Final

from analysis.output.drift.differences import canonical_text
from analysis.output.drift.records import ChangeDirection, ChangeGroup

#: Bounds of values: a higher one of these, or a lower one of the others, lets more through.
_UPPER: Final = frozenset({"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains"})
_LOWER: Final = frozenset({"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains"})
#: Keywords that only restrict: without them more passes.
_RESTRICTING: Final = frozenset({"pattern", "format", "multipleOf", "uniqueItems", "not", "const", "dependentRequired"})
#: Keywords whose values are schemas.
SCHEMAS: Final = frozenset(
    {
        "items",
        "additionalProperties",
        "unevaluatedProperties",
        "unevaluatedItems",
        "contains",
        "propertyNames",
        "additionalItems",
    }
)


def direction_of(key: str, was: Any, now: Any) -> ChangeDirection:
    """Return whether another value of a keyword lets more through, or less."""
    if key in {"type", "enum"}:
        return _set_direction(key, was, now)
    if key in _UPPER or key in _LOWER:
        if was is None or now is None:
            return ChangeDirection.WIDENED if now is None else ChangeDirection.NARROWED
        numbers = all(isinstance(each, int | float) and not isinstance(each, bool) for each in (was, now))
        if numbers:
            return ChangeDirection.WIDENED if (now > was) is (key in _UPPER) else ChangeDirection.NARROWED
    if key in _RESTRICTING or key in SCHEMAS:
        if now is None:
            return ChangeDirection.WIDENED
        if was is None:
            return ChangeDirection.NARROWED
    if key in SCHEMAS and (was is False or now is False):
        return ChangeDirection.WIDENED if was is False else ChangeDirection.NARROWED
    return ChangeDirection.NONE


def _set_direction(key: str, was: Any, now: Any) -> ChangeDirection:
    """Return the direction of a set of types or values; without one, anything passes. A number may be an integer."""
    if was is None or now is None:
        return ChangeDirection.WIDENED if now is None else ChangeDirection.NARROWED
    before, after = (
        {canonical_text(each) for each in side} if isinstance(side, list) else {canonical_text(side)}
        for side in (was, now)
    )
    if key == "type":
        for types in (before, after):
            if '"number"' in types:
                types.add('"integer"')
    if before < after:
        return ChangeDirection.WIDENED
    return ChangeDirection.NARROWED if after < before else ChangeDirection.NONE


def presence(key: str, was: Any, now: Any) -> dict[str, Any]:
    """Return what the appearance or disappearance of a member means."""
    if key == "requestBody":
        optional = was is None and not (isinstance(now, dict) and now.get("required") is True)
        if optional:
            return {"group": ChangeGroup.OPTIONAL_INPUT, "direction": ChangeDirection.WIDENED}
        return {"direction": ChangeDirection.NARROWED if now is None else ChangeDirection.NONE}
    if key == "required":
        return (
            {"direction": ChangeDirection.WIDENED if not now else ChangeDirection.NARROWED}
            if was or now
            else {"group": ChangeGroup.SERIALISATION}
        )
    if key in {"deprecated", "allowReserved", "allowEmptyValue"} and not was and not now:
        return {"group": ChangeGroup.SERIALISATION}
    return {}
