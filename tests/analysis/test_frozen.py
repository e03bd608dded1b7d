"""`@frozen` makes what `@dataclass(frozen=True, slots=True)` makes."""

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace
from functools import cached_property
from typing import ClassVar

import pytest

from analysis.frozen import frozen


def _classes(decorator, **parameters):
    """Make the same classes with a decorator."""

    def make(cls):
        made = decorator(**parameters)(cls) if parameters else decorator(cls)
        made.__qualname__ = cls.__name__
        return made

    @make
    class Each:
        """All kinds of fields."""

        MOST: ClassVar[int] = 3
        name: str
        number: int = 2
        listed: list[int] = field(default_factory=list, hash=False)
        apart: str = field(default="apart", compare=False, repr=False)
        late: int = field(default=5, init=False)
        made: list[int] = field(default_factory=list, init=False, compare=False)

        def __post_init__(self):
            self.made.append(self.number)

    @make
    class Empty:
        """No fields."""

    @make
    class Own:
        """A method of its own, and names that are also used to make a class."""

        number: int
        set: str = "a"
        default: str = ""
        make_field: list[str] = field(default_factory=list)

        def __repr__(self):
            return f"#{self.number}"

    return Each, Empty, Own


STANDARD = _classes(dataclass, frozen=True, slots=True)
OURS = _classes(frozen)


@frozen
class Base:
    name: str
    parts: tuple[str, ...] = ()


@frozen(slots=False)
class Derived(Base):
    more: tuple[int, ...] = ()

    @cached_property
    def total(self):
        return sum(self.more)


@frozen(eq=False)
class Same:
    number: int


def _facts(each, empty, own):
    """What can be seen of the classes."""
    one, equal, other = each("a"), each("a", apart="b"), each("a", listed=[1])
    return [
        repr(one), repr(each("b", 3, [4], "c")), repr(empty()), repr(own(4)),
        one == equal, one == other, one == "a", hash(one) == hash(equal) == hash(other), empty() == empty(), own(1) == own(1),
        [(got.name, got.default, got.init, got.compare) for got in fields(one)], each.__match_args__, each.__slots__, each.__doc__,
        repr(replace(one, number=7)), replace(one, number=7).made, one.made, one.late, each.MOST, hasattr(one, "__dict__"),
        len({one, equal}),
    ]  # fmt: skip


def test_classes_are_those_of_the_standard_library():
    assert _facts(*OURS) == _facts(*STANDARD)


@pytest.mark.parametrize("each", [OURS[0], STANDARD[0]])
@pytest.mark.parametrize("given", [((), {}), (("a", 1, [], "", 9), {}), (("a",), {"none": 1}), (("a",), {"late": 1})])
def test_wrong_arguments_are_refused(each, given):
    arguments, keywords = given
    with pytest.raises(TypeError, match=r"Each\.__init__\(\)"):
        each(*arguments, **keywords)


@pytest.mark.parametrize("one", [OURS[0]("a"), OURS[1](), OURS[2](1), Base("a"), Derived("a"), Same(1)])
def test_nothing_is_assigned_or_deleted(one):
    for name in ("name", "number", "none"):
        with pytest.raises(FrozenInstanceError, match=f"cannot assign to field '{name}'"):
            setattr(one, name, 1)
        with pytest.raises(FrozenInstanceError, match=f"cannot delete field '{name}'"):
            delattr(one, name)


def test_two_lists_are_made_for_two_instances():
    each = OURS[0]
    assert each("a").listed is not each("a").listed


def test_a_class_inherits_and_keeps_cached_properties():
    one = Derived("a", ("b",), (1, 2))
    assert (one.total, one.__dict__["total"]) == (3, 3)
    assert one == Derived("a", ("b",), (1, 2)) != Derived("a", ("b",))
    assert one != Base("a", ("b",))
    assert repr(one) == "Derived(name='a', parts=('b',), more=(1, 2))"
    assert replace(one, name="c") == Derived("c", ("b",), (1, 2))


def test_without_comparison_instances_differ():
    one = Same(1)
    assert one == one  # noqa: PLR0124 - what is asked
    assert one != Same(1)
    assert len({one, Same(1), one}) == 2


@pytest.mark.parametrize("one", [Base("a", ("b",)), Derived("a", (), (1,))])
def test_instances_are_copied_and_pickled(one):
    assert copy.deepcopy(one) == copy.copy(one) == pickle.loads(pickle.dumps(one)) == one


def test_classes_share_all_methods_that_do_not_depend_on_fields():
    for name in ("__repr__", "__setattr__", "__delattr__", "__getstate__", "__setstate__"):
        assert getattr(Base, name) is getattr(Same, name) is getattr(Derived, name)
