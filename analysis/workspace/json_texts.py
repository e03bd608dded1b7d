"""JSON texts of the model's dataclasses, written at once: equal parts, which most tools of a source share, are made once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from enum import Enum
from functools import cache
from json.encoder import encode_basestring_ascii
from operator import attrgetter
from types import NoneType
from typing import TYPE_CHECKING, Any, Final

from analysis.field_names import FieldSet
from analysis.workspace.codec import stored_fields

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_Values = Callable[[Any], tuple[Any, ...]]
_TRUTH: Final[Mapping[bool, str]] = {True: "true", False: "false"}
_PLAIN: Final[Mapping[type, Callable[[Any], str]]] = {
    str: encode_basestring_ascii,
    int: int.__repr__,
    float: float.__repr__,
    bool: _TRUTH.__getitem__,
    NoneType: lambda _: "null",
}


class JsonTexts:
    """Writer of values as compact JSON in ASCII: the same text as of the data that `to_plain` returns.

    `number` gives the number of a set of field names.
    """

    def __init__(self, number: Callable[[Collection[str]], int]) -> None:
        self._number = number
        self._parts: dict[Any, str] = {}

    def text(self, value: Any) -> str:
        """Return the JSON text of a value: a dataclass, or a tuple, a list or a mapping of such."""
        kind = type(value)
        plain = _PLAIN.get(kind)
        if plain is not None:
            return plain(value)
        if kind is tuple or kind is list:
            return f"[{','.join(map(self._part, value))}]" if value else "[]"
        if kind is dict:
            return (
                f"{{{','.join([f'{encode_basestring_ascii(key)}:{self.text(each)}' for key, each in value.items()])}}}"
            )
        if kind is FieldSet:
            return int.__repr__(self._number(value))
        if issubclass(kind, Enum):
            return self.text(value.value)
        return self._fields(value)

    def text_without(self, value: Any, name: str) -> str:
        """Return the JSON text of a dataclass with an empty list in place of one of its fields."""
        names, heads, values_of = _heads(type(value))  # type: ignore[arg-type]  # every class is hashable
        values = [*values_of(value)]
        values[names.index(name)] = ()
        return f"{{{','.join([head + self.text(each) for head, each in zip(heads, values, strict=True)])}}}"

    def _part(self, value: Any) -> str:
        """Return the text of a member of a list; a dataclass is hashed by its value, and equal ones are written once."""
        kind = type(value)
        plain = _PLAIN.get(kind)
        if plain is not None:
            return plain(value)
        if not dataclasses.is_dataclass(kind):
            return self.text(value)
        found = self._parts.get(value)
        if found is None:
            found = self._parts[value] = self._fields(value)
        return found

    def _fields(self, value: Any) -> str:
        _, heads, values_of = _heads(type(value))  # type: ignore[arg-type]  # every class is hashable
        text = self.text
        return f"{{{','.join([head + text(each) for head, each in zip(heads, values_of(value), strict=True)])}}}"


@cache
def _heads(kind: type[Any]) -> tuple[tuple[str, ...], tuple[str, ...], _Values]:
    """Return the names of the stored fields of a dataclass, the same as they are written, and what reads their values."""
    names = stored_fields(kind)
    heads = tuple(f"{encode_basestring_ascii(name)}:" for name in names)
    if len(names) < 2:
        return names, heads, lambda value: tuple(getattr(value, name) for name in names)
    return names, heads, attrgetter(*names)
