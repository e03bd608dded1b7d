"""Frozen dataclasses whose classes are made in a fourth of the time.

`@frozen` makes what `@dataclass(frozen=True, slots=True)` makes: `fields`, `replace`, `match` and type checkers take it as
they take that. The standard decorator compiles six functions for each class, and a command has some 150 classes: a sixth
of the time of a command that scripts call in loops. Here one function is compiled, and the others are shared. It takes no
fields that are keywords only, and a class inherits only from classes of this decorator.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, dataclass_transform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: Any = None, /, *, eq: bool = True, slots: bool = True) -> Any:
    """Make a class a frozen dataclass; methods that it defines itself stay.

    Without `eq`, instances are compared and hashed by identity; without `slots`, they can have cached properties.
    """
    return _made(cls, eq=eq, slots=slots) if cls is not None else lambda each: _made(each, eq=eq, slots=slots)


def _made(cls: type, *, eq: bool, slots: bool) -> Any:
    cls.__doc__ = cls.__doc__ or cls.__name__  # the standard library would make one of the signature, in milliseconds
    made: Any = dataclass(init=False, repr=False, eq=False, slots=slots)(cls)
    of_class = fields(made)
    methods = {"__init__": _init_of(made, of_class), **_SHARED, **(_comparison(of_class) if eq else {})}
    for name, method in methods.items():
        if name not in cls.__dict__:
            setattr(made, name, method)
    return made


def _init_of(made: type, of_class: tuple[Field[Any], ...]) -> Any:
    """Return a function that sets each field, in a slot by the setter of that slot.

    Names with two underscores are ours: no field has such a name.
    """
    parameters, assignments = ["self"], []
    namespace: dict[str, Any] = {"__missing": MISSING, "__set": object.__setattr__}
    for each in of_class:
        name, default, value = each.name, "", each.name
        slot: Any = getattr(made, name, None)
        if each.default is not MISSING:
            namespace[f"__default_{name}"] = each.default
            default, value = f"=__default_{name}", name if each.init else f"__default_{name}"
        elif each.default_factory is not MISSING:
            namespace[f"__make_{name}"] = each.default_factory
            default, value = "=__missing", f"__make_{name}()"
            value = f"{value} if {name} is __missing else {name}" if each.init else value
        elif not each.init:
            continue
        if each.init:
            parameters.append(name + default)
        if hasattr(slot, "__set__"):
            namespace[f"__set_{name}"] = slot.__set__
            assignments.append(f"__set_{name}(self, {value})")
        else:
            assignments.append(f"__set(self, {name!r}, {value})")
    if hasattr(made, "__post_init__"):
        assignments.append("self.__post_init__()")
    code = f"def __init__({', '.join(parameters)}): {'; '.join(assignments) or 'pass'}"
    exec(code, namespace)  # noqa: S102 - made of names of fields, as the standard library does it
    init = namespace["__init__"]
    init.__qualname__ = f"{made.__qualname__}.__init__"  # as messages name it
    return init


def _comparison(of_class: tuple[Field[Any], ...]) -> dict[str, Any]:
    compared = _values(each.name for each in of_class if each.compare)
    hashed = _values(each.name for each in of_class if (each.compare if each.hash is None else each.hash))

    def equal(self: Any, other: object) -> Any:
        return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

    def hash_of(self: Any) -> int:
        return hash(hashed(self))

    return {"__eq__": equal, "__hash__": hash_of}


def _values(names: Iterable[str]) -> Callable[[Any], Any]:
    listed = tuple(names)
    return attrgetter(*listed) if listed else lambda _: ()


def _refuse_assignment(self: Any, name: str, value: object) -> None:  # noqa: ARG001 - the language's signature
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_deletion(self: Any, name: str) -> None:  # noqa: ARG001
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _shown(self: Any) -> str:
    shown = ", ".join(f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
    return f"{self.__class__.__qualname__}({shown})"


def _state(self: Any) -> list[Any]:
    return [getattr(self, each.name) for each in fields(self)]


def _take_state(self: Any, state: list[Any]) -> None:
    for each, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, each.name, value)


_SHARED: Final = {
    "__setattr__": _refuse_assignment,
    "__delattr__": _refuse_deletion,
    "__repr__": _shown,
    "__getstate__": _state,
    "__setstate__": _take_state,
}
