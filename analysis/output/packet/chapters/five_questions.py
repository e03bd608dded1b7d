"""The five questions of every security review, each with a picture and two sentences; the first words answer it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.output.packet.chapters.blocks import Block, Heading, Inline, QuestionBlock, SafeText, TableOfContents
from analysis.output.packet.chapters.drawing import Box, Disc, Drawing, Label, Shape, Stroke, parts_of_bar
from analysis.output.packet.chapters.headline import allowed_of, names, noun
from analysis.output.packet.chapters.inline import (
    COMMA,
    counted,
    date,
    joined,
    level,
    number,
    plural,
    strong,
    tool_count,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WIDTH = 210
_ROW = 15
#: Where bars begin, and the width of the longest, units.
_LEFT, _LONGEST = 80, 90
_MAX_BARS = 5
_TYPES = ("read-only", "side-effect", "critical", "administrative", "billing")
_END = SafeText(". ")
#: Questions on credentials and on the trail, in a word each.
_CREDENTIALS = (
    ("cred-store", SafeText("stored"), SafeText("where credentials are stored")),
    ("cred-rotate", SafeText("rotated"), SafeText("how they are rotated")),
    ("doc-cred", SafeText("drawn"), SafeText("how they flow")),
)
_TRAIL = (
    ("log-config", SafeText("logged"), SafeText("that calls are recorded")),
    ("log-fields", SafeText("fields"), SafeText("what a record holds")),
    ("log-rebuild", SafeText("tested"), SafeText("that an event can be reconstructed")),
)


def five_questions(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the table of contents and the chapter of the five questions, which share a page."""
    yield TableOfContents()
    yield Heading(2, SafeText("Five questions"), "questions")
    yield QuestionBlock(SafeText("What can the agent access?"), _data_bars(doc), tuple(_access(doc)))
    yield QuestionBlock(SafeText("What actions can the agent execute?"), _type_bars(doc), tuple(_actions(doc)))
    yield QuestionBlock(SafeText("How are credentials managed?"), _discs(doc, _CREDENTIALS), tuple(_credentials(doc)))
    yield QuestionBlock(SafeText("Who approved the action?"), _approval_bar(doc), tuple(_approvals(doc)))
    yield QuestionBlock(SafeText("Where is the audit trail?"), _discs(doc, _TRAIL), tuple(_audit(doc)))


def _verb(doc: dict[str, Any]) -> SafeText:
    return SafeText(" are allowed") if doc["status"] == "FINAL" else SafeText(" are decided as allowed")


def _access(doc: dict[str, Any]) -> Iterator[Inline]:
    allowed, total = allowed_of(doc)
    answer = doc["questions"]["access"]
    yield strong(number(allowed), SafeText(" of "), number(total), SafeText(" "), noun(doc), _verb(doc), SafeText("."))
    yield SafeText(" ")
    shown = sorted((row for row in answer["data"] if row["allowed"]), key=lambda row: (-row["allowed"], row["data"]))
    if shown:
        pieces: list[Inline] = []
        for row in shown[:4]:
            pieces += [COMMA] if pieces else []
            pieces += [row["data"], SafeText(" ("), number(row["allowed"]), SafeText(")")]
        yield from (SafeText("Classes of data that they read or send: "), *pieces, _END)
    if without := answer["no_data_class"]:
        verb = plural(without, SafeText(" shows no known class. "), SafeText(" show no known class. "))
        yield from (tool_count(without), verb)
    yield SafeText("Classes are derived from field names and prove no absence.")


def _data_bars(doc: dict[str, Any]) -> Drawing:
    rows = sorted(doc["questions"]["access"]["data"], key=lambda row: (-row["allowed"], row["data"]))[:_MAX_BARS]
    most = max([row["allowed"] for row in rows], default=0) or 1
    shapes: list[Shape] = []
    words: list[Inline] = []
    for at, row in enumerate(rows):
        y = at * _ROW
        width = _LONGEST * row["allowed"] / most
        shapes.append(Label(_LEFT - 6, y + 10, row["data"], anchor="end", limit=13))
        shapes += [Box(_LEFT, y + 2, max(width, 1.5), 9, "ok")] if row["allowed"] else []
        shapes.append(Label(_LEFT + (width + 4 if row["allowed"] else 0), y + 10, number(row["allowed"]), "m"))
        words += [COMMA] if words else []
        words += [row["data"], SafeText(" "), number(row["allowed"])]
    if not rows:
        shapes.append(Label(0, 10, SafeText("no class of data was found"), "m"))
    return Drawing(
        _WIDTH, max(len(rows), 1) * _ROW, tuple(shapes), SafeText("Allowed tools by class of data"), tuple(words)
    )


def _by_type(doc: dict[str, Any]) -> dict[str, list[int]]:
    found = {kind: [0, 0, 0, 0] for kind in _TYPES}
    for row in doc["types"]:
        for at, state in enumerate(("approved", "conditional", "blocked", "undecided")):
            found.setdefault(row["type"], [0, 0, 0, 0])[at] += row[state]
    return found


def _actions(doc: dict[str, Any]) -> Iterator[Inline]:
    found = _by_type(doc)
    allowed = {kind: counts[0] + counts[1] for kind, counts in found.items()}
    beyond = sum(allowed[kind] for kind in ("critical", "administrative", "billing"))
    if not any(allowed.values()):
        yield strong(SafeText("Nothing is allowed."))
    elif not allowed["side-effect"] and not beyond:
        yield strong(SafeText("It reads; it changes nothing."))
    elif not beyond:
        yield strong(SafeText("It reads and writes; nothing critical, administrative or billing."))
    else:
        yield strong(
            SafeText("It reads and writes, and "),
            number(beyond),
            plural(beyond, SafeText(" tool is"), SafeText(" tools are")),
            SafeText(" critical, administrative or billing."),
        )
    yield SafeText(" Allowed: ")
    pieces: list[Inline] = []
    for kind in _TYPES:
        if total := sum(found[kind]):
            pieces += [COMMA] if pieces else []
            pieces += [number(allowed[kind]), SafeText(" of "), number(total), SafeText(" "), word(kind)]
    yield from (*pieces, SafeText("."))
    if unclear := sum(tool["unclear"] for tool in doc["tools"]):
        yield from (
            SafeText(" The effect of "),
            tool_count(unclear),
            SafeText(" is unclear and counts as a side effect."),
        )


def _type_bars(doc: dict[str, Any]) -> Drawing:
    shapes: list[Shape] = []
    words: list[Inline] = []
    for at, (kind, counts) in enumerate(_by_type(doc).items()):
        y = at * _ROW
        shapes.append(Label(_LEFT - 6, y + 10, word(kind), anchor="end", limit=16))
        shapes += parts_of_bar(
            tuple(zip(("ok", "cond", "stop", "todo"), counts, strict=True)), _LEFT, y + 2, _LONGEST, 9
        )
        shapes.append(Label(_LEFT + _LONGEST + 5, y + 10, number(sum(counts)), "m"))
        words += [COMMA] if words else []
        words += [word(kind), SafeText(" "), number(counts[0] + counts[1]), SafeText(" of "), number(sum(counts))]
    return Drawing(_WIDTH, len(_TYPES) * _ROW, tuple(shapes), SafeText("Tools by type and decision"), tuple(words))


def _state_of(doc: dict[str, Any], control: str) -> tuple[str, str]:
    """Return the state of a question and the best level of its evidence; it may not have been asked."""
    for row in doc["controls"]:
        if row["id"] == control:
            return row["state"], max((e["level"] for e in row["evidence"]), default="")
    return "not asked", ""


def _discs(doc: dict[str, Any], asked: Sequence[tuple[str, SafeText, SafeText]]) -> Drawing:
    """Return a disc for each question: filled with a tick when proven, dashed when claimed or open."""
    shapes: list[Shape] = []
    words: list[Inline] = []
    for at, (control, name, _) in enumerate(asked):
        x, (state, proof) = at * 70, _state_of(doc, control)
        if state == "evidenced":
            shapes += [Disc(x + 10, 12, 8.5, "ok"), Stroke(f"M{x + 5.5:g} 12l3 3.4 6-7", "tick")]
        else:
            shapes.append(Disc(x + 10, 12, 8, "todo"))
        below = (SafeText("proof "), level(proof)) if state == "evidenced" else _said(state)
        shapes += [Label(x + 24, 10, name, "b"), Label(x + 24, 22, below, "m", limit=14)]
        words += [COMMA] if words else []
        words += [name, SafeText(": "), *(below if isinstance(below, tuple) else (below,))]
    return Drawing(_WIDTH, 26, tuple(shapes), SafeText("Questions and whether their answers are proven"), tuple(words))


def _said(state: str) -> Inline:
    return {"not asked": SafeText("not asked")}.get(state) or word(state)


def _proof(doc: dict[str, Any], asked: Sequence[tuple[str, SafeText, SafeText]]) -> Iterator[Inline]:
    """Yield what is proven, and what is not, in a sentence each."""
    states = [(text, _state_of(doc, control)[0]) for control, _, text in asked]
    for wanted, lead in (
        ("evidenced", SafeText("Proven: ")),
        ("claimed", SafeText("Claimed without proof: ")),
        ("unanswered", SafeText("Not answered: ")),
        ("not asked", SafeText("Not asked at this profile: ")),
    ):
        found: list[Inline] = [text for text, state in states if state == wanted]
        if found:
            yield from (lead, *joined(found), _END)


def _credentials(doc: dict[str, Any]) -> Iterator[Inline]:
    stored, proof = _state_of(doc, "cred-store")
    if stored == "evidenced":
        yield strong(SafeText("Stored as documented, with proof "), level(proof), SafeText("."))
    else:
        yield strong(SafeText("Credential storage is "), _said(stored), SafeText("."))
    yield SafeText(" ")
    yield from _proof(doc, _CREDENTIALS)
    schemes = sorted({(row["scheme"], row["kind"]) for row in doc["questions"]["credentials"]["schemes"]})
    if schemes:
        listed = names([f"{name} ({kind})" for name, kind in schemes])
        yield from (SafeText("The sources declare "), *listed, SafeText("."))
    else:
        yield SafeText("The sources declare no security scheme, so the smallest set of scopes cannot be computed.")


def _approvals(doc: dict[str, Any]) -> Iterator[Inline]:
    answer = doc["questions"]["approvals"]
    people, decided = len(answer["decided_by"]), sum(row["decisions"] for row in answer["decided_by"])
    waiting, proven = answer["run_time_approval"], answer["run_time_approval_proven"]
    reviewers = counted(people, SafeText("reviewer"), SafeText("reviewers"))
    yield strong(
        reviewers,
        SafeText(" decided "),
        tool_count(decided),
        SafeText("; "),
        (tool_count(waiting) if waiting else SafeText("none")),
        plural(max(waiting, 1), SafeText(" waits"), SafeText(" wait")),
        SafeText(" for a person at run time."),
    )
    yield SafeText(" ")
    if waiting:
        yield from (SafeText("For "), number(proven), SafeText(" of them evidence proves it. "))
    bare = len(answer["high_risk_without_approval"])
    if answer["high_risk_allowed"]:
        yield from (
            (tool_count(bare), SafeText(" of high risk may be called without a person. "))
            if bare
            else (SafeText("No high-risk tool may be called without a person. "),)
        )
    else:
        yield SafeText("No high-risk tool is allowed. ")
    yield from (
        (SafeText("Decided by "), *names([row["by"] for row in answer["decided_by"]]), SafeText(".")) if people else ()
    )


def _approval_bar(doc: dict[str, Any]) -> Drawing:
    answer = doc["questions"]["approvals"]
    waiting, proven = answer["run_time_approval"], answer["run_time_approval_proven"]
    shapes: list[Shape] = [Label(0, 10, SafeText("tools that wait for a person"), "m")]
    if waiting:
        shapes += parts_of_bar((("ok", proven), ("todo", waiting - proven)), 0, 16, 150, 11)
        shapes.append(Label(156, 25, (number(proven), SafeText(" of "), number(waiting)), "b"))
        shapes.append(Label(0, 42, SafeText("proven"), "m"))
    else:
        shapes.append(Label(0, 25, SafeText("none"), "b"))
    words: tuple[Inline, ...] = (number(waiting), SafeText(" wait for a person, proven for "), number(proven))
    return Drawing(
        _WIDTH, 46 if waiting else 30, tuple(shapes), SafeText("Tools that wait for a person at run time"), words
    )


def _audit(doc: dict[str, Any]) -> Iterator[Inline]:
    state, proof = _state_of(doc, "log-config")
    if state == "evidenced":
        yield strong(SafeText("Calls are recorded, with proof "), level(proof), SafeText("."))
    else:
        yield strong(SafeText("Whether calls are recorded is "), _said(state), SafeText("."))
    yield SafeText(" ")
    yield from _proof(doc, _TRAIL)
    log = doc["log"]
    events = doc["questions"]["audit"]["audit_conditions"]
    yield from (
        SafeText("An audit event is a condition of "),
        tool_count(events) if events else SafeText("no allowed tool"),
    )
    yield from (
        SafeText(". The record of this review has "),
        counted(log["events"], SafeText("event"), SafeText("events")),
    )
    yield from (
        SafeText(" by "),
        counted(len(log["people"]), SafeText("person"), SafeText("people")),
        SafeText(", from "),
    )
    yield from (
        date(log["first_at"]),
        SafeText(" to "),
        date(log["last_at"]),
        SafeText(", each bound to the one before."),
    )
