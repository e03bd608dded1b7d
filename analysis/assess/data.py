"""Which classes of data a tool returns or receives, with the fields that show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.model import DataHit
from analysis.words import snake

if TYPE_CHECKING:
    from analysis.assess.vocabulary import Vocabulary
    from analysis.model import Tool

#: So many fields are kept per class: enough to judge by, however dense the schema.
_KEPT = 12


class DataClasses:
    """Field names to data classes. Remembers names and whole field lists, which tools share."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._ends = {snake(end): kind for kind, ends in vocabulary.data.items() for end in ends}
        self._of_name: dict[str, str] = {}
        self._of_list: dict[tuple[tuple[str, ...], str], tuple[DataHit, ...]] = {}

    def of_name(self, name: str) -> str:
        """Return the class of a field name, or an empty string: `billingEmail` -> personal."""
        if name not in self._of_name:
            words = snake(name).split("_")
            tails = ("_".join(words[at:]) for at in range(len(words)))
            self._of_name[name] = next((self._ends[tail] for tail in tails if tail in self._ends), "")
        return self._of_name[name]

    def of_tool(self, tool: Tool) -> tuple[DataHit, ...]:
        """Return the classes a tool returns, those it receives, and those that can be reached from what it returns."""
        near = self._hits(tool.near_fields, "response")
        stated = {hit.data for hit in near}
        deeper = tuple(hit for hit in self._hits(tool.response_fields, "deeper") if hit.data not in stated)
        return near + self._hits(tool.request_fields, "request") + deeper

    def _hits(self, fields: tuple[str, ...], direction: str) -> tuple[DataHit, ...]:
        key = (fields, direction)
        if key not in self._of_list:
            found: dict[str, list[str]] = {}
            for name in fields:
                kind = self.of_name(name)
                if kind:
                    found.setdefault(kind, []).append(name)
            self._of_list[key] = tuple(DataHit(k, direction, tuple(found[k][:_KEPT])) for k in sorted(found))
        return self._of_list[key]
