"""What a target may write of each source: the approved tools whose decision it carries, and why others are left out."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from analysis.model import SourceKind
from analysis.output.allowlist.canonical import BLOCK
from analysis.output.allowlist.document.document_tree import SourceDocument, read_tree
from analysis.output.allowlist.document.operations import operations_in
from analysis.output.allowlist.document.pointers import FileSet
from analysis.output.allowlist.names.of_review import STATEMENTS
from analysis.output.allowlist.target import LeftOut, TargetInput

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from analysis.output.allowlist.document.operations import ApiOperation

#: Why an MCP tool is not in a file about a document.
NO_DOCUMENT: Final = "no OpenAPI document describes it"
#: Why a hosted tool is in no file.
HOSTED: Final = "a hosted tool: its vendor runs it, and no server lists it"
_UNSAFE: Final = re.compile(r"[^a-z0-9._-]+", re.ASCII)
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class ApiSource:
    """An OpenAPI source of a review: its document, and the approved operations that a target may write, by key.

    `stem` is the beginning of the names of its files. `document` is None where it cannot be read again; then nothing of it
    is written.
    """

    id: str
    stem: str
    title: str
    document: SourceDocument | None
    files: FileSet | None
    operations: tuple[ApiOperation, ...] = ()
    approved: Mapping[str, ApiOperation] = field(default_factory=dict)


def condition_fault(entry: Mapping[str, Any], carried: Collection[str] = STATEMENTS) -> str:
    """Return the first condition of an entry that a target does not carry, in words; empty when it carries all."""
    for condition in entry["conditions"]:
        if condition["kind"] not in carried:
            return f"condition {condition['kind']}={condition['value']}"
    return ""


def api_sources(given: TargetInput) -> tuple[list[ApiSource], list[LeftOut]]:
    """Return the OpenAPI sources, and the approved operations of a document that cannot be written. A draft has none."""
    kinds = {source["id"]: source for source in given.allowlist["sources"] if source["kind"] == SourceKind.OPENAPI}
    stems = file_stems(kinds)
    made, left_out = [], []
    for source, facts in kinds.items():
        entries = [entry for entry in given.allowlist["tools"] if entry["source"] == source and "operation" in entry]
        addresses = Counter(address(entry) for entry in entries)
        try:
            document, files = _read(given.documents.get(source, ()))
            keys = {address(entry): entry["id"] for entry in entries}
            operations = tuple(operations_in(document.root, files, keys))
        except ValueError as error:
            made.append(ApiSource(source, stems[source], facts["title"], None, None))
            left_out += [LeftOut(entry["id"], str(error)) for entry in _approved(entries)]
            continue
        by_key = {operation.key: operation for operation in operations}
        approved = {}
        for entry in _approved(entries):
            fault = condition_fault(entry)
            if addresses[address(entry)] > 1:
                fault = "the document defines it twice"
            elif entry["id"] not in by_key:
                fault = "generators do not find it in the document"
            if fault:
                left_out.append(LeftOut(entry["id"], fault))
            elif not given.draft:
                approved[entry["id"]] = by_key[entry["id"]]
        made.append(ApiSource(source, stems[source], facts["title"], document, files, operations, approved))
    return made, left_out


def address(entry: Mapping[str, Any]) -> tuple[str, str]:
    """Return method and path of an entry."""
    return entry["operation"]["method"], entry["operation"]["path"]


def without_document(given: TargetInput) -> Iterator[LeftOut]:
    """Yield the approved tools that no OpenAPI document describes."""
    kinds = {source["id"] for source in given.allowlist["sources"] if source["kind"] == SourceKind.OPENAPI}
    for entry in _approved(given.allowlist["tools"]):
        if "hosted" in entry:
            yield LeftOut(entry["id"], HOSTED)
        elif "operation" not in entry or entry["source"] not in kinds:
            yield LeftOut(entry["id"], NO_DOCUMENT)


@dataclass(frozen=True, slots=True)
class ServerSource:
    """An MCP server of a review, and its approved tools that a target may write: the name as the server states it, by id.

    `all_names` are the names of all its tools.
    """

    name: str
    stem: str
    all_names: frozenset[str]
    approved: Mapping[str, str] = field(default_factory=dict)


def server_sources(given: TargetInput) -> tuple[list[ServerSource], list[LeftOut]]:
    """Return the MCP servers, and the approved tools of one that cannot be written. A draft has none."""
    tools = [entry for entry in given.allowlist["tools"] if "mcp_name" in entry]
    by_server: dict[str, list[Mapping[str, Any]]] = {}
    for entry in tools:
        by_server.setdefault(str(entry.get("mcp_server") or entry["source"]), []).append(entry)
    for source in given.allowlist["sources"]:
        if source["kind"] == SourceKind.MCP and not any(entry["source"] == source["id"] for entry in tools):
            by_server.setdefault(source["id"], [])
    stems = file_stems(by_server)
    made, left_out = [], []
    for server, entries in by_server.items():
        names = Counter(entry["mcp_name"] for entry in entries)
        approved = {}
        for entry in _approved(entries):
            name = entry["mcp_name"]
            fault = condition_fault(entry)
            if not name or _SURROGATE.search(name):
                fault = "its name cannot be written"
            elif names[name] > 1:
                fault = "several tools of the server have its name"
            if fault:
                left_out.append(LeftOut(entry["id"], fault))
            elif not given.draft:
                approved[entry["id"]] = name
        made.append(ServerSource(server, stems[server], frozenset(names), approved))
    return made, left_out


def file_stems(names: Iterable[str]) -> dict[str, str]:
    """Return a part of a file name for each name: lower case, safe everywhere, and no two the same."""
    made: dict[str, str] = {}
    for name in names:
        stem = found = _UNSAFE.sub("-", name.lower()).strip("-.")[:60] or "source"
        number = 1
        while found in made.values():
            number += 1
            found = f"{stem}-{number}"
        made[name] = found
    return made


def notes_file(given: TargetInput, title: str, lines: Iterable[str], left_out: Iterable[LeftOut]) -> bytes:
    """Return the README of a target's folder: what its files are, and what is left out, in ASCII."""
    allowlist = given.allowlist
    said = [title, "=" * len(title), ""]
    if given.draft:
        said += ["DRAFT: the review is not complete, so nothing is approved here.", ""]
    said += [f"Review {allowlist['review']['workspace_id']}, as of {allowlist['generated_at']}."]
    said += [f"Inventory sha256 {allowlist['inventory_sha256']}.", "", *lines]
    listed = [f"  {each.tool}: {each.reason}" for each in left_out]
    if listed:
        said += ["", "Approved, and left out here because these files cannot carry the decision:", *listed]
    return "".join(f"{line}\n" for line in said).encode("ascii", "backslashreplace")


def _approved(entries: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [entry for entry in entries if entry["as_decided"] != BLOCK]


def _read(files: tuple[tuple[str, bytes], ...]) -> tuple[SourceDocument, FileSet]:
    if not files:
        raise ValueError("its document is not in the review")
    document = read_tree(files[0][1])
    return document, FileSet(files, document.root)
