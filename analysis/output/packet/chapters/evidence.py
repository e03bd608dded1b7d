"""Checklists with evidence levels, the register of evidence, review tracks, and the mapping to frameworks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.output.packet.chapters.blocks import (
    Bar,
    Block,
    Cell,
    Code,
    Gap,
    Heading,
    Inline,
    Para,
    SafeText,
    Small,
    Squares,
    Strong,
    Table,
)
from analysis.output.packet.chapters.inline import (
    COMMA,
    badge,
    counted,
    date,
    figure,
    level,
    number,
    ranges,
    strong,
)
from analysis.output.packet.csv_files import CONTROLS_CSV

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_QUESTIONS = 60
_MAX_PROOFS = 14
_MAX_IDS = 18
#: A proof that carries more than this share of the answers is marked.
_MAX_SHARE = 1 / 3
_MIN_ANSWERS = 4


def checklists(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield every question that was asked: its state, the level of its evidence, and the level that is wanted."""
    title = SafeText("Checklists and evidence")
    yield Heading(2, title, "checklists")
    states = doc["counts"]["answers"]
    counts: list[Inline] = [
        counted(len(doc["controls"]), SafeText("question"), SafeText("questions")),
        SafeText(" at profile "),
        level(doc["profile"]),
    ]
    for state, name in (
        ("evidenced", SafeText(" proven")),
        ("claimed", SafeText(" claimed")),
        ("not-applicable", SafeText(" not applicable")),
        ("unanswered", SafeText(" open")),
    ):
        if states.get(state) or state in {"evidenced", "unanswered"}:
            counts += [COMMA, number(states.get(state, 0)), name]
    yield Para(
        (
            *counts,
            SafeText(
                ". Levels: E1 statement, E2 document, E3 export or log sample, E4 re-performed. Answers in full: "
            ),
            Code(CONTROLS_CSV),
            SafeText("."),
        ),
        "lead",
    )
    if not doc["controls"]:
        yield Para(SafeText("No governance question belongs to this review."))
        return
    rows: list[tuple[Cell, ...]] = []
    for at, control in enumerate(doc["controls"][:_MAX_QUESTIONS], 1):
        proofs = control["evidence"]
        until = min((p["valid_until"] for p in proofs if p["valid_until"]), default="")
        best = max((p["level"] for p in proofs), default="")
        lists = (
            SafeText("governance")
            if "governance" in control["lists"]
            else SafeText("documentation")
            if "documentation" in control["lists"]
            else SafeText("")
        )
        rows.append(
            (
                (number(at), SafeText("\u2002"), control["title"]),
                lists,
                badge(control["state"]),
                level(best),
                level(control["min_level"]),
                date(until),
                control["by"] or Gap(SafeText("no answer")),
            )
        )
    head = ("Question", "Checklist", "State", "Level", "Wanted", "Valid until", "Answered by")
    yield Table(title, head, tuple(rows), widths=(35, 14, 12, 7, 8, 12, 12))
    yield from _register(doc)


def _register(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield each proof once, with a square for each question: one proof behind many answers is seen at once."""
    places = {control["id"]: at for at, control in enumerate(doc["controls"])}
    proofs = doc["evidence"]
    answered = {answer for row in proofs for answer in row["answers"]}
    title = SafeText("Evidence register")
    yield Heading(3, title)
    if not proofs:
        yield Para(SafeText("No evidence is recorded."))
        return
    carried = counted(len(proofs), SafeText("proof carries"), SafeText("proofs carry"))
    yield Para(
        (
            carried,
            SafeText(" "),
            counted(len(answered), SafeText("answer"), SafeText("answers")),
            SafeText(". Each square is a question, in the order above."),
        ),
        "lead",
    )
    rows: list[tuple[Cell, ...]] = []
    for row in proofs[:_MAX_PROOFS]:
        used = sorted(places[answer] for answer in row["answers"])
        name: tuple[Inline, ...] = (
            (row["title"], SafeText(" "), Small((row["where"],), inside=True)) if row["where"] else (row["title"],)
        )
        rows.append(
            (
                name,
                level(row["level"]),
                date(row["valid_until"]),
                _share(len(used), len(answered)),
                Squares(len(places), tuple(used)),
                ranges([at + 1 for at in used]),
                figure(row["tools"]),
            )
        )
    head = ("Proof and where it is", "Level", "Valid until", "Answers", "Used for", "No.", "Tools")
    yield Table(title, head, tuple(rows), frozenset({3, 6}), (30, 7, 12, 9, 25, 11, 6))
    if len(proofs) > _MAX_PROOFS:
        yield Para(
            (
                number(len(proofs) - _MAX_PROOFS),
                SafeText(" more pieces of evidence are in "),
                Code(CONTROLS_CSV),
                SafeText("."),
            ),
            "note",
        )


def _share(used: int, answered: int) -> Cell:
    """Return how many answers rest on a proof; more than a third of them is a warning."""
    if used >= _MIN_ANSWERS and used > answered * _MAX_SHARE:
        return Gap(SafeText("many"), required=True), SafeText(" "), number(used)
    return figure(used)


def tracks(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield what each team asks, what this profile asked, and what is proven."""
    title = SafeText("Review tracks")
    yield Heading(2, title, "tracks", keep=True)
    yield Para(
        SafeText(
            "What each team would ask, and what this profile asked. Solid: proven. Dashed: claimed or open. Grey: not asked. Who signed for a team is in the sign-offs."
        ),
        "lead",
    )
    rows: list[tuple[Cell, ...]] = []
    for row in doc["tracks"]:
        open_ones = row["asked"] - row["proven"] - row["not_applicable"]
        share = Bar((("ok", row["proven"]), ("todo", open_ones), ("stop", row["questions"] - row["asked"])), 150, 8)
        rows.append(
            (
                strong(row["title"]),
                number(row["questions"]),
                number(row["asked"]),
                number(row["proven"]),
                figure(row["not_applicable"]),
                share,
            )
        )
    yield Table(
        title,
        ("Track", "Questions", "Asked", "Proven", "Not applicable", "Coverage"),
        tuple(rows),
        frozenset({1, 2, 3, 4}),
        (25, 11, 9, 9, 14, 32),
    )


def mapping(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield for each framework the ids that the answers support."""
    title = SafeText("Control mapping")
    yield Heading(2, title, "mapping")
    if not doc["frameworks"]:
        yield Para(SafeText("No question of this review refers to a framework."))
        return
    yield Para(
        SafeText(
            "Ids that the questions refer to. A circle marks one whose answers are not all proven. A mapping supports an assessment; it is no certificate."
        ),
        "lead",
    )
    rows: list[tuple[Cell, ...]] = []
    for row in doc["frameworks"]:
        proven = sum(each["proven"] for each in row["ids"])
        rows.append(
            (
                (row["title"], SafeText(" "), row["edition"]),
                number(len(row["ids"])),
                number(proven),
                tuple(_ids(row["ids"])),
            )
        )
    yield Table(
        title, ("Framework and edition", "Ids", "Proven", "Which"), tuple(rows), frozenset({1, 2}), (41, 5, 8, 46)
    )


def _ids(ids: list[dict[str, Any]]) -> Iterator[Inline]:
    for at, each in enumerate(ids[:_MAX_IDS]):
        yield from ((COMMA,) if at else ())
        yield each["id"]
        yield from () if each["proven"] else (SafeText("\u00a0○"),)
    if len(ids) > _MAX_IDS:
        yield from (COMMA, number(len(ids) - _MAX_IDS), SafeText(" more"))


def policy(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield what the organisation's policy changed, if one is in force."""
    in_force = doc["policy"]
    if in_force is None:
        return
    yield Heading(2, SafeText("Policy"), "policy", keep=True)
    roles = in_force["sign_off"]["roles"]
    signed: tuple[Inline, ...] = (number(in_force["sign_off"]["needed"]), SafeText(" sign-offs required"))
    for at, role in enumerate(roles):
        signed += (COMMA if at else SafeText(": "), role)
    yield Para(
        (
            Strong((in_force["name"],)),
            SafeText(", "),
            Code(in_force["file"]),
            SafeText(", SHA-256 "),
            Code(in_force["sha256"]),
            SafeText("; "),
            *signed,
            SafeText("."),
        )
    )
    rows: list[tuple[Cell, ...]] = [
        (Code(row["rule"]), badge(row["severity"]), row["reason"]) for row in in_force["severities"]
    ]
    rows += [(Code(row["rule"]), SafeText("switched off"), row["reason"]) for row in in_force["switched_off"]]
    if rows:
        yield Table(
            SafeText("Rules set by policy"),
            ("Rule", "Set to", "Reason"),
            tuple(rows[:_MAX_PROOFS]),
            widths=(18, 18, 64),
        )
