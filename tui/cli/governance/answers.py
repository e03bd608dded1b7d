"""`clearance answer`, `evidence`: answers to governance questions and their evidence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.errors import CheckFailed, InputRefused, UsageError
from analysis.model import LEVELS, AnswerState
from analysis.review import commands, queries
from analysis.review.queries.governance import proposed_answers
from analysis.review.queries.status import json_data, question_data
from analysis.review.sources.attachments import attached_text, check_evidence, evidence_from_file, evidence_from_line
from analysis.text import visible
from tui import clock
from tui.cli.common.options import ACTOR, AS_JSON, FILE
from tui.cli.common.outcome import show_outcome
from tui.cli.common.output import columns, put_json, say, say_wrapped
from tui.cli.common.review_file import opened

if TYPE_CHECKING:
    from analysis.model import Answer, Control, Evidence
    from analysis.review.session import Review
    from analysis.review.sources.traffic import Traffic


@click.command(
    "answer",
    epilog="Example: clearance answer payments.clearance log-config --state evidenced --text 'Every call, one year.'"
    " --file log-settings.json --level E3 --valid-until 2027-06-30",
)
@FILE
@click.argument("control", required=False)
@click.option("--state", type=click.Choice([state.value for state in AnswerState]), help="State of the answer.")
@click.option("--text", default="", help="The answer in a sentence; for not-applicable, the reason.")
@click.option("--evidence", "lines", multiple=True, help="Evidence, as 'LEVEL: TITLE | WHERE'.")
@click.option(
    "--file",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A file as evidence; its digest is recorded, not its content.",
)
@click.option(
    "--level", type=click.Choice(LEVELS), help="Level of the files: E2 document, E3 export or log, E4 re-performed."
)
@click.option("--valid-until", default="", help="Date this evidence expires: YYYY-MM-DD.")
@click.option("--source", default="", help="The system this evidence comes from.")
@click.option("--propose", is_flag=True, help="List the answers the sources propose. Records nothing.")
@click.option("--accept", is_flag=True, help="Answer CONTROL as the sources propose, with the extract as evidence.")
@click.option(
    "--traffic", "log", type=click.Path(path_type=Path), help="With --propose or --accept: also use recorded calls."
)
@click.option(
    "--from", "answers", type=click.Path(path_type=Path), help="Record the answers of a YAML file, as one action."
)
@click.option("--template", is_flag=True, help="Print that file for this review, with what is recorded.")
@ACTOR
@AS_JSON
def answer_command(
    file: Path, control: str | None, state: str | None, propose: bool, accept: bool, log: Path | None, actor: str | None, as_json: bool,
    text: str, **given: Any,
) -> None:  # fmt: skip
    """Answer a governance question, with evidence; or show the questions and their answers.

    Without --state the question and its answer are shown, without CONTROL all questions of the profile. With evidence
    below the required level, or expired, an answer counts as claimed. --from records one YAML file of answers
    (`clearance schema answers`), whole or not at all; --template writes it.
    """
    answers, template = given.pop("answers"), given.pop("template")
    if answers is not None or template:
        if (answers is not None and template) or control or state or propose or accept or text or any(given.values()):
            raise UsageError("--from and --template go with no other option", remedy="leave the other options out")
        _whole_file(file, answers, clock.actor(actor), as_json=as_json)
        return
    if log is not None and not (propose or accept):
        raise UsageError("--traffic applies to proposals", remedy="add --propose or --accept")
    if accept:
        if propose or state or control is None or any(given.values()):
            raise UsageError("--accept takes a proposal as it is", remedy="give CONTROL, and at most --text")
        _accept(file, control, log, text, actor, as_json=as_json)
        return
    if state is None and (text or any(given.values())):
        raise UsageError("the state of the answer is missing", remedy=f"add --state: {', '.join(AnswerState)}")
    if propose:
        if control or state:
            raise UsageError("--propose only lists", remedy="leave out CONTROL and --state")
        _show_proposals(opened(file), log, as_json=as_json)
        return
    if state is not None and control is None:
        raise UsageError("the question is missing", remedy="name a CONTROL, such as log-config")
    review = opened(file, writable=state is not None)
    if control is not None and state is not None:
        evidence = _evidence(**given)
        who = clock.actor(actor)
        outcome = commands.answer(
            review, control, AnswerState(state), text=text, actor=who, at=clock.now(), evidence=evidence
        )
        if not as_json:
            say(visible(outcome.sentence))
    _show_questions(review, control, as_json=as_json, recorded=state is not None)


def _whole_file(file: Path, answers: Path | None, actor: str, *, as_json: bool) -> None:
    """Record the answers of a file, or print the template of one."""
    from analysis.review.sources.answer_file import read_answers, template  # noqa: PLC0415 - YAML is read by few commands

    if answers is None:
        say(template(opened(file)).rstrip())
        return
    review = opened(file, writable=True)
    stated = read_answers(review, attached_text(answers, "the file of answers"), str(answers), answers.parent)
    outcome = commands.answer_all(review, stated, actor=actor, at=clock.now())
    show_outcome(review, outcome, as_json)


def _accept(file: Path, control: str, log: Path | None, text: str, actor: str | None, *, as_json: bool) -> None:
    review = opened(file, writable=True)
    found = proposed_answers(review, _traffic(review, log))
    if control not in found:
        known = ", ".join(found) or "none"
        raise UsageError("the sources propose no answer to this question", place=control, remedy=f"proposals: {known}")
    proposal = found[control][0]
    outcome = commands.answer(
        review,
        control, AnswerState.EVIDENCED, text=text or proposal.text, actor=clock.actor(actor), at=clock.now(),
        evidence=[proposal.evidence],
    )  # fmt: skip
    if not as_json:
        say(visible(outcome.sentence))
    _show_questions(review, control, as_json=as_json, recorded=True)


def _evidence(
    lines: tuple[str, ...], files: tuple[Path, ...], level: str | None, valid_until: str, source: str
) -> list[Evidence]:
    if bool(files) != bool(level):
        raise UsageError(
            "--file and --level belong together", remedy="add --level, the strength of the evidence in the file"
        )
    if (valid_until or source) and not (lines or files):
        raise UsageError("--valid-until and --source describe evidence", remedy="add --evidence or --file")
    more = {"valid_until": valid_until, "source": source}
    return [
        *(evidence_from_line(line, **more) for line in lines),
        *(evidence_from_file(path, level or "", **more) for path in files),
    ]


def _show_questions(review: Review, control: str | None, *, as_json: bool, recorded: bool) -> None:
    """Print one question with its answer, or all questions of the profile."""
    found = queries.asked_controls(review) if control is None else [queries.control_state(review, control)]
    if as_json:
        rows = [question_data(*entry) for entry in found]
        put_json(rows if control is None else rows[0])
    elif control is None:
        rows_of = [[c.id, state.value, c.who, c.title] for c, _, state in found]
        for line in columns([["QUESTION", "STATE", "WHO", "TITLE"], *rows_of], [12, 14, 10, 0]):
            say(line)
        progress = review.summary().progress
        say(f"{progress.answered}/{progress.controls} answered, profile {review.policy.profile.value}")
    else:
        for entry, given, state in found:
            _show_question(entry, given, state, short=recorded)
            for note in () if recorded else queries.notes(review, entry.id):
                say_wrapped(visible(f"note by {note.actor} at {note.at}: {note.text}", 2_000), 2)


def _show_question(control: Control, given: Answer | None, state: AnswerState, *, short: bool) -> None:
    if not short:
        say_wrapped(f"{control.id}: {control.question}", 2)
        say_wrapped(f"why: {control.why}", 2)
        say_wrapped(f"acceptable evidence: {control.settles} Level {control.min_level} or better.", 2)
    if given is not None and given.state is not state:
        say_wrapped(f"counts as {state.value}: evidence of level {control.min_level} or better, in date, is missing")
    elif not short:
        say(f"state: {state.value}")
    if given is not None:
        say_wrapped(visible(f"by {given.actor} at {given.at}: {given.text}", 2_000), 2)
        for e in given.evidence:
            until = f", until {e.valid_until}" if e.valid_until else ""
            digest = f", sha256 {e.sha256}" if e.sha256 else ""
            say_wrapped(f"  {visible(f'{e.level} {e.title} | {e.where}{until}{digest}', 1_000)}", 5)


def _show_proposals(review: Review, log: Path | None, *, as_json: bool) -> None:
    found = proposed_answers(review, _traffic(review, log))
    if as_json:
        put_json(
            {name: json_data(proposal) | {"answered": given is not None} for name, (proposal, given) in found.items()}
        )
        return
    for control, (proposal, given) in found.items():
        say_wrapped(f"{control}{' (already answered)' if given else ''}: {visible(proposal.text)}", 2)
        say_wrapped(
            f"  {proposal.evidence.level} {visible(proposal.evidence.title)} | {visible(proposal.evidence.where)}", 5
        )
    say(f"{len(found)} proposals; a proposal counts once a person accepts it: clearance answer FILE CONTROL --accept")


def _traffic(review: Review, log: Path | None) -> Traffic | None:
    """Return the recorded calls of a log, checked against the review; None without a log."""
    if log is None:
        return None
    from analysis.review.sources.traffic import check_traffic  # noqa: PLC0415 - most answers use no log

    try:
        raw = log.read_bytes()
    except (OSError, ValueError) as error:
        raise InputRefused("the log cannot be read", place=str(log), why=str(error), remedy="check the path") from None
    return check_traffic(review, raw, str(log)).traffic


# evidence ------------------------------------------------------------------------------------------------


@click.command("evidence", epilog="Example: clearance evidence payments.clearance proofs/")
@FILE
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@AS_JSON
def evidence_command(file: Path, folder: Path | None, as_json: bool) -> None:
    """List the evidence of all answers: level, kind, expiry, and whether it is still valid.

    With DIR, files of the same name there are hashed again. Exit code 1 when a file has changed.
    """
    rows = check_evidence(opened(file), folder)
    if as_json:
        put_json([json_data(row) for row in rows])
    else:
        lines = [["QUESTION", "LV", "KIND", "UNTIL", "VALID", "TITLE"]]
        for row in rows:
            e = row.evidence
            lines.append([row.control, e.level, e.kind.value, e.valid_until, row.holds, visible(e.title)])
        for line in columns(lines, [12, 2, 4, 10, 8, 0]):
            say(line)
        say(f"{len(rows)} pieces of evidence, {sum(row.holds != 'yes' for row in rows)} not valid")
    changed = [row for row in rows if row.holds == "changed"]
    if changed:
        names = ", ".join(row.evidence.title for row in changed)
        raise CheckFailed(
            "evidence has changed since it was recorded", place=str(folder), why=visible(names, 400),
            remedy="check the file, then answer the question again",
        )  # fmt: skip
