"""Parameters of a tool that page or filter a collection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from analysis.words import snake

if TYPE_CHECKING:
    from analysis.assess.vocabulary import Vocabulary
    from analysis.model import Tool


@dataclass(frozen=True, slots=True)
class PagingInputs:
    """The page parameters and filter parameters of a tool, as spelled."""

    page: tuple[str, ...]
    filters: tuple[str, ...]


_NONE: Final = PagingInputs((), ())


class PagingClassifier:
    """Classifier of page and filter parameters by one vocabulary. Caches names, which tools share."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._page = vocabulary.lists["page-parameters"]
        self._filter = vocabulary.lists["filter-parameters"]
        self._kinds: dict[str, str] = {}

    def of_tool(self, tool: Tool) -> PagingInputs:
        """Return the page and filter parameters of a tool."""
        if not tool.parameters:
            return _NONE
        known, page, filters = self._kinds, [], []
        for parameter in tool.parameters:
            name = parameter.name
            kind = known.get(name)
            if kind is None:
                kind = self._learned(name)
            if kind == "page":
                page.append(name)
            elif kind and parameter.place != "path":
                filters.append(name)
        return PagingInputs(tuple(page), tuple(filters)) if page or filters else _NONE

    def _learned(self, name: str) -> str:
        plain = snake(name)
        kind = self._kinds[name] = "page" if plain in self._page else "filter" if plain in self._filter else ""
        return kind
