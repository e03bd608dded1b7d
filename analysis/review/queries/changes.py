"""What a re-import has changed: noted when it happens, for what was there before is not kept."""

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

#: What is compared of a tool: what a reviewer decides by, and as it is called on a screen.
_COMPARED: Final = {
    "summary": "summary", "effect": "effect", "types": "types", "reversibility": "undo", "risk": "risk", "data": "data",
    "credential": "credential", "scopes": "scopes", "servers": "servers", "inputs": "inputs", "deprecated": "deprecated",
    "flow_roles": "flow roles", "description_length": "characters of description",
}  # fmt: skip
#: What differs in a definition when none of these does.
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
        """Whether nothing that a reviewer decides by has changed."""
        return self.kind == "changed" and {name for name, _, _ in self.fields} <= {
            _WORDING,
            "characters of description",
        }


def compared(before: Sequence[ToolRow], after: Iterable[ToolRow]) -> dict[str, Any]:
    """Return the difference between two imports of a source as data to be recorded; empty when there is none."""
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
    """Return what differs as [name, before, after]; of lists, what went and what came."""
    found = []
    for name, shown in _COMPARED.items():
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            found.append([shown, *(_only(was, now) if isinstance(now, tuple) else (_word(was), _word(now)))])
    return found or [[_WORDING, before.digest[:12], after.digest[:12]]]


def _only(before: tuple[object, ...], after: tuple[object, ...]) -> tuple[str, str]:
    went = [str(each) for each in before if each not in after]
    came = [str(each) for each in after if each not in before]
    return ", ".join(went), ", ".join(came)


def _word(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def sentence(source: SourceId, tools: int, made: Mapping[str, Any] | None) -> str:
    """Return what an import did; `made` is what it changed in an earlier one, None where there was none."""
    if made is None:
        return f"imported {source}: {tools} tools"
    counts = ", ".join(f"{len(made.get(kind, ()))} {kind}" for kind in ("changed", "new", "gone"))
    return f"refreshed {source}: {counts}"


def changes_of(review: Review) -> tuple[DefinitionChange, ...]:
    """Return what each source's last import that changed anything has changed: changed tools, new ones, those gone."""
    last = {}
    for entry in queries.log(review):
        if entry.kind == "source.imported" and (found := _read(entry)):
            last[entry.key] = found
    return tuple(change for found in last.values() for change in found)


def _read(entry: LogEntry) -> tuple[DefinitionChange, ...]:
    """Return what an import noted; notes of another shape are some other program's, and say nothing here."""
    try:
        return tuple(_noted(entry))
    except (AttributeError, TypeError, ValueError):
        return ()


def _noted(entry: LogEntry) -> Iterator[DefinitionChange]:
    noted = json.loads(entry.body)["data"].get("changes", {})
    source = SourceId(parse_key(entry.key).subject)
    for kind in ("changed", "new", "gone"):
        for tool, (name, fields) in noted.get(kind, {}).items():
            fields_of = tuple((field, before, after) for field, before, after in fields)
            yield DefinitionChange(kind, ToolId(tool), str(name), source, entry.at, entry.actor, fields_of)
