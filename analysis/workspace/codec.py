"""Conversion of the model's dataclasses to JSON data and back, by their annotations."""

from __future__ import annotations

import dataclasses
import types
import typing
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """Return a value as JSON data: dataclasses as objects, tuples as lists, enumerations as their text.

    A field whose metadata says `stored: False` is left out; it has a default.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: to_plain(getattr(value, name)) for name in _stored(type(value))}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list | tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: to_plain(item) for key, item in value.items()}
    return value


@cache
def _stored(kind: type[Any]) -> tuple[str, ...]:
    return tuple(f.name for f in dataclasses.fields(kind) if f.metadata.get("stored", True))


def from_plain(kind: type[T], data: dict[str, Any]) -> T:
    """Return the dataclass that JSON data describes.

    Missing fields take their default, because an older version may have written fewer. A value that is one already, of
    rows that never were JSON, is returned as it is.
    Raises KeyError, TypeError or ValueError when the data does not have its shape.
    """
    value: T = _decoder(typing.cast("Hashable", kind))(data)
    return value


@cache
def _decoder(kind: Hashable) -> Callable[[Any], Any]:
    """Return the function that turns JSON data into a value of an annotated type."""
    if isinstance(kind, typing.NewType):
        return _decoder(typing.cast("Hashable", kind.__supertype__))
    if dataclasses.is_dataclass(kind):
        return _dataclass_decoder(kind)
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            inner = _decoder(arguments[0])
            return lambda items: tuple(map(inner, items))
        parts = [_decoder(argument) for argument in arguments]
        return lambda items: tuple(part(item) for part, item in zip(parts, items, strict=True))
    if origin in {typing.Union, types.UnionType}:
        inner = _decoder(next(argument for argument in arguments if argument is not type(None)))
        return lambda item: None if item is None else inner(item)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    return lambda item: item


def _dataclass_decoder(kind: Any) -> Callable[[Any], Any]:
    hints = typing.get_type_hints(kind)
    needed: list[tuple[str, Callable[[Any], Any]]] = []
    optional: list[tuple[str, Callable[[Any], Any]]] = []
    for field in dataclasses.fields(kind):
        entry = (field.name, _decoder(hints[field.name]))
        has_default = field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING
        (optional if has_default else needed).append(entry)

    def decode(data: Any) -> Any:
        if isinstance(data, kind):
            return data
        values = {name: inner(data[name]) for name, inner in needed}
        return kind(**values, **{name: inner(data[name]) for name, inner in optional if name in data})

    return decode
