"""The names that generators of MCP tools give to the operations of a review, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from analysis.model import CapabilityKind, SourceKind
from analysis.output.allowlist.document.operations import operations_of
from analysis.output.allowlist.names.derivation import DerivedName, compared, denoted
from analysis.output.allowlist.names.generators import current_generators, generator_named
from analysis.output.allowlist.names.of_review import in_document

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from analysis.model import SourceInfo, ToolId, ToolState
    from analysis.output.allowlist.document.operations import ApiOperation
    from analysis.output.allowlist.names.generator import Generator, GivenName
    from analysis.review.session import Review

__all__ = ["DerivedName", "NamedTool", "SourceNames", "Unread", "known_names", "named_tools", "problem_finder"]

#: Bytes of a document that are read while a page is open, a quarter of a second: YAML takes twenty times as long as JSON.
MAX_JSON: Final = 10_000_000
MAX_YAML: Final = 400_000


@dataclass(slots=True)
class SourceNames:
    """The operations of one source, and what each generator makes of the whole document, as far as it was asked for.

    `denoted` is what each of its names denotes.
    """

    operations: tuple[ApiOperation, ...]
    whole: dict[str, Mapping[str, GivenName]] = field(default_factory=dict)
    denoted: dict[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NamedTool:
    """One operation with its names. `exposed`: they are those of the approved set, else those of the whole document."""

    state: ToolState
    exposed: bool
    names: tuple[DerivedName, ...]


def named_tools(review: Review, wanted: Sequence[str] = ()) -> list[NamedTool]:
    """Return every operation of the OpenAPI sources with its names at some generators, `NAME` or `NAME@VERSION`, or at all.

    Raises `UsageError` for a generator or version that is not known.
    """
    generators = [generator_named(name) for name in wanted] or list(current_generators())
    made = []
    for source in review.sources():
        found = _source_names(review, source.info.id) if source.info.kind is SourceKind.OPENAPI else None
        if found is None:
            continue
        states = _states(review, source.info.id)
        exposed = {key for key, state in states.items() if in_document(state)}
        by_generator = [_compared(found, generator, exposed) for generator in generators]
        made += [
            NamedTool(state, key in exposed, tuple(names[key] for names in by_generator if key in names))
            for key, state in states.items()
        ]
    return made


class Unread(StrEnum):
    """Why the names at generators are not known: for them a document is read again."""

    NOT_YET = "derived when the page is opened with Enter"
    READING = "the document is being read"
    TOO_LARGE = "not derived here for a document of this size: clearance names FILE --problems"
    UNREADABLE = "the document cannot be read again as its generators read it"


def known_names(review: Review, tool: ToolId) -> tuple[()] | Unread:
    """Return what can be said of the names of a tool at once: it has none, or why they are not known, which may be not yet."""
    row = review.tool(tool).row
    info = _info(review, row.source)
    if info.kind is not SourceKind.OPENAPI or row.kind is not CapabilityKind.TOOL:
        return ()
    found = review.source_names.get(info.sha256)
    if found is None:  # only once, as it may look into the document
        found = review.source_names[info.sha256] = Unread.TOO_LARGE if _large(review, info) else Unread.NOT_YET
    return found if isinstance(found, Unread) else Unread.NOT_YET


def problem_finder(review: Review, tool: ToolId) -> Callable[[], tuple[DerivedName, ...] | Unread]:
    """Return what finds the names of one tool that have a problem, as they are when it is approved in addition to what is.

    It takes seconds for a large document, and may run in a thread: all that it needs of the review is taken out at once.
    The document is read, and named as a whole, once in a session.
    """
    source = review.tool(tool).row.source
    names = review.source_names
    digest = _info(review, source).sha256
    files = () if isinstance(names.get(digest), SourceNames) else tuple(review.store.files(source))
    every = tuple(review.table.states)

    def find() -> tuple[DerivedName, ...] | Unread:
        states = {str(state.row.id): state for state in every if state.row.source == source and state.row.method}
        found = names.get(digest)
        if not isinstance(found, SourceNames):
            found = names[digest] = _read(files, states)
        if isinstance(found, Unread):
            return found
        exposed = {key for key, each in states.items() if in_document(each)} | {str(tool)}
        only = [operation for operation in found.operations if operation.key == str(tool)]
        compared = [_compared(found, generator, exposed, only) for generator in current_generators()]
        return tuple(name for listed in compared for name in listed.values() if name.problems)

    return find


def _read(files: Sequence[tuple[str, bytes]], states: Mapping[str, ToolState]) -> SourceNames | Unread:
    try:
        return SourceNames(
            operations_of(files, {(state.row.method, state.row.path): key for key, state in states.items()})
        )
    except ValueError:
        return Unread.UNREADABLE


def _compared(
    found: SourceNames, generator: Generator, exposed: set[str], only: Sequence[ApiOperation] | None = None
) -> dict[str, DerivedName]:
    label = generator.label
    if label not in found.denoted:
        found.whole[label] = generator.rule(found.operations)
        found.denoted[label] = denoted(found.whole[label])
    part = generator.rule([operation for operation in found.operations if operation.key in exposed])
    operations = found.operations if only is None else only
    return compared(label, operations, found.whole[label], part, found.denoted[label])


def _states(review: Review, source: str) -> dict[str, ToolState]:
    return {str(state.row.id): state for state in review.tools() if state.row.source == source and state.row.method}


def _info(review: Review, source: str) -> SourceInfo:
    return next(each.info for each in review.sources() if each.info.id == source)


def _large(review: Review, info: SourceInfo) -> bool:
    if not MAX_YAML < info.size <= MAX_JSON:
        return info.size > MAX_JSON
    return review.store.files(info.id)[0][1].lstrip()[:1] != b"{"


def _source_names(review: Review, source: str) -> SourceNames | None:
    """Return the operations of a source, read once in a session; None where the document cannot be read again."""
    digest = _info(review, source).sha256
    found = review.source_names.get(digest)
    if not isinstance(found, SourceNames):
        found = review.source_names[digest] = _read(review.store.files(source), _states(review, source))
    return found if isinstance(found, SourceNames) else None
