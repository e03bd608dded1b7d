"""What a sign-off is about, how to verify it without trusting the packet, its files, and the words it uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.output.packet.auditor import GUIDE, PROGRAM
from analysis.output.packet.chapters.blocks import (
    Block,
    Cell,
    Code,
    FactList,
    Heading,
    Inline,
    NameList,
    Para,
    SafeText,
)
from analysis.output.packet.chapters.headline import names
from analysis.output.packet.chapters.inline import codes, counted, date, population
from analysis.output.packet.folder import SIGNOFFS

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS = (
    (SafeText("Critical"), SafeText("an effect that cannot be undone, moves money, or decides who may do what")),
    (SafeText("Unclear"), SafeText("no signal explained the tool; it counts as one with side effects")),
    (SafeText("Allowed"), SafeText("approved, or approved with conditions, and not stale, contested, expired or awaiting a second approver")),
    (SafeText("Residual risk"), SafeText("a finding that is open, being fixed or accepted, on a tool that is not blocked")),
    (SafeText("Proven"), SafeText("evidence of the wanted level is attached; without it, a statement is a claim")),
    (SafeText("Definition"), SafeText("all that a model reads of a tool or may send to it, as one SHA-256 digest")),
)  # fmt: skip


def signoffs(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield what is signed, by whom it was decided, and the commands that verify it."""
    yield Heading(2, SafeText("Sign-offs"), "signoffs")
    yield Para(
        (
            SafeText("A sign-off is made over the finished packet, so this document cannot say who signed. Each is a file of the "
                     "folder "), Code(SIGNOFFS), SafeText(": role, person, verdict, statement and end, with its signature."),
        ), "lead",
    )  # fmt: skip
    product = doc["product"]
    log = doc["log"]
    sources: list[Cell] = [
        (
            source["title"] or source["file"],
            SafeText(", "),
            source["format"],
            SafeText(", SHA-256 "),
            Code(source["sha256"]),
        )
        for source in doc["sources"]
    ]
    facts: list[tuple[SafeText, Cell]] = [(SafeText("Source"), source) for source in sources]
    facts += [
        (SafeText("Inventory"), (population(doc["counts"]["by_kind"]), SafeText(", SHA-256 "), Code(doc["inventory_sha256"]))),
        (SafeText("Requested by"), names(doc["people"]["requesters"])),
        (SafeText("Decided by"), names(doc["people"]["deciders"], 6)),
        (SafeText("Record"), (counted(log["events"], SafeText("event"), SafeText("events")), SafeText(" to "), date(log["last_at"]), SafeText(", review "), Code(doc["workspace"]))),
        (SafeText("Made by"), (product["name"], SafeText(" "), product["version"], SafeText(", rule pack "), doc["rule_pack"], SafeText(", score model "), doc["score"]["model"])),
    ]  # fmt: skip
    yield FactList(tuple(facts), "rows")
    yield Heading(3, SafeText("How to verify"))
    yield Para(
        (
            Code(PROGRAM), SafeText(" checks signatures, bytes, the chain of events and every decision with Python and OpenSSH alone; "),
            Code(GUIDE), SafeText(" says how, and has the commands of a shell for a first look. "), Code("clearance verify"),
            *_computed_again(doc),
        )
    )  # fmt: skip


def _computed_again(doc: dict[str, Any]) -> tuple[Inline, ...]:
    taken = [row["file"] for row in doc["files"] if not row["recomputed"]]
    if not taken:
        return (SafeText(" computes every file again, this one too."),)
    return (SafeText(" computes every file again but "), *codes(taken), SafeText(", of which it checks the digest."))


def vocabulary(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the appendix of the files, and of the terms a reader may not know, which are the same in every packet."""
    yield Heading(2, SafeText("Files and words"), "words", page=True, numbered=False)
    if doc["files"]:
        yield Heading(3, SafeText("Files of this packet"))
        yield NameList(tuple((Code(row["file"]), row["title"]) for row in doc["files"]))
    yield Heading(3, SafeText("Words"))
    yield FactList(_WORDS, "words")
