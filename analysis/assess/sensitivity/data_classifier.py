"""Data classes that a tool returns or receives, with the fields that show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.assess.sensitivity.data_classes import FieldClassifier, class_lists
from analysis.field_names import FieldSet, field_set
from analysis.model import DataHit

if TYPE_CHECKING:
    from collections.abc import Collection

    from analysis.assess.sensitivity.data_classes import DataClassLists
    from analysis.model import Tool

#: Maximum number of fields kept per class.
_MAX_FIELDS: Final = 12
#: The members of a problem report (RFC 9457). With all of them present, `title` is that of an error.
_PROBLEM: Final = frozenset({"type", "title", "status", "detail"})

_Notes = tuple[tuple[str, str, str], ...]


class DataClassifier:
    """Classifier of tools by their fields. Caches names and whole sets of fields, which tools share."""

    def __init__(self, lists: DataClassLists | None = None) -> None:
        self._lists = lists or class_lists()
        self._classifier = FieldClassifier(self._lists)
        self._of_note: dict[tuple[str, str, str], str] = {}
        # Keyed by identity, because tools with the same fields share one set; the entry keeps the set alive.
        self._of_set: dict[tuple[int, int, str], tuple[tuple[DataHit, ...], Collection[str], _Notes]] = {}

    def of_name(self, name: str) -> str:
        """Return the class of a field name alone, or an empty string: `billingEmail` -> personal."""
        return self._classifier.of_name(name)

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

    def _hits(self, fields: Collection[str], notes: _Notes, direction: str) -> tuple[DataHit, ...]:
        if not fields:
            return ()
        key = (id(fields), id(notes), direction)
        found = self._of_set.get(key)
        if found is None:
            listed = field_set(fields)
            classes = self._noted_classes(listed, self._noted(notes)) if notes else self._classes(listed)
            if "naming" in classes and all(name in listed for name in _PROBLEM):
                classes["naming"] = tuple(name for name in classes["naming"] if name != "title")
            order = sorted(filter(classes.get, classes), key=lambda kind: (kind not in self._lists.weighty, kind))
            hits = tuple([DataHit(kind, direction, classes[kind][:_MAX_FIELDS]) for kind in order])
            found = self._of_set[key] = (hits, fields, notes)
        return found[0]

    def _classes(self, fields: FieldSet) -> dict[str, tuple[str, ...]]:
        """Return class -> the first fields that show it by their names alone, as many as may be kept and one more."""
        of_name = self._classifier.of_name
        return {kind: fields.first(of_name, kind, _MAX_FIELDS + 1) for kind in filter(None, fields.answers(of_name))}

    def _noted_classes(self, fields: FieldSet, noted: dict[str, str]) -> dict[str, tuple[str, ...]]:
        """Return class -> fields. The notes of a field, which include its name, take precedence."""
        found: dict[str, list[str]] = {}
        for name in fields:
            kind = noted[name] if name in noted else self.of_name(name)
            if kind:
                found.setdefault(kind, []).append(name)
        return {kind: (*names,) for kind, names in found.items()}

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
