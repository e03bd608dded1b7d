"""Actions in enum parameters: with `action: [list, archive, delete]` a call can delete, whatever its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from analysis.model import Effect, Reason, ToolType
from analysis.words import snake, split_words

if TYPE_CHECKING:
    from analysis.assess.vocabulary import Vocabulary
    from analysis.model import Tool

_EVIDENCE = {
    "destroy": "destructive value that the caller can choose",
    "money": "value that moves money, and that the caller can choose",
}


class EnumAction(NamedTuple):
    """The most dangerous value of an enum parameter."""

    input: str
    value: str
    kind: str  # destroy or money

    @property
    def reason(self) -> Reason:
        """The signal that the value gives."""
        return Reason("parameters", f"{self.input}: {self.value}", _EVIDENCE[self.kind])

    def types(self, base: tuple[ToolType, ...]) -> tuple[ToolType, ...]:
        """Return the types of a tool with those of this action added."""
        if self.kind == "money" and ToolType.BILLING not in base:
            base = (ToolType.BILLING, *base)
        return critical(base)


def critical(types: tuple[ToolType, ...]) -> tuple[ToolType, ...]:
    """Return the types of a tool with critical as its effect."""
    return (*[kind for kind in types if kind.value not in set(Effect)], ToolType.CRITICAL)


class EnumActionFinder:
    """Finder of enum actions by one vocabulary. Caches parameter names."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._verbs = vocabulary.verbs
        self._modes = vocabulary.lists["mode-parameters"]
        self._known: dict[str, bool] = {}

    def of_tool(self, tool: Tool) -> EnumAction | None:
        """Return the most dangerous enum value of a tool, or None. Not for safe methods, where an enum is a filter."""
        found = [
            EnumAction(parameter.name, value, kind)
            for parameter in tool.parameters
            if len(parameter.values) > 1 and self._is_mode(parameter.name)
            for value in parameter.values
            if (kind := self._kind(value)) in _EVIDENCE
        ]
        return min(found, key=lambda choice: tuple(_EVIDENCE).index(choice.kind), default=None)

    def _is_mode(self, name: str) -> bool:
        if name not in self._known:
            self._known[name] = snake(name) in self._modes
        return self._known[name]

    def _kind(self, value: str) -> str:
        words = split_words(value)
        return self._verbs.get(words[0], "") if words else ""
