"""The score: the verdict with its tone, and the ledger that explains every point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.output.packet.chapters.blocks import (
    Badge,
    Block,
    Code,
    FactList,
    Heading,
    Inline,
    Para,
    SafeText,
    Table,
    badge,
    decimal,
    number,
    of_hundred,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


def verdict(value: str) -> Inline:
    """Return a verdict with its tone: unlike a blocked tool, a blocked review is bad news."""
    return Badge("blocked", "bad") if value == "blocked" else badge(value)


def ledger(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the chapter that explains every point of the score."""
    score = doc["score"]
    yield Heading(2, SafeText("Score ledger"), "ledger")
    yield FactList(
        (
            (SafeText("Score"), of_hundred(score["value"])),
            (SafeText("Verdict"), verdict(score["verdict"])),
            (SafeText("Model"), Code(score["model"])),
            (SafeText("Rule pack"), Code(doc["rule_pack"])),
        )
    )
    yield Para(
        SafeText(
            "The verdict follows from gates, never from the number. Scores of different models or rule packs "
            "cannot be compared."
        ),
        "note",
    )
    if score["ledger"]:
        rows = [
            (line["label"], Code(line["rule"]), decimal(line["points"]), decimal(line["counted"]), number(line["gain"]))
            for line in score["ledger"]
        ]
        head = ("Deduction", "Rule", "Points", "Counted", "Gain if fixed")
        yield Table(SafeText("Score ledger"), head, tuple(rows), frozenset({2, 3, 4}))
    else:
        yield Para(SafeText("Nothing was deducted."))
    for cap in score["caps"]:
        yield Para((SafeText("Score capped at "), number(cap["at"]), SafeText(": "), cap["why"]))
