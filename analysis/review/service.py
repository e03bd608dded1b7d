"""A review as one works on it: the commands people give. Clock and actor are passed in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from analysis.errors import AnswerIsNo, UsageError
from analysis.governance.controls import control as find_control
from analysis.model import (
    AnswerState,
    Condition,
    DecisionState,
    Disposition,
    Evidence,
    FindingId,
    FlowRole,
    Intake,
    Profile,
    Risk,
    SourceId,
    ToolId,
    ToolType,
)
from analysis.query import parse
from analysis.review.queries import changes
from analysis.review.reading import PRODUCT
from analysis.review.record import drafts, history, state
from analysis.review.record.dispositions import checked, stated
from analysis.review.sources.importing import ImportOptions, examine_source, rows_of, source_rows
from analysis.review.validating import Validating
from analysis.text import without_surrogates
from analysis.workspace import Event, EventDraft, Store, note_key, note_subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from analysis.review.sources.importing import ImportResult


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command did: a sentence for the person, and the tools to show anew."""

    sentence: str
    tools: tuple[ToolId, ...] = ()


def nobody() -> UsageError:
    """Return the error for an act without an actor."""
    return UsageError("who is acting is not known", remedy="pass --actor NAME or set CLEARANCE_ACTOR")


class Review(Validating):
    """An open review. Every command is one action: recorded whole, or not at all."""

    # beginning -----------------------------------------------------------------------------------------

    @classmethod
    def create(
        cls, path: Path, sources: Sequence[ImportResult], *, actor: str, at: str, title: str = "",
        profile: Profile = Profile.L1,
    ) -> Review:  # fmt: skip
        """Make a review file from examined sources: whole or not at all."""
        if not actor.strip():
            raise nobody()
        named = title or next((s.info.title or s.info.uri for s in sources), path.stem)
        first = [drafts.created(named, PRODUCT), *(drafts.imported(source) for source in sources)]
        if profile is not Profile.L1:
            first.append(drafts.profiled(profile, "chosen at the beginning"))
        return cls(
            Store.create(
                path,
                [drafts.sanitized(draft) for draft in first],
                actor=without_surrogates(actor.strip()),
                at=at,
                rows=[source_rows(source) for source in sources],
            ),
            at,
        )

    # commands ------------------------------------------------------------------------------------------

    def decide(
        self, tools: Sequence[ToolId], decision_state: DecisionState | None, *, reason: str, actor: str, at: str,
        conditions: Sequence[Condition] = (),
    ) -> Outcome:  # fmt: skip
        """Decide the exposure of tools, or clear the decision (None), as one action."""
        if not reason.strip():
            raise UsageError("a decision needs a reason", remedy="say in a few words why")
        if decision_state is DecisionState.CONDITIONAL and not conditions:
            raise UsageError("approval with conditions needs a condition", remedy="name at least one")
        if decision_state is not DecisionState.CONDITIONAL and conditions:
            raise UsageError("only an approval with conditions carries conditions", remedy="leave them out")

        stated = len(conditions)
        decision_state, conditions = drafts.lasting(decision_state, conditions, self.review_policy().policy, at)
        until = f", until {conditions[-1].value} by policy" if len(conditions) > stated else ""
        # Bound to what was on the screen: a definition that somebody imports meanwhile was seen by nobody here.
        seen = {tool: self.tool(tool).row.digest for tool in tools}

        def data(tool: ToolId) -> dict[str, Any]:
            self.tool(tool)  # once more: another program may have removed it
            made: dict[str, Any] = {
                "exposure": decision_state.value if decision_state else None,
                "reason": reason.strip(),
            }
            made |= {"definition": seen[tool]} if decision_state is not None else {}
            said = [{"kind": c.kind.value, "value": c.value, "evidence": c.evidence} for c in conditions]
            return made | ({"conditions": said} if said else {})

        verb = decision_state.value if decision_state else "cleared"
        self._record(lambda: [self._draft("tool.decided", state.decision_key(t), data(t)) for t in tools], actor, at)
        return Outcome(f"{verb}: {self._named(tools)}{until}", tuple(tools))

    def override_risk(self, tool: ToolId, risk: Risk, *, reason: str, actor: str, at: str) -> Outcome:
        """Set a tool's risk. Lowering it below the engine's proposal needs a reason."""
        now = self.tool(tool)
        if risk.rank < max(now.row.risk.rank, now.risk.rank) and not reason.strip():
            raise UsageError("lowering a risk needs a reason", remedy="say why it is lower than proposed")
        return self._override(tool, "risk", risk.value, reason, actor, at)

    def override_type(self, tool: ToolId, kind: ToolType, *, reason: str, actor: str, at: str) -> Outcome:
        """Set a tool's type. Needs a reason: the type decides which rules apply."""
        self.tool(tool)
        if not reason.strip():
            raise UsageError("re-tagging a type needs a reason", remedy="say what the engine did not see")
        return self._override(tool, "type", kind.value, reason, actor, at)

    def override_flow_role(
        self, tool: ToolId, flow_role: FlowRole, *, present: bool, reason: str, actor: str, at: str
    ) -> Outcome:
        """Say whether a tool lends a leg to a flow over several tools. Needs a reason."""
        self.tool(tool)
        if not reason.strip():
            raise UsageError("correcting a leg needs a reason", remedy="say what the engine did not see")
        return self._override(
            tool, state.flow_role_register(flow_role), "present" if present else "absent", reason, actor, at
        )

    def _override(self, tool: ToolId, what: str, value: str, reason: str, actor: str, at: str) -> Outcome:
        data = {"value": value, "reason": reason.strip()}

        def make() -> list[EventDraft]:
            self.tool(tool)  # once more: another program may have removed it
            return [self._draft("tool.retagged", state.override_key(tool, what), data)]

        self._record(make, actor, at)
        return Outcome(f"{what} of {self._named([tool])} is now {value}", (tool,))

    def note(self, subject: str, text: str, *, actor: str, at: str) -> Outcome:
        """Add a note to a tool, a finding, a control, or the review (subject `review`)."""
        if not text.strip():
            raise UsageError("a note needs text")

        def make() -> list[EventDraft]:
            key = note_key(subject, f"{self._store.replica}-{self.events}")
            return [EventDraft("note.written", key, {"subject": subject, "text": without_surrogates(text.strip())})]

        self._record(make, actor, at)
        return Outcome("noted", (ToolId(subject),) if subject in self._states else ())

    def answer(
        self, control: str, answered: AnswerState, *, text: str, actor: str, at: str, evidence: Sequence[Evidence] = ()
    ) -> Outcome:
        """Answer a governance question; `UNANSWERED` takes the answer back."""
        asked = find_control(control)
        draft = drafts.answered(asked, answered, text, evidence)
        self._record(lambda: [self._replacing(draft)], actor, at)
        return Outcome(f"{asked.title}: {answered.value}")

    def set_profile(self, profile: Profile, *, reason: str, actor: str, at: str) -> Outcome:
        """Choose how much the review is asked. Answers that a smaller profile does not ask for stay on record."""
        draft = drafts.profiled(profile, reason)
        self._record(lambda: [self._replacing(draft)], actor, at)
        return Outcome(f"profile {profile.value}: {self.summary().progress.controls} questions")

    def take_intake(self, said: Intake, *, actor: str, at: str) -> Outcome:
        """Record what whoever asks for the tools says of them, in place of what was said before."""
        draft = drafts.intake(said)
        self._record(lambda: [self._replacing(draft)], actor, at)
        return Outcome("intake recorded")

    def import_policy(self, text: str, *, actor: str, at: str, place: str = "policy") -> Outcome:
        """Put the policy of an organisation in force, in place of an earlier one. Raises `InputRefused`."""
        draft, policy = drafts.policy(without_surrogates(text), place)
        self._record(lambda: [self._replacing(draft)], actor, at)
        return Outcome(f"policy in force: {policy.name}, sha256 {policy.sha256}")

    def dispose(self, findings: Sequence[FindingId], made: Disposition) -> Outcome:
        """Set the disposition of findings as one action; `OPEN` takes it back. Actor and time are in `made`.

        A gathered finding stands for the single ones it was gathered from.
        """
        made = checked(made, self.review_policy().policy)
        single, each = self.single(findings), self.each_finding()
        kind = "finding.disposed"
        about = {f: self._states.get(found.tool) if (found := each[f]).tool is not None else None for f in single}

        def make() -> list[EventDraft]:
            return [self._draft(kind, state.finding_key(f), stated(made, about[f])) for f in single]

        self._record(make, made.actor, made.at)
        return Outcome(f"{len(single)} finding{'s' if len(single) != 1 else ''}: {made.status.value}")

    def save_view(self, name: str, query: str, *, actor: str, at: str) -> Outcome:
        """Keep a filter under a name for everybody who works on the review; an empty filter forgets the name."""
        title = " ".join(name.split())
        if not title:
            raise UsageError("a view needs a name", remedy="name it in a word or two")
        parse(query)
        key = state.view_key(title)
        if not query.strip() and not self._replaced(key):
            raise UsageError("there is no such view", place=title, remedy="list the views with: clearance views FILE")
        data = {"name": title, "query": query.strip()} if query.strip() else {}
        self._record(lambda: [self._draft("view.saved", key, data)], actor, at)
        return Outcome(f"view {title}: {query.strip() or 'forgotten'}")

    def undo(self, *, actor: str, at: str) -> Outcome:
        """Take back the actor's last action. Raises `AnswerIsNo` when there is none."""
        return self._step(0, "undo", "undone", actor, at)

    def redo(self, *, actor: str, at: str) -> Outcome:
        """Take back the actor's last undo. Raises `AnswerIsNo` when there is none."""
        return self._step(1, "redo", "done again", actor, at)

    def _step(self, which: int, name: str, past: str, actor: str, at: str) -> Outcome:
        action: list[Event] = []

        def make() -> list[EventDraft]:
            stack = history.stacks(self._store.events, actor)[which]
            if not stack:
                raise AnswerIsNo(f"there is nothing to {name}", remedy="everybody takes back what they did themselves")
            action[:] = stack[-1]
            return history.plan(action, self._store.events, self._registers)

        self._record(make, actor, at)
        touched = tuple(dict.fromkeys(t for t in map(self._tool_of, action) if t is not None))
        meant = action if name == "undo" else history.meant(action, self._store.events)
        what = history.sentence(meant[0], self._names()) if len(action) == 1 else f"{len(action)} changes"
        return Outcome(f"{past}: {what}", touched)

    def import_source(self, source: str | bytes, *, actor: str, at: str, name: SourceId | None = None) -> Outcome:
        """Read a source and take it in."""
        return self.take_in(
            examine_source(source, name=name, how=ImportOptions(own_words=self.own_words())), actor=actor, at=at
        )

    def take_in(self, examined: ImportResult, *, actor: str, at: str) -> Outcome:
        """Add an examined source, or refresh the one of the same name; changed definitions turn decisions stale."""
        former = [row for row in self._rows if row.source == examined.info.id]
        made = changes.compared(former, rows_of(examined)) if former else None
        rows = source_rows(examined)
        draft = drafts.imported(examined, changes=made)
        self._record(lambda: [self._replacing(draft)], actor, at, lambda: self._store.put_source(rows))
        self._load()
        touched = made.get("changed", ()) if made is not None else (tool.id for tool, _ in examined.tools)
        return Outcome(changes.sentence(examined.info.id, len(examined.tools), made), tuple(touched))

    # recording -----------------------------------------------------------------------------------------

    def _replaced(self, key: str) -> tuple[str, ...]:
        return tuple(event.id for event in self._registers.heads(key))

    def _replacing(self, draft: EventDraft) -> EventDraft:
        return replace(draft, replaces=self._replaced(draft.key))

    def _draft(self, kind: str, key: str, data: dict[str, Any]) -> EventDraft:
        return EventDraft(kind, key, data, self._replaced(key))

    def _record(
        self, make: Callable[[], list[EventDraft]], actor: str, at: str, also: Callable[[], None] | None = None
    ) -> None:
        """Write drafts as one action; what others wrote in the meantime is folded in first."""
        if not actor.strip():
            raise nobody()
        self._advance(at)
        with self._store.transaction() as changed:
            if changed:
                self._load()
            recorded = self._store.append(
                [drafts.sanitized(d) for d in make()], actor=without_surrogates(actor.strip()), at=at
            )
            if also is not None:
                also()
        self._take_in(recorded)

    def _take_in(self, events: Iterable[Event]) -> None:
        for event in events:
            self._registers.add(event)
            self._as_of = max(self._as_of, event.at)
        if self._as_of[:10] != self._day:  # approvals end with a day, also those of tools nobody touched
            self._fold()
            return
        touched = {t for t in map(self._tool_of, events) if t is not None}
        for tool in touched:
            self._states[tool] = state.tool_state(self._states[tool].row, self._registers, self.as_of)
        disposed = [state.finding_of(event.key) for event in events if event.key.startswith("finding/")]
        self._touch(touched, disposed)

    def _tool_of(self, event: Event) -> ToolId | None:
        """Return the tool of the review that an event is about."""
        area, _, rest = event.key.partition("/")
        found = rest.rpartition("/")[0] if area == "tool" else note_subject(event.key) if area == "note" else ""
        return ToolId(found) if found in self._states else None
