"""The names of fields that tools take and return, as sets over one table that all tools of a source share.

In a densely linked document nearly every operation reaches thousands of fields, and most reach the same ones. A set is one
whole number, whose bit `n` is set where name `n` of its table is in it; equal sets of a table are one object, and what is asked of a
name is answered once for the table. A file or a report states the table and its sets once, and a tool refers to three of
them by number.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import compress, groupby, islice
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

T = TypeVar("T")
_ZERO: Final = bytes.maketrans(b"0", b"\0")
_ONE: Final = ord("1")
#: Fewer bits are set one by one.
_FEW: Final = 8
#: Bits are looked for one by one where fewer than one of this number is set.
_SPARSE: Final = 64
#: A set counts as large from this share of the largest one.
_LARGE: Final = 0.5


def positions(bits: int) -> list[int]:
    """Return the positions of the set bits, ascending."""
    if bits.bit_count() * _SPARSE > bits.bit_length():
        return [*compress(range(bits.bit_length()), _flags(bits))]
    found = []
    while bits:
        lowest = bits & -bits
        found.append(lowest.bit_length() - 1)
        bits ^= lowest
    return found


def bits_at(at: Collection[int]) -> int:
    """Return the number with these bits, in time that grows with the highest one and not with its square."""
    if len(at) < _FEW:
        total = 0
        for position in at:
            total |= 1 << position
        return total
    flags = bytearray(b"0") * (max(at) + 1)
    for position in at:
        flags[position] = _ONE
    flags.reverse()
    return int(flags, 2)


def _flags(bits: int) -> bytes:
    """Return a byte for each bit, the lowest first: zero for one that is not set."""
    return bin(bits)[:1:-1].encode().translate(_ZERO)


class FieldTable:
    """Distinct names of fields, and the distinct sets of them. It only grows."""

    __slots__ = ("_answers", "_found", "_numbers", "_orders", "_sets", "names")

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.names: list[str] = []
        self._numbers: dict[str, int] = {}
        self._sets: dict[int, FieldSet] = {}
        self._answers: dict[Callable[[str], Any], tuple[int, dict[Any, int]]] = {}
        self._found: dict[Callable[[str], Any], tuple[int, dict[Any, list[int]]]] = {}
        self._orders: dict[tuple[Callable[[str], Any], Any], tuple[int, Sequence[int]]] = {}
        self.bits_of(names)

    def bits_of(self, names: Iterable[str]) -> int:
        """Return the bits of some names; those that are new are added to the table."""
        found, numbers = [], self._numbers
        for name in names:
            number = numbers.get(name)
            if number is None:
                number = numbers[name] = len(self.names)
                self.names.append(name)
            found.append(number)
        return bits_at(found)

    def set_of(self, bits: int) -> FieldSet:
        """Return the set with these bits, the same object for the same bits."""
        found = self._sets.get(bits)
        if found is None:
            found = self._sets[bits] = FieldSet(self, bits)
        return found

    def names_in(self, bits: int) -> list[str]:
        """Return the names with these bits, sorted."""
        return sorted([self.names[at] for at in positions(bits)])

    def has(self, name: str, bits: int) -> bool:
        """Whether a name is one of those with these bits."""
        number = self._numbers.get(name)
        return number is not None and bool(bits >> number & 1)

    def in_order(self, question: Callable[[str], T], answer: T) -> Sequence[int]:
        """Return the numbers of the names of which a function says this, in the order of the names."""
        bits = self.answers(question).get(answer, 0)
        asked, found = self._orders.get((question, answer), (0, ()))
        if asked != bits:
            found = sorted(positions(bits), key=self.names.__getitem__)
            self._orders[question, answer] = bits, found
        return found

    def answers(self, question: Callable[[str], T]) -> Mapping[T, int]:
        """Return what a function says of the names, with the bits of those of which it says it; each is asked once.

        For functions of few answers: the bits of each take the space of all names.
        """
        asked, found = self._answers.get(question, (0, {}))
        if asked < len(self.names):
            new: dict[Any, list[int]] = {}
            for number, name in enumerate(self.names[asked:], asked):
                new.setdefault(question(name), []).append(number)
            for answer, numbers in new.items():
                found[answer] = found.get(answer, 0) | bits_at(numbers)
            self._answers[question] = len(self.names), found
        return found

    def bits_of_answers(self, question: Callable[[str], T], answers: Iterable[T]) -> int:
        """Return the bits of the names of which a function of many answers says one of these; each name is asked once."""
        asked, found = self._found.setdefault(question, (0, {}))
        if asked < len(self.names):
            for number, name in enumerate(self.names[asked:], asked):
                found.setdefault(question(name), []).append(number)
            self._found[question] = len(self.names), found
        return bits_at([number for answer in answers for number in found.get(answer, ())])


class FieldSet(Collection[str]):
    """Names of fields, sorted; equal to any other collection that has the same ones in the same order."""

    __slots__ = ("bits", "table")

    def __init__(self, table: FieldTable, bits: int) -> None:
        self.table = table
        self.bits = bits

    def __len__(self) -> int:
        return self.bits.bit_count()

    def __iter__(self) -> Iterator[str]:
        return iter(self.table.names_in(self.bits))

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.table.has(name, self.bits)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, FieldSet) and other.table is self.table:
            return other.bits == self.bits
        return isinstance(other, FieldSet | tuple) and len(other) == len(self) and (*self,) == (*other,)

    def __hash__(self) -> int:
        return hash((*self,))

    def __repr__(self) -> str:
        return f"FieldSet({[*self]!r})"

    def answers(self, question: Callable[[str], T]) -> dict[T, int]:
        """Return what a function says of these names, with the bits of those of which it says it."""
        return {answer: found for answer, bits in self.table.answers(question).items() if (found := bits & self.bits)}

    def first(self, question: Callable[[str], T], answer: T, count: int) -> tuple[str, ...]:
        """Return the first names of which a function says this, sorted, at most `count`."""
        names, bits = self.table.names, self.bits
        found = (names[at] for at in self.table.in_order(question, answer) if bits >> at & 1)
        return tuple(islice(found, count))

    def matching(self, test: Callable[[str], bool]) -> list[str]:
        """Return the names that match a test, sorted."""
        return self.table.names_in(self.bits & self.table.answers(test).get(True, 0))


def field_set(fields: Collection[str]) -> FieldSet:
    """Return names as a set: as it is, or over a table of its own."""
    if isinstance(fields, FieldSet):
        return fields
    table = FieldTable()
    return table.set_of(table.bits_of(fields))


class NumberedSets:
    """The distinct sets of the tools of a source, numbered as they are met, as a file or a report states them once.

    As JSON data: `names`, and for each set the slices `[from, to]` of `names` that it consists of, `to` not included.
    """

    def __init__(self) -> None:
        self._table: FieldTable | None = None
        self._numbers: dict[int, int] = {}  # by bits
        self._known: dict[int, tuple[int, Collection[str]]] = {}  # by identity; the entry keeps the set alive

    def number(self, fields: Collection[str]) -> int:
        """Return the number of a set."""
        known = self._known.get(id(fields))
        if known is None:
            if self._table is None:
                self._table = fields.table if isinstance(fields, FieldSet) else FieldTable()
            ours = isinstance(fields, FieldSet) and fields.table is self._table
            bits = fields.bits if ours and isinstance(fields, FieldSet) else self._table.bits_of(fields)
            known = self._known[id(fields)] = self._numbers.setdefault(bits, len(self._numbers)), fields
        return known[0]

    def plain(self) -> dict[str, Any]:
        """Return names and sets as JSON data. Names of the largest sets come first, so that these are few slices."""
        sets, names = [*self._numbers], self._table.names if self._table is not None else []
        largest = max((bits.bit_count() for bits in sets), default=0)
        core, used = -1, 0
        for bits in sets:
            used |= bits
            if bits.bit_count() >= _LARGE * largest:
                core &= bits
        core &= used
        order = [at for bits in (core, used & ~core) for at in sorted(positions(bits), key=names.__getitem__)]
        places = [0] * len(names)
        for place, at in enumerate(order):
            places[at] = place
        return {"names": [names[at] for at in order], "sets": [_slices(bits, core, places) for bits in sets]}


def _slices(bits: int, core: int, places: Sequence[int]) -> list[list[int]]:
    """Return the slices of a set; those that hold all of the core begin with it, and only the rest is looked at."""
    whole = bool(core) and bits & core == core
    first = [[0, core.bit_count()]] if whole else []
    rest = sorted([places[at] for at in positions(bits & ~core if whole else bits)])
    for _, run in groupby(enumerate(rest), lambda pair: pair[1] - pair[0]):
        members = [place for _, place in run]
        if first and first[-1][1] == members[0]:
            first[-1][1] = members[-1] + 1
        else:
            first.append([members[0], members[-1] + 1])
    return first


class StatedSets:
    """Sets as `NumberedSets.plain` states them. Each is read when it is asked for."""

    def __init__(self, plain: Mapping[str, Any]) -> None:
        self._table = FieldTable(plain["names"])
        self._sets = plain["sets"]

    def __getitem__(self, number: int) -> FieldSet:
        """Return a set. Raises LookupError, TypeError or ValueError where the data has not the shape of one."""
        bits = 0
        for start, end in self._sets[number]:
            if not 0 <= start < end <= len(self._table.names):
                raise ValueError(f"no names {start} to {end}")
            bits |= (1 << end) - (1 << start)
        return self._table.set_of(bits)
