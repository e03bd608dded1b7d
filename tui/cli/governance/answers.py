"""`clearance answer`, `evidence`: answers to governance questions from a script, and what proves them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.errors import AnswerIsNo, InputRefused, UsageError
from analysis.model import LEVELS, AnswerState
from analysis.review import commands, queries
from analysis.review.queries.governance import proposed
from analysis.review.queries.status import plain, question
from analysis.review.sources.attachments import evidence_from_file, evidence_from_line, hash_evidence_file
from analysis.text import visible
from tui import clock
from tui.cli.common.output import columns, put_json, say, say_wrapped
from tui.cli.common.review_file import FILE, opened

if TYPE_CHECKING:
    from analysis.model import Answer, Control, Evidence
    from analysis.review.session import Review
    from analysis.review.sources.traffic import Traffic

_JSON = click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")


@click.command(
    "answer",
    epilog="Example: clearance answer payments.clearance log-config --state evidenced --text 'Every call, one year.'"
    " --file log-settings.json --level E3 --valid-until 2027-06-30",
)
@FILE
@click.argument("control", required=False)
@click.option("--state", type=click.Choice([state.value for state in AnswerState]), help="How far it is answered.")
@click.option("--text", default="", help="The answer in a sentence; for not-applicable, the reason.")
@click.option("--evidence", "lines", multiple=True, help="What proves it: 'LEVEL: TITLE | WHERE'.")
@click.option(
    "--file",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A file that proves it; it is hashed, not copied.",
)
@click.option(
    "--level", type=click.Choice(LEVELS), help="Level of the files: E2 document, E3 export or log, E4 re-performed."
)
@click.option("--valid-until", default="", help="When this evidence runs out: YYYY-MM-DD.")
@click.option("--source", default="", help="The system that this evidence comes from.")
@click.option("--propose", is_flag=True, help="List what the sources answer by themselves. Records nothing.")
@click.option(
    "--accept", is_flag=True, help="Give as yours what the sources answer to CONTROL, the extract as evidence."
)
@click.option(
    "--traffic", "log", type=click.Path(path_type=Path), help="With --propose or --accept: recorded calls, too."
)
@click.option("--actor", help="Who answers. Default: $CLEARANCE_ACTOR, else your login name.")
@_JSON
def answer_command(
    file: Path, control: str | None, state: str | None, propose: bool, accept: bool, log: Path | None, actor: str | None, as_json: bool,
    text: str, **given: Any,
) -> None:  # fmt: skip
    """Answer a governance question, with evidence; or show the questions.

    Without --state the question is shown as it stands, without CONTROL all that the profile asks. Evidence that is
    weaker than the question wants, or out of date, leaves a claim.
    """
    if log is not None and not (propose or accept):
        raise UsageError("--traffic is looked at for proposals", remedy="add --propose or --accept")
    if accept:
        if propose or state or control is None or any(given.values()):
            raise UsageError("--accept takes a proposal as it is", remedy="name CONTROL, and no more than a --text")
        _accept(file, control, log, text, actor, as_json=as_json)
        return
    if state is None and (text or any(given.values())):
        raise UsageError("the state of the answer is missing", remedy=f"add --state: {', '.join(AnswerState)}")
    if propose:
        if control or state:
            raise UsageError("--propose only lists", remedy="leave CONTROL and --state out, then answer one by one")
        _show_proposals(opened(file), log, as_json=as_json)
        return
    if state is not None and control is None:
        raise UsageError("which question is answered is missing", remedy="name a CONTROL, such as log-config")
    review = opened(file, writable=state is not None)
    if control is not None and state is not None:
        evidence = _evidence(**given)
        who = clock.actor(actor)
        done = commands.answer(
            review, control, AnswerState(state), text=text, actor=who, at=clock.now(), evidence=evidence
        )
        if not as_json:
            say(visible(done.sentence))
    _show_questions(review, control, as_json=as_json, recorded=state is not None)


def _accept(file: Path, control: str, log: Path | None, text: str, actor: str | None, *, as_json: bool) -> None:
    review = opened(file, writable=True)
    found = proposed(review, _traffic(review, log))
    if control not in found:
        known = ", ".join(found) or "none"
        raise UsageError("the sources say nothing to this question", place=control, remedy=f"proposals: {known}")
    made = found[control][0]
    done = commands.answer(
        review,
        control, AnswerState.EVIDENCED, text=text or made.text, actor=clock.actor(actor), at=clock.now(),
        evidence=[made.evidence],
    )  # fmt: skip
    if not as_json:
        say(visible(done.sentence))
    _show_questions(review, control, as_json=as_json, recorded=True)


def _evidence(
    lines: tuple[str, ...], files: tuple[Path, ...], level: str | None, valid_until: str, source: str
) -> list[Evidence]:
    if bool(files) != bool(level):
        raise UsageError("--file and --level belong together", remedy="say how strong the evidence in the file is")
    if (valid_until or source) and not (lines or files):
        raise UsageError("there is no evidence to say this of", remedy="add --evidence or --file")
    more = {"valid_until": valid_until, "source": source}
    return [
        *(evidence_from_line(line, **more) for line in lines),
        *(evidence_from_file(path, level or "", **more) for path in files),
    ]


def _show_questions(review: Review, control: str | None, *, as_json: bool, recorded: bool) -> None:
    """Print one question with its answer, or all that the profile asks."""
    found = queries.asked_controls(review) if control is None else [queries.control_state(review, control)]
    if as_json:
        rows = [question(*entry) for entry in found]
        put_json(rows if control is None else rows[0])
    elif control is None:
        rows_of = [[c.id, state.value, c.who, c.title] for c, _, state in found]
        for line in columns([["QUESTION", "STATE", "WHO", "TITLE"], *rows_of], [12, 14, 10, 0]):
            say(line)
        progress = review.summary().progress
        say(f"{progress.answered}/{progress.controls} answered, profile {review.policy.profile.value}")
    else:
        for asked_now, given, state in found:
            _show_question(asked_now, given, state, short=recorded)
            for note in () if recorded else queries.notes(review, asked_now.id):
                say_wrapped(visible(f"note by {note.actor} at {note.at}: {note.text}", 2_000), 2)


def _show_question(control: Control, given: Answer | None, state: AnswerState, *, short: bool) -> None:
    if not short:
        say_wrapped(f"{control.id}: {control.question}", 2)
        say_wrapped(f"why: {control.why}", 2)
        say_wrapped(f"settled by: {control.settles} Level {control.min_level} or better.", 2)
    if given is not None and given.state is not state:
        say_wrapped(f"it counts as {state.value}: evidence of level {control.min_level} or better, in date, is missing")
    elif not short:
        say(f"state: {state.value}")
    if given is not None:
        say_wrapped(visible(f"by {given.actor} at {given.at}: {given.text}", 2_000), 2)
        for e in given.evidence:
            until = f", until {e.valid_until}" if e.valid_until else ""
            digest = f", sha256 {e.sha256}" if e.sha256 else ""
            say_wrapped(f"  {visible(f'{e.level} {e.title} | {e.where}{until}{digest}', 1_000)}", 5)


def _show_proposals(review: Review, log: Path | None, *, as_json: bool) -> None:
    found = proposed(review, _traffic(review, log))
    if as_json:
        put_json({control: plain(made) | {"answered": given is not None} for control, (made, given) in found.items()})
        return
    for control, (made, given) in found.items():
        say_wrapped(f"{control}{' (answered already)' if given else ''}: {visible(made.text)}", 2)
        say_wrapped(f"  {made.evidence.level} {visible(made.evidence.title)} | {visible(made.evidence.where)}", 5)
    say(f"{len(found)} proposals; none is an answer until somebody gives it, as with: --accept CONTROL")


def _traffic(review: Review, log: Path | None) -> Traffic | None:
    """Return recorded calls held against the review, if a log was named."""
    if log is None:
        return None
    from analysis.review.sources.traffic import check_traffic  # noqa: PLC0415 - most answers look at no log

    try:
        raw = log.read_bytes()
    except (OSError, ValueError) as error:
        raise InputRefused("the log cannot be read", place=str(log), why=str(error), remedy="check the path") from None
    return check_traffic(review, raw, str(log)).traffic


# evidence ------------------------------------------------------------------------------------------------


@click.command("evidence", epilog="Example: clearance evidence payments.clearance proofs/")
@FILE
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@_JSON
def evidence_command(file: Path, folder: Path | None, as_json: bool) -> None:
    """List what proves the answers: level, kind, until when, and whether it still holds.

    With DIR, files of the same name there are hashed again. Exit code 1 when one is not what was seen.
    """
    rows = hash_evidence_file(opened(file), folder)
    if as_json:
        put_json([plain(row) for row in rows])
    else:
        lines = [["QUESTION", "LV", "KIND", "UNTIL", "HOLDS", "TITLE"]]
        for row in rows:
            e = row.evidence
            lines.append([row.control, e.level, e.kind.value, e.valid_until, row.holds, visible(e.title)])
        for line in columns(lines, [12, 2, 4, 10, 8, 0]):
            say(line)
        say(f"{len(rows)} pieces of evidence, {sum(row.holds != 'yes' for row in rows)} that do not hold")
    changed = [row for row in rows if row.holds == "changed"]
    if changed:
        names = ", ".join(row.evidence.title for row in changed)
        raise AnswerIsNo(
            "evidence is not what was seen", place=str(folder), why=visible(names, 400),
            remedy="look at it, then answer the question anew",
        )  # fmt: skip
