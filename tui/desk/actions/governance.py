"""Actions on questions: answers, their proofs, what the sources answer themselves; profile, policy and lists."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from analysis.errors import UsageError
from analysis.model import LEVELS, AnswerState, Evidence, EvidenceKind, Profile
from analysis.review import commands
from analysis.text import visible
from tui import clock
from tui.desk.areas.governance import GovernanceArea
from tui.desk.shell.host import session_of, typed_path
from tui.desk.widgets.prompts import Choose, Form, FormField, Read

if TYPE_CHECKING:
    from analysis.model import Answer, Control
    from tui.desk.shell.host import Host

_KINDS: Final = (
    ("e", "evidenced by a record, named by a link or a number", EvidenceKind.LINK),
    ("f", "evidenced by a file, which is hashed and not copied", EvidenceKind.FILE),
    ("s", "evidenced by what somebody says, or an extract", EvidenceKind.NOTE),
)
_STATES: Final = (
    ("c", "claimed: said, not proved (half the points)", AnswerState.CLAIMED),
    ("n", "not applicable, with a reason", AnswerState.NOT_APPLICABLE),
    ("u", "unanswered: take the answer back", AnswerState.UNANSWERED),
)
_PROFILES: Final = {
    Profile.L1: "sandbox: the scored questions",
    Profile.L2: "internal: the five questions of every review, and access, too",
    Profile.L3: "production: every question",
    Profile.L4: "regulated: a second person behind each high risk, too",
}


def _asked(desk: Host) -> tuple[Control, Answer | None] | None:
    """Return the question under the cursor with its answer."""
    area = desk.list_area
    found = area.control() if isinstance(area, GovernanceArea) else None
    return found[:2] if found else None


async def answer(desk: Host) -> None:
    """Answer the question under the cursor."""
    asked, session = _asked(desk), session_of(desk)
    if asked is None:
        return
    control, given = asked
    letters = [(key, label) for key, label, _ in (*_KINDS, *_STATES)]
    letter = await desk.ask(Choose(control.title, letters))
    kind = next((kind for key, _, kind in _KINDS if key == letter), None)
    state = next((state for key, _, state in _STATES if key == letter), AnswerState.EVIDENCED)
    if letter is None:
        return
    text = ""
    proofs: tuple[Evidence, ...] = ()
    if kind is not None:
        made = await _evidence(desk, control, kind, first=[FormField("Answer in a sentence")])
        if made is None:
            return
        text, proofs = made[0][0], (made[1],)
    elif state is not AnswerState.UNANSWERED:
        said = await desk.ask(Form(control.question, [FormField("Answer in a sentence", given.text if given else "")]))
        if said is None:
            return
        text = said[0]
    desk.done(
        commands.answer(
            session.review, control.id, state, text=text, actor=session.actor, at=clock.now(), evidence=proofs
        )
    )


async def add_evidence(desk: Host) -> None:
    """Add a proof to the answer under the cursor; what proved it before stays."""
    asked, session = _asked(desk), session_of(desk)
    if asked is None:
        return
    control, given = asked
    if given is None:
        raise UsageError("there is no answer yet that this could prove", remedy="press a to answer the question")
    letter = await desk.ask(Choose(f"Another proof: {control.title}", [(key, label) for key, label, _ in _KINDS]))
    kind = next((kind for key, _, kind in _KINDS if key == letter), None)
    made = await _evidence(desk, control, kind) if kind else None
    if made is None:
        return
    proofs = (*given.evidence, made[1])
    desk.done(
        commands.answer(
            session.review,
            control.id,
            AnswerState.EVIDENCED,
            text=given.text,
            actor=session.actor,
            at=clock.now(),
            evidence=proofs,
        )
    )


async def _evidence(
    desk: Host, control: Control, kind: EvidenceKind, first: list[FormField] | None = None
) -> tuple[list[str], Evidence] | None:
    """Ask for a piece of evidence, after `first`; return what was said to those, and the evidence."""
    before = first or []
    label = {EvidenceKind.FILE: "File that proves it", EvidenceKind.NOTE: "What is said, and by whom"}
    level = "E1" if kind is EvidenceKind.NOTE else control.min_level
    fields = [
        *before,
        FormField(label.get(kind, "What proves it")),
        FormField("Level: E1 statement, E2 document, E3 export or log sample, E4 re-performed", level, choices=LEVELS),
        *([FormField("Where it lies (link, record number)", needed=False)] if kind is EvidenceKind.LINK else []),
        FormField("Collected by (empty: you)", needed=False),
        FormField("Valid until (YYYY-MM-DD; empty: it does not run out)", needed=False),
    ]
    start = len(before)

    def check(values: list[str]) -> str:
        return _wrong(values[start + 1], values[-1])

    given = await desk.ask(Form(control.question, fields, check=check))
    if given is None:
        return None
    title, named, *where, collector, until = given[start:]
    if kind is EvidenceKind.FILE:
        from analysis.review.sources.attachments import evidence_from_file  # noqa: PLC0415 - most answers attach no file

        hashed = evidence_from_file(typed_path(title), named, valid_until=until)
        return given[:start], _collected(hashed, collector)
    proof = Evidence(title, named.upper(), "".join(where), valid_until=until, kind=kind)
    return given[:start], _collected(proof, collector)


def _collected(proof: Evidence, collector: str) -> Evidence:
    """Return evidence with who collected it, and when, where somebody other than the answerer did."""
    return replace(proof, collected_by=collector, collected_at=clock.now()) if collector else proof


def _wrong(level: str, until: str) -> str:
    if level.upper() not in LEVELS:
        return f"the level is one of {', '.join(LEVELS)}"
    try:
        date.fromisoformat(until or "2000-01-01")
    except ValueError:
        return "the date is written YYYY-MM-DD"
    return ""


async def take_proposal(desk: Host) -> None:
    """Take as one's own what the sources answer to the question under the cursor; the extract is the evidence."""
    from analysis.review.queries.governance import proposed_answers  # noqa: PLC0415 - it reads every tool

    asked, session = _asked(desk), session_of(desk)
    if asked is None:
        return
    control = asked[0]
    found = proposed_answers(session.review)
    if control.id not in found:
        named = ", ".join(found) or "none"
        raise UsageError("the sources say nothing to this question", remedy=f"they say something to: {named}")
    made = found[control.id][0]
    proof = made.evidence
    note = f"{proof.level} {visible(proof.title, 120)}\n{visible(proof.where, 400)}"
    given = await desk.ask(Form(control.question, [FormField("Answer, as the sources give it", made.text)], note=note))
    if given:
        done = commands.answer(
            session.review,
            control.id,
            AnswerState.EVIDENCED,
            text=given[0],
            actor=session.actor,
            at=clock.now(),
            evidence=(proof,),
        )
        desk.done(done)


# what the review is held to --------------------------------------------------------------------------------


async def profile(desk: Host) -> None:
    """Choose how much the review is asked."""
    session = session_of(desk)
    letters = [(each.value[1], f"{each.value} {told}") for each, told in _PROFILES.items()]
    letter = await desk.ask(Choose(f"Profile, now {session.review.policy.profile.value}", letters))
    if letter is None:
        return
    chosen = Profile(f"L{letter}")
    given = await desk.ask(Form(f"Profile {chosen.value}, {_PROFILES[chosen]}: why?", [FormField("Reason")]))
    if given:
        desk.done(commands.set_profile(session.review, chosen, reason=given[0], actor=session.actor, at=clock.now()))


async def policy(desk: Host) -> None:
    """Show the policy in force, or put one of the organisation in force."""
    from analysis.review.queries.status import policy_lines  # noqa: PLC0415
    from analysis.review.sources.attachments import policy_text  # noqa: PLC0415 - once in the life of a review

    session = session_of(desk)
    held = session.review.policy.policy
    if held is not None:
        letter = await desk.ask(Choose("Policy", [("s", "show the one in force"), ("i", "put another in force")]))
        if letter == "s":
            await desk.ask(Read("Policy in force", [("", visible(line, 400)) for line in policy_lines(held)]))
        if letter != "i":
            return
    given = await desk.ask(Form("Policy of your organisation", [FormField("YAML file")]))
    if given:
        path = typed_path(given[0])
        done = commands.import_policy(
            session.review, policy_text(path), actor=session.actor, at=clock.now(), place=visible(str(path))
        )
        desk.done(done)
        held = session.review.policy.policy
        if held is not None and held.vocabulary:
            desk.say("its own words count for what is imported from now on; I imports a source that is here again")


async def choose_list(desk: Host) -> None:
    """Show the questions of one list: a checklist, the five questions, one office's part."""
    from analysis.review.queries.governance import LISTS  # noqa: PLC0415

    area = desk.list_area
    if not isinstance(area, GovernanceArea):
        return
    letters = dict(zip("123456789abcdefghijklmnopqrstuvwxyz", LISTS, strict=False))
    letter = await desk.ask(Choose("Lists", [(key, f"{name}: {LISTS[name]}") for key, name in letters.items()]))
    if letter is not None:
        area.listed = letters[letter]
        area.reload()
        desk.refresh_status()
