"""What a caller can choose a call to do: `action: [list, archive, delete]` deletes, whatever the tool is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from analysis.model import Effect, Reason, ToolType
from analysis.words import snake, split_words

if TYPE_CHECKING:
    from analysis.assess.vocabulary import Vocabulary
    from analysis.model import Tool

_SAYS = {"destroy": "the caller can choose to remove something", "money": "the caller can choose to move money"}


class EnumAction(NamedTuple):
    """The worst that an input lets a caller choose, and whether it moves money."""

    input: str
    value: str
    kind: str  # destroy or money

    @property
    def reason(self) -> Reason:
        """The signal for people."""
        return Reason("parameters", f"{self.input}: {self.value}", _SAYS[self.kind])

    def types(self, said: tuple[ToolType, ...]) -> tuple[ToolType, ...]:
        """Return the types of a tool by which this can be done, too."""
        kept = [kind for kind in said if kind.value not in set(Effect)]
        if self.kind == "money" and ToolType.BILLING not in kept:
            kept.insert(0, ToolType.BILLING)
        return (*kept, ToolType.CRITICAL)


class EnumActions:
    """Finds what callers can choose, by one vocabulary. Remembers names of inputs."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._verbs = vocabulary.verbs
        self._modes = vocabulary.lists["mode-parameters"]
        self._known: dict[str, bool] = {}

    def of_tool(self, tool: Tool) -> EnumAction | None:
        """Return the worst choice an input offers; a filter of a GET offers none."""
        found = [
            EnumAction(parameter.name, value, kind)
            for parameter in tool.parameters
            if len(parameter.values) > 1 and self._is_mode(parameter.name)
            for value in parameter.values
            if (kind := self._kind(value)) in _SAYS
        ]
        return min(found, key=lambda choice: tuple(_SAYS).index(choice.kind), default=None)

    def _is_mode(self, name: str) -> bool:
        if name not in self._known:
            self._known[name] = snake(name) in self._modes
        return self._known[name]

    def _kind(self, value: str) -> str:
        words = split_words(value)
        return self._verbs.get(words[0], "") if words else ""
