"""Conversion of the model's dataclasses to JSON data and back, by their annotations."""

from __future__ import annotations

import dataclasses
import json
import operator
import types
import typing
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, TypeVar

from analysis.field_names import FieldSet

if TYPE_CHECKING:
    from collections.abc import Hashable

T = TypeVar("T")
#: How many JSON texts are read as one.
_AT_ONCE: Final = 256


def to_plain(value: Any) -> Any:
    """Return a value as JSON data: dataclasses as objects, tuples as lists, enumerations as their text.

    A field whose metadata says `stored: False` is left out; it has a default. A set of field names stays as it is: it is
    written once for all tools (`analysis.field_names.NumberedSets`).
    """
    return _encoder(type(value))(value)  # type: ignore[arg-type]  # every class is hashable


_AS_THEY_ARE: Final = frozenset((str, int, float, bool, type(None)))
_Encoder = Callable[[Any], Any]


@cache
def _encoder(kind: type[Any]) -> _Encoder:
    """Return the function that turns values of exactly this type into JSON data."""
    if dataclasses.is_dataclass(kind):
        return _dataclass_encoder(kind)
    if issubclass(kind, Enum):
        return attrgetter("_value_")
    if issubclass(kind, list | tuple):
        return _list_of
    if issubclass(kind, dict):
        return lambda items: {key: to_plain(item) for key, item in items.items()}
    return lambda value: value


def _list_of(items: Any) -> list[Any]:
    """Return items as JSON data; texts and numbers, of which most lists consist, as they are."""
    return [*items] if _AS_THEY_ARE.issuperset(map(type, items)) else [to_plain(item) for item in items]


def stored_fields(kind: type[Any]) -> tuple[str, ...]:
    """Return the names of the fields of a dataclass that are stored."""
    return tuple(field.name for field in dataclasses.fields(kind) if field.metadata.get("stored", True))


def _dataclass_encoder(kind: type[Any]) -> _Encoder:
    """Return the function that turns a dataclass into JSON data: most of its fields are taken as they are."""
    names = stored_fields(kind)
    if len(names) < 2:
        return lambda value: {name: to_plain(getattr(value, name)) for name in names}
    values_of = attrgetter(*names)

    def encode(value: Any) -> dict[str, Any]:
        data = dict(zip(names, values_of(value), strict=True))
        for name, each in data.items():
            if type(each) not in _AS_THEY_ARE:
                data[name] = to_plain(each)
        return data

    return encode


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
    if origin in {tuple, Collection}:
        return _items_decoder(arguments, any_number=origin is Collection or arguments[1:] == (Ellipsis,))
    if origin in {typing.Union, types.UnionType}:
        inner = _decoder(next(argument for argument in arguments if argument is not type(None)))
        return _OPTIONAL.get(inner) or _or_none(inner)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _Members(kind).__getitem__
    if origin is not None and issubclass(origin, Mapping):
        inner = _decoder(arguments[1])
        return lambda items: {_as_text(key): inner(item) for key, item in items.items()}
    return _PLAIN.get(kind, lambda item: item)


def _items_decoder(arguments: tuple[Any, ...], *, any_number: bool) -> Callable[[Any], Any]:
    """Return the function that turns a list into a tuple. A set of texts, which tools share, stays as it is."""
    if any_number:
        inner = _decoder(arguments[0])
        if inner is _as_text:
            return _texts
        return lambda items: tuple(map(inner, _items(items)))
    parts = [_decoder(argument) for argument in arguments]
    return lambda items: tuple(part(item) for part, item in zip(parts, _items(items), strict=True))


class _Members(dict[Any, Enum]):
    """The members of an enumeration by their values. Raises `ValueError` for another value."""

    def __init__(self, kind: type[Enum]) -> None:
        super().__init__({member.value: member for member in kind})
        self._kind = kind

    def __missing__(self, value: Any) -> Enum:
        return self._kind(value)


def _as_text(item: Any) -> str:
    if not isinstance(item, str):
        raise TypeError(f"{type(item).__name__} in place of text")
    return item


def _texts(items: Any) -> Collection[str]:
    if type(items) is FieldSet:
        return items
    found = (*_items(items),)
    return found if _ONLY_TEXT.issuperset(map(type, found)) else tuple(map(_as_text, found))


_ONLY_TEXT: Final = frozenset((str,))


def _as_number(item: Any) -> float:
    if type(item) not in {int, float}:
        raise TypeError(f"{type(item).__name__} in place of a number")
    return item  # type: ignore[no-any-return]


def _as_whole_number(item: Any) -> int:
    if type(item) is not int:
        raise TypeError(f"{type(item).__name__} in place of a whole number")
    return item


def _as_truth(item: Any) -> bool:
    if type(item) is not bool:
        raise TypeError(f"{type(item).__name__} in place of true or false")
    return item


_PLAIN: Final[Mapping[Any, Callable[[Any], Any]]] = {
    str: _as_text, float: _as_number, int: _as_whole_number, bool: _as_truth,
}  # fmt: skip


def _or_none(inner: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda item: None if item is None else inner(item)


_OPTIONAL: Final = {inner: _or_none(inner) for inner in _PLAIN.values()}
#: The decoders that accept a value by its type alone, and return it as it is.
_BY_TYPE: Final = frozenset((*_PLAIN.values(), *_OPTIONAL.values()))
#: Maximum number of combinations of types that are remembered of one dataclass.
_MAX_ACCEPTED: Final = 256


def _is_tuple_of_any_length(hint: Any) -> bool:
    """Whether values of an annotated type are stored as a list, which is mostly empty."""
    arguments = typing.get_args(hint)
    return typing.get_origin(hint) is tuple and len(arguments) == 2 and arguments[1] is Ellipsis


def _items(data: Any) -> list[Any]:
    """Return a list; a text would be taken apart into its letters."""
    if not isinstance(data, list | tuple):
        raise TypeError(f"{type(data).__name__} in place of a list")
    return data  # type: ignore[return-value]


def _dataclass_decoder(kind: Any) -> Callable[[Any], Any]:
    hints = typing.get_type_hints(kind)
    needed: list[tuple[str, Callable[[Any], Any]]] = []
    optional: list[tuple[str, Callable[[Any], Any]]] = []
    for field in dataclasses.fields(kind):
        entry = (field.name, _decoder(hints[field.name]))
        has_default = field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING
        (optional if has_default else needed).append(entry)

    initial = [field for field in dataclasses.fields(kind) if field.init]
    stored = [field for field in initial if field.metadata.get("stored", True)]
    every = [(field.name, _decoder(hints[field.name])) for field in stored]
    names = tuple(name for name, _ in every)
    whole = frozenset(names)
    values_of = operator.itemgetter(*names) if len(names) > 1 else lambda data: (data[names[0]],)
    # Whether a plain value is accepted depends on its type alone: what was accepted once is not looked at again.
    plain = [(place, inner) for place, (_, inner) in enumerate(every) if inner in _BY_TYPE]
    others = [(place, inner) for place, (_, inner) in enumerate(every) if inner not in _BY_TYPE]
    lists = [(place, inner) for place, inner in others if _is_tuple_of_any_length(hints[names[place]])]
    others = [each for each in others if each not in lists]
    accepted: set[tuple[type, ...]] = set()

    def decode(data: Any) -> Any:
        if type(data) is dict and data.keys() == whole:
            values = [*values_of(data)]
            types = (*map(type, values),)
            if types not in accepted:
                for place, inner in plain:
                    inner(values[place])
                if len(accepted) < _MAX_ACCEPTED:
                    accepted.add(types)
            for place, inner in others:
                values[place] = inner(values[place])
            for place, inner in lists:
                value = values[place]
                values[place] = inner(value) if value or type(value) is not list else ()
            return kind(*values) if len(stored) == len(initial) else kind(**dict(zip(names, values, strict=True)))
        if isinstance(data, kind):
            return data
        values_by_name = {name: inner(data[name]) for name, inner in needed}
        return kind(**values_by_name, **{name: inner(data[name]) for name, inner in optional if name in data})

    return decode


@dataclass(frozen=True, slots=True)
class ParsedTexts:
    """The data of JSON texts, each time it is asked for; many are read at once, so that names that all have are kept once.

    They are texts that this machine has written or verified, so that none ends in the middle of another one.
    """

    texts: Sequence[str]

    def __iter__(self) -> Iterator[Any]:
        """Yield the data of each text. Raises `ValueError` for what is not JSON."""
        for start in range(0, len(self.texts), _AT_ONCE):
            some = self.texts[start : start + _AT_ONCE]
            found = json.loads(f"[{','.join(some)}]")
            if len(found) != len(some):
                raise ValueError("a row is not one JSON text")
            yield from found
