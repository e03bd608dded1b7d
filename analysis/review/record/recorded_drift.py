"""Changes of definitions as the event of an import records them, because the earlier definitions are not stored.

Equal differences of several tools are recorded once. `digests` are those of each tool before and after.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from analysis.model import ToolId
from analysis.output.drift.records import ChangeDirection, ChangeGroup, Drift, DriftKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

#: Maximum size of the values of all changes of an import, bytes; a line of the log may have many times as many.
_MAX_SIZE: Final = 2 * 1024 * 1024
_LOST: Final = "the values are too large to be recorded"
#: Kinds that an import of an earlier version recorded, by the words of that version.
_EARLIER: Final = {"changed": DriftKind.CHANGED, "new": DriftKind.NEW, "gone": DriftKind.REMOVED}


@dataclass(frozen=True, slots=True)
class RecordedDrift:
    """What one import changed: the differences, and the digest of each tool before and after, empty where it was not there."""

    drift: tuple[Drift, ...]
    digests: Mapping[str, tuple[str, str]]


def drift_record(drift: Iterable[Drift], digests: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """Return changes as the data of an event; empty when there are none. A difference of a whole source is one of each tool."""
    same: dict[str, tuple[Drift, list[list[str]]]] = {}
    for each in drift:
        values = [each.kind, each.field, each.before, each.after, each.substance, each.group, each.direction, each.why]
        key = json.dumps(values, sort_keys=True)
        tools = [[tool, "", ""] for tool in each.tools] if each.tools else [[each.tool, each.name, each.was]]
        same.setdefault(key, (each, []))[1].extend(tools)
    if not same:
        return {}
    recorded = [_entry(each, tools) for each, tools in same.values()]
    if len(json.dumps(recorded)) > _MAX_SIZE:
        lost = {"before": None, "after": None, "why": _LOST, "substance": True}
        recorded = [entry | lost for entry in recorded]
    return {"drift": recorded, "digests": {tool: list(pair) for tool, pair in digests.items()}}


def _entry(each: Drift, tools: list[list[str]]) -> dict[str, Any]:
    return {
        "kind": each.kind.value, "field": each.field, "before": each.before, "after": each.after,
        "substance": each.substance, "group": each.group.value, "direction": each.direction.value, "why": each.why,
        "tools": tools,
    }  # fmt: skip


def recorded_drift(data: Mapping[str, Any]) -> RecordedDrift:
    """Return what an import recorded, by this version or an earlier one; nothing where it has another form."""
    changes = data.get("changes", {})
    try:
        if "drift" in changes:
            digests = {str(tool): (str(b), str(a)) for tool, (b, a) in changes["digests"].items()}
            return RecordedDrift(tuple(_read(changes["drift"])), digests)
        return RecordedDrift(tuple(_read_earlier(changes)), {})
    except (AttributeError, KeyError, TypeError, ValueError):
        return RecordedDrift((), {})


def _read(entries: Iterable[Mapping[str, Any]]) -> Iterator[Drift]:
    for entry in entries:
        found = Drift(
            DriftKind(entry["kind"]), ToolId(""), "", str(entry["field"]), entry["before"], entry["after"],
            substance=entry["substance"] is not False, group=ChangeGroup(entry["group"]),
            direction=ChangeDirection(entry["direction"]), why=str(entry["why"]),
        )  # fmt: skip
        for tool, name, was in entry["tools"]:
            yield replace(found, tool=ToolId(str(tool)), name=str(name), was=str(was))


def _read_earlier(changes: Mapping[str, Any]) -> Iterator[Drift]:
    for kind, tools in changes.items():
        for tool, (name, fields) in tools.items():
            for field, before, after in fields or [("tool", None, None)]:
                yield Drift(
                    _EARLIER[kind], ToolId(str(tool)), str(name), str(field), before, after, substance=True,
                    group=ChangeGroup.CONTRACT,
                )  # fmt: skip


def by_tool(drift: Iterable[Drift]) -> dict[ToolId, list[Drift]]:
    """Return differences by tool, in the order in which the tools come."""
    found: dict[ToolId, list[Drift]] = defaultdict(list)
    for each in drift:
        found[ToolId(each.tool)].append(each)
    return dict(found)


def digest_steps(
    before: Mapping[ToolId, str], after: Mapping[ToolId, str], drift: Iterable[Drift]
) -> dict[str, tuple[str, str]]:
    """Return the digests before and after of every tool that differs; of a renamed one, before under its earlier name."""
    was = {
        each.tool: ToolId(each.was) for each in drift if each.was and each.kind in {DriftKind.RENAMED, DriftKind.MOVED}
    }
    found = {
        tool: (before.get(tool, ""), after.get(tool, ""))
        for tool in dict.fromkeys([*before, *after])
        if before.get(tool) != after.get(tool)
    }
    for tool, earlier in was.items():
        # A name that another definition has taken over keeps its own earlier digest: that is what was decided under it.
        if not before.get(ToolId(tool)):
            found[ToolId(tool)] = (before.get(earlier, ""), after.get(ToolId(tool), ""))
    return {str(tool): pair for tool, pair in found.items()}
