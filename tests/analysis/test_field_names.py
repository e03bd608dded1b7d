"""Sets of field names over one table: what they hold, and what a file or a report states of them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.field_names import FieldSet, FieldTable, NumberedSets, StatedSets, bits_at, field_set, positions

NAMES = st.text(alphabet="abcdeé", min_size=1, max_size=3)
SETS = st.lists(st.frozensets(NAMES, max_size=20), max_size=12)


@given(st.sets(st.integers(0, 5_000)))
def test_positions_are_those_of_the_bits(at):
    assert positions(sum(1 << position for position in at)) == sorted(at)
    assert bits_at(at) == sum(1 << position for position in at)


@given(st.frozensets(NAMES))
def test_a_set_is_the_sorted_tuple_of_its_names(names):
    ordered = tuple(sorted(names))
    found = field_set(ordered)
    assert found == ordered
    assert ordered == found
    assert (tuple(found), len(found), bool(found), hash(found)) == (ordered, len(names), bool(names), hash(ordered))
    assert all(name in found for name in names)
    assert "absent" not in found
    assert field_set(found) is found


def test_a_set_is_not_equal_to_other_names_or_another_order():
    found = field_set(("b", "a"))
    assert found == ("a", "b")
    assert found != ("b", "a")
    assert found != ("a",)
    assert found != ["a", "b"]
    assert found == field_set(("a", "b"))


def test_equal_sets_of_a_table_are_one_object():
    table = FieldTable()
    bits = table.bits_of(["x", "y"])
    assert table.set_of(bits) is table.set_of(table.bits_of(["y", "x", "y"]))


def test_a_name_is_asked_once_however_many_sets_have_it():
    table, asked = FieldTable(), []

    def long(name: str) -> bool:
        asked.append(name)
        return len(name) > 1

    first = table.set_of(table.bits_of(["a", "bb", "cc"]))
    second = table.set_of(table.bits_of(["bb", "dd", "e"]))
    assert first.matching(long) == ["bb", "cc"]
    assert second.matching(long) == ["bb", "dd"]
    assert first.first(long, True, 1) == ("bb",)
    assert first.answers(long).keys() == {True, False}
    assert sorted(asked) == ["a", "bb", "cc", "dd", "e"]


def test_the_first_names_are_those_in_order_when_the_table_has_grown():
    table = FieldTable()
    table.set_of(table.bits_of(["m", "z"])).first(str.islower, True, 1)
    assert table.set_of(table.bits_of(["z", "m", "b"])).first(str.islower, True, 2) == ("b", "m")


@given(SETS, st.booleans())
def test_what_is_stated_gives_the_same_sets_again(sets, shared):
    table, numbered = FieldTable(), NumberedSets()
    given_sets = [table.set_of(table.bits_of(names)) if shared else tuple(sorted(names)) for names in sets]
    numbers = [numbered.number(each) for each in given_sets]
    stated = StatedSets(json.loads(json.dumps(numbered.plain())))
    assert [stated[number] for number in numbers] == [field_set(tuple(sorted(names))) for names in sets]
    assert len(numbered.plain()["sets"]) == len(set(sets))
    assert len(numbered.plain()["names"]) == len(frozenset().union(*sets))


@given(SETS)
def test_what_is_stated_does_not_depend_on_the_table(sets):
    one, other = NumberedSets(), NumberedSets()
    table = FieldTable(["q", "b", "zz"])
    for names in sets:
        one.number(tuple(sorted(names)))
        other.number(table.set_of(table.bits_of(names)))
    assert one.plain() == other.plain()


def test_sets_that_share_most_of_their_names_are_few_slices():
    table, numbered = FieldTable(), NumberedSets()
    core = [f"core{number}" for number in range(0, 4_000, 2)]
    for number in range(300):
        numbered.number(table.set_of(table.bits_of([*core, f"core{number * 2 + 1}", f"own{number}"])))
    numbered.number(table.set_of(table.bits_of(["own7"])))
    plain = numbered.plain()
    assert max(map(len, plain["sets"])) <= 3
    assert len(json.dumps(plain["sets"])) < 50 * len(plain["sets"])


@pytest.mark.parametrize("slices", [[[0, 3]], [[-1, 1]], [[1, 1]], [[2, 1]], [["0", 1]], [[0]], [0], 7])
def test_slices_that_are_none_are_refused(slices):
    stated = StatedSets({"names": ["a", "b"], "sets": [slices]})
    with pytest.raises((LookupError, TypeError, ValueError)):
        stated[0]


def test_a_set_is_shown_as_its_names():
    assert repr(FieldSet(FieldTable(["b", "a"]), 0b11)) == "FieldSet(['a', 'b'])"


def test_the_bits_of_some_answers_of_many():
    table, asked = FieldTable(("a1", "b2", "c1")), []

    def digit(name):
        asked.append(name)
        return name[1:]

    assert table.bits_of_answers(digit, {"1", "3"}) == 0b101
    table.bits_of(("d2", "e3"))
    assert table.bits_of_answers(digit, {"2"}) == 0b1010
    assert asked == ["a1", "b2", "c1", "d2", "e3"]
