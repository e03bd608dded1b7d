"""A YAML file as plain data that knows its lines, within limits on size, depth and repetition."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from analysis.model import Level, Problem
from analysis.text import visible

#: Limits on a policy file: characters, levels of nesting, values including those that aliases repeat.
MAX_CHARACTERS: Final = 256 * 1024
MAX_DEPTH: Final = 16
MAX_VALUES: Final = 10_000
_NUMBER: Final = re.compile(r"(?:0|-?[1-9][0-9]{0,8})\Z", re.ASCII)

Path: TypeAlias = tuple[str | int, ...]


class _Refused(Exception):
    """A text that has no data: not YAML, or beyond a limit."""

    def __init__(self, what: str, line: int | None = None) -> None:
        super().__init__(what)
        self.line = line


@dataclass(slots=True)
class Document:
    """Mappings, lists, whole numbers and texts. Whatever YAML 1.1 takes for a date or a switch (`off`) is a text here."""

    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def report(self, path: Path, what: str, remedy: str) -> None:
        """Add a problem with the place and line of a value."""
        line = next((self.lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in self.lines), None)
        place = "/".join(visible(str(part + 1 if isinstance(part, int) else part), 80) for part in path)
        problem = Problem(Level.REFUSED, what, place, line, remedy)
        if problem not in self.problems:
            self.problems.append(problem)


def read_document(text: str) -> Document:
    """Return the document of a text. It has problems, and perhaps no data, where the text cannot be read one way."""
    document = Document()
    try:
        document.data = _plain(_composed(text), (), document)
    except _Refused as refused:
        remedy = "write it as one YAML mapping"
        document.problems.append(Problem(Level.REFUSED, str(refused), "", refused.line, remedy))
    return document


def _composed(text: str) -> Any:
    import yaml  # noqa: PLC0415 - only a review with a policy needs it

    if len(text) > MAX_CHARACTERS:
        raise _Refused(f"it is longer than {MAX_CHARACTERS:,} characters")
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise _Refused(f"it is not YAML: {visible(error.problem or error.context or 'malformed', 200)}", line) from None
    except yaml.YAMLError as error:
        raise _Refused(f"it is not YAML: {visible(str(error), 200)}") from None
    except RecursionError:
        raise _Refused(f"it is nested deeper than {MAX_DEPTH} levels") from None
    if root is None:
        raise _Refused("it is empty")
    return root


def _plain(node: Any, path: Path, document: Document) -> Any:
    line = node.start_mark.line + 1
    document.lines.setdefault(path, line)
    if len(path) > MAX_DEPTH:
        raise _Refused(f"it is nested deeper than {MAX_DEPTH} levels", line)
    if len(document.lines) > MAX_VALUES:
        raise _Refused(f"it holds more than {MAX_VALUES:,} values", line)
    if node.id == "sequence":
        return [_plain(item, (*path, number), document) for number, item in enumerate(node.value)]
    if node.id == "scalar":
        return int(node.value) if _NUMBER.match(node.value) else node.value.strip()
    found: dict[str, Any] = {}
    for key, value in node.value:
        name = str(key.value) if key.id == "scalar" else ""
        document.lines.setdefault((*path, name), key.start_mark.line + 1)
        if name in found:
            document.lines[*path, name] = key.start_mark.line + 1
            document.report((*path, name), "this is stated twice", "keep one of the two")
        else:
            found[name] = _plain(value, (*path, name), document)
    return found
