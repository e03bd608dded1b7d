"""Forms of recorded values: small tests of type and content, of which the table of event kinds is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


def text(value: Any) -> bool:
    """Whether a value is a text."""
    return type(value) is str


def truth(value: Any) -> bool:
    """Whether a value is true or false."""
    return type(value) is bool


def count(value: Any) -> bool:
    """Whether a value is a number that every reader of JSON keeps exactly, and not negative."""
    return type(value) is int and 0 <= value < 1 << 53


def one_of(values: Iterable[Any]) -> Callable[[Any], bool]:
    """Return the form of one of some values; only texts and None are looked up, because others may have no hash."""
    allowed = frozenset(values)
    return lambda value: (value is None or type(value) is str) and value in allowed


def list_of(form: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Return the form of a list whose items have a form."""
    return lambda value: type(value) is list and all(map(form, value))


def map_of(form: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Return the form of an object whose members all have a form."""
    return lambda value: type(value) is dict and all(map(form, value.values()))


def record_of(members: Mapping[str, Callable[[Any], bool]], needed: Iterable[str] = ()) -> Callable[[Any], bool]:
    """Return the form of an object with some members and no others."""
    always = frozenset(needed)

    def holds(value: Any) -> bool:
        return (
            type(value) is dict
            and value.keys() >= always
            and all(name in members and members[name](item) for name, item in value.items())
        )

    return holds
