"""Actions on governance questions: answers, evidence, proposals from the sources, lists."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from analysis.errors import UsageError
from analysis.model import LEVELS, AnswerState, Evidence, EvidenceKind
from analysis.review import commands
from analysis.text import visible
from tui import clock
from tui.desk.areas.governance import GovernanceArea
from tui.desk.shell.host import session_of, typed_path
from tui.desk.widgets.prompts import Choose, Form, FormField

if TYPE_CHECKING:
    from analysis.model import Answer, Control
    from tui.desk.shell.host import Host

_KINDS: Final = (
    ("e", "evidenced by a record (link or number)", EvidenceKind.LINK),
    ("f", "evidenced by a file (hashed, not copied)", EvidenceKind.FILE),
    ("s", "evidenced by a statement or an extract", EvidenceKind.NOTE),
)
_STATES: Final = (
    ("c", "claimed, without evidence (half the points)", AnswerState.CLAIMED),
    ("n", "not applicable, with a reason", AnswerState.NOT_APPLICABLE),
    ("u", "unanswered: withdraw the answer", AnswerState.UNANSWERED),
)


def _current(desk: Host) -> tuple[Control, Answer | None] | None:
    """Return the question under the cursor with its answer."""
    area = desk.list_area
    found = area.control() if isinstance(area, GovernanceArea) else None
    return found[:2] if found else None


async def answer(desk: Host) -> None:
    """Answer the question under the cursor, or all marked questions with the same words, as one step."""
    from analysis.review.sources.answer_file import StatedAnswer  # noqa: PLC0415 - once an answer is given

    area, session = desk.list_area, session_of(desk)
    current, targets = _current(desk), area.targets() if isinstance(area, GovernanceArea) else []
    if current is None or not isinstance(area, GovernanceArea):
        return
    control, given = current if len(targets) == 1 else (max(targets, key=lambda each: each.min_level), None)
    title = control.title if len(targets) == 1 else f"{len(targets):,} questions with one answer"
    question = control.question if len(targets) == 1 else title
    letter = await desk.prompts.ask(Choose(title, [(key, label) for key, label, _ in (*_KINDS, *_STATES)]))
    kind = next((kind for key, _, kind in _KINDS if key == letter), None)
    state = next((state for key, _, state in _STATES if key == letter), AnswerState.EVIDENCED)
    if letter is None:
        return
    text = ""
    evidence: tuple[Evidence, ...] = ()
    if kind is not None:
        filled = await _evidence(desk, question, control.min_level, kind, first=[FormField("Answer in a sentence")])
        if filled is None:
            return
        text, evidence = filled[0][0], (filled[1],)
    elif state is not AnswerState.UNANSWERED:
        answers = await desk.prompts.ask(
            Form(question, [FormField("Answer in a sentence", given.text if given else "")])
        )
        if answers is None:
            return
        text = answers[0]
    stated = [StatedAnswer(each.id, state, text, evidence) for each in targets]
    if len(stated) > 1:
        outcome = commands.answer_all(session.review, stated, actor=session.actor, at=clock.now())
    else:
        outcome = commands.answer(
            session.review, control.id, state, text=text, actor=session.actor, at=clock.now(), evidence=evidence
        )
    area.marks.clear()
    desk.sync.done(outcome)


async def add_evidence(desk: Host) -> None:
    """Add evidence to the answer under the cursor."""
    current, session = _current(desk), session_of(desk)
    if current is None:
        return
    control, given = current
    if given is None:
        raise UsageError("there is no answer yet", remedy="press a to answer the question")
    letter = await desk.prompts.ask(
        Choose(f"Add evidence: {control.title}", [(key, label) for key, label, _ in _KINDS])
    )
    kind = next((kind for key, _, kind in _KINDS if key == letter), None)
    filled = await _evidence(desk, control.question, control.min_level, kind) if kind else None
    if filled is None:
        return
    evidence = (*given.evidence, filled[1])
    desk.sync.done(
        commands.answer(
            session.review,
            control.id,
            AnswerState.EVIDENCED,
            text=given.text,
            actor=session.actor,
            at=clock.now(),
            evidence=evidence,
        )
    )


async def _evidence(
    desk: Host, question: str, min_level: str, kind: EvidenceKind, first: list[FormField] | None = None
) -> tuple[list[str], Evidence] | None:
    """Ask for `first` and a piece of evidence; return the values of those fields, and the evidence."""
    before = first or []
    label = {EvidenceKind.FILE: "File", EvidenceKind.NOTE: "Statement, and by whom"}
    level = "E1" if kind is EvidenceKind.NOTE else min_level
    fields = [
        *before,
        FormField(label.get(kind, "Record")),
        FormField("Level: E1 statement, E2 document, E3 export or log sample, E4 re-performed", level, choices=LEVELS),
        *([FormField("Location (link, record number)", needed=False)] if kind is EvidenceKind.LINK else []),
        FormField("Collected by (empty: you)", needed=False),
        FormField("Valid until (YYYY-MM-DD; empty: no expiry)", needed=False),
    ]
    start = len(before)

    def check(values: list[str]) -> str:
        return _problem(values[start + 1], values[-1])

    given = await desk.prompts.ask(Form(question, fields, check=check))
    if given is None:
        return None
    title, level, *where, collector, until = given[start:]
    if kind is EvidenceKind.FILE:
        from analysis.review.sources.attachments import evidence_from_file  # noqa: PLC0415 - most answers attach no file

        hashed = evidence_from_file(typed_path(title), level, valid_until=until)
        return given[:start], _collected(hashed, collector)
    evidence = Evidence(title, level.upper(), "".join(where), valid_until=until, kind=kind)
    return given[:start], _collected(evidence, collector)


def _collected(evidence: Evidence, collector: str) -> Evidence:
    """Return evidence with its collector and time, where that is not the person who answers."""
    return replace(evidence, collected_by=collector, collected_at=clock.now()) if collector else evidence


def _problem(level: str, until: str) -> str:
    if level.upper() not in LEVELS:
        return f"the level is one of {', '.join(LEVELS)}"
    try:
        date.fromisoformat(until or "2000-01-01")
    except ValueError:
        return "the date format is YYYY-MM-DD"
    return ""


async def take_proposal(desk: Host) -> None:
    """Take the answer that the sources propose to the question under the cursor; the extract is the evidence."""
    from analysis.review.queries.governance import proposed_answers  # noqa: PLC0415 - it reads every tool

    current, session = _current(desk), session_of(desk)
    if current is None:
        return
    control = current[0]
    proposals = proposed_answers(session.review)
    if control.id not in proposals:
        others = ", ".join(proposals) or "none"
        raise UsageError("the sources propose no answer to this question", remedy=f"they propose answers to: {others}")
    proposal = proposals[control.id][0]
    evidence = proposal.evidence
    note = f"{evidence.level} {visible(evidence.title, 120)}\n{visible(evidence.where, 400)}"
    fields = [FormField("Answer, as the sources propose it", proposal.text)]
    given = await desk.prompts.ask(Form(control.question, fields, note=note))
    if given:
        outcome = commands.answer(
            session.review,
            control.id,
            AnswerState.EVIDENCED,
            text=given[0],
            actor=session.actor,
            at=clock.now(),
            evidence=(evidence,),
        )
        desk.sync.done(outcome)


async def choose_list(desk: Host) -> None:
    """Show the questions of one list: a checklist, the five questions, or the part of one department."""
    from analysis.review.queries.governance import LISTS  # noqa: PLC0415

    area = desk.list_area
    if not isinstance(area, GovernanceArea):
        return
    letters = dict(zip("123456789abcdefghijklmnopqrstuvwxyz", LISTS, strict=False))
    letter = await desk.prompts.ask(Choose("Lists", [(key, f"{name}: {LISTS[name]}") for key, name in letters.items()]))
    if letter is not None:
        area.listed = letters[letter]
        area.reload()
        desk.refresh_status()
