"""YAML built from libyaml's events by the rules of OpenAPI, without PyYAML's loader.

The loader expands merge keys without limit, crashes on deep nesting, hides duplicate keys and applies
YAML 1.1 (`off` becomes False, `18:00` a number). OpenAPI 3 restricts YAML to the JSON data model: keys are
text as written, numbers follow the JSON grammar, everything else stays text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import yaml

from analysis.ingest.document.duplicate_keys import duplicate_keys
from analysis.ingest.document.loading import how_to_raise, long_text, refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.ingest.document.loading import Limits
    from analysis.model import Problem

_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\Z")
_WORDS: Final[dict[str, Any]] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_CORE_TAGS: Final = frozenset(f"tag:yaml.org,2002:{t}" for t in ("str", "int", "float", "bool", "null", "seq", "map"))
_STRING_TAGS: Final = frozenset({"!", "tag:yaml.org,2002:str"})
#: Maximum number of digits of a number; longer ones stay text.
_MAX_DIGITS: Final = 400


class _RefusedError(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.what)
        self.problem = problem


@dataclass(slots=True)
class _Frame:
    """A mapping or sequence that is still open."""

    node: dict[str, Any] | list[Any]
    line: int
    anchor: str | None
    key: str | None = None
    key_is_merge: bool = False
    duplicate_line: int = 0  # the line of a key that the mapping has already
    size: int = 1
    characters: int = 0
    merges: list[Any] = field(default_factory=list)


def scalar(text: str) -> Any:
    """Return the value of a plain scalar by the JSON rule set."""
    if text in _WORDS:
        return _WORDS[text]
    match = _NUMBER.match(text)
    if match is None or len(text) > _MAX_DIGITS:
        return text
    return float(text) if match.group(1) or match.group(2) else int(text)


class _Builder:
    """Builds plain data from events, with the line of every mapping."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.problems: list[Problem] = []
        self.lines: dict[int, int] = {}
        self.root: Any = None
        self.documents = 0
        self.nodes = 0
        self.repeated_nodes = 0
        self.stack: list[_Frame] = []
        self.repeated = 0  # characters of expanded aliases
        # By name: value, text of a scalar, nodes and characters after expanding aliases.
        self.anchors: dict[str, tuple[Any, str | None, int, int]] = {}
        self.open_anchors: set[str] = set()

    # one method per kind of event -----------------------------------------------------------------

    def document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            raise _RefusedError(
                refused(
                    "the file holds more than one YAML document",
                    "keep one document per file",
                    line=event.start_mark.line + 1,
                )
            )

    def alias(self, event: Any) -> None:
        name, line = event.anchor, event.start_mark.line + 1
        if name in self.open_anchors:
            raise _RefusedError(refused(f"the alias *{name} contains itself", "remove the recursive alias", line=line))
        if name not in self.anchors:
            raise _RefusedError(refused(f"the alias *{name} has no anchor", "define it before use", line=line))
        node, text, size, characters = self.anchors[name]
        self.repeat(characters, line)
        frame = self.stack[-1] if self.stack else None
        if frame is not None and isinstance(frame.node, dict) and frame.key is None:
            if text is None:
                self.refuse_complex_key(line)
            self.count(1, line)
            self.take_key(frame, text or "", line, merge=False)
            return
        self.count(size, line, repeated=True)
        self.place(node, size, characters, line)

    def scalar(self, event: Any) -> None:
        self.check_tag(event)
        line = event.start_mark.line + 1
        frame = self.stack[-1] if self.stack else None
        plain = event.implicit[0] and event.tag is None and not event.style
        self.count(1, line)
        if len(event.value) > self.limits.text:
            raise _RefusedError(long_text(self.limits, line))
        if frame is not None and isinstance(frame.node, dict) and frame.key is None:
            if event.anchor:
                self.anchors[event.anchor] = (event.value, event.value, 1, len(event.value))
            self.take_key(frame, event.value, line, merge=plain and event.value == "<<")
            return
        value = event.value
        if plain or (event.tag is not None and event.tag not in _STRING_TAGS):
            value = scalar(event.value)
            if isinstance(value, int | float) and not isinstance(value, bool) and self.is_api_version():
                value = event.value
        if event.anchor:
            self.anchors[event.anchor] = (value, event.value, 1, len(event.value))
        self.place(value, 1, len(event.value), line)

    def open(self, event: Any, node: dict[str, Any] | list[Any]) -> None:
        self.check_tag(event)
        line = event.start_mark.line + 1
        if len(self.stack) >= self.limits.depth:
            raise _RefusedError(
                refused(
                    f"nested deeper than {self.limits.depth} levels",
                    f"flatten the document, or {how_to_raise('depth', self.limits.depth)}",
                    line=line,
                )
            )
        self.refuse_complex_key(line)
        self.count(1, line)
        self.stack.append(_Frame(node, line, event.anchor))
        if event.anchor:
            self.open_anchors.add(event.anchor)

    def close(self, _event: Any) -> None:
        frame = self.stack.pop()
        if isinstance(frame.node, dict):
            for merged in frame.merges:
                for key, value in merged.items():
                    frame.node.setdefault(key, value)
            self.lines[id(frame.node)] = frame.line
        if frame.anchor:
            self.open_anchors.discard(frame.anchor)
            self.anchors[frame.anchor] = (frame.node, None, frame.size, frame.characters)
        self.place(frame.node, frame.size, frame.characters, frame.line)

    def pointer(self) -> str:
        """Return the JSON pointer of the current member."""
        keys = (frame.key if isinstance(frame.node, dict) else str(len(frame.node)) for frame in self.stack)
        return "".join("/" + (key or "").replace("~", "~0").replace("/", "~1") for key in keys)

    # helpers -------------------------------------------------------------------------------------------

    def refuse_complex_key(self, line: int) -> None:
        frame = self.stack[-1] if self.stack else None
        if frame is not None and isinstance(frame.node, dict) and frame.key is None:
            raise _RefusedError(refused("a mapping key is not text", "write keys as plain text", line=line))

    def is_api_version(self) -> bool:
        """Whether the scalar is the version of the API: `1.10` is not 1.1."""
        return [frame.key for frame in self.stack] == ["info", "version"]

    def check_tag(self, event: Any) -> None:
        tag = event.tag
        if tag is not None and tag != "!" and tag not in _CORE_TAGS:
            raise _RefusedError(
                refused(
                    f"the tag {tag[:80]} asks the reader to build an object",
                    "remove the tag; nothing was executed",
                    line=event.start_mark.line + 1,
                )
            )

    def count(self, size: int, line: int, *, repeated: bool = False) -> None:
        self.nodes += size
        self.repeated_nodes += size if repeated else 0
        most = self.limits.repeated_nodes if repeated else self.limits.nodes
        if self.nodes > self.limits.nodes or self.repeated_nodes > most:
            raise _RefusedError(
                refused(
                    f"more than {most:,} nodes once aliases are expanded",
                    f"write the repeated parts as $ref, or {how_to_raise('nodes', self.limits.nodes)}",
                    line=line,
                )
            )

    def repeat(self, characters: int, line: int) -> None:
        self.repeated += characters
        if self.repeated > self.limits.characters:
            raise _RefusedError(
                refused(
                    f"aliases repeat more than {self.limits.characters:,} characters",
                    f"write the repeated parts as $ref, or {how_to_raise('characters', self.limits.characters)}",
                    line=line,
                )
            )

    def take_key(self, frame: _Frame, key: str, line: int, *, merge: bool) -> None:
        frame.key, frame.key_is_merge = key, merge
        frame.characters += len(key)
        frame.duplicate_line = line if not merge and key in frame.node else 0

    def place(self, value: Any, size: int, characters: int, line: int) -> None:
        """Add a finished value to the open mapping or sequence."""
        if not self.stack:
            self.root = value
            return
        frame = self.stack[-1]
        frame.size += size
        frame.characters += characters
        if isinstance(frame.node, list):
            frame.node.append(value)
            return
        if frame.key_is_merge:
            self.merge(frame, value, line)
        elif frame.key is not None:
            if frame.duplicate_line:
                both = [frame.node[frame.key], value]
                self.problems.append(duplicate_keys(frame.key, both, frame.duplicate_line, self.pointer()))
            frame.node[frame.key] = value
        frame.key = None

    def merge(self, frame: _Frame, value: Any, line: int) -> None:
        sources = value if isinstance(value, list) else [value]
        for source in sources:
            if not isinstance(source, dict):
                raise _RefusedError(refused("a merge key (<<) needs a mapping", "correct the merge key", line=line))
            self.count(len(source), line, repeated=True)
            frame.merges.append(source)


def parse_yaml(text: str, limits: Limits) -> tuple[Any, dict[int, int], list[Problem]]:
    """Return (data, line of each mapping by `id`, problems). Refusals leave data None."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = _Builder(limits)
    handlers: dict[str, Callable[[Any], None]] = {
        "DocumentStartEvent": builder.document,
        "AliasEvent": builder.alias,
        "ScalarEvent": builder.scalar,
        "MappingStartEvent": lambda event: builder.open(event, {}),
        "SequenceStartEvent": lambda event: builder.open(event, []),
        "MappingEndEvent": builder.close,
        "SequenceEndEvent": builder.close,
    }
    try:
        for event in yaml.parse(text, Loader=loader):
            handler = handlers.get(type(event).__name__)
            if handler is not None:
                handler(event)
    except _RefusedError as stop:
        return None, {}, [*builder.problems, stop.problem]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        column = f", column {mark.column + 1}" if mark else ""
        return (
            None,
            {},
            [
                refused(
                    f"not valid YAML: {error.problem}{column}",
                    "correct the document at that place",
                    line=mark.line + 1 if mark else None,
                )
            ],
        )
    except yaml.YAMLError as error:
        return None, {}, [refused(f"not valid YAML: {str(error).splitlines()[0]}", "correct the document")]
    return builder.root, builder.lines, builder.problems
