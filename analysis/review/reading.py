"""A review as one reads it: the questions that front ends ask. Nothing here records anything."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Self

from analysis.errors import UsageError, WorkspaceRefused
from analysis.governance.controls import answer_state, controls
from analysis.governance.controls import control as find_control
from analysis.model import (
    Answer,
    AnswerState,
    Assessment,
    Control,
    Disposition,
    Finding,
    FindingId,
    Intake,
    Note,
    ReviewedTool,
    RuleNotRun,
    Skipped,
    SourceId,
    Tool,
    ToolId,
    ToolRow,
    ToolState,
    require_second_approver,
)
from analysis.review.derived.findings import FindingIndex
from analysis.review.derived.query_rows import QueryRows
from analysis.review.derived.summary import ReviewContext, ReviewSummary
from analysis.review.record import history, state
from analysis.review.record.approvers import tools_lacking_approver, with_second_approver_gate
from analysis.review.record.expiry import dated_ahead, effective_time, last_of
from analysis.review.record.policy import ReviewPolicy, review_policy
from analysis.review.sources.importing import SourceStatus
from analysis.review.sources.rebuild import verify
from analysis.workspace import Registers, Store, from_plain

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from analysis.model import LogEntry

PRODUCT = "clearance 0.1.0"


class ReviewReader:
    """An open review as one reads it."""

    def __init__(self, store: Store, now: str = "") -> None:
        self._store = store
        self._now = now
        self._registers = Registers()
        self._states: dict[ToolId, ToolState] = {}
        self._load()

    # opening -------------------------------------------------------------------------------------------

    @classmethod
    def open(cls, path: Path, *, writable: bool = True, now: str = "") -> Self:
        """Open a review file as it stands at a time (ISO 8601): the reader's clock, which no event runs ahead of.

        Without a clock it stands at its last event, whatever that is dated: for replays, never for people.
        Raises `WorkspaceRefused` or `InputRefused`; nothing on disk changes.
        """
        return cls(Store.open(path, writable=writable), now)

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    def _load(self) -> None:
        """Read what is stored. Whatever has not its shape was not written by us: the file is refused."""
        try:
            verify(self._store)
            self._sources = [from_plain(SourceStatus, data) for data in self._store.sources()]
            self._rows = [from_plain(ToolRow, data) for data in self._store.rows()]
            self._definition_findings = [from_plain(Finding, data) for data in self._store.findings()]
            self._fold()
            state.validate_registers(self._registers)
            review_policy(self._registers)
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
            raise WorkspaceRefused(
                "the review file was not opened",
                place=str(self._store.path),
                why=f"it holds something this Clearance does not understand: {error}",
                remedy="restore a copy, or open it with the version that wrote it; this file was not changed",
            ) from error

    def _fold(self) -> None:
        self._registers = Registers()
        for event in self._store.events:
            self._registers.add(event)
        self._as_of = effective_time(self._registers, last_of(self._store.events, self._now), self._now)
        self._day = self._as_of[:10]
        self._states = {row.id: state.tool_state(row, self._registers, self.as_of) for row in self._rows}
        self._summary: ReviewSummary | None = None
        self._seen: ReviewSummary | None = None  # the one before, as long as nobody has asked for the next
        self._finding_index: FindingIndex | None = None
        self._touched: set[ToolId] = set()
        self.touched: list[ToolId] = []  # what something was said of since everything was read; grows, never changes
        self._query_rows = QueryRows()

    # facts ---------------------------------------------------------------------------------------------

    @property
    def path(self) -> Path:
        """Where the review file lies."""
        return self._store.path

    @property
    def writable(self) -> bool:
        """Whether anything can be recorded."""
        return self._store.writable

    @property
    def title(self) -> str:
        """What is reviewed."""
        return str(state.first(self._registers, "review").get("title", ""))

    @property
    def workspace(self) -> str:
        """The identity of the review: its first event."""
        return self._store.events[0].id

    @property
    def as_of(self) -> str:
        """The time of the last event that is not ahead of the clock, or of the last end that has passed since."""
        return self._as_of

    def not_checked(self) -> tuple[Skipped, ...]:
        """Return what nothing here speaks of, each once: checks that were left out, dates that cannot be."""
        left_out = (skipped for source in self._sources for skipped in source.not_checked)
        return tuple(dict.fromkeys((*left_out, *dated_ahead(self._store.events, self._now))))

    @property
    def events(self) -> int:
        """How many events are recorded."""
        return len(self._store.events)

    def heads(self) -> dict[str, tuple[int, str]]:
        """Return the last event of each replica as (seq, id)."""
        return self._store.heads()

    def sources(self) -> list[SourceStatus]:
        """Return the sources in the order of their import."""
        return self._sources

    def files(self, source: SourceId) -> list[tuple[str, bytes]]:
        """Return the stored files of a source as (relative name, bytes), the entry first."""
        return self._store.files(source)

    def tools(self) -> list[ToolState]:
        """Return every tool with what was said of it, in document order."""
        return list(self._states.values())

    def tool(self, tool: ToolId) -> ToolState:
        """Return one tool. Raises `UsageError` when it is not in the review."""
        if tool not in self._states:
            raise UsageError(
                "there is no such tool in the review", place=tool, remedy="list the tools with: clearance status"
            )
        return self._states[tool]

    def summary(self) -> ReviewSummary:
        """Return findings, score, progress and gates as they are now."""
        if self._summary is None:
            answers = {c.id: a for c in controls() if (a := state.answer(c.id, self._registers)) is not None}
            self._summary = ReviewSummary.of(
                self._indexed(),
                answers,
                self._engine_not_run(),
                with_second_approver_gate(self.review_policy(), self._states.values(), self._store.events),
                self._review_context(),
            )
        return self._summary

    def _review_context(self) -> ReviewContext:
        said = ((finding, self.disposition(finding)) for finding in self._disposed())
        requesters = frozenset(e.actor for e in self._store.events if e.kind == "review.created")
        return ReviewContext(requesters, {finding: made for finding, made in said if made is not None})

    def _indexed(self) -> FindingIndex:
        """Return what the tools contribute, brought up to date."""
        policy = self.review_policy().policy
        if self._finding_index is None or self._finding_index.policy != policy:
            self._finding_index = FindingIndex(self._definition_findings, self.disposition, self._day, policy)
            self._finding_index.take_in(self._states, None)
        elif self._touched:
            self._finding_index.take_in(self._states, self._touched)
        self._touched = set()
        return self._finding_index

    def _touch(self, tools: AbstractSet[ToolId], disposed: Sequence[FindingId] = ()) -> None:
        """Mark what was said of tools and findings to be weighed again."""
        self._seen, self._summary = self._summary or self._seen, None
        self._touched.update(tools)
        self.touched.extend(tools)
        self._query_rows.forget(tools)
        if disposed and self._finding_index is not None:
            self._touched.update(self._finding_index.holding(disposed))

    def _engine_not_run(self) -> tuple[RuleNotRun, ...]:
        return tuple(entry for source in self._sources for entry in source.not_run)

    def _disposed(self) -> list[FindingId]:
        return [FindingId(key.split("/", 1)[1].rpartition("/")[0]) for key in self._registers.keys("finding/")]

    def disposition(self, finding: FindingId) -> Disposition | None:
        """Return what people made of a finding."""
        return state.disposition(finding, self._registers)

    def alone(self) -> tuple[ToolId, ...]:
        """Return the tools of high risk that still need a second approver, where the profile asks for one."""
        return tools_lacking_approver(self.review_policy(), self._states.values(), self._store.events)

    def own_words(self) -> dict[str, list[dict[str, object]]]:
        """Return the words of the organisation's policy, by kind, as an examination of a source takes them."""
        policy = self.review_policy().policy
        return policy.own_words() if policy else {}

    def review_policy(self) -> ReviewPolicy:
        """Return what the review is held to: its profile and the organisation's policy."""
        return review_policy(self._registers)

    def answer_to(self, control: str) -> Answer | None:
        """Return what was said to a governance question, in the profile or not."""
        return state.answer(control, self._registers)

    def control(self, control: str) -> tuple[Control, Answer | None, AnswerState]:
        """Return one governance question with its answer and the state in effect. Raises `UsageError`."""
        return (asked := find_control(control)), (said := self.answer_to(control)), answer_state(asked, said, self._day)

    def controls(self) -> list[tuple[Control, Answer | None, AnswerState]]:
        """Return the governance questions of the profile, and all that were answered, in the same way."""
        rank = self.review_policy().profile.rank
        every = (self.control(c.id) for c in controls())
        return [entry for entry in every if entry[0].profile.rank <= rank or entry[1] is not None]

    def intake(self) -> Intake | None:
        """Return what was said of the tools before anybody looked, if anything was."""
        return state.intake(self._registers)

    def notes(self, subject: str | None = None) -> tuple[Note, ...]:
        """Return the notes on a subject, or all of them."""
        return state.all_notes(self._registers) if subject is None else state.notes_on(subject, self._registers)

    def log(self) -> list[LogEntry]:
        """Return the audit trail, oldest first."""
        names = self._names()
        return [history.log_entry(event, names) for event in self._store.events]

    def evidence(
        self, tool: ToolId, findings: Sequence[Finding] | None = None, lacking: Collection[ToolId] | None = None
    ) -> ReviewedTool:
        """Return one tool whole: definition, assessment, state, findings (in effect, unless given) and notes.

        `lacking` are the tools without the second approver that the review asks for; without it they are looked up.
        """
        lacks = tool in (self.alone() if lacking is None else lacking)
        now, data = self.tool(tool), self._store.record(tool)
        now = replace(now, decision_state=require_second_approver(now.decision_state, lacking=lacks))
        return ReviewedTool(
            tool=from_plain(Tool, data["tool"]),
            assessment=from_plain(Assessment, data["assessment"]),
            state=now,
            findings=tuple(f.id for f in (self.summary().by_tool.get(tool, ()) if findings is None else findings)),
            notes=self.notes(tool),
        )

    def history_of(self, tool: ToolId) -> list[LogEntry]:
        """Return what happened to one tool, oldest first."""
        own = {state.decision_key(tool), *(state.override_key(tool, what) for what in state.OVERRIDABLE)}
        own |= set(self._registers.notes(tool))
        names: dict[str, str] = {tool: self._states[tool].row.name}
        return [history.log_entry(e, names) for e in self._store.events if e.key in own]

    def version(self) -> int:
        """Return a number that changes when another program has written to the file."""
        return self._store.version()

    def refresh(self, now: str = "") -> bool:
        """Take in what another program has recorded by now. Returns whether there was anything."""
        self._advance(now)
        if not self._store.refresh():
            return False
        self._load()
        return True

    def _advance(self, now: str) -> None:
        """Take note of the time; a review without a clock stays without one."""
        self._now = max(self._now, now) if self._now else ""

    def _names(self) -> dict[str, str]:
        return {identity: state.row.name for identity, state in self._states.items()}

    def _named(self, tools: Sequence[ToolId]) -> str:
        return self._states[tools[0]].row.name if len(tools) == 1 else f"{len(tools)} tools"
