"""`clearance status`, `gates`: score, verdict and progress of a review, and what a sign-off still needs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.errors import CheckFailed, ClearanceError
from analysis.model import CapabilityKind, GateId, kinds_in_words
from analysis.review.queries.status import json_data, status_data
from analysis.text import visible
from tui.cli.common.options import AS_JSON, FILE
from tui.cli.common.output import columns, put_json, say, say_wrapped, show_error
from tui.cli.common.review_file import opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.model import Gate
    from analysis.review.session import Review

#: Maximum number of score deductions printed.
_MAX_DEDUCTIONS = 12
#: Column of what to do about a deduction.
_REMEDY_INDENT = 16
#: Maximum number of problems of the sources printed.
_MAX_PROBLEMS = 10


@click.command("status", epilog="Example: clearance status payments.clearance --json | jq .verdict")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@AS_JSON
def status_command(files: tuple[Path, ...], as_json: bool) -> None:
    """Show score, verdict, deductions, progress, and what was not checked.

    With several files, one after the other in one process, and as a JSON list. A file that is refused is reported, and the
    others are shown; the exit code is then that of the refusal.
    """
    if len(files) == 1:
        _show(files[0], put_json if as_json else None)
        return
    found: list[Any] = []
    refused: list[ClearanceError] = []
    for number, file in enumerate(files):
        try:
            if not as_json:
                say(f"{chr(10) if number else ''}{visible(str(file))}:")
            _show(file, found.append if as_json else None)
        except ClearanceError as error:
            refused.append(error)
    if as_json:
        put_json(found)
    refused.sort(key=lambda error: error.exit_code)
    for other in refused[:-1]:
        show_error(other)
    if refused:
        raise refused[-1]


def _show(file: Path, take: Callable[[Any], None] | None) -> None:
    """Print the status of a review file, or pass it on as JSON data."""
    review = opened(file)
    if take is None:
        show_status(review)
    else:
        take(status_data(review))
    review.close()


def show_status(review: Review) -> None:
    """Print the status of a review."""
    data = status_data(review)
    score = "—" if data["score"] is None else str(data["score"])
    counts, progress = data["counts"], data["progress"]
    say(visible(data["title"]))
    say(f"{score} / 100 · {data['verdict']}" + (f" ({', '.join(data['because'])})" if data["because"] else ""))
    noun = "capabilities" if progress["others"] else "tools"
    say(
        f"{progress['decided']}/{progress['tools']} {noun} decided · {progress['answered']}/{progress['controls']} answers"
        f" · profile {data['profile']} · score model {data['score_model']}, tool quality {data['quality']}"
    )
    if progress["others"]:
        kinds = {CapabilityKind(kind): count for kind, count in counts["kind"].items()}
        say(f"inventory: {kinds_in_words(kinds)}")
    say(
        f"{noun}: "
        + ", ".join(f"{n} {name}" for name, n in counts["effect"].items())
        + f"; {counts['unclear']} unclear"
    )
    say("decisions: " + ", ".join(f"{n} {name}" for name, n in counts["decision"].items()))
    if data["queue"]:
        say(
            "queue: "
            + "; ".join(f"{row['title']}: {row['tools']:,} (--where '{row['query']}')" for row in data["queue"])
        )
    if data["policy"]:
        say(f"policy: {visible(data['policy']['name'], 120)}, sha256 {data['policy']['sha256'][:12]}…")
    if data["score_without_acceptances"] != data["score"]:
        say(f"without accepted risks: {data['score_without_acceptances']} / 100")
    _show_log(data)
    _show_deductions(data["ledger"])
    for gate in (gate for gate in data["gates"] if gate["open"]):
        say(f"open: {gate['why']}")
    _show_sources(data)


def _show_log(data: dict[str, Any]) -> None:
    """Print what came from other copies, and what of it cannot be understood."""
    if data["from_others"]["sentence"]:
        say(visible(data["from_others"]["sentence"], 400))
    left = [each for each in data["set_aside"] if not each["settled"]]
    for each in left[:_MAX_PROBLEMS]:
        say(f"set aside: event {each['id'][:12]} by {visible(each['actor'], 60)}: {visible(each['why'], 200)}")
    if len(left) > _MAX_PROBLEMS:
        say(f"… and {len(left) - _MAX_PROBLEMS} more events set aside; all of them with --json")


def _show_deductions(ledger: list[dict[str, Any]]) -> None:
    if ledger:
        say("\nscore deductions (penalty, gain when fixed):")
    for line in ledger[:_MAX_DEDUCTIONS]:
        cells = [f"-{line['penalty']:g}", f"+{line['gain']}" if line["gain"] else "", visible(line["label"])]
        say(f"  {columns([cells], [6, 4, 0])[0]}")
        if line["remedy"]:
            say_wrapped(" " * _REMEDY_INDENT + visible(line["remedy"], 400), _REMEDY_INDENT)
    if len(ledger) > _MAX_DEDUCTIONS:
        say(f"  … and {len(ledger) - _MAX_DEDUCTIONS} more lines; all of them with --json")


def _show_sources(data: dict[str, Any]) -> None:
    for source in data["sources"]:
        for name, value in source["facts"]:
            say(f"source {visible(source['id'])}: {visible(name)}: {visible(value)}")
    for problem in data["problems"][:_MAX_PROBLEMS]:
        place = f"line {problem['line']}" if problem["line"] else problem["pointer"]
        say(f"input {problem['level']}: {visible(problem['what'])} ({visible(place)})")
    if len(data["problems"]) > _MAX_PROBLEMS:
        say(f"… and {len(data['problems']) - _MAX_PROBLEMS} more problems of the input; all of them with --json")
    for skipped in data["not_checked"]:
        say(f"not checked: {skipped['check']}: {skipped['reason']}")
    for failed in data["rules_not_run"]:
        say(f"not run: {failed['rule']}: {visible(failed['reason'])}")


@click.command(
    "gates", epilog="Example: clearance gates payments.clearance && clearance export payments.clearance packet/"
)
@FILE
@AS_JSON
def gates_command(file: Path, as_json: bool) -> None:
    """Show the gates before sign-off, and how to meet each. Exit code 1 while one is open."""
    found = opened(file).summary().gates
    if as_json:
        put_json([json_data(gate) for gate in found])
    else:
        rows = [["OPEN" if g.open else "met", g.title, visible(g.why), _next_step(g)] for g in found]
        for line in columns(rows, [6, 36, 40, 0]):
            say(line)
    if any(gate.open for gate in found):
        raise CheckFailed("the review is not complete", place=str(file), remedy="meet the open gates")


def _next_step(gate: Gate) -> str:
    if gate.id is GateId.UNBLOCKED:
        return "findings --status open" if gate.open else ""
    return f"--where '{gate.query}'" if gate.query else f"answer {gate.control}" if gate.control else ""
