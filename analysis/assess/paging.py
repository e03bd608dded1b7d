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
        kinds = [(self._kind(parameter.name), parameter) for parameter in tool.parameters]
        return PagingInputs(
            tuple(parameter.name for kind, parameter in kinds if kind == "page"),
            tuple(parameter.name for kind, parameter in kinds if kind == "filter" and parameter.place != "path"),
        )

    def _kind(self, name: str) -> str:
        if name not in self._kinds:
            plain = snake(name)
            self._kinds[name] = "page" if plain in self._page else "filter" if plain in self._filter else ""
        return self._kinds[name]
