"""`clearance controls`, `answer`: the governance questions, what covers a standard, and answers from a script."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.errors import InputRefused, UsageError
from analysis.model import LEVELS, AnswerState, Profile
from analysis.review.attachments import evidence_from_file, evidence_from_line
from analysis.review.governing import LISTS, asked, covered, proposed, standard, standards, states_of
from analysis.review.reporting import plain, question
from analysis.text import visible
from tui import clock
from tui.cli.files import FILE, opened
from tui.cli.output import columns, put_json, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.model import Answer, Control, Evidence
    from analysis.review.governing import CoveredId, Standard
    from analysis.review.service import Review
    from analysis.review.traffic import Traffic

_JSON = click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")


# controls ------------------------------------------------------------------------------------------------


@click.command("controls", epilog="Example: clearance controls --standard owasp-mcp --review payments.clearance")
@click.option("--standard", "key", help="Show what covers each id of this standard, such as owasp-mcp.")
@click.option("--list", "listed", default="", help=f"Only the questions of one list: {', '.join(LISTS)}.")
@click.option(
    "--profile", type=click.Choice([profile.value for profile in Profile]), help="Only what this profile asks."
)
@click.option("--review", "file", type=click.Path(path_type=Path), help="Show the state of the answers in a review.")
@_JSON
def controls_command(key: str | None, listed: str, profile: str | None, file: Path | None, as_json: bool) -> None:
    """Show the governance questions, or what covers a standard.

    An id that no question and no rule speaks to is shown as such.
    """
    review = opened(file) if file else None
    states = states_of(review) if review else {}
    if key is not None:
        found = standard(key)
        rows = covered(found, asked(Profile(profile or Profile.L4), listed), states)
        if as_json:
            put_json(plain(found) | {"ids": [plain(row) | {"nothing": row.nothing} for row in rows]})
        else:
            _show_standard(found, rows)
        return
    held = Profile(profile) if profile else review.terms().profile if review else Profile.L4
    chosen = asked(held, listed)
    if as_json:
        named = [{"key": s.key, "edition": s.edition, "title": s.title, "ids": len(s.ids)} for s in standards()]
        told = [plain(c) | ({"state": states[c.id]} if states else {}) for c in chosen]
        put_json({"profile": held.value, "lists": dict(LISTS), "standards": named, "controls": told})
    else:
        _show_controls(chosen, states)


def _show_controls(chosen: tuple[Control, ...], states: Mapping[str, str]) -> None:
    rows = [
        [
            c.id,
            c.profile.value,
            str(c.points or "-"),
            c.who,
            c.min_level,
            *([states[c.id]] if states else []),
            c.title,
        ]
        for c in chosen
    ]
    for line in columns(rows, [12, 2, 2, 10, 2, *([14] if states else []), 0]):
        say(line)
    say(f"{len(chosen)} questions, {sum(c.points for c in chosen)} points")


def _show_standard(found: Standard, rows: tuple[CoveredId, ...]) -> None:
    width = max(len(row.id) for row in rows)
    say(f"{found.title}, edition {found.edition} ({found.key})")
    if found.note:
        say(found.note)
    for row in rows:
        held = dict(row.states)
        named = [f"{name} ({held[name]})" if name in held else name for name in row.controls]
        say(f"{row.id:{width}}  {row.title}")
        if row.nothing:
            say(f"{'':{width}}    nothing here speaks to it")
        for what, names in (("questions", named), ("rules", row.rules)):
            if names:
                say(f"{'':{width}}    {what}: {', '.join(names)}")
    say(f"{sum(not row.nothing for row in rows)} of {len(rows)} ids are covered")


# answer --------------------------------------------------------------------------------------------------


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
    "--traffic", "log", type=click.Path(path_type=Path), help="With --propose: recorded calls to look at, too."
)
@click.option("--actor", help="Who answers. Default: $CLEARANCE_ACTOR, else your login name.")
@_JSON
def answer_command(
    file: Path, control: str | None, state: str | None, propose: bool, log: Path | None, actor: str | None, as_json: bool,
    text: str, **given: Any,
) -> None:  # fmt: skip
    """Answer a governance question, with evidence; or show the questions.

    Without --state the question is shown as it stands, without CONTROL all that the profile asks. Evidence that is
    weaker than the question wants, or out of date, leaves a claim.
    """
    if log is not None and not propose:
        raise UsageError("--traffic is looked at for proposals", remedy="add --propose")
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
        done = review.answer(control, AnswerState(state), text=text, actor=who, at=clock.now(), evidence=evidence)
        if not as_json:
            say(visible(done.sentence))
    _show_questions(review, control, as_json=as_json, recorded=state is not None)


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
    found = review.controls() if control is None else [review.control(control)]
    if as_json:
        rows = [question(*entry) for entry in found]
        put_json(rows if control is None else rows[0])
    elif control is None:
        rows_of = [[c.id, state.value, c.who, c.title] for c, _, state in found]
        for line in columns(rows_of, [12, 14, 10, 0]):
            say(line)
        progress = review.standing().progress
        say(f"{progress.answered}/{progress.controls} answered, profile {review.terms().profile.value}")
    else:
        for asked_now, given, state in found:
            _show_question(asked_now, given, state, short=recorded)


def _show_question(control: Control, given: Answer | None, state: AnswerState, *, short: bool) -> None:
    if not short:
        say(f"{control.id}: {control.question}")
        say(f"why: {control.why}")
        say(f"settled by: {control.settles} Level {control.min_level} or better.")
    if given is not None and given.state is not state:
        say(f"it counts as {state.value}: evidence of level {control.min_level} or better, in date, is missing")
    elif not short:
        say(f"state: {state.value}")
    if given is not None:
        say(visible(f"by {given.actor} at {given.at}: {given.text}"))
        for e in given.evidence:
            until = f", until {e.valid_until}" if e.valid_until else ""
            digest = f", sha256 {e.sha256}" if e.sha256 else ""
            say(visible(f"  {e.level} {e.title} | {e.where}{until}{digest}"))


def _show_proposals(review: Review, log: Path | None, *, as_json: bool) -> None:
    found = proposed(review, _traffic(review, log))
    if as_json:
        put_json({control: plain(made) | {"answered": given is not None} for control, (made, given) in found.items()})
        return
    for control, (made, given) in found.items():
        say(f"{control}{' (answered already)' if given else ''}: {visible(made.text)}")
        say(f"  {made.evidence.level} {visible(made.evidence.title)} | {visible(made.evidence.where)}")
    say(f"{len(found)} proposals; none is an answer until somebody gives it")


def _traffic(review: Review, log: Path | None) -> Traffic | None:
    """Return recorded calls held against the review, if a log was named."""
    if log is None:
        return None
    from analysis.review.traffic import hold_log  # noqa: PLC0415 - most answers look at no log

    try:
        raw = log.read_bytes()
    except (OSError, ValueError) as error:
        raise InputRefused("the log cannot be read", place=str(log), why=str(error), remedy="check the path") from None
    return hold_log(review, raw, str(log)).traffic
