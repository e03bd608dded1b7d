"""The model's dataclasses to JSON and back, driven by their annotations."""

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
    """Return a value as JSON data: dataclasses as objects, tuples as lists, enumerations as their text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list | tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: to_plain(item) for key, item in value.items()}
    return value


def from_plain(kind: type[T], data: dict[str, Any]) -> T:
    """Return the dataclass that JSON data describes.

    Raises KeyError, TypeError or ValueError when the data does not have its shape.
    """
    made: T = _decoder(typing.cast("Hashable", kind))(data)
    return made


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
    fields = [(f.name, _decoder(hints[f.name]), _may_be_absent(f)) for f in dataclasses.fields(kind)]
    return lambda data: kind(
        **{name: decode(data[name]) for name, decode, optional in fields if not optional or name in data}
    )


def _may_be_absent(field: dataclasses.Field[Any]) -> bool:
    """Whether a row written before the field existed is still whole."""
    return field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING
