"""What has changed since the signed packet before: capabilities, decisions, findings, answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from analysis.output.packet.chapters.blocks import (
    Block,
    Bullets,
    Cell,
    Code,
    Gap,
    Heading,
    Inline,
    Para,
    SafeText,
    Table,
)
from analysis.output.packet.chapters.inline import (
    COMMA,
    NONE,
    counted,
    date,
    figure,
    joined,
    listed,
    number,
    plural,
    small,
    strong,
    tool_count,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

#: Decisions from the most to the least that an agent may do, with their rank.
_RANKS: Final = {"approved": 2, "conditional": 1, "blocked": 0, "undecided": 0}
_LOOSENED: Final = Gap(SafeText("loosened"))
_MAX_NAMED: Final = 6
_MAX_ROWS: Final = 8


def changes(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield what changed since the last signed packet."""
    yield Heading(2, SafeText("Changes since the last packet"), "changes", keep=True)
    since = doc["since_packet"]
    if since is None:
        yield Para(SafeText("The review knows no earlier signed packet, so there is nothing to compare it with."))
    else:
        yield from _since(doc, since)
    stale = doc["counts"]["by_state"]["stale"]
    if stale:
        has = plural(stale, SafeText(" decision is stale"), SafeText(" decisions are stale"))
        yield Para((number(stale), has, SafeText(": the definition has changed since.")))


def _since(doc: dict[str, Any], since: dict[str, Any]) -> Iterator[Block]:
    yield Para(
        (
            SafeText("Last signed packet: "), date(since["issued_at"]), SafeText(", score "), number(since["score"]), COMMA,
            since["verdict"], SafeText("; SHA-256 of its manifest "), Code(since["manifest"]), SafeText("."),
        ),
        "lead",
    )  # fmt: skip
    if not since["compared"]:
        yield Para(SafeText("It was not compared: it was not approved, or does not carry what it was made from."))
        return
    if since["compared_with"] != since["issued_at"]:
        approved = date(since["compared_with"])
        yield Para((SafeText("It was not approved. Compared with the last one that was, of "), approved, SafeText(".")))
    names = {tool["id"]: tool["name"] for tool in doc["tools"]}
    new, gone, changed = since["new"], since["gone"], since["changed"]
    yield Para(
        (
            SafeText("Tools: "), number(len(new)), SafeText(" new, "), number(len(gone)), SafeText(" gone, "),
            number(len(changed)), SafeText(" with a changed definition; "), number(len(since["conditions"])),
            SafeText(" under other conditions. "), *_loosened(since["decisions"]),
        )
    )  # fmt: skip
    yield _matrix(since["decisions"])
    lists = [(SafeText("New"), new), (SafeText("Gone"), gone), (SafeText("Loosened"), _tools(since["decisions"]))]
    named = [_named(title, tools, names) for title, tools in lists if tools]
    if named:
        yield Bullets(tuple(named))
    yield from _changed(changed, names)
    yield from _counts(since)


def _is_loosened(row: Mapping[str, Any]) -> bool:
    return _RANKS[row["now"]] > _RANKS[row["then"]]


def _tools(decisions: Sequence[dict[str, Any]]) -> list[str]:
    """Return the tools that an agent may do more with than it could."""
    return sorted(tool for row in decisions if _is_loosened(row) for tool in row["tools"])


def _loosened(decisions: Sequence[dict[str, Any]]) -> Iterator[Inline]:
    looser = sum(row["count"] for row in decisions if _is_loosened(row))
    tighter = sum(row["count"] for row in decisions if _RANKS[row["now"]] < _RANKS[row["then"]])
    yield SafeText("Tightened: ")
    yield tool_count(tighter)
    yield SafeText("; loosened: ")
    yield tool_count(looser)
    yield SafeText(".")


def _named(title: SafeText, tools: Sequence[str], names: Mapping[str, str]) -> tuple[Inline, ...]:
    return (strong(title), SafeText(": "), *listed([Code(names.get(tool, tool)) for tool in tools], _MAX_NAMED))


def _matrix(decisions: Sequence[dict[str, Any]]) -> Table:
    """Return the decisions then, by the decisions now, of the tools in both packets."""
    counts = {(row["then"], row["now"]): row["count"] for row in decisions}
    rows: list[tuple[Cell, ...]] = []
    for then in _RANKS:
        line = {now: counts.get((then, now), 0) for now in _RANKS}
        if any(line.values()):
            rows.append((word(then), *(_figure(then, now, n) for now, n in line.items()), number(sum(line.values()))))
    head = ("Then, by now", "Approved", "With conditions", "Blocked", "Undecided", "All")
    return Table(
        SafeText("Decisions then and now"),
        head,
        tuple(rows),
        frozenset({1, 2, 3, 4, 5}),
        (24, 16, 18, 16, 16, 10),
    )


def _figure(then: str, now: str, count: int) -> Cell:
    if not count:
        return NONE
    if then == now:
        return (number(count), small(SafeText("unchanged")))
    looser = (small(_LOOSENED),) if _RANKS[now] > _RANKS[then] else ()
    return (strong(number(count)), *looser)


def _changed(changed: Sequence[dict[str, Any]], names: Mapping[str, str]) -> Iterator[Block]:
    """Yield the changed definitions, those that reach more first."""
    ordered = sorted(changed, key=lambda row: (not row["widened"], not row["grown"], row["tool"]))
    if not ordered:
        return
    rows: list[tuple[Cell, ...]] = []
    for row in ordered[:_MAX_ROWS]:
        beyond: list[Inline] = [Gap(SafeText("reaches more: ")), *joined(row["widened"])] if row["widened"] else []
        beyond += [SafeText("; ")] if row["widened"] and row["grown"] else []
        beyond += joined(row["grown"])
        rows.append((Code(names.get(row["tool"], row["tool"])), tuple(beyond) or SafeText("another wording or form")))
    yield Heading(3, SafeText("Changed definitions"))
    yield Table(
        SafeText("Changed definitions"), ("Changed definition", "Beyond the signed one"), tuple(rows), widths=(36, 64)
    )
    yield from _more(len(ordered) - len(rows), SafeText("changed definition"), SafeText("changed definitions"))


def _counts(since: dict[str, Any]) -> Iterator[Block]:
    """Yield the rules with other numbers of open findings, and the questions with other answers."""
    found: list[tuple[Cell, ...]] = [
        (Code(row["id"]), figure(row["then"] or 0), figure(row["now"] or 0)) for row in since["findings"]
    ]
    found += [(Code(row["id"]), _answer(row["then"]), _answer(row["now"])) for row in since["answers"]]
    if found:
        head = ("Open findings by rule, answers by question", "Then", "Now")
        yield Heading(3, SafeText("Findings and answers"))
        yield Table(SafeText("Findings and answers"), head, tuple(found[: 2 * _MAX_ROWS]), widths=(60, 20, 20))
        yield from _more(len(found) - 2 * _MAX_ROWS, SafeText("difference"), SafeText("differences"))


def _answer(state: str | None) -> Inline:
    return word(state) if state else SafeText("not asked")


def _more(count: int, noun: SafeText, nouns: SafeText) -> Iterator[Block]:
    if count > 0:
        yield Para((counted(count, noun, nouns), SafeText(" more in the data of the packet.")), "note")
