"""Which classes of data a tool returns or receives, with the fields that show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.assess.data_classes import FieldClassifier, class_lists
from analysis.model import DataHit

if TYPE_CHECKING:
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
        self._classifier = FieldClassifier(self._lists)
        self._of_name: dict[str, str] = {}
        self._of_note: dict[tuple[str, str, str], str] = {}
        # By identity: the tools of a source that have the same fields share one list of them, which is kept with the hits.
        self._of_list: dict[tuple[int, int, str], tuple[tuple[DataHit, ...], tuple[str, ...], _Notes]] = {}

    def of_name(self, name: str) -> str:
        """Return the class that a field name shows by itself, or an empty string: `billingEmail` -> personal."""
        if name not in self._of_name:
            found = self._classifier.classify(name)
            self._of_name[name] = found.data if found else ""
        return self._of_name[name]

    def of_tool(self, tool: Tool) -> tuple[DataHit, ...]:
        """Return the classes a tool returns, those it receives, and those that can be reached from what it returns."""
        near = self._hits(tool.shallow_fields, tool.field_notes, "response")
        received = self._hits(tool.request_fields, (), "request")
        reached = self._hits(tool.response_fields, (), "deeper")
        if not reached:
            return near + received
        stated = {hit.data for hit in near}
        deeper = [hit for hit in reached if hit.data in self._lists.weighty and hit.data not in stated]
        return (*near, *received, *deeper)

    def _hits(self, fields: tuple[str, ...], notes: _Notes, direction: str) -> tuple[DataHit, ...]:
        if not fields:
            return ()
        key = (id(fields), id(notes), direction)
        found = self._of_list.get(key)
        if found is None:
            classes = self._by_class(fields, self._noted(notes) if notes else {})
            order = sorted(classes, key=lambda kind: (kind not in self._lists.weighty, kind))
            hits = tuple([DataHit(kind, direction, tuple(classes[kind][:_KEPT])) for kind in order])
            found = self._of_list[key] = (hits, fields, notes)
        return found[0]

    def _by_class(self, fields: tuple[str, ...], noted: dict[str, str]) -> dict[str, list[str]]:
        """Return class -> fields. Where a field has notes they decide: its name is known to them."""
        known = self._of_name
        found: dict[str, list[str]] = {}
        for name in fields:
            kind = noted.get(name) if noted else None
            if kind is None:
                kind = known.get(name)
            if kind is None:
                kind = self.of_name(name)
            if kind:
                found.setdefault(kind, []).append(name)
        if "naming" in found and _PROBLEM.issubset(fields):
            found["naming"] = [name for name in found["naming"] if name != "title"]
        return {kind: names for kind, names in found.items() if names}

    def _noted(self, notes: _Notes) -> dict[str, str]:
        """Return field -> class by its notes, empty where none of them shows one."""
        told: dict[str, str] = {}
        known = self._of_note
        for note in notes:
            kind = known.get(note)
            if kind is None:
                found = self._classifier.classify(*note)
                kind = known[note] = found.data if found else ""
            if kind or note[0] not in told:
                told[note[0]] = told.get(note[0]) or kind
        return told
