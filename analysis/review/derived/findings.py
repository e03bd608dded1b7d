"""Findings in effect, kept per tool: a decision costs milliseconds, however many tools there are."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from analysis.policy import applied
from analysis.review.derived.found_by_tool import FoundByTool
from analysis.review.derived.view import DerivedView
from analysis.review.record.dispositions import in_effect
from analysis.rules import FindingRows, review_rules, run_each, run_indexed, run_set, set_rules, worst_first
from analysis.rules.engine.index import UNREAD, Index
from analysis.rules.engine.rule_context import is_granted_high_risk
from analysis.score import score_key

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

    from analysis.model import Finding, FindingId, RuleNotRun, SourceId, ToolId, ToolState
    from analysis.review.derived.view import ToolTable
    from analysis.review.record.record import Record
    from analysis.rules import Rule
    from analysis.rules.engine.index import IndexKey


def _review_keys(tool: ToolState) -> Iterator[str]:
    """Yield the index keys of a tool for rules and findings about a source or the review as a whole."""
    if tool.live:
        yield "live"
        yield f"source {tool.row.source}"
    if is_granted_high_risk(tool):
        yield "granted"


class FindingIndex(DerivedView):
    """The findings of every tool, with policy and dispositions applied, and the counts that the score needs.

    `by_tool` is replaced tool by tool; `queue` holds what rules say of undecided tools that is work and no finding; `not_run` lists rules that failed. Findings of no tool are in `general`.
    """

    def __init__(
        self,
        table: ToolTable,
        definition_findings: Iterable[Finding],
        record: Record,
        unread: Iterable[SourceId] = (),
    ) -> None:
        self._record = record
        self._unread = frozenset(unread)
        self._queue_rules = frozenset(rule.id for rule in review_rules() if rule.undecided == "queue")
        self._defined: dict[ToolId, list[Finding]] = {}
        self._of_sources: list[Finding] = []
        for finding in definition_findings:
            if finding.tool is not None:
                self._defined.setdefault(finding.tool, []).append(finding)
            else:
                self._of_sources.append(finding)
        super().__init__(table)

    def rebuild(self) -> None:
        """Run every rule on every tool."""
        self.by_tool = FoundByTool()
        self.queue = FoundByTool()
        self.not_run: list[RuleNotRun] = []
        self._single: dict[ToolId, list[Finding]] = {}
        self._indexes: dict[IndexKey, Index] = {}  # of rules that count; some count by the same key
        self._review_index = Index(_review_keys, self.table.states)
        # What `set` rules found: by rule and partition, and by tool.
        self._members: dict[str, dict[object, list[ToolId]]] = {}
        self._slots: dict[tuple[str, object], list[Finding]] = {}
        self._together: dict[ToolId, list[Finding]] = {}
        self._example: dict[tuple[object, ...], Finding] = {}
        self._counts: Counter[tuple[object, ...]] = Counter()
        self._rows: FindingRows | None = None
        self._run(range(len(self.table.states)), whole=True)

    def update(self, places: set[int]) -> None:
        """Run again what depends on the tools at some places."""
        if self.not_run:  # a rule that failed on one tool is not trusted on any
            self.rebuild()
        else:
            self._review_index.update(places)
            self._run(sorted(places), whole=False)

    def live(self) -> Sequence[ToolState]:
        """Return the tools that count as exposed."""
        return self._review_index.tools_at("live")

    def granted_high_risk(self) -> Sequence[ToolState]:
        """Return the allowed tools of high risk."""
        return self._review_index.tools_at("granted")

    def general(self) -> list[Finding]:
        """Return the findings of no tool, with their dispositions."""
        found = [finding for slot in self._slots.values() for finding in slot if finding.tool is None]
        found += [finding for finding in self._of_sources if self._review_index.places(f"source {finding.subject}")]
        return [self.settled(finding) for finding in applied(self._record.policy.policy, found)]

    def counted(self) -> list[tuple[Finding, int]]:
        """Return one finding of each score key with its count; controls and the review are not in it."""
        return [(self._example[key], count) for key, count in self._counts.items() if count > 0]

    def rows(self) -> FindingRows:
        """Return the rows of all findings on tools. They are made when first asked for, and kept from then on."""
        if self._rows is None:
            single = (finding for found in self.by_tool.values() for finding in found)
            waiting = (finding for found in self.queue.values() for finding in found)
            self._rows = FindingRows(self.table.sources, single, waiting)
        return self._rows

    def settled(self, finding: Finding) -> Finding:
        """Return a finding with its disposition in effect."""
        tool = self.table.get(finding.tool)
        return in_effect(finding, self._record.disposition(finding.id), self._record.day, tool)

    def tools_of(self, findings: Iterable[FindingId]) -> list[ToolId]:
        """Return the tools that findings are about."""
        wanted = set(findings)
        return [t for t, found in self.by_tool.items() if any(f.id in wanted for f in found)] if wanted else []

    def _run(self, places: Sequence[int], *, whole: bool) -> None:
        states = self.table.states
        self._disposed = self._record.dispositions().keys()
        self._changed_indexes: dict[IndexKey, bool] = {}
        changed = [states[place].row.id for place in places]
        found, failed = run_each(states[place] for place in places)
        self.not_run = list(failed)
        self._single.update({tool: [] for tool in changed})
        for finding in found:
            if finding.tool is not None:
                self._single[finding.tool].append(finding)
        again = set(changed)
        for rule in set_rules():
            if rule.index_key is not None:
                again |= self._run_counted(rule, places, whole=whole)
            elif whole or rule.partition_key is None:
                again |= self._run_whole(rule)
            else:
                again |= self._run_partitions(rule, {rule.partition_key(states[place]) for place in places})
        for tool in self.table.ids if whole else again:
            self._combine(tool)

    def _run_counted(self, rule: Rule, places: Sequence[int], *, whole: bool) -> set[ToolId]:
        """Run a rule over its index, if the index has changed; return the tools whose findings differ."""
        try:
            changed = self._follow(rule, places)
        except Exception:  # noqa: BLE001 - the run over all tools reports the failure
            return self._run_whole(rule)
        if not changed and not whole:
            return set()
        assert rule.index_key is not None, "only rules with an index"
        found, failed = run_indexed(rule, self._indexes[rule.index_key].groups())
        self.not_run += failed
        return self._replace(rule, found, None)

    def _follow(self, rule: Rule, places: Sequence[int]) -> bool:
        """Bring the index of a rule up to date; return whether it has changed in this run."""
        key = rule.index_key
        assert key is not None, "only rules with an index"
        if key not in self._changed_indexes:
            index = self._indexes.get(key)
            self._changed_indexes[key] = self._make_index(key) if index is None else index.update(places)
        return self._changed_indexes[key]

    def _make_index(self, key: IndexKey) -> bool:
        unread = self._unread

        def keys_of_live(tool: ToolState) -> Iterable[Hashable]:
            return key(tool) if tool.live else ()

        def keys_and_unread(tool: ToolState) -> Iterable[Hashable]:
            return (*key(tool), UNREAD) if tool.live and tool.row.source in unread else keys_of_live(tool)

        self._indexes[key] = Index(keys_and_unread if unread else keys_of_live, self.table.states)
        return True

    def _run_whole(self, rule: Rule) -> set[ToolId]:
        """Run a rule on all live tools; return the tools whose findings differ."""
        found, failed = run_set(rule, list(self.live()))
        self.not_run += failed
        if rule.partition_key is not None:
            members: dict[object, list[ToolId]] = {}
            for tool in self.table.states:
                members.setdefault(rule.partition_key(tool), []).append(tool.row.id)
            self._members[rule.id] = members
        return self._replace(rule, found, rule.partition_key)

    def _run_partitions(self, rule: Rule, partitions: Iterable[object]) -> set[ToolId]:
        """Run a rule on the live tools of some partitions; return the tools whose findings differ."""
        changed: set[ToolId] = set()
        for key in partitions:
            members = [self.table.states[self.table.places[tool]] for tool in self._members[rule.id].get(key, ())]
            found, failed = run_set(rule, [tool for tool in members if tool.live])
            self.not_run += failed
            changed |= self._fill((rule.id, key), found)
        return changed

    def _replace(
        self, rule: Rule, found: Iterable[Finding], partition: Callable[[ToolState], object] | None
    ) -> set[ToolId]:
        """Replace everything a rule found; return the tools whose findings differ."""
        slots: dict[tuple[str, object], list[Finding]] = {}
        for finding in found:
            tool = self.table.get(finding.tool)
            slot = None
            if partition is not None:  # a finding of no tool belongs to the partition of its source
                slot = partition(tool) if tool is not None else finding.subject
            slots.setdefault((rule.id, slot), []).append(finding)
        gone = [slot for slot in self._slots if slot[0] == rule.id and slot not in slots]
        return {tool for slot in (*slots, *gone) for tool in self._fill(slot, slots.get(slot, []))}

    def _fill(self, slot: tuple[str, object], found: list[Finding]) -> set[ToolId]:
        """Replace what a rule found in a partition; return the tools whose findings differ."""
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

    def _combine(self, tool: ToolId) -> None:
        """Combine and count everything that was found on a tool."""
        before, waited = self.by_tool.of(tool), self.queue.of(tool)
        for finding in (*before, *waited):
            self._counts[score_key(finding)] -= 1
        self._put(tool)
        if self._rows is not None:
            self._rows.replace(before, self.by_tool.of(tool))
            self._rows.replace_waiting(waited, self.queue.of(tool))

    def _put(self, tool: ToolId) -> None:
        """Put together and count what was found on a tool, of which nothing is counted."""
        found = [*self._single.get(tool, ()), *self._together.get(tool, ())]
        if self.table.states[self.table.places[tool]].live:
            found += self._defined.get(tool, ())
        settled, waiting, disposed = [], [], self._disposed
        for finding in applied(self._record.policy.policy, found) if found else ():
            if finding.rule in self._queue_rules:
                waiting.append(finding)
            else:
                settled.append(self.settled(finding) if disposed and finding.id in disposed else finding)
        self.by_tool.replace(tool, tuple(sorted(settled, key=worst_first) if len(settled) > 1 else settled))
        self.queue.replace(tool, tuple(waiting))
        for finding in (*settled, *waiting):
            key = score_key(finding)
            self._example.setdefault(key, finding)
            self._counts[key] += 1
