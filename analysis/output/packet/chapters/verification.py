"""How to verify the packet without trusting it, which files it holds, and the words it uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.output.packet.chapters.blocks import (
    Block,
    Cell,
    Code,
    Commands,
    FactList,
    Heading,
    Para,
    SafeText,
    Table,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


def verification(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the files of the packet, and how a reader verifies them without trusting it."""
    yield Heading(2, SafeText("Sign-offs and how to verify them"), "verify")
    yield Para(
        SafeText(
            "This document does not say who signed: sign-offs are made over the finished packet, in its folder "
            "signoffs. These commands verify them with OpenSSH and coreutils alone."
        )
    )
    if doc["files"]:
        rows: list[tuple[Cell, ...]] = [(Code(row["file"]), row["title"]) for row in doc["files"]]
        yield Table(SafeText("Files of this packet"), ("File", "What it is"), tuple(rows))
    yield Commands(tuple(doc["how_to_verify"]))


def vocabulary(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the terms a reader may not know; the same in every packet."""
    del doc
    yield Heading(2, SafeText("Words used"), "words")
    yield FactList(
        (
            (
                SafeText("Critical"),
                SafeText("an effect that cannot be undone, moves money, or changes who may do what"),
            ),
            (SafeText("Unclear"), SafeText("no signal explained the tool; it is treated as one with side effects")),
            (SafeText("Allowed"), SafeText("approved, or approved with conditions; everything else is not allowed")),
            (SafeText("Stale"), SafeText("decided, but the definition has changed since: not allowed")),
            (SafeText("Conflicting"), SafeText("reviewers differ, and the conflict is not resolved: not allowed")),
            (SafeText("Expired"), SafeText("approved until a date that has passed: not allowed")),
            (
                SafeText("Awaiting-second"),
                SafeText("a high risk approved by one person where the review requires two: not allowed"),
            ),
            (
                SafeText("Residual risk"),
                SafeText("a finding that is open, being fixed or accepted, on a tool that is not blocked"),
            ),
            (
                SafeText("Definition"),
                SafeText("everything a model reads of a tool or may send to it, as one SHA-256 digest"),
            ),
            (
                SafeText("Override"),
                SafeText("a reviewer put a risk or type lower than the engine, or called a finding false"),
            ),
        )
    )
