"""The first page, which has to suffice alone: the decision, its facts, three numbers, the largest risks, who signs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.output.packet.chapters.blocks import (
    Bar,
    Block,
    Cards,
    Cell,
    Code,
    FactList,
    Gap,
    Heading,
    InfoCard,
    Inline,
    KeyFigure,
    KeyFigures,
    Legend,
    Masthead,
    Para,
    SafeText,
    Table,
)
from analysis.output.packet.chapters.headline import (
    allowed_of,
    at_once,
    is_draft,
    names,
    noun,
    one_person,
    sentence,
    verdict_line,
    where,
    why,
)
from analysis.output.packet.chapters.inline import (
    COMMA,
    DOT,
    NOT_STATED,
    badge,
    date,
    in_words,
    number,
    of,
    out_of,
    shortened,
    small,
    stated,
    strong,
    word,
)
from analysis.output.packet.folder import SIGNOFFS

if TYPE_CHECKING:
    from collections.abc import Iterator

#: States of a decision as a bar draws them; whatever is in doubt is undecided.
_DRAWN = (("ok", "approved"), ("cond", "conditional"), ("stop", "blocked"), ("todo", "undecided"))
_NAMES = {
    "ok": SafeText("approved"), "cond": SafeText("approved with conditions"), "stop": SafeText("blocked"),
    "todo": SafeText("undecided (not allowed)"),
}  # fmt: skip
_RISKS = ("low", "medium", "high")
_TYPES = ("read-only", "side-effect", "critical", "administrative", "billing")
_MAX_RISKS = 3
_MAX_ROLES = 4
#: Maximum number of characters of the item that sets the end.
_MAX_ITEM = 70


def first_page(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the first page."""
    right = (SafeText("DRAFT · allows nothing"),) if is_draft(doc) else (SafeText("FINAL"),)
    yield Masthead(
        (strong(SafeText("Tool access review")), DOT, doc["title"]),
        (
            strong(*right) if is_draft(doc) else right[0],
            SafeText(" · as of "),
            date(doc["as_of"]),
            SafeText(" · review "),
            Code(doc["workspace"][:12]),
        ),
    )
    yield verdict_line(doc)
    yield Heading(1, sentence(doc))
    if text := tuple(why(doc)):
        yield Para(text, "why")
    yield from at_once(doc)
    yield FactList(_facts(doc), "grid")
    yield _numbers(doc)
    yield from _matrix(doc)
    yield from _largest(doc)
    yield from _signed(doc)


def _facts(doc: dict[str, Any]) -> tuple[tuple[SafeText, Cell], ...]:
    request, ends = doc["request"], doc["ends"]
    until: Cell = date(ends["at"]) if ends["at"] else NOT_STATED
    if ends["at"]:
        until = (date(ends["at"]), small(SafeText("set by "), shortened(ends["what"], _MAX_ITEM)))
    voids = request["ends_early"] or sorted({void for row in doc["residual"] for void in row["voids"]})
    return (
        (SafeText("Agent"), stated(request["agent"])),
        (SafeText("Environment"), stated(request["environment"])),
        (SafeText("Audience"), names(request["audience"]) or NOT_STATED),
        (SafeText("Owner"), stated(request["owner"])),
        (SafeText("Purpose"), stated(request["purpose"])),
        (SafeText("Valid until"), until),
        (SafeText("Ends early if"), names(voids) if voids else NOT_STATED),
    )


def _numbers(doc: dict[str, Any]) -> KeyFigures:
    allowed, total = allowed_of(doc)
    states, score = doc["counts"]["by_state"], doc["score"]
    undecided = total - allowed - states["blocked"]
    lead = (
        SafeText(" decided as allowed; none may be called before sign-off: ")
        if is_draft(doc)
        else SafeText(" allowed: ")
    )
    tools: list[Inline] = [
        noun(doc),
        lead,
        number(states["approved"]),
        SafeText(" approved, "),
        number(states["conditional"]),
    ]
    tools += [SafeText(" with conditions; "), number(states["blocked"]), SafeText(" blocked")]
    tools += [COMMA, number(undecided), SafeText(" undecided")] if undecided else []
    counts = (states["approved"], states["conditional"], states["blocked"], undecided)
    bar = Bar(tuple((drawn, n) for (drawn, _), n in zip(_DRAWN, counts, strict=True)), 340, 12)
    high = len(doc["high_risk_allowed"])
    unproven = len(doc["questions"]["approvals"]["high_risk_unproven"])
    lead_of_high = (
        SafeText("high-risk tools decided as allowed") if is_draft(doc) else SafeText("high-risk tools allowed")
    )
    said: Cell = lead_of_high
    if high:
        said = (lead_of_high, SafeText("; "), in_words(high - unproven), SafeText(" with proven run-time approval"))
    without: Cell = (SafeText("score; "), number(score["without_acceptances"]), SafeText(" without accepted risks"))
    return KeyFigures(
        (
            KeyFigure(number(allowed), out_of(total), tuple(tools), bar),
            KeyFigure(number(high), out_of(doc["counts"]["by_risk"]["high"]), said),
            KeyFigure(number(score["value"]), out_of(100), without),
        )
    )


def _matrix(doc: dict[str, Any]) -> Iterator[Block]:
    cells: dict[tuple[str, str], list[int]] = {}
    for row in doc["types"]:
        counted = [row[state] for _, state in _DRAWN]
        for key in ((row["type"], row["risk"]), (row["type"], ""), ("", row["risk"]), ("", "")):
            cells[key] = [a + b for a, b in zip(cells.get(key, [0, 0, 0, 0]), counted, strict=True)]
    rows: list[tuple[Cell, ...]] = [
        (word(kind) if kind else SafeText("All"), *(_share(cells[kind, risk]) for risk in (*_RISKS, "")))
        for kind in (*_TYPES, "")
    ]
    yield Table(
        SafeText("Decided as allowed by type and risk") if is_draft(doc) else SafeText("Allowed tools by type and risk"),
        ("Tool type", "low risk", "medium risk", "high risk", "All"), tuple(rows), frozenset({1, 2, 3, 4}),
        (15, 21, 22, 21, 21), "matrix", totals=1, captioned=True,
    )  # fmt: skip
    drawn = [state for index, (state, _) in enumerate(_DRAWN) if cells["", ""][index]]
    yield Legend(tuple((state, _NAMES[state]) for state in drawn))


def _share(counted: list[int]) -> Cell:
    """Return a share with its bar. Nothing allowed, no bar: a bar says that something can be called."""
    total, allowed = sum(counted), counted[0] + counted[1]
    if not total:
        return ""
    share = of(allowed, total)
    bar = Bar(tuple((drawn, n) for (drawn, _), n in zip(_DRAWN, counted, strict=True)))
    return (bar, *share) if allowed else share


def _largest(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the largest residual risks, each cause once."""
    by_rule: dict[tuple[str, str], dict[str, Any]] = {}
    for row in doc["residual"]:
        by_rule.setdefault((row["rule"], row["control"]), row)
    rows: list[tuple[Cell, ...]] = []
    for row in list(by_rule.values())[:_MAX_RISKS]:
        what: Cell = (strong(row["title"]), DOT, *where(row), small(row["reason"] or row["why"]))
        owner = row["owner"] or Gap(SafeText("no owner"))
        rows.append(
            (
                what,
                badge(row["severity"]),
                word(row["status"]),
                owner,
                date(row["until"]) if row["until"] else Gap(SafeText("no date")),
            )
        )
    title = SafeText("Largest residual risks")
    yield Heading(3, title)
    if rows:
        yield Table(title, ("Risk", "Severity", "Status", "Owner", "Until"), tuple(rows), widths=(46, 11, 11, 20, 12))
    else:
        yield Para(SafeText("None: no finding on a tool that is not blocked is open or accepted."))


def _signed(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield who has to sign. Signed bytes cannot change, so who did sign is said next to the document, not in it."""
    yield Heading(3, SafeText("Signed"))
    demanded: dict[str, Any] = doc["policy"]["sign_off"] if doc["policy"] else {"roles": [], "needed": 0}
    unsigned = SafeText("see the folder ") if not is_draft(doc) else SafeText("not signed: a draft takes no approval")
    line: Cell = (unsigned, Code(SIGNOFFS)) if not is_draft(doc) else unsigned
    roles = list(dict.fromkeys([*demanded["roles"], *doc["request"]["roles"]]))[:_MAX_ROLES]
    if roles:
        yield Cards(tuple(InfoCard(role, line, (), missing=True) for role in roles), "sign")
    yield Para(
        (
            SafeText("This document cannot change once it is signed. Who signed, in which role, with which verdict and until "
                     "when is in the folder "), Code(SIGNOFFS), SafeText("; "), Code("clearance verify"),
            SafeText(" and "), Code("verify.py"), SafeText(" print it. "), *_demand(doc, demanded),
        ), "note",
    )  # fmt: skip
    yield from one_person(doc)


def _demand(doc: dict[str, Any], demanded: dict[str, Any]) -> tuple[Inline, ...]:
    if demanded["needed"]:
        return (number(demanded["needed"]), SafeText(" sign-offs are required."))
    if doc["request"]["roles"]:
        return (SafeText("The roles above have to sign."),)
    if doc["profile"] == "L1":
        return (SafeText("No role is required at profile L1."),)
    return (SafeText("Neither the requester nor the only decider can approve."),)
