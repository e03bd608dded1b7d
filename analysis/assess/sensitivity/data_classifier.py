"""Data classes that a tool returns or receives, with the fields that show them."""

from __future__ import annotations

from itertools import filterfalse
from typing import TYPE_CHECKING, Final

from analysis.assess.sensitivity.data_classes import FieldClassifier, class_lists
from analysis.model import DataHit

if TYPE_CHECKING:
    from analysis.assess.sensitivity.data_classes import DataClassLists
    from analysis.model import Tool

#: Maximum number of fields kept per class.
_MAX_FIELDS: Final = 12
#: The members of a problem report (RFC 9457). With all of them present, `title` is that of an error.
_PROBLEM: Final = frozenset({"type", "title", "status", "detail"})

_Notes = tuple[tuple[str, str, str], ...]


class DataClassifier:
    """Classifier of tools by their fields. Caches names and whole field lists, which tools share."""

    def __init__(self, lists: DataClassLists | None = None) -> None:
        self._lists = lists or class_lists()
        self._classifier = FieldClassifier(self._lists)
        self._of_name: dict[str, str] = {}
        self._without_class: set[str] = set()
        self._of_note: dict[tuple[str, str, str], str] = {}
        # Keyed by identity, because tools with the same fields share one list; the entry keeps the list alive.
        self._of_list: dict[tuple[int, int, str], tuple[tuple[DataHit, ...], tuple[str, ...], _Notes]] = {}

    def of_name(self, name: str) -> str:
        """Return the class of a field name alone, or an empty string: `billingEmail` -> personal."""
        kind = self._of_name.get(name)
        if kind is None:
            found = self._classifier.classify(name)
            kind = self._of_name[name] = found.data if found else ""
            if not kind:
                self._without_class.add(name)
        return kind

    def of_tool(self, tool: Tool) -> tuple[DataHit, ...]:
        """Return the classes in responses, in requests, and in schemas that responses reference."""
        near = self._hits(tool.shallow_fields, tool.field_notes, "response")
        received = self._hits(tool.request_fields, (), "request")
        reached = self._hits(tool.response_fields, (), "deeper")
        if not reached:
            return near + received
        shallow = {hit.data for hit in near}
        deeper = [hit for hit in reached if hit.data in self._lists.weighty and hit.data not in shallow]
        return (*near, *received, *deeper)

    def _hits(self, fields: tuple[str, ...], notes: _Notes, direction: str) -> tuple[DataHit, ...]:
        if not fields:
            return ()
        key = (id(fields), id(notes), direction)
        found = self._of_list.get(key)
        if found is None:
            classes = self._by_class(fields, self._noted(notes) if notes else {})
            order = sorted(classes, key=lambda kind: (kind not in self._lists.weighty, kind))
            hits = tuple([DataHit(kind, direction, tuple(classes[kind][:_MAX_FIELDS])) for kind in order])
            found = self._of_list[key] = (hits, fields, notes)
        return found[0]

    def _by_class(self, fields: tuple[str, ...], noted: dict[str, str]) -> dict[str, list[str]]:
        """Return class -> fields. The notes of a field, which include its name, take precedence."""
        found: dict[str, list[str]] = {}
        known = self._of_name
        for name in fields if noted else filterfalse(self._without_class.__contains__, fields):
            kind = noted.get(name)
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
        """Return field -> class by notes, or an empty string for none."""
        classes: dict[str, str] = {}
        known = self._of_note
        for note in notes:
            kind = known.get(note)
            if kind is None:
                found = self._classifier.classify(*note)
                kind = known[note] = found.data if found else ""
            if kind or note[0] not in classes:
                classes[note[0]] = classes.get(note[0]) or kind
        return classes
