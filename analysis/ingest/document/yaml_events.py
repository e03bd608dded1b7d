"""YAML built from libyaml's events by the rules of OpenAPI, without PyYAML's loader.

The loader expands merge keys without limit, crashes on deep nesting, hides duplicate keys and applies
YAML 1.1 (`off` becomes False, `18:00` a number). OpenAPI 3 restricts YAML to the JSON data model: keys are
text as written, numbers follow the JSON grammar, everything else stays text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import yaml

from analysis.ingest.document.duplicate_keys import duplicate_keys
from analysis.ingest.document.loading import how_to_raise, long_text, refused
from analysis.ingest.document.yaml_scalars import scalar

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.ingest.document.loading import Limits
    from analysis.model import Problem

_CORE_TAGS: Final = frozenset(f"tag:yaml.org,2002:{t}" for t in ("str", "int", "float", "bool", "null", "seq", "map"))
_STRING_TAGS: Final = frozenset({"!", "tag:yaml.org,2002:str"})


class _RefusedError(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.what)
        self.problem = problem


@dataclass(slots=True)
class _Frame:
    """A mapping or sequence that is still open."""

    node: Any  # a dict where `named`, else a list
    named: bool
    line: int
    anchor: str | None
    key: str | None = None
    key_is_merge: bool = False
    duplicate_line: int = 0  # the line of a key that the mapping has already
    size: int = 1
    characters: int = 0
    merges: tuple[Any, ...] = ()

    def take_key(self, key: str, line: int, *, merge: bool) -> None:
        self.key, self.key_is_merge = key, merge
        self.characters += len(key)
        self.duplicate_line = line if not merge and key in self.node else 0

    def add(self, value: Any, size: int, characters: int) -> None:
        """Add a finished value: under its key, which no other has, or at the end of a list."""
        self.size += size
        self.characters += characters
        if self.named:
            self.node[self.key] = value
            self.key = None
        else:
            self.node.append(value)


class _Builder:
    """Builds plain data from events, with the line of every mapping."""

    def __init__(self, limits: Limits) -> None:
        self.limits, self.max_nodes, self.max_text = limits, limits.nodes, limits.text
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
        if frame is not None and frame.named and frame.key is None:
            if text is None:
                self.refuse_complex_key(line)
            self.count(1, line)
            frame.take_key(text or "", line, merge=False)
            return
        self.count(size, line, repeated=True)
        self.place(node, size, characters, line)

    def scalar(self, event: Any) -> None:
        """Take most of all events: what is rare is asked last, and where an event begins only if it is told."""
        text, tag, stack = event.value, event.tag, self.stack
        if tag is not None:
            self.check_tag(event)
        self.nodes += 1
        if self.nodes > self.max_nodes or len(text) > self.max_text:
            self.count(0, event.start_mark.line + 1)
            raise _RefusedError(long_text(self.limits, event.start_mark.line + 1))
        plain = not event.style and tag is None and event.implicit[0]
        frame = stack[-1] if stack else None
        if frame is not None and frame.named and frame.key is None:
            if event.anchor:
                self.anchors[event.anchor] = (text, text, 1, len(text))
            if text in frame.node or text == "<<":
                frame.take_key(text, event.start_mark.line + 1, merge=plain and text == "<<")
            else:
                frame.key = text
                frame.characters += len(text)
            return
        value = text
        if plain or (tag is not None and tag not in _STRING_TAGS):
            value = scalar(text)
            if value is not text and len(stack) == 2 and self.is_api_version(value):
                value = text
        if event.anchor:
            self.anchors[event.anchor] = (value, text, 1, len(text))
        if frame is None or frame.key_is_merge or frame.duplicate_line:
            self.place(value, 1, len(text), event.start_mark.line + 1)
        else:
            frame.add(value, 1, len(text))

    def open(self, event: Any, node: dict[str, Any] | list[Any], *, named: bool) -> None:
        if event.tag is not None:
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
        self.stack.append(_Frame(node, named, line, event.anchor))
        if event.anchor:
            self.open_anchors.add(event.anchor)

    def close(self, _event: Any) -> None:
        frame = self.stack.pop()
        if frame.named:
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
        keys = (frame.key if frame.named else str(len(frame.node)) for frame in self.stack)
        return "".join("/" + (key or "").replace("~", "~0").replace("/", "~1") for key in keys)

    # helpers -------------------------------------------------------------------------------------------

    def refuse_complex_key(self, line: int) -> None:
        frame = self.stack[-1] if self.stack else None
        if frame is not None and frame.named and frame.key is None:
            raise _RefusedError(refused("a mapping key is not text", "write keys as plain text", line=line))

    def is_api_version(self, value: Any) -> bool:
        """Whether a scalar is the version of the API: `1.10` is not 1.1."""
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number and [frame.key for frame in self.stack] == ["info", "version"]

    def check_tag(self, event: Any) -> None:
        tag = event.tag
        if tag != "!" and tag not in _CORE_TAGS:
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

    def place(self, value: Any, size: int, characters: int, line: int) -> None:
        """Add a finished value to the open mapping or sequence."""
        if not self.stack:
            self.root = value
            return
        frame = self.stack[-1]
        if frame.key_is_merge:
            frame.size += size
            frame.characters += characters
            self.merge(frame, value, line)
            frame.key, frame.key_is_merge = None, False
            return
        if frame.duplicate_line and frame.key is not None:
            both = [frame.node[frame.key], value]
            self.problems.append(duplicate_keys(frame.key, both, frame.duplicate_line, self.pointer()))
            frame.duplicate_line = 0
        frame.add(value, size, characters)

    def merge(self, frame: _Frame, value: Any, line: int) -> None:
        sources = value if isinstance(value, list) else [value]
        for source in sources:
            if not isinstance(source, dict):
                raise _RefusedError(refused("a merge key (<<) needs a mapping", "correct the merge key", line=line))
            self.count(len(source), line, repeated=True)
            frame.merges = (*frame.merges, source)


def parse_yaml(text: str, limits: Limits) -> tuple[Any, dict[int, int], list[Problem]]:
    """Return (data, line of each mapping by `id`, problems). Refusals leave data None."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = _Builder(limits)
    handlers: dict[type, Callable[[Any], None]] = {
        yaml.DocumentStartEvent: builder.document,
        yaml.AliasEvent: builder.alias,
        yaml.ScalarEvent: builder.scalar,
        yaml.MappingStartEvent: lambda event: builder.open(event, {}, named=True),
        yaml.SequenceStartEvent: lambda event: builder.open(event, [], named=False),
        yaml.MappingEndEvent: builder.close,
        yaml.SequenceEndEvent: builder.close,
    }
    try:
        next_event = loader(text).get_event
        while (event := next_event()) is not None:
            handler = handlers.get(type(event))
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
