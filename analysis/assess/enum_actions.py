"""Actions that a caller chooses by an argument: with `action: [list, archive, delete]` a call can delete, whatever its name.

A tool is as dangerous as its most dangerous choice. Choices are values of an enumeration or of the variants of a union,
values that a text lists, switches such as `apply: true`, and paths of files that the tool writes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from analysis.assess.effects.senses import sense_of
from analysis.assess.tool_types import critical
from analysis.model import Reason, ToolType
from analysis.words import snake, split_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.assess.vocabulary import Vocabulary
    from analysis.model import Parameter, Tool

_EVIDENCE: Final = {
    "destroy": "destructive value that the caller can choose",
    "money": "value that moves money, and that the caller can choose",
    "soft-destroy": "value that removes or ends something, and that the caller can choose",
    "write": "writing value that the caller can choose",
}
_SWITCHED: Final = "the caller can switch from a read to a write"
_WRITES_FILE: Final = "writes a file that the caller names"
_MAY_WRITE_FILE: Final = "can write a file that the caller names"
#: Role of an argument by the list that has its name.
_ROLES: Final = {
    "mode": "mode-parameters", "applies": "applying-switches", "tries": "trial-switches", "writes": "written-paths",
}  # fmt: skip
_BOOLEANS: Final = frozenset({"boolean", "bool"})
_WORD: Final = re.compile(r"[a-z][a-z_]+")
#: A list of values in a text: `create | update | delete`, `"start", "stop" or "delete"`.
_LISTED: Final = re.compile(
    r"(?:[`'\"]?[a-z][a-z_-]{1,24}[`'\"]?(?:\s*(?:[|/,]|,?\s+or\s|,?\s+and\s)\s*)){1,12}[`'\"]?[a-z][a-z_-]{1,24}",
    re.IGNORECASE,
)
#: A list of values in the text of a tool, after the name of an argument.
_NAMED: Final = re.compile(
    r"[`'\"]?\b(action|operation|op|mode|command|method)[`'\"]?\s*(?::|=|\(|\bis\b|\bone of\b)", re.IGNORECASE
)
_MAX_TEXT: Final = 600  # characters
_MIN_VALUES: Final = 2


class EnumAction(NamedTuple):
    """The most dangerous value of an argument."""

    input: str
    value: str
    kind: str  # destroy, money, soft-destroy or write
    says: str
    certain: bool = True  # False: the tool also works without it, so a read remains one

    @property
    def reason(self) -> Reason:
        """The signal that the value gives."""
        return Reason("parameters", f"{self.input}: {self.value}", self.says)

    @property
    def critical(self) -> bool:
        """Whether the choice cannot be undone."""
        return self.kind in {"destroy", "money"}

    def types(self, base: tuple[ToolType, ...]) -> tuple[ToolType, ...]:
        """Return the types of a tool with those of this action added."""
        if not self.critical:
            return base if base[-1] is not ToolType.READ else (*base[:-1], ToolType.SIDE_EFFECT)
        if self.kind == "money" and ToolType.BILLING not in base:
            base = (ToolType.BILLING, *base)
        return critical(base)


class EnumActionFinder:
    """Finder of actions in arguments by one vocabulary. Caches parameter names and texts."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._lists = vocabulary.lists
        self._roles: dict[str, str] = {}
        self._prose: dict[str, tuple[str, ...]] = {}

    def of_tool(self, tool: Tool) -> EnumAction | None:
        """Return the most dangerous choice of a tool, or None. Not for safe methods, where an enum is a filter."""
        roles = [(parameter, self._role(parameter.name)) for parameter in tool.parameters]
        told = [(parameter, role) for parameter, role in roles if role or parameter.choices]
        if not told:
            return None
        found = [action for parameter, role in told for action in self._of_parameter(parameter, role, tool)]
        order = tuple(_EVIDENCE)
        return min(found, key=lambda choice: (order.index(choice.kind), not choice.certain), default=None)

    def _of_parameter(self, parameter: Parameter, role: str, tool: Tool) -> Iterator[EnumAction]:
        for field, values in parameter.choices:
            shown = field if field == parameter.name else f"{parameter.name}.{field}"
            yield from self._of_values(shown, values)
        if role == "mode":
            yield from self._of_values(parameter.name, parameter.values or self._listed(parameter, tool))
        elif role in {"applies", "tries"}:
            yield from self._of_switch(parameter, role)
        elif role and not parameter.values and not tool.method and parameter.type not in _BOOLEANS:
            yield from self._of_path(parameter, role)

    def _of_values(self, name: str, values: tuple[str, ...]) -> Iterator[EnumAction]:
        for value in values if len(values) >= _MIN_VALUES else ():
            kind = self._kind(value)
            if kind in _EVIDENCE:
                yield EnumAction(name, value, kind, _EVIDENCE[kind])

    def _of_switch(self, parameter: Parameter, role: str) -> Iterator[EnumAction]:
        """Yield what a boolean adds to a read: `apply`, `delete_after`; or takes from an act: `dry_run`."""
        if parameter.type not in _BOOLEANS:
            return
        if role == "applies":
            kind = self._kind(parameter.name)
            yield EnumAction(parameter.name, "true", "destroy" if kind == "destroy" else "write", _SWITCHED)
        else:
            yield EnumAction(parameter.name, "false", "write", _SWITCHED, certain=False)

    def _of_path(self, parameter: Parameter, role: str) -> Iterator[EnumAction]:
        """Yield the writing of a file: `save_to`, or `filePath` whose text says that something is saved there."""
        if role == "writes":
            yield EnumAction(parameter.name, "a path", "write", _WRITES_FILE)
            return
        words = frozenset(_WORD.findall(parameter.description[:_MAX_TEXT].lower()))
        if words & self._lists["saving"]:
            says = _WRITES_FILE if parameter.required else _MAY_WRITE_FILE
            yield EnumAction(parameter.name, "a path", "write", says, certain=parameter.required)

    def _listed(self, parameter: Parameter, tool: Tool) -> tuple[str, ...]:
        """Return the values that a text lists: the one of the argument, else that of the tool after its name."""
        found = self._in_prose(parameter.description)
        if found:
            return found
        named = _NAMED.search(tool.description[: _MAX_TEXT * 2])
        return self._in_prose(tool.description[named.end() :]) if named else ()

    def _in_prose(self, text: str) -> tuple[str, ...]:
        if text not in self._prose:
            self._prose[text] = self._verbs_in(text[:_MAX_TEXT])
        return self._prose[text]

    def _verbs_in(self, text: str) -> tuple[str, ...]:
        """Return the values of the first list in a text of which at least two are verbs."""
        for hit in _LISTED.finditer(text):
            words = [word for word in _WORD.findall(hit.group().lower()) if word not in {"or", "and"}]
            if sum(bool(self._kind(word)) for word in words) >= _MIN_VALUES:
                return tuple(words)
        return ()

    def _role(self, name: str) -> str:
        """Return what an argument may choose by its name: mode, applies, tries, writes, path; or an empty string."""
        role = self._roles.get(name)
        if role is None:
            role = self._roles[name] = self._role_of(snake(name))
        return role

    def _role_of(self, name: str) -> str:
        found = next((role for role, listed in _ROLES.items() if name in self._lists[listed]), "")
        path = name.endswith(("path", "file", "filename", "file_name")) or name in {"output", "destination"}
        return found or ("path" if path else "")

    def _kind(self, value: str) -> str:
        words = split_words(value)
        if not words:
            return ""
        if words[-1] in self._lists["never-nouns"]:
            return "read"  # `link show`
        return sense_of(words[0], words[1:], self._vocabulary) or self._vocabulary.verbs.get(words[0], "")
