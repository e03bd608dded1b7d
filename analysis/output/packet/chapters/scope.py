"""What was reviewed, how, and what was not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.output.packet.chapters.blocks import (
    Block,
    Cell,
    Code,
    FactList,
    Heading,
    Para,
    SafeText,
    badge,
    codes,
    number,
    population,
    table_or_none,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


def scope(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield what was reviewed, how, and what was not: no clean page without it."""
    yield Heading(2, SafeText("Scope and method"), "scope")
    if intake := doc["intake"]:
        yield Heading(3, SafeText("Access request"))
        named = (
            (SafeText("Server"), intake["server"]),
            (SafeText("Owner"), intake["owner"]),
            (SafeText("Purpose"), intake["purpose"]),
        )
        yield FactList((*named, (SafeText("Data"), codes(intake["data"])), (SafeText("Writes"), intake["writes"])))
    for source in doc["sources"]:
        yield Heading(3, source["title"] or source["file"])
        yield _source(source)
    made_with = (
        (SafeText("Product"), Code("{name} {version}".format(**doc["product"]))),
        (SafeText("Rule pack"), Code(doc["rule_pack"])),
    )
    yield FactList(((SafeText("Review"), Code(doc["workspace"])), *made_with))
    yield Para(
        SafeText(
            "Effects, data classes and findings are derived from the definitions by word lists and rules. They state what "
            "a definition claims, not what a server does; a person decides what they leave open."
        )
    )
    yield from table_or_none(
        SafeText("Not checked"),
        ("Check", "Why it did not run"),
        [(row["check"], row["reason"]) for row in doc["not_checked"]],
    )
    yield from table_or_none(
        SafeText("Rules that did not run"),
        ("Rule", "Why"),
        [(Code(row["rule"]), row["reason"]) for row in doc["rules_not_run"]],
    )
    problems: list[tuple[Cell, ...]] = [
        (badge(p["level"]), p["what"], Code(p["pointer"]), number(p["line"]), p["next"]) for p in doc["problems"]
    ]
    yield from table_or_none(SafeText("Problems of the input"), ("Level", "Problem", "Where", "Line", "Next"), problems)


def _source(source: dict[str, Any]) -> FactList:
    return FactList(
        (
            (SafeText("File"), Code(source["file"])),
            (SafeText("Format"), source["format"]),
            (SafeText("Version"), Code(source["version"])),
            (SafeText("SHA-256"), Code(source["sha256"])),
            (SafeText("Size"), (number(source["size"]), SafeText(" bytes"))),
            (SafeText("Inventory"), population(source["kinds"])),
            (SafeText("Read with"), _reading(source)),
            (SafeText("Parts"), codes([f["file"] for f in source["files"]], 20)),
            (SafeText("Listed, not callable"), codes(source["not_callable"], 20)),
        )
    )


def _reading(source: dict[str, Any]) -> Cell:
    """Return how a source was read, where that was not the default: other limits, the credential of a live listing."""
    stated = [f"{fact['fact']}: {fact['value']}" for fact in source["facts"]]
    return codes(stated, 20) if stated else SafeText("default limits")
