"""The changes an export would make to the allowlist of a folder, tool by tool; nothing is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from analysis.model import ToolId
from analysis.output.allowlist.canonical import ALLOWLIST, allowed_under, decision_entry, entries
from analysis.output.packet.folder import MAX_BYTES, Unreadable, read
from analysis.output.packet.stated_packet import signed_packet
from analysis.output.packet.strict_json import strict_json
from analysis.review import queries
from analysis.review.record.people.approvers import decision_states

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from analysis.model import ToolState
    from analysis.review.session import Review

#: Sign of a line -> what it says of its tools, in the order of a sentence.
_CHANGES: Final = {"+": "added", "-": "removed", "~": "under other conditions"}


@dataclass(frozen=True, slots=True)
class DryRunLine:
    """One line of the difference. `sign` is `+` newly allowed, `-` no longer allowed, `~` under other conditions."""

    sign: str
    tool: ToolId
    name: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class DryRun:
    """The outcome of an export that was not made: the lines that differ, and how many of all tools would be allowed."""

    lines: tuple[DryRunLine, ...]
    allowed: int
    tools: int
    first: bool  # the folder has no allowlist yet
    draft: bool  # a gate is open: the export would allow nothing
    signed: bool = False  # the folder holds a signed packet: an export into it has to supersede that one

    @property
    def sentence(self) -> str:
        """The difference in a line."""
        allowed = f"{self.allowed:,} of {self.tools:,} tools "
        allowed += "approved so far; a DRAFT allows none" if self.draft else "allowed"
        if self.first:
            return f"{allowed}; no earlier export in this folder"
        if self.signed:
            allowed += "; the last export is signed, and would be kept next to the new one"
        counts = {word: sum(1 for line in self.lines if line.sign == sign) for sign, word in _CHANGES.items()}
        said = ", ".join(f"{count:,} {word}" for word, count in counts.items() if count) or "nothing changed"
        return f"{said} since the last export in this folder; {allowed}"


def export_stamp(folder: Path) -> int:
    """Return what changes whenever a packet is exported into a folder; 0 where none was."""
    try:
        return (folder / ALLOWLIST).stat().st_mtime_ns
    except OSError:
        return 0


def dry_run(review: Review, folder: Path) -> DryRun:
    """Return the changes an export into a folder would make to its allowlist."""
    before = _listed(folder)
    tools = review.tools()
    in_effect = decision_states(tools, queries.lacking_second_approver(review))
    allowed = sum(1 for state in in_effect.values() if state.allowed)
    listed = [tool for tool in tools if in_effect[tool.row.id].allowed or tool.row.id in (before or {})]
    states = [replace(tool, decision_state=in_effect[tool.row.id]) for tool in listed]
    gone = (before or {}).keys() - in_effect.keys()
    lines = sorted(_differing(states, before or {}, gone), key=lambda line: ("+-~".index(line.sign), line.name))
    draft, signed = bool(review.summary().open_gates), signed_packet(folder) is not None
    return DryRun(tuple(lines), allowed, len(tools), first=before is None, draft=draft, signed=signed)


def _listed(folder: Path) -> dict[str, str] | None:
    """Return under which conditions the allowlist of a folder allows each tool; None if there is none to read."""
    try:
        listed = entries(strict_json(read(folder / ALLOWLIST), MAX_BYTES))
        conditions = {str(entry["id"]): allowed_under(entry) for entry in listed}
        return {tool: words for tool, words in conditions.items() if words}
    except (Unreadable, KeyError, TypeError):
        return None


def _differing(states: list[ToolState], before: Mapping[str, str], gone: Iterable[str]) -> Iterator[DryRunLine]:
    for tool in states:
        was, now = before.get(tool.row.id, ""), allowed_under(decision_entry(tool))
        if was != now:
            yield DryRunLine("+" if not was else "-" if not now else "~", tool.row.id, tool.row.name, was, now)
    for tool_id in gone:
        yield DryRunLine("-", ToolId(tool_id), tool_id, before[tool_id], "")
