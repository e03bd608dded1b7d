"""Changes of definitions by a re-import, recorded at the import because earlier definitions are not stored."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from analysis.model import SourceId, ToolId
from analysis.review import queries
from analysis.workspace.keys import parse_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from analysis.model import LogEntry, ToolRow
    from analysis.review.session import Review

#: Fields of a tool that are compared, which are those that a decision depends on, with their labels.
_COMPARED: Final = {
    "summary": "summary", "effect": "effect", "types": "types", "reversibility": "undo", "risk": "risk", "data": "data",
    "credential": "credential", "scopes": "scopes", "servers": "servers", "inputs": "inputs", "deprecated": "deprecated",
    "flow_roles": "flow roles", "description_length": "characters of description",
}  # fmt: skip
#: Label of a difference in a definition outside these fields.
_WORDING: Final = "definition"


@dataclass(frozen=True, slots=True)
class DefinitionChange:
    """One tool that an import added, removed or changed. `fields` are (name, before, after) of a changed one."""

    kind: str  # changed, new, gone
    tool: ToolId
    name: str
    source: SourceId
    at: str
    actor: str
    fields: tuple[tuple[str, str, str], ...] = ()

    @property
    def wording_only(self) -> bool:
        """Whether no field that a decision depends on has changed."""
        return self.kind == "changed" and {name for name, _, _ in self.fields} <= {
            _WORDING,
            "characters of description",
        }


def compare_rows(before: Sequence[ToolRow], after: Iterable[ToolRow]) -> dict[str, Any]:
    """Return the difference between two imports of a source as event data; empty when there is none."""
    was = {row.id: row for row in before}
    now = {row.id: row for row in after}
    found = {
        "changed": {
            row.id: [row.name, _fields(was[row.id], row)]
            for row in now.values()
            if row.id in was and was[row.id].digest != row.digest
        },
        "new": {row.id: [row.name, []] for row in now.values() if row.id not in was},
        "gone": {row.id: [row.name, []] for row in before if row.id not in now},
    }
    return {kind: tools for kind, tools in found.items() if tools}


def _fields(before: ToolRow, after: ToolRow) -> list[list[str]]:
    """Return the fields that differ as [label, before, after]; of lists, the removed and the added items."""
    found = []
    for name, shown in _COMPARED.items():
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            found.append([shown, *(_items(was, now) if isinstance(now, tuple) else (_text(was), _text(now)))])
    return found or [[_WORDING, before.digest[:12], after.digest[:12]]]


def _items(before: tuple[object, ...], after: tuple[object, ...]) -> tuple[str, str]:
    """Return the removed and the added items of a list."""
    removed = [str(each) for each in before if each not in after]
    added = [str(each) for each in after if each not in before]
    return ", ".join(removed), ", ".join(added)


def _text(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def import_sentence(source: SourceId, tools: int, difference: Mapping[str, Any] | None) -> str:
    """Return an import as a sentence; `difference` is that to the import before, None for the first one."""
    if difference is None:
        return f"imported {source}: {tools} tools"
    counts = ", ".join(f"{len(difference.get(kind, ()))} {kind}" for kind in ("changed", "new", "gone"))
    return f"refreshed {source}: {counts}"


def changes_of(review: Review) -> tuple[DefinitionChange, ...]:
    """Return the changes by the last import of each source that changed anything."""
    last = {}
    for entry in queries.audit_trail(review):
        if entry.kind == "source.imported" and (found := _changes_by(entry)):
            last[entry.key] = found
    return tuple(change for found in last.values() for change in found)


def _changes_by(entry: LogEntry) -> tuple[DefinitionChange, ...]:
    """Return the changes that an import recorded; none where another program recorded them in another form."""
    try:
        return tuple(_parse_changes(entry))
    except (AttributeError, TypeError, ValueError):
        return ()


def _parse_changes(entry: LogEntry) -> Iterator[DefinitionChange]:
    recorded = json.loads(entry.body)["data"].get("changes", {})
    source = SourceId(parse_key(entry.key).subject)
    for kind in ("changed", "new", "gone"):
        for tool, (name, fields) in recorded.get(kind, {}).items():
            fields_of = tuple((field, before, after) for field, before, after in fields)
            yield DefinitionChange(kind, ToolId(tool), str(name), source, entry.at, entry.actor, fields_of)
