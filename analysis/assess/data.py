"""Which classes of data a tool returns or receives, with the fields that show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.assess.data_classes import class_lists, classify_field
from analysis.model import DataHit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.assess.data_classes import ClassLists
    from analysis.model import Tool

#: So many fields are kept per class: enough to judge by, however dense the schema.
_KEPT: Final = 12
#: The members of a problem report (RFC 9457). Where all are stated, `title` is the title of a fault.
_PROBLEM: Final = frozenset({"type", "title", "status", "detail"})

_Notes = tuple[tuple[str, str, str], ...]


class DataClasses:
    """Field names to data classes. Remembers names and whole field lists, which tools share."""

    def __init__(self, lists: ClassLists | None = None) -> None:
        self._lists = lists or class_lists()
        self._of_name: dict[str, str] = {}
        self._of_note: dict[tuple[str, str, str], str] = {}
        self._of_list: dict[tuple[tuple[str, ...], _Notes, str], tuple[DataHit, ...]] = {}

    def of_name(self, name: str) -> str:
        """Return the class that a field name shows by itself, or an empty string: `billingEmail` -> personal."""
        if name not in self._of_name:
            found = classify_field(name, lists=self._lists)
            self._of_name[name] = found.data if found else ""
        return self._of_name[name]

    def of_tool(self, tool: Tool) -> tuple[DataHit, ...]:
        """Return the classes a tool returns, those it receives, and those that can be reached from what it returns."""
        near = self._hits(tool.near_fields, tool.field_notes, "response")
        stated = {hit.data for hit in near}
        reached = self._hits(tool.response_fields, (), "deeper")
        deeper = tuple(hit for hit in reached if hit.data in self._lists.weighty and hit.data not in stated)
        return near + self._hits(tool.request_fields, (), "request") + deeper

    def _hits(self, fields: tuple[str, ...], notes: _Notes, direction: str) -> tuple[DataHit, ...]:
        key = (fields, notes, direction)
        if key not in self._of_list:
            found: dict[str, list[str]] = {}
            for name, kind in self._classes(fields, notes):
                found.setdefault(kind, []).append(name)
            weighty = self._lists.weighty
            order = sorted(found, key=lambda kind: (kind not in weighty, kind))
            self._of_list[key] = tuple(DataHit(kind, direction, tuple(found[kind][:_KEPT])) for kind in order)
        return self._of_list[key]

    def _classes(self, fields: tuple[str, ...], notes: _Notes) -> Iterable[tuple[str, str]]:
        """Return (field, class). Where a field has notes they decide: its name is known to them."""
        faults = _PROBLEM if _PROBLEM.issubset(fields) else frozenset()
        noted: dict[str, list[tuple[str, str, str]]] = {}
        for note in notes:
            noted.setdefault(note[0], []).append(note)
        for name in fields:
            told = [self._told(note) for note in noted.get(name, ())] or [self.of_name(name)]
            kind = next(filter(None, told), "")
            if kind and name not in faults:
                yield name, kind

    def _told(self, note: tuple[str, str, str]) -> str:
        if note not in self._of_note:
            found = classify_field(*note, lists=self._lists)
            self._of_note[note] = found.data if found else ""
        return self._of_note[note]
