"""Findings in effect, kept per tool: one decision is weighed again in milliseconds, however many tools there are.

What a tool contributes (findings, progress, what the score counts) is added when it is taken in and taken off when it
changes. The result is the same as working everything out anew; a test holds the two against each other.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakSet

from analysis.model import Risk, Severity, Status
from analysis.policy import applied
from analysis.review.derived.findings_snapshot import FindingsSnapshot
from analysis.review.record.dispositions import in_effect
from analysis.rules import run_counted, run_each, run_set, set_rules
from analysis.rules.engine.index import Index
from analysis.rules.engine.rule_context import is_granted_high_risk
from analysis.score import likeness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from analysis.model import Disposition, Finding, FindingId, Policy, RuleNotRun, SourceId, ToolId, ToolState
    from analysis.rules import Rule

_RANK = {severity: rank for rank, severity in enumerate(Severity)}


class ToolFacts(NamedTuple):
    """What a tool adds to the figures of a review; tools of the same facts are counted together."""

    live: bool
    undecided: bool
    stale: bool
    conflict: bool
    unmet: bool  # a condition has no proof
    risk: Risk

    @classmethod
    def of(cls, tool: ToolState) -> ToolFacts:
        """Return the facts of a tool."""
        made = tool.decision
        unmet = made is not None and bool(made.unmet)
        return cls(tool.live, tool.undecided, tool.stale, tool.conflict, unmet, tool.risk)


def worst_first(finding: Finding) -> tuple[int, bool, str, str, str]:
    """Return the sort key of a finding: severity, what is open before what is settled, rule, tool."""
    settled = finding.status not in {Status.OPEN, Status.FIXING}
    return (_RANK[finding.severity], settled, finding.rule, finding.tool or "", finding.id)


def _about(tool: ToolState) -> Iterator[str]:
    """Yield under what a tool counts for rules about the review as a whole."""
    if tool.live:
        yield "live"
    if is_granted_high_risk(tool):
        yield "grave"


class FindingIndex:
    """What every tool contributes to the standing of a review on a day (ISO date)."""

    def __init__(
        self,
        defined: Iterable[Finding],
        disposition: Callable[[FindingId], Disposition | None],
        today: str,
        policy: Policy | None = None,
    ) -> None:
        self.today = today
        self.policy = policy
        self.by_tool: dict[ToolId, tuple[Finding, ...]] = {}
        self._held: WeakSet[FindingsSnapshot] = WeakSet()
        self.facts: Counter[ToolFacts] = Counter()
        self.sources: dict[ToolId, SourceId] = {}
        self.not_run: list[RuleNotRun] = []
        self._disposition = disposition
        self._tools: Mapping[ToolId, ToolState] = {}
        self._defined: dict[ToolId, list[Finding]] = {}
        self._of_sources: list[Finding] = []
        for finding in defined:
            if finding.tool is not None:
                self._defined.setdefault(finding.tool, []).append(finding)
            else:
                self._of_sources.append(finding)
        self._live: Counter[SourceId] = Counter()
        self._facts: dict[ToolId, ToolFacts] = {}
        # All tools in document order, and what is counted over them: by rule, and for rules about the review.
        self._ordered: list[ToolState] = []
        self._places: dict[ToolId, int] = {}
        self._indexes: dict[str, Index] = {}
        self._about = Index(_about, self._ordered)
        self._single: dict[ToolId, list[Finding]] = {}
        # What rules found that look at tools together: by rule and group, and by tool.
        self._groups: dict[str, dict[object, list[ToolId]]] = {}
        self._slots: dict[tuple[str, object], list[Finding]] = {}
        self._together: dict[ToolId, list[Finding]] = {}
        self._alike: dict[tuple[object, ...], Finding] = {}
        self._counts: Counter[tuple[object, ...]] = Counter()

    def take_in(self, tools: Mapping[ToolId, ToolState], changed: Iterable[ToolId] | None) -> None:
        """Work out anew what changed tools contribute (None: all, of other tools than before)."""
        self._tools = tools
        whole = changed is None or bool(self.not_run)  # a rule that failed on one tool says nothing of any
        if changed is None:
            self.sources = {identity: tool.row.source for identity, tool in tools.items()}
            self._places = {identity: place for place, identity in enumerate(tools)}
        touched = list(tools) if whole or changed is None else [tool for tool in changed if tool in tools]
        self._place(touched, whole=whole)
        self.not_run = []
        self._run_single(touched, tools)
        for tool in touched:
            self._count(tool, tools[tool])
        again = set(touched)
        for each in set_rules():
            if each.index_key is not None:
                again |= self._run_counted(each, touched, whole=whole)
            elif whole or each.group is None:
                again |= self._run_whole(each, tools)
            else:
                again |= self._run_groups(each, tools, {each.group(tools[tool]) for tool in touched})
        for tool in again:
            self._group(tool, tools[tool])

    def _place(self, touched: Sequence[ToolId], *, whole: bool) -> None:
        """Put tools at their places in the list that the indexes are about."""
        if whole:
            self._ordered = list(self._tools.values())
            self._indexes = {}
            self._about = Index(_about, self._ordered)
            return
        for tool in touched:
            self._ordered[self._places[tool]] = self._tools[tool]
            self._about.put(self._places[tool])

    @property
    def live(self) -> Sequence[ToolState]:
        """The live tools, as they stand when they are looked at."""
        return self._about.index_key("live")

    @property
    def granted_high_risk(self) -> Sequence[ToolState]:
        """The allowed tools of high risk, as they stand when they are looked at."""
        return self._about.index_key("grave")

    @property
    def general(self) -> list[Finding]:
        """Findings of no tool, with what people made of them."""
        exposed = {source for source, count in self._live.items() if count}
        found = [finding for slot in self._slots.values() for finding in slot]
        found += [finding for finding in self._of_sources if finding.subject in exposed]
        return [self.settled(finding) for finding in applied(self.policy, found) if finding.tool is None]

    def counted(self) -> list[tuple[Finding, int]]:
        """Return one finding of each likeness and how many there are, controls and the review left out."""
        return [(self._alike[key], count) for key, count in self._counts.items() if count > 0]

    def findings_snapshot(self) -> FindingsSnapshot:
        """Return the findings of tools as they are now; they stay so for whoever holds them."""
        made = FindingsSnapshot(self.by_tool)
        self._held.add(made)
        return made

    def holding(self, findings: Iterable[FindingId]) -> list[ToolId]:
        """Return the tools that findings are about."""
        wanted = set(findings)
        if not wanted:
            return []
        return [tool for tool, found in self.by_tool.items() if any(f.id in wanted for f in found)]

    def settled(self, finding: Finding) -> Finding:
        """Return a finding with what people made of it."""
        tool = self._tools.get(finding.tool) if finding.tool is not None else None
        return in_effect(finding, self._disposition(finding.id), self.today, tool)

    def _run_single(self, touched: Sequence[ToolId], tools: Mapping[ToolId, ToolState]) -> None:
        found, failed = run_each(tools[tool] for tool in touched)
        self.not_run += failed
        for tool in touched:
            self._single[tool] = []
        for finding in found:
            if finding.tool is not None:
                self._single[finding.tool].append(finding)

    def _count(self, tool: ToolId, state: ToolState) -> None:
        """Count a tool's facts."""
        facts = ToolFacts.of(state)
        before = self._facts.get(tool)
        if before is not None:
            self.facts[before] -= 1
            self._live[state.row.source] -= before.live
        self._facts[tool] = facts
        self.facts[facts] += 1
        self._live[state.row.source] += facts.live

    def _run_counted(self, each: Rule, touched: Sequence[ToolId], *, whole: bool) -> set[ToolId]:
        """Run a rule on what it counts, if a touched tool counts otherwise now; return the tools whose findings differ."""
        try:
            changed = self._counts_otherwise(each, touched)
        except Exception:  # noqa: BLE001 - the run over all tools says what failed
            return self._run_whole(each, self._tools)
        if not changed and not whole:
            return set()
        found, failed = run_counted(each, self._indexes[each.id].groups())
        self.not_run += failed
        return self._replace(each, found, None)

    def _counts_otherwise(self, each: Rule, touched: Sequence[ToolId]) -> bool:
        index = self._indexes.get(each.id)
        if index is None:
            index_key = each.index_key
            assert index_key is not None, "only rules that say what they count"
            self._indexes[each.id] = Index(lambda tool: index_key(tool) if tool.live else (), self._ordered)
            return True
        return index.follow(map(self._places.__getitem__, touched))

    def _run_whole(self, each: Rule, tools: Mapping[ToolId, ToolState]) -> set[ToolId]:
        """Run a rule on all live tools; return the tools whose findings differ."""
        found, failed = run_set(each, list(self.live))
        self.not_run += failed
        if each.group is not None:
            groups: dict[object, list[ToolId]] = {}
            for identity, tool in tools.items():
                groups.setdefault(each.group(tool), []).append(identity)
            self._groups[each.id] = groups
        return self._replace(each, found, each.group)

    def _replace(
        self, each: Rule, found: Iterable[Finding], group: Callable[[ToolState], object] | None
    ) -> set[ToolId]:
        """Replace all that a rule found; return the tools whose findings differ."""
        slots: dict[tuple[str, object], list[Finding]] = {}
        for finding in found:
            slot = group(self._tools[finding.tool]) if group is not None and finding.tool is not None else None
            slots.setdefault((each.id, slot), []).append(finding)
        gone = [slot for slot in self._slots if slot[0] == each.id and slot not in slots]
        return {tool for slot in (*slots, *gone) for tool in self._fill(slot, slots.get(slot, []))}

    def _run_groups(self, each: Rule, tools: Mapping[ToolId, ToolState], groups: Iterable[object]) -> set[ToolId]:
        """Run a rule on the live tools of some groups; return the tools whose findings differ."""
        touched: set[ToolId] = set()
        for group in groups:
            members = [tools[tool] for tool in self._groups[each.id].get(group, ())]
            found, failed = run_set(each, [tool for tool in members if tool.live])
            self.not_run += failed
            touched |= self._fill((each.id, group), found)
        return touched

    def _fill(self, slot: tuple[str, object], found: list[Finding]) -> set[ToolId]:
        """Replace what a rule found in a group; return the tools whose findings differ."""
        before = self._slots.pop(slot, [])
        if found:
            self._slots[slot] = found
        if before == found:
            return set()
        for finding in before:
            if finding.tool is not None:
                self._together[finding.tool].remove(finding)
        for finding in found:
            if finding.tool is not None:
                self._together.setdefault(finding.tool, []).append(finding)
        return {finding.tool for finding in (*before, *found) if finding.tool is not None}

    def _group(self, tool: ToolId, state: ToolState) -> None:
        """Put together what was found on a tool, and count it."""
        for held in self._held:
            held.keep(tool)
        for finding in self.by_tool.pop(tool, ()):
            self._counts[likeness(finding)] -= 1
        raw = [*self._single.get(tool, ()), *self._together.get(tool, ())]
        if state.live:
            raw += self._defined.get(tool, ())
        if not raw:
            return
        settled = [self.settled(finding) for finding in applied(self.policy, raw)]
        self.by_tool[tool] = tuple(sorted(settled, key=worst_first))
        for finding in settled:
            key = likeness(finding)
            self._alike.setdefault(key, finding)
            self._counts[key] += 1
