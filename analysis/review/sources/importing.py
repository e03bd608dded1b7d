"""A source examined: read, assessed, run through the rules, and made into rows. No review file needed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from analysis.assess import assess_all, extended
from analysis.assess.vocabulary import built_in_vocabulary
from analysis.errors import InputRefused, UsageError
from analysis.ingest import Limits, Stored, collector_paused, read
from analysis.model import Level, Problem, RuleNotRun, Skipped, SourceInfo, SourceKind, ToolRow
from analysis.rules import SharedTexts, ToolContext, run_definitions
from analysis.workspace import SourceRows, to_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from analysis.conformance.process import Check
    from analysis.model import (
        Assessment,
        Finding,
        Inventory,
        Problem,
        RuleNotRun,
        SourceId,
        SourceInfo,
        Tool,
    )

_SUMMARY = 200
#: What the fact of a limit begins with.
_LIMIT: Final = "limit on "

_USUAL: Final = Limits()


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How a source is examined.

    `limits` that are not the usual ones become facts of the source. `own_words` are the organisation's, by kind, as its
    policy states them. `conformance` has the document validated too, which takes long and is no gate. `watch` is told
    (step, done, of) now and then, and what it raises ends the work.
    """

    limits: Limits = _USUAL
    own_words: Mapping[str, Any] = field(default_factory=dict)
    conformance: bool = False
    watch: Callable[[str, int, int], None] | None = None


AS_USUAL: Final = ImportOptions()


@dataclass(frozen=True, slots=True)
class ImportResult:
    """Everything the engine can say of a source by itself."""

    info: SourceInfo
    tools: tuple[tuple[Tool, Assessment], ...]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    not_checked: tuple[Skipped, ...]
    not_run: tuple[RuleNotRun, ...]
    files: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """A source with what its reading told."""

    info: SourceInfo
    problems: tuple[Problem, ...]
    not_checked: tuple[Skipped, ...]
    not_run: tuple[RuleNotRun, ...]


def refusal(problems: tuple[Problem, ...], place: str) -> InputRefused:
    """Return the error for a source that cannot be worked from."""
    worst = next((p for p in problems if p.level is Level.REFUSED), None)
    what = worst.what if worst else "nothing could be read"
    where = f"{place}, line {worst.line}" if worst and worst.line else place
    remedy = (worst.remedy if worst else "") or "name another source"
    error = InputRefused(f"the source was refused: {what}", place=where, remedy=remedy)
    error.problems = problems
    return error


@collector_paused()
def examine_source(
    source: str | bytes | Stored,
    *,
    name: SourceId | None = None,
    place: str = "",
    uri: str = "-",
    empty: bool = False,
    problems: tuple[Problem, ...] = (),
    how: ImportOptions = AS_USUAL,
) -> ImportResult:
    """Read and assess a source. Raises `InputRefused` when it cannot be read, or (unless `empty`) holds no tool.

    `uri` is what is recorded as the address of bytes; `problems` are those met while they were fetched.
    """
    reading = read(source, name=name, uri=uri, limits=how.limits, on_progress=how.watch)
    where = place or (source if isinstance(source, str) else "standard input")
    if reading.inventory is None:
        raise refusal(reading.problems, where)
    if not reading.inventory.tools and not empty:
        raise no_operations(where, reading.inventory.source)
    inventory = _with_limits(reading.inventory, how.limits)
    skipped = reading.not_checked
    if how.conformance and inventory.source.kind is SourceKind.OPENAPI:
        told, skipped = _conformance(reading.files[0][1], skipped)
        problems = (*problems, *told)
    if how.watch is not None:
        how.watch("assessment", 0, len(inventory.tools))
    assessments = assess_all(inventory.tools, extended(built_in_vocabulary(), how.own_words) if how.own_words else None)
    shared = SharedTexts(inventory.text_spans, (tool.name for tool in inventory.tools))
    cases = [ToolContext(t, a, shared) for t, a in zip(inventory.tools, assessments, strict=True)]
    findings, not_run = run_definitions(cases, reading.problems)
    return ImportResult(
        inventory.source,
        tuple(zip(inventory.tools, assessments, strict=True)),
        tuple(findings),
        (*problems, *reading.problems),
        skipped,
        tuple(not_run),
        reading.files,
    )


def start_conformance(raw: bytes, *, seconds: float = 60) -> Check:
    """Have an OpenAPI document validated in a process of its own, and return at once.

    `poll()` of what is returned gives the outcome as soon as there is one, `cancel()` ends it.
    """
    from analysis.conformance.process import Check  # noqa: PLC0415 - started on demand

    return Check(raw, seconds=seconds)


def limits_from(stated: Iterable[str]) -> Limits:
    """Return limits from `NAME=VALUE`. Raises `UsageError`."""
    try:
        return Limits.parse(stated)
    except ValueError as error:
        raise UsageError(str(error), remedy="write --limit NAME=VALUE, such as --limit size=128M") from None


def limits_of(facts: Mapping[str, str]) -> Limits:
    """Return the limits that the facts of a source tell. Raises ValueError where they are none."""
    stated = {name.removeprefix(_LIMIT): value for name, value in facts.items() if name.startswith(_LIMIT)}
    return Limits.parse(f"{name}={value.replace(',', '')}" for name, value in stated.items())


def _with_limits(inventory: Inventory, limits: Limits) -> Inventory:
    """Return an inventory that tells which limits were not the usual ones."""
    unusual = tuple((f"{_LIMIT}{name}", f"{value:,}") for name, value in limits.changed().items())
    info = replace(inventory.source, facts=(*inventory.source.facts, *unusual))
    return replace(inventory, source=info) if unusual else inventory


def _conformance(raw: bytes, skipped: tuple[Skipped, ...]) -> tuple[tuple[Problem, ...], tuple[Skipped, ...]]:
    """Return what the specification's validator found, and what is still not checked."""
    result = start_conformance(raw).wait()
    rest = tuple(entry for entry in skipped if entry.check != "conformance")
    return result.problems, rest if result.finished else (
        *rest,
        Skipped("conformance", f"not finished: {result.reason}"),
    )


def no_operations(place: str, info: SourceInfo) -> InputRefused:
    """Return the error for a readable source in which nothing can be called."""
    apart = info.not_callable
    why = f"it lists {len(apart)} webhooks and callbacks, which nobody can call" if apart else "it lists none"
    return InputRefused(
        "the source holds no operations to review",
        place=place,
        why=why,
        remedy="name a document with `paths`, or a tool list",
    )


def rows_of(examined: ImportResult) -> list[ToolRow]:
    """Return the light facts of every tool of an examined source."""
    return [ToolRow.of(tool, said, n) for n, (tool, said) in enumerate(examined.tools)]


def _compact(value: Any) -> str:
    return json.dumps(to_plain(value), ensure_ascii=True, separators=(",", ":"))


def source_rows(examined: ImportResult) -> SourceRows:
    """Return an examined source as rows of the review file."""
    body = {
        "info": examined.info,
        "problems": examined.problems,
        "not_checked": examined.not_checked,
        "not_run": examined.not_run,
    }
    tools = tuple(
        (tool.id, _compact(row), _compact({"tool": tool, "assessment": said}))
        for row, (tool, said) in zip(rows_of(examined), examined.tools, strict=True)
    )
    return SourceRows(
        examined.info.id, _compact(body), examined.files, tools, tuple((f.id, _compact(f)) for f in examined.findings)
    )
