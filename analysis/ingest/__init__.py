"""Read a source into an inventory. No network access, and no exception: faults of the input are returned as problems."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from analysis.collector import collector_paused
from analysis.ingest.document.canonical_json import KeptTexts
from analysis.ingest.document.folders import DiskFolder, Stored, StoredFolder
from analysis.ingest.document.loading import ANY_TEXT, Limits, Options, amount_of, decode, load_file, refused
from analysis.ingest.document.reader import Parsed, parse_document
from analysis.ingest.document.references import DocumentSet
from analysis.ingest.openapi.walk import read_openapi, title_of, version_of
from analysis.model import DefinitionTexts, Inventory, Level, Problem, Skipped, SourceId, SourceKind
from analysis.text import slug, without_surrogates

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.ingest.document.folders import Folder
    from analysis.ingest.mcp.shapes import ToolLists

__all__ = ["ANY_TEXT", "Limits", "Options", "Reading", "Stored", "amount_of", "read"]

_LIMITS: Final = Limits()
_NAMES: Final = re.compile("openapi|swagger")
_DOCUMENTS: Final = {".json", ".yaml", ".yml"}
#: Maximum number of problems listed; the rest is counted.
_MAX_PROBLEMS: Final = 500


@dataclass(frozen=True, slots=True)
class Reading:
    """Result of reading a source. `inventory` is None when a problem of level REFUSED is among the problems."""

    inventory: Inventory | None
    problems: tuple[Problem, ...]
    not_checked: tuple[Skipped, ...]
    files: tuple[tuple[str, bytes], ...] = ()  # files read: (relative name, bytes), the entry first
    texts: DefinitionTexts | None = None  # of the definitions, where they are wanted
    text_size: int = 0  # characters of all of these together, but for the parts that definitions share


@collector_paused()
def read(
    source: str | bytes | Stored,
    *,
    name: SourceId | None = None,
    uri: str = "-",
    limits: Limits = _LIMITS,
    definitions: bool = True,
    texts: bool = False,
    on_progress: Callable[[str, int, int], None] | None = None,
) -> Reading:
    """Read a source: the path of a file or of a folder with the files of one document, bytes, or a stored source.

    `name` is the identity of the source in a review; by default it is derived from the title. `uri` is recorded
    as the address of bytes. A folder allows references between the files inside it, and nothing else.
    Without `definitions` the tools have neither digests nor texts; with `texts` the canonical texts of the definitions
    are returned too. For `on_progress` see `Options`.
    """
    fetched, raw, root, entry, problems = _fetch(source, limits)
    uri = fetched if isinstance(source, str) else uri
    if raw is None:
        return Reading(None, tuple(problems), ())
    parsed, lists = _parsed(raw, limits)
    if parsed.data is None:
        from analysis.ingest.neighbours import neighbour  # noqa: PLC0415 - only what cannot be read needs it

        named = neighbour(None, raw)
        problems = [named] if named is not None else [*parsed.problems]
        if not any(p.level is Level.REFUSED for p in problems):
            problems.append(refused("the document is empty", "export the document again"))
        return Reading(None, tuple(problems), ())
    documents = DocumentSet(entry, parsed, limits, root)
    documents.kept = KeptTexts() if texts else None
    try:
        inventory = _interpret(documents, parsed.data, lists, name, uri, raw, Options(limits, definitions, on_progress))
    except RecursionError:
        return Reading(None, (refused("nested too deeply to be read", "flatten the document"),), ())
    if inventory is None:
        return Reading(None, tuple(documents.problems), ())
    cut = tuple(documents.limits_reached.values())
    files = ((entry, raw), *sorted(documents.other_files.items()))
    problems_found = (*cut, *_unique_problems(documents.problems, documents.problems_dropped))
    kept = documents.kept.of(inventory.source.id) if documents.kept is not None else None
    not_checked = (*_not_checked(inventory), *_reached_limits(documents))
    return Reading(inventory, problems_found, not_checked, files, kept, sum(documents.text_sizes.values()))


def _parsed(raw: bytes, limits: Limits) -> tuple[Parsed, ToolLists | None]:
    """Return the data of a file, one value or the messages of a recorded session, one per line; and the lists in it."""
    parsed = parse_document(raw, limits)
    if version_of(parsed.data) is not None:
        return parsed, None
    from analysis.ingest.other_formats import with_lists  # noqa: PLC0415 - most sources are OpenAPI

    return with_lists(parsed, raw, limits)


def _fetch(source: str | bytes | Stored, limits: Limits) -> tuple[str, bytes | None, Folder | None, str, list[Problem]]:
    """Return (uri, bytes, root folder, entry name, problems)."""
    if isinstance(source, bytes):
        source = Stored((("-", source),), folder=False)
    if isinstance(source, Stored):
        (entry, kept), folder = source.files[0], StoredFolder(dict(source.files)) if source.folder else None
        problems = (
            [refused(f"more than {limits.size:,} bytes", "split the document")] if len(kept) > limits.size else []
        )
        return "-", None if problems else kept, folder, entry, problems
    if not source:
        return "", None, None, "", [refused("no source is named", "name a file, a folder, or - for standard input")]
    path = Path(source)
    try:
        is_folder = path.is_dir()
    except (OSError, ValueError) as error:  # not a valid name on this file system
        return "", None, None, "", [refused(f"this is not a valid path: {error}", "check the spelling")]
    if not is_folder:
        raw, problems = load_file(path, limits)
        return _name(path), raw, None, _name(path), problems
    candidates = [file for file in sorted(path.iterdir()) if file.suffix.lower() in _DOCUMENTS and file.is_file()]
    entries = []
    for file in candidates:
        raw, _ = load_file(file, limits)
        text = decode(raw)[0] if raw is not None else None
        if raw is not None and text and _NAMES.search(text) and version_of(parse_document(raw, limits).data):
            entries.append((file, raw))
    if len(entries) == 1:
        file, raw = entries[0]
        return f"{_name(path)}/{_name(file)}", raw, DiskFolder(path), file.name, []
    if not entries:
        return (
            path.name,
            None,
            None,
            "",
            [refused("the folder holds no OpenAPI document at its top level", "name the file")],
        )
    listed = ", ".join(file.name for file, _ in entries[:5])
    return path.name, None, None, "", [refused(f"the folder holds several documents: {listed}", "name one of them")]


def _name(path: Path) -> str:
    """Return the last part of a path as valid Unicode: file names may contain lone surrogates."""
    return without_surrogates(path.name)


def _interpret(
    documents: DocumentSet,
    data: Any,
    lists: ToolLists | None,
    name: SourceId | None,
    uri: str,
    raw: bytes,
    options: Options,
) -> Inventory | None:
    """Return the inventory of a document; None after reporting that it is in no format that is read."""
    reader: Callable[..., Inventory]
    if version_of(data) is not None:
        title, reader = title_of(data), read_openapi
    else:
        from analysis.ingest.other_formats import named_reader, unknown  # noqa: PLC0415 - most sources are OpenAPI

        named = named_reader(data, lists, uri)
        if named is None:
            documents.problems.append(unknown(data, raw))
            return None
        title, reader, data = named
    return reader(documents, data, name or SourceId(slug(title or Path(uri).stem)), uri, raw, options)


def _unique_problems(problems: list[Problem], unlisted: int) -> tuple[Problem, ...]:
    """Return the problems without repetitions, cut to the maximum number."""
    unique = list(dict.fromkeys(problems))
    more = max(len(unique) - _MAX_PROBLEMS, 0) + unlisted
    rest = (Problem(Level.ERROR, f"{more:,} further problems are not listed"),) if more else ()
    return (*unique[:_MAX_PROBLEMS], *rest)


def _reached_limits(documents: DocumentSet) -> tuple[Skipped, ...]:
    """Return the parts that were not read because a limit was reached."""
    return tuple(
        Skipped(f"beyond the limit on {name}", problem.what) for name, problem in documents.limits_reached.items()
    )


def _not_checked(inventory: Inventory) -> tuple[Skipped, ...]:
    skipped = [
        Skipped("behaviour", "only the definition was read; no tool was called"),
    ]
    if inventory.source.kind is SourceKind.OPENAPI:
        skipped.append(
            Skipped(
                "conformance",
                "the document was not validated against the OpenAPI schema (inspect --conformance does it); no gate",
            )
        )
    elif inventory.source.kind is SourceKind.POSTMAN:
        skipped.append(Skipped("fields of requests and responses", "a collection shows examples, and no schemas"))
    elif inventory.source.kind is SourceKind.MCP:
        skipped.append(Skipped("authentication", "a tool list does not say which credentials a call needs"))
        skipped.append(Skipped("other credentials", "a server may list other tools for another credential"))
    return (*skipped, *inventory.not_checked)
