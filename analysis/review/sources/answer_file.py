"""Answers to governance questions in one YAML file, read whole or refused whole with line and key; and its template."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from analysis.errors import ClearanceError, InputRefused, UsageError
from analysis.governance.controls import controls
from analysis.model import AnswerState, Evidence, EvidenceKind
from analysis.policy.checking import check_by_schema, report_unknown
from analysis.policy.document import read_document
from analysis.review import queries
from analysis.review.record.drafts import control_answered
from analysis.review.sources.attachments import evidence_from_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from analysis.model import Answer
    from analysis.policy.document import Document
    from analysis.review.session import Review

VERSION: Final = 1
#: Maximum number of faults that an error shows.
_MAX_PROBLEMS: Final = 100


@dataclass(frozen=True, slots=True)
class StatedAnswer:
    """One answer of a file."""

    control: str
    state: AnswerState
    text: str = ""
    evidence: tuple[Evidence, ...] = ()


def read_answers(review: Review, text: str, place: str, folder: Path) -> list[StatedAnswer]:
    """Return the answers that a file states, without those that are recorded already.

    Files that are named as evidence are read relative to `folder`. Raises `InputRefused` with every fault: line, key,
    what is wrong, and what to write.
    """
    document = read_document(text)
    answers: list[StatedAnswer] = []
    if document.data is not None:
        schema = json.loads(resources.files("analysis.governance").joinpath("answers.schema.json").read_text("utf-8"))
        check_by_schema(document, schema, "answers")
    if not document.problems:
        answers = list(_stated(review, document, folder))
    if document.problems:
        found = sorted(document.problems, key=lambda problem: problem.line or 0)
        lines = [
            f"{place}{f':{p.line}' if p.line else ''}: {p.pointer or 'the file'}: {p.what}; {p.remedy}" for p in found
        ]
        more = [f"and {len(lines) - _MAX_PROBLEMS} more"] if len(lines) > _MAX_PROBLEMS else []
        raise InputRefused(
            "the answers were refused", place=place, why="\n".join([*lines[:_MAX_PROBLEMS], *more]),
            remedy="correct the file; nothing was recorded",
        )  # fmt: skip
    return [each for each in answers if not _is_recorded(review, each)]


def _stated(review: Review, document: Document, folder: Path) -> Iterator[StatedAnswer]:
    """Yield the answers of a document that its schema accepts, and report what a schema cannot express."""
    known = {control.id: control for control in controls()}
    for name, given in document.data["questions"].items():
        place = ("questions", name)
        if name not in known:
            report_unknown(document, place, name, list(known))
            continue
        answer_now = queries.answer_to(review, name)
        recorded = {each.sha256: each for each in answer_now.evidence} if answer_now else {}
        evidence = [
            piece
            for number, each in enumerate(given.get("evidence", ()))
            if (piece := _evidence(document, (*place, "evidence", number), each, folder, recorded)) is not None
        ]
        answer = StatedAnswer(name, AnswerState(given["state"]), str(given.get("text", "")), tuple(evidence))
        try:
            control_answered(known[name], answer.state, answer.text, answer.evidence)
        except UsageError as error:
            document.report(place, error.what, error.remedy)
        yield answer


def _evidence(
    document: Document, place: tuple[str | int, ...], given: Any, folder: Path, recorded: Mapping[str, Evidence]
) -> Evidence | None:
    """Return one piece of evidence; None where it is at fault, which is reported."""
    if "sha256" in given:
        known = recorded.get(given["sha256"])
        if known is None:
            document.report(
                (*place, "sha256"), "no file with this digest is recorded here", "name the file: file: PATH"
            )
        return known
    more = {"valid_until": given.get("valid-until", ""), "source": given.get("source", "")}
    if "file" not in given:
        if "title" not in given:
            document.report(place, "title is missing", "say what it is, or name a file")
            return None
        where = str(given.get("where", ""))
        kind = EvidenceKind.LINK if where else EvidenceKind.NOTE
        return Evidence(str(given["title"]), given["level"], where, kind=kind, **more)
    try:
        found = evidence_from_file(folder / given["file"], given["level"], **more)
    except ClearanceError as error:
        document.report((*place, "file"), error.what, error.remedy or "check the path")
        return None
    return replace(found, title=str(given.get("title", found.title)), where=str(given.get("where", "")))


def _is_recorded(review: Review, answer: StatedAnswer) -> bool:
    """Whether a review says the same already; who collected evidence, and when, is no difference."""
    recorded = queries.answer_to(review, answer.control)
    if recorded is None:
        return answer.state is AnswerState.UNANSWERED
    return (recorded.state, recorded.text, _plain(recorded.evidence)) == (
        answer.state,
        answer.text,
        _plain(answer.evidence),
    )


def _plain(evidence: Iterable[Evidence]) -> list[dict[str, str]]:
    return [_evidence_data(each) for each in evidence]


def template(review: Review) -> str:
    """Return the file of answers of a review: every question of its profile, with what is recorded.

    Read back unchanged, it records nothing: a file that is evidence keeps its digest.
    """
    import yaml  # noqa: PLC0415 - one command needs it

    lines = [
        "# Answers to the governance questions of a review: clearance answer FILE --from THIS-FILE",
        "# state: unanswered, claimed, evidenced, or not-applicable (the text says why).",
        "# evidence: a list of {level: E1 to E4, title, where, valid-until, source}, or {level, file: PATH}.",
        f"answers: {VERSION}",
        "questions:",
    ]
    for control, answer, _ in queries.asked_controls(review):
        lines += [
            "",
            f"  # {control.title}: {control.question}",
            f"  # Evidence of level {control.min_level} or better: {control.settles}",
        ]
        entry = yaml.safe_dump({control.id: _data(answer)}, sort_keys=False, allow_unicode=True, width=10_000)
        lines += [f"  {line}" for line in entry.splitlines()]
    return "\n".join(lines) + "\n"


def _data(answer: Answer | None) -> dict[str, Any]:
    if answer is None:
        return {"state": AnswerState.UNANSWERED.value, "text": ""}
    data: dict[str, Any] = {"state": answer.state.value, "text": answer.text}
    evidence = [_evidence_data(each) for each in answer.evidence]
    return data | ({"evidence": evidence} if evidence else {})


def _evidence_data(evidence: Evidence) -> dict[str, str]:
    stated = {
        "level": evidence.level, "title": evidence.title, "where": evidence.where, "valid-until": evidence.valid_until,
        "source": evidence.source, "sha256": evidence.sha256,
    }  # fmt: skip
    return {name: value for name, value in stated.items() if value}
