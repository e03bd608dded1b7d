"""Examination of a source: reading, assessment, rules, and rows for the workspace. No review file is needed."""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from analysis.collector import collector_paused
from analysis.errors import InputRefused
from analysis.field_names import NumberedSets
from analysis.ingest import Limits, Reading, Stored, read
from analysis.model import Level, Problem, Skipped, SourceInfo, SourceKind, SourceStatus, ToolRow
from analysis.model.source import fields_digest
from analysis.review.sources.import_budget import BudgetWatch, ImportBudget, with_limits
from analysis.second_process import can_start, second_process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from analysis.conformance.process import Check
    from analysis.model import (
        Assessment,
        DefinitionTexts,
        Finding,
        Inventory,
        Problem,
        RuleNotRun,
        SourceId,
        SourceInfo,
        Tool,
    )
    from analysis.workspace import SourceRows

_SUMMARY = 200
#: Tools from which on a second process pays: to start it and to load patterns twice costs as much as some hundred.
_SECOND_PROCESS_FROM: Final = 600

_DEFAULT_LIMITS: Final = Limits()
_DEFAULT_BUDGET: Final = ImportBudget()


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """Options of an examination.

    Changed `limits` become facts of the source; a `budget` does not, as it decides on no result. `own_words` is the vocabulary of the organisation's policy by kind.
    `conformance` also validates the document, which is slow and not a gate. `progress` is called with (step, done,
    total); an exception that it raises ends the work. `texts` keeps the canonical texts of the definitions.
    """

    limits: Limits = _DEFAULT_LIMITS
    budget: ImportBudget = _DEFAULT_BUDGET
    own_words: Mapping[str, Any] = field(default_factory=dict)
    conformance: bool = False
    progress: Callable[[str, int, int], None] | None = None
    texts: bool = False


DEFAULT_OPTIONS: Final = ImportOptions()


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The result of an examination: tools with assessments, findings, problems, what was not checked, files.

    `rows` are those of the tools, once they are made (`rows_of`).
    """

    info: SourceInfo
    tools: tuple[tuple[Tool, Assessment], ...]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    not_checked: tuple[Skipped, ...]
    not_run: tuple[RuleNotRun, ...]
    files: tuple[tuple[str, bytes], ...]
    texts: DefinitionTexts | None = None  # canonical, of the definitions; where they were wanted
    text_size: int = 0  # characters of these; see `Reading`
    rows: tuple[ToolRow, ...] = ()


def refusal(problems: tuple[Problem, ...], place: str) -> InputRefused:
    """Return the error for a source that cannot be imported."""
    worst = next((p for p in problems if p.level is Level.REFUSED), None)
    what = worst.what if worst else "nothing could be read"
    where = f"{place}, line {worst.line}" if worst and worst.line else place
    remedy = (worst.remedy if worst else "") or "name another source"
    error = InputRefused(f"the source was refused: {what}", place=where, remedy=remedy)
    error.problems = problems
    return error


def read_definitions(
    source: str | bytes | Stored,
    *,
    name: SourceId | None = None,
    place: str = "",
    uri: str = "-",
    empty: bool = False,
    problems: tuple[Problem, ...] = (),
    options: ImportOptions = DEFAULT_OPTIONS,
) -> Reading:
    """Read a source without assessing it, and keep the canonical texts of its definitions; else as `examine_source`."""
    watch = BudgetWatch(options.budget, _where(source, place), options.progress)
    reading = read(source, name=name, uri=uri, limits=options.limits, texts=True, on_progress=watch)
    _usable_inventory(reading, source, place, empty=empty)
    return replace(reading, problems=(*problems, *reading.problems))


def _where(source: str | bytes | Stored, place: str) -> str:
    return place or (source if isinstance(source, str) else "standard input")


def _usable_inventory(reading: Reading, source: str | bytes | Stored, place: str, *, empty: bool) -> Inventory:
    """Return the inventory of a reading. Raises `InputRefused` where it has none, or (unless `empty`) no tool."""
    where = _where(source, place)
    if reading.inventory is None:
        raise refusal(reading.problems, where)
    if not reading.inventory.tools and not empty:
        raise no_operations(where, reading.inventory.source)
    return reading.inventory


@collector_paused()
def examine_source(
    source: str | bytes | Stored,
    *,
    name: SourceId | None = None,
    place: str = "",
    uri: str = "-",
    empty: bool = False,
    problems: tuple[Problem, ...] = (),
    options: ImportOptions = DEFAULT_OPTIONS,
) -> ImportResult:
    """Read and assess a source. Raises `InputRefused` when it cannot be read, or (unless `empty`) has no tool.

    `uri` is the recorded address of bytes; `problems` are those found while they were fetched.
    """
    # Comparing definitions needs neither assessments nor rules.
    from analysis.assess import assess_all, extended  # noqa: PLC0415
    from analysis.assess.vocabulary import built_in_vocabulary  # noqa: PLC0415
    from analysis.rules import SharedTexts, ToolContext, run_definitions, take_tested  # noqa: PLC0415

    watch = BudgetWatch(options.budget, _where(source, place), options.progress)
    reading = read(source, name=name, uri=uri, limits=options.limits, texts=options.texts, on_progress=watch)
    inventory = with_limits(_usable_inventory(reading, source, place, empty=empty), options.limits)
    skipped = reading.not_checked
    if options.conformance and inventory.source.kind is SourceKind.OPENAPI:
        found, skipped = _conformance(reading.files[0][1], skipped)
        problems = (*problems, *found)
    words = extended(built_in_vocabulary(), options.own_words) if options.own_words else None
    with _tested_texts(inventory, options.budget) as tested:
        assessments = assess_all(inventory.tools, words, watch)
        results = tested(lambda: watch("texts", 0, 1))
    shared = SharedTexts(inventory.text_spans, (tool.name for tool in inventory.tools))
    contexts = [ToolContext(t, a, shared) for t, a in zip(inventory.tools, assessments, strict=True)]
    if results is not None:
        take_tested(shared, inventory.tools, results)
    findings, not_run = run_definitions(contexts, reading.problems, watch)
    return ImportResult(
        inventory.source,
        tuple(zip(inventory.tools, assessments, strict=True)),
        tuple(findings),
        (*problems, *reading.problems),
        skipped,
        tuple(not_run),
        reading.files,
        reading.texts,
        reading.text_size,
    )


@contextmanager
def _tested_texts(inventory: Inventory, budget: ImportBudget) -> Iterator[Callable[[Callable[[], None]], Any]]:
    """Test the texts of an inventory in a second process, where there can be one and the source is large enough.

    Yields a function that waits for the results (see `second_process`). They take about as long as the assessment, so
    that a source is read in four fifths of the time; more parts would have to send tools and assessments back, which
    takes as long as making them.
    """
    from analysis.rules import rules, texts_tested  # noqa: PLC0415

    def work() -> Any:
        watch = BudgetWatch(budget, "", None)
        return texts_tested(inventory.tools, inventory.text_spans, watch)

    if len(inventory.tools) < _SECOND_PROCESS_FROM or not can_start():
        yield lambda _: None
        return
    rules()  # loaded once for both
    with second_process(work) as result:
        yield result


def start_conformance(raw: bytes, *, seconds: float = 60) -> Check:
    """Start the validation of an OpenAPI document in its own process, and return at once.

    `Check.poll()` returns the result as soon as there is one, `Check.cancel()` ends the process.
    """
    from analysis.conformance.process import Check  # noqa: PLC0415 - started on demand

    return Check(raw, seconds=seconds)


def _conformance(raw: bytes, skipped: tuple[Skipped, ...]) -> tuple[tuple[Problem, ...], tuple[Skipped, ...]]:
    """Return the problems that the specification's validator found, and what is still not checked."""
    result = start_conformance(raw).wait()
    rest = tuple(entry for entry in skipped if entry.check != "conformance")
    return result.problems, rest if result.finished else (
        *rest,
        Skipped("conformance", f"not finished: {result.reason}"),
    )


def no_operations(place: str, info: SourceInfo) -> InputRefused:
    """Return the error for a readable source without operations."""
    count = len(info.not_callable)
    why = f"it lists only {count} webhooks and callbacks, which a client cannot call" if count else "it lists none"
    return InputRefused(
        "the source holds no operations to review",
        place=place,
        why=why,
        remedy="name a document with `paths`, or a tool list",
    )


def rows_of(result: ImportResult) -> tuple[ToolRow, ...]:
    """Return the table row of every tool of a source."""
    if result.rows:
        return result.rows
    digests: dict[int, str] = {}  # by the set of fields, which many tools share

    def fields_of(tool: Tool) -> str:
        known = digests.get(id(tool.shallow_fields))
        if known is None:
            known = digests[id(tool.shallow_fields)] = fields_digest(tool.shallow_fields)
        return known

    return tuple([ToolRow.of(tool, made, n, fields_of(tool)) for n, (tool, made) in enumerate(result.tools)])


def status_of(result: ImportResult) -> SourceStatus:
    """Return what a review knows of a source as a whole."""
    return SourceStatus(result.info, result.problems, result.not_checked, result.not_run, result.text_size)


def source_rows(result: ImportResult) -> SourceRows:
    """Return a source as rows of the review file. Its sets of fields are stated once, and each tool refers to them."""
    # A source is inspected without a review file.
    from analysis.workspace import FIELD_SETS, PARAMETERS, SETS_OF_TOOL, SourceRows  # noqa: PLC0415
    from analysis.workspace.json_texts import JsonTexts  # noqa: PLC0415

    sets = NumberedSets()
    for tool, _ in result.tools:
        for name in SETS_OF_TOOL:
            sets.number(getattr(tool, name))
    stated = json.dumps(sets.plain(), separators=(",", ":"))
    digest = hashlib.sha256(stated.encode()).hexdigest()
    texts = JsonTexts(sets.number)
    text = texts.text
    status = text(status_of(result))

    def heavy(tool: Tool, assessment: Assessment) -> str:
        known = f'{{"tool":{texts.text_without(tool, PARAMETERS)},"assessment":{text(assessment)},"{FIELD_SETS}":"{digest}"}}'
        return f"{known}\n{text(tool.parameters)}"

    rows = zip(rows_of(result), result.tools, strict=True)
    tools = tuple((tool.id, text(row), heavy(tool, assessment)) for row, (tool, assessment) in rows)
    return SourceRows(
        result.info.id,
        f'{status[:-1]},"{FIELD_SETS}":{stated}}}',
        result.files,
        tools,
        tuple((f.id, text(f)) for f in result.findings),
    )
