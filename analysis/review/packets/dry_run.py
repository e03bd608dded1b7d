"""What an export would change in the allowlist of a folder, tool by tool; nothing is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis.model import ToolId
from analysis.output.packet.folder import MAX_BYTES, Unreadable, read
from analysis.output.packet.strict_json import strict_json
from analysis.review import queries
from analysis.review.record.approvers import decision_states

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from analysis.model import ToolState
    from analysis.review.session import Review

_LET_THROUGH = frozenset({"allow", "conditional"})


@dataclass(frozen=True, slots=True)
class DryRunLine:
    """One line of the difference. `sign` is `+` allowed from now on, `-` no longer allowed, `~` under other conditions."""

    sign: str
    tool: ToolId
    name: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class DryRun:
    """An export that has not happened: the lines that differ, and how many tools would be allowed of all."""

    lines: tuple[DryRunLine, ...]
    allowed: int
    tools: int
    first: bool  # no allowlist lies there yet

    @property
    def sentence(self) -> str:
        """The difference in a line."""
        held = f"{self.allowed:,} of {self.tools:,} tools allowed"
        if self.first:
            return f"{held}; nothing was exported there before"
        counts = {sign: sum(1 for line in self.lines if line.sign == sign) for sign in "+-~"}
        other = f" ~{counts['~']:,}" if counts["~"] else ""
        return f"+{counts['+']:,} -{counts['-']:,}{other} against the last export there; {held}"


def dry_run(review: Review, folder: Path) -> DryRun:
    """Return what an export into a folder would change in its allowlist."""
    before = _listed(folder)
    stands = decision_states(review.tools(), queries.lacking_second_approver(review))
    states = [replace(tool, decision_state=stands[tool.row.id]) for tool in review.tools()]
    allowed = sum(1 for tool in states if tool.decision_state.allowed)
    lines = sorted(_differing(states, before or {}), key=lambda line: ("+-~".index(line.sign), line.name))
    return DryRun(tuple(lines), allowed, len(states), first=before is None)


def _listed(folder: Path) -> dict[str, str] | None:
    """Return what the allowlist of a folder lets through, in words; None where there is none that can be read."""
    try:
        listed = strict_json(read(folder / "allowlist.json"), MAX_BYTES)["tools"]
        return {
            str(entry["id"]): _words((c["kind"], c["value"]) for c in entry["conditions"])
            for entry in listed
            if entry["decision"] in _LET_THROUGH
        }
    except (Unreadable, KeyError, TypeError):
        return None


def _differing(states: list[ToolState], before: Mapping[str, str]) -> Iterator[DryRunLine]:
    known = set()
    for tool in states:
        known.add(tool.row.id)
        was, now = before.get(tool.row.id, ""), _now(tool)
        if was != now:
            yield DryRunLine("+" if not was else "-" if not now else "~", tool.row.id, tool.row.name, was, now)
    for gone in before.keys() - known:
        yield DryRunLine("-", ToolId(gone), gone, before[gone], "")


def _now(tool: ToolState) -> str:
    """Return under what a tool is allowed, in words; empty when it is not."""
    if tool.decision is None or not tool.decision_state.allowed:
        return ""
    return _words((c.kind.value, c.value) for c in tool.decision.conditions)


def _words(conditions: Iterator[tuple[str, str]]) -> str:
    return "; ".join(f"{kind}={value}" for kind, value in conditions) or "without conditions"
