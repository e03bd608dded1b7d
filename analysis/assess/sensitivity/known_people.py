"""What the fields and the arguments of a call say of whom or what it returns, whatever the call itself is called.

The rows of `samples[].donor` are about donors, and what `tracing(surname, dob)` finds is known of one person.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from analysis.field_names import FieldSet, field_set
from analysis.words import singular, split_words

if TYPE_CHECKING:
    from collections.abc import Collection

    from analysis.assess.sensitivity.confidential_lists import ConfidentialLists
    from analysis.model import DataHit, Tool

_IDENTIFIERS: Final = frozenset({"id", "ids", "no", "number", "uuid", "key", "ref", "code", "reference"})
_NAMES: Final = frozenset({"name", "names", "full"})
#: What belongs to a person in the terms of a service.
_HOLDERS: Final = frozenset({"account", "profile", "member", "customer", "subscriber", "holder"})
_WHERE: Final = frozenset({"path", "query", "argument"})


#: Share of fields that are not those of any record above which a response is not known.
_MOST: Final = 0.5


class _SaidByFields(NamedTuple):
    """What a set of fields says: the first that names a person, whether it is an envelope, the bits of those not known."""

    person: str
    only_envelope: bool
    unknown: int
    fields: FieldSet


class KnownPeople:
    """Finder of people, and of what is not known, by fields and arguments. Caches names and sets of fields, which tools share."""

    def __init__(self, lists: ConfidentialLists) -> None:
        self._lists = lists
        self._said_by = partial(_said_by, lists)  # a question to the names of a source, which outlive this finder
        self._sought: dict[str, bool] = {}
        self._owning: dict[str, bool] = {}
        # Keyed by identity, because tools with the same fields share one set; the entry keeps the set alive.
        self._listed: dict[int, tuple[_SaidByFields, Collection[str]]] = {}

    def in_rows(self, fields: Collection[str]) -> str:
        """Return the first field that names the person a row is about, or an empty string."""
        return self._of(fields).person

    def only_envelope(self, fields: Collection[str]) -> bool:
        """Whether fields hold or count content and none says what it is; no field does not either."""
        return self._of(fields).only_envelope

    def mostly_unknown(self, fields: Collection[str], data: tuple[DataHit, ...], name: str) -> bool:
        """Whether more than half of the fields say something that not any record says, so that what it is about is open.

        Those of a class of `data` are known, and those that repeat a word of the name.
        """
        said = self._of(fields)
        if said.unknown.bit_count() <= _MOST * len(fields):
            return False
        table = said.fields.table
        left = said.unknown & ~table.bits_of_answers(_ending, set(map(singular, split_words(name))))
        classed = {field for hit in data for field in hit.fields}
        return left.bit_count() - sum(table.has(field, left) for field in classed) > _MOST * len(fields)

    def sought(self, tool: Tool) -> str:
        """Return the argument by which a call looks for one person: `dob`, or an empty string."""
        known, lists = self._sought, self._lists
        for each in tool.parameters:
            name = each.name
            if name not in known:
                known[name] = " ".join(split_words(name)) in lists.sought_by
            if known[name] and each.place in _WHERE:
                return name
        return ""

    def owner(self, tool: Tool) -> str:
        """Return the argument that names the person or the account of whom something is read, or an empty string."""
        known = self._owning
        for each in tool.parameters:
            name = each.name
            if name not in known:
                known[name] = self._owns(split_words(name))
            if known[name] and each.place in _WHERE:
                return name
        return ""

    def _owns(self, words: tuple[str, ...]) -> bool:
        person = next((word for word in reversed(words) if word not in _IDENTIFIERS), "")
        return len(words) > 1 and (person in _HOLDERS or person in self._lists.owners)

    def _of(self, fields: Collection[str]) -> _SaidByFields:
        found = self._listed.get(id(fields))
        if found is None:
            listed = field_set(fields)
            said = listed.answers(self._said_by)
            people, unknown = 0, 0
            for (row, _, is_unknown), bits in said.items():
                people |= bits if row else 0
                unknown |= bits if is_unknown else 0
            weights = {weight for _, weight, _ in said}
            holds = not weights or (0 not in weights and max(weights) > 1)
            person = next(iter(listed.table.names_in(people)), "")
            found = self._listed[id(fields)] = _SaidByFields(person, holds, unknown, listed), fields
        return found[0]


def _said_by(lists: ConfidentialLists, name: str) -> tuple[bool, int, bool]:
    """Whether a field names the person of a row, its weight as a holder of content, and whether it is not any record's."""
    words = split_words(name)
    told = [word for word in words if word not in _NAMES]
    spelled, last = "_".join(words), words[-1] if words else ""
    return (
        bool(told) and singular(told[-1]) in lists.row_people,
        2 * (spelled in lists.holders) + (spelled in lists.envelope),
        bool(last) and last not in lists.plain_fields and singular(last) not in lists.plain_fields,
    )


def _ending(field: str) -> str:
    """Return the singular of the last word of a field."""
    words = split_words(field)
    return singular(words[-1]) if words else ""
