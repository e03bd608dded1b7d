"""Choices that a schema spreads over a union: the values of the field that tells its variants apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_UNIONS: Final = ("oneOf", "anyOf")
_MAX_VARIANTS: Final = 40
_MAX_DEPTH: Final = 3  # a list of unions of objects

#: Fields and the values of which a caller chooses one.
Choices = tuple[tuple[str, tuple[str, ...]], ...]


def stated_values(schema: Any) -> tuple[str, ...]:
    """Return the values that a schema permits, as text: of `enum`, of `const`, and of a union of both."""
    return tuple(dict.fromkeys(_values(schema, _MAX_DEPTH)))


def _values(schema: Any, depth: int) -> Iterator[str]:
    if not isinstance(schema, dict) or not depth:
        return
    if isinstance(schema.get("enum"), list):
        yield from map(str, schema["enum"])
    elif "const" in schema:
        yield str(schema["const"])
    for key in _UNIONS:
        variants = schema.get(key)
        for variant in variants[:_MAX_VARIANTS] if isinstance(variants, list) else ():
            yield from _values(variant, depth - 1)


def choices_of(schema: Any, resolved: Callable[[Any], Any]) -> Choices:
    """Return the fields by which the variants of a union inside a schema differ, with their values.

    `resolved` returns what a reference refers to. A field counts where each of several variants fixes it to a value.
    """
    found: dict[str, dict[str, None]] = {}
    for variants in _unions(schema, resolved, _MAX_DEPTH):
        for name, values in differing(variants).items():
            found.setdefault(name, {}).update(dict.fromkeys(values))
    return tuple((name, tuple(values)) for name, values in found.items())


def differing(variants: list[dict[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Return the fields that several variants each fix to one value, with all of these values."""
    found: dict[str, list[str]] = {}
    for variant in variants:
        properties = variant.get("properties")
        for name, inner in properties.items() if isinstance(properties, dict) else ():
            values = stated_values(inner)
            if len(values) == 1:
                found.setdefault(name, []).extend(values)
    return {name: tuple(dict.fromkeys(values)) for name, values in found.items() if len(set(values)) > 1}


def _unions(schema: Any, resolved: Callable[[Any], Any], depth: int) -> Iterator[list[dict[str, Any]]]:
    node = resolved(schema)
    if not isinstance(node, dict) or not depth:
        return
    for key in _UNIONS:
        if isinstance(node.get(key), list):
            variants = [resolved(each) for each in node[key][:_MAX_VARIANTS]]
            yield [each for each in variants if isinstance(each, dict)]
    if isinstance(node.get("items"), dict):
        yield from _unions(node["items"], resolved, depth - 1)
