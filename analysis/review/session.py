"""The open review: it holds the file, the record, the table of tools and the views over it.

Commands (`analysis.review.commands`) and queries (`analysis.review.queries`) are functions over it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

from analysis.collector import collector_paused, keep_for_good
from analysis.errors import UsageError
from analysis.model import Finding, Profile, SourceStatus, ToolRow
from analysis.review.derived import Views
from analysis.review.derived.view import ToolTable
from analysis.review.new_review import known_actor, new_store
from analysis.review.record import drafts
from analysis.review.record.forms import refuse_faulty
from analysis.review.record.imports import imports_without_bytes
from analysis.review.record.people.proven_events import Proofs, proofs_of
from analysis.review.record.record import Record
from analysis.review.record.state import recorded_title
from analysis.review.sources.engine_identity import engine_digest
from analysis.review.sources.policy_words import words_at_import, words_digest
from analysis.sync.sync_memory import remembered
from analysis.workspace import Store, from_plain
from analysis.workspace.file_schema import refusing_malformed
from analysis.workspace.keys import ASSIGNMENT, PACKET, POLICY, parse_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from analysis.ingest.schema_source import SchemaSource
    from analysis.model import ToolId, ToolState
    from analysis.review.derived.summary import ReviewSummary
    from analysis.review.packets.generator_names import SourceNames, Unread
    from analysis.review.record.policy import ReviewPolicy
    from analysis.review.sources.importing import ImportResult
    from analysis.sync.signed_commits import Proof
    from analysis.workspace import Event, EventDraft

#: Kinds of events after which everything is read again: definitions or the identity of the review may be others.
_CHANGES_ALL: Final = frozenset({"source.imported", "review.created"})
#: Number of events and tools from which a look of the garbage collector at all that was read costs a tenth of reading it.
_LARGE: Final = 10_000


class Review:
    """An open review file. Every action is recorded whole or not at all."""

    def __init__(self, store: Store, now: str = "", proofs: Sequence[Proof] = (), signer: str | None = None) -> None:
        self.store = store
        self.proofs = tuple(proofs)  # signatures that were verified
        # Whose key signs what this copy records, empty without a key; None where nothing counts that is not signed.
        self.signer = signer
        # Digest and content of the document parsed last: schemas are mostly read one after another from one source.
        self.last_document: tuple[str, SchemaSource] | None = None
        # By the digest of a source: its operations as generators of tools read them, or why they are not read.
        self.source_names: dict[str, SourceNames | Unread] = {}
        self._load(now)

    @classmethod
    def open(cls, path: Path, *, writable: bool = True, now: str = "") -> Self:
        """Open a review file at the time of the reader's clock (ISO 8601); later events do not set the time.

        Without a clock the time is that of the last event, which is for replays only. Raises `WorkspaceRefused` or
        `InputRefused`; nothing on disk changes.
        """
        with collector_paused():
            store = Store.open(path, engine=engine_digest(), writable=writable)
            memory = remembered(path)
            review = cls(store, now, proofs_of(memory), memory.person if memory.key else "")
            if len(store.events) + len(review.table.states) > _LARGE:
                keep_for_good()
            return review

    def as_signed(self) -> Self:
        """Return the review as everyone sees it: without what counts on this copy alone until it is signed."""
        if not self.record.unsigned:
            return self
        from analysis.review.sources.signed_rows import store_as_signed  # noqa: PLC0415 - it may assess sources anew

        store = store_as_signed(self.store, self.proofs, self._words)
        return type(self)(store, self.record.now, self.proofs)

    @classmethod
    def create(
        cls, path: Path, sources: Sequence[ImportResult], *, actor: str, at: str, title: str = "",
        profile: Profile = Profile.L1,
    ) -> Self:  # fmt: skip
        """Create a review file from sources and open it. Raises as `write_review` does."""
        with collector_paused():
            return cls(new_store(path, sources, actor=actor, at=at, title=title, profile=profile), signer="")

    def close(self) -> None:
        """Close the file."""
        self.store.close()

    def _load(self, now: str) -> None:
        """Read everything. A file with malformed content is refused."""
        with refusing_malformed(self.store.path):
            words = words_at_import(self.store.events, self.proofs, self._own)
            self._words = words_digest(words, self.store.events)
            if self.store.is_foreign(self._words):
                from analysis.review.sources.rebuild import rebuilt_rows  # noqa: PLC0415 - reads and assesses sources

                self.store.take_rebuilt(rebuilt_rows(self.store, words))
            self._sources = [from_plain(SourceStatus, data) for data in self.store.sources()]
            rows = [from_plain(ToolRow, data) for data in self.store.rows()]
            self._stored_findings: Iterable[Any] | None = self.store.findings()
            refused = imports_without_bytes(self.store.events, [source.info for source in self._sources])
            self._fold(rows, now, refused)

    @property
    def _own(self) -> tuple[str, str] | None:
        return None if self.signer is None else (self.store.replica, self.signer)

    def _reloaded_under_other_words(self) -> bool:
        """Read everything again where sources are to be assessed under other words; return whether they were."""
        words = words_at_import(self.store.events, self.proofs, self._own)
        other = words_digest(words, self.store.events) != self._words
        if other:
            self.reload()
        return other

    def _definition_findings(self) -> Sequence[Finding]:
        """Return the findings that depend on definitions alone: read with the rest, and taken apart when first asked for."""
        if self._stored_findings is not None:
            with refusing_malformed(self.store.path), collector_paused():
                self._findings = [from_plain(Finding, data) for data in self._stored_findings]
            self._stored_findings = None
        return self._findings

    def _fold(self, rows: Iterable[ToolRow], now: str, refused: Mapping[str, str] | None) -> None:
        """Work out what follows from all events."""
        self.record = Record(
            self.store.events,
            now,
            order=self.store.log.order,
            refused=refused,
            proofs=Proofs(self.proofs),
            own=self._own,
        )
        self.table = ToolTable(self.record.tool_state(row) for row in rows)
        not_run = [entry for source in self._sources for entry in source.not_run]
        unread = [source.info.id for source in self._sources if not source.complete]
        self.views = Views(self.table, self.record, self._definition_findings, not_run, unread)

    @property
    def path(self) -> Path:
        """The path of the review file."""
        return self.store.path

    @property
    def writable(self) -> bool:
        """Whether anything can be recorded."""
        return self.store.writable

    @property
    def title(self) -> str:
        """The title of the review."""
        return recorded_title(self.record.registers)

    @property
    def as_of(self) -> str:
        """The effective time of the review (ISO 8601)."""
        return self.record.as_of

    @property
    def policy(self) -> ReviewPolicy:
        """The profile and the organisation's policy in force."""
        return self.record.policy

    def sources(self) -> list[SourceStatus]:
        """Return the sources in the order of their import."""
        return self._sources

    def tools(self) -> list[ToolState]:
        """Return every tool, in document order."""
        return list(self.table.states)

    def tool(self, tool: ToolId) -> ToolState:
        """Return one tool. Raises `UsageError` when it is not in the review."""
        found = self.table.get(tool)
        if found is None:
            remedy = "list the tools with: clearance status"
            raise UsageError("there is no such tool in the review", place=tool, remedy=remedy)
        return found

    def summary(self) -> ReviewSummary:
        """Return findings, score, progress and gates."""
        return self.views.summary

    def version(self) -> int:
        """Return a number that changes when another program has written to the file."""
        return self.store.version()

    def refresh(self, now: str = "") -> bool:
        """Read the events that other programs recorded since. Returns whether there were any."""
        self._advance(now)
        arrived = self.store.refresh()
        self.take_in(arrived)
        return bool(arrived)

    def reload(self) -> None:
        """Read everything again, after sources have changed."""
        self._load(self.record.now)

    def commit(
        self, make: Callable[[], list[EventDraft]], actor: str, at: str, also: Callable[[], None] | None = None
    ) -> None:
        """Record drafts as one action, after reading the events that others recorded in the meantime.

        `make` is called inside the transaction, and may raise; `also` writes derived rows in the same transaction.
        """
        actor = known_actor(actor)
        self._advance(at)
        with self.store.transaction() as arrived:
            self.take_in(arrived)
            recorded = self.store.append([drafts.sanitized(draft) for draft in make()], actor=actor, at=at)
            refuse_faulty(recorded)
            if also is not None:
                also()
        self._add(recorded)

    def take_in(self, events: Sequence[Event]) -> None:
        """Bring everything up to date with events of other programs: only what they change, except after an import."""
        if any(event.kind in _CHANGES_ALL for event in events):
            self.reload()
        else:
            self._add(events)

    def prove(self, proofs: Sequence[Proof]) -> None:
        """Take in which events are proven, as an exchange has found out, and what follows from it."""
        self.proofs = tuple(proofs)
        if self._reloaded_under_other_words():
            return
        self._follow(self.record.prove(Proofs(self.proofs)), self.record.day)

    def _advance(self, now: str) -> None:
        """Advance the clock of a review that has one."""
        self.record.now = max(self.record.now, now) if self.record.now else ""

    def _add(self, events: Sequence[Event]) -> None:
        """Bring record and table up to date with events that were just recorded."""
        begins = self.record.begins_several(events)
        if (begins or any(event.key == POLICY for event in events)) and self._reloaded_under_other_words():
            return
        if begins:  # all that is only claimed has another weight now
            rows = [state.row for state in self.table.states]
            self._fold(rows, self.record.now, self.record.refused)
            return
        day = self.record.day
        self.record.add(events)
        self._follow(events, day)

    def _follow(self, events: Sequence[Event], day: str) -> None:
        """Bring the table up to date with events that the record has taken in, and with its day if that is another."""
        changed = {tool for event in events if (tool := self.tool_of(event)) is not None}
        if any(event.key == PACKET for event in events):
            changed.update(self.table.ids)
        if self.record.day != day:
            changed |= {state.row.id for state in self.table.states if state.decision or state.assignment}
        for tool in changed:
            self.table.put(self.record.tool_state(self.tool(tool).row))
        keys = [parse_key(event.key) for event in events]
        disposed = [key.finding for key in keys if key.finding is not None]
        if self.record.day != day:
            disposed += self.record.dispositions()
        if disposed:
            self.table.touch(self.views.tools_of(disposed))
        if any(event.key == POLICY for event in events):
            self.table.touch(self.table.ids)

    def tool_of(self, event: Event) -> ToolId | None:
        """Return the tool that an event is about, if it is one of the review."""
        key = parse_key(event.key)
        found = self.table.get(key.subject) if key.area in {"tool", "note", ASSIGNMENT} else None
        return None if found is None else found.row.id
