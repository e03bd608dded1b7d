"""The operations of an OpenAPI document in document order, with what generators of MCP tools read of them.

Read from the bytes of the source: generators look at summaries and extensions that a review does not keep.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from analysis.output.allowlist.document.document_tree import Branch, branch_of, flag_of, read_tree, text_of
from analysis.output.allowlist.document.pointers import FileSet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from analysis.output.allowlist.document.document_tree import Tree

#: Methods of a path item, in the order of the OpenAPI specification.
METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")


class Behind(StrEnum):
    """What of an operation is behind a `$ref`; several generators do not follow one there."""

    NOTHING = ""
    PATH_ITEM = "path item"
    OPERATION = "operation"


@dataclass(frozen=True, slots=True)
class ApiOperation:
    """One operation of a document. `key` is its identity: of the capability, or `METHOD /path`.

    `extensions` holds `x-mcp` of operation, path item and document, in this order, as truth value, text or None.
    `mcp` is `x-speakeasy-mcp`: the name it states, and whether it disables the tool.
    """

    key: str
    method: str
    path: str
    operation_id: str = ""
    summary: str = ""
    tags: tuple[str, ...] = ()
    behind: Behind = Behind.NOTHING
    x_mcp: tuple[object, object, object] = (None, None, None)
    speakeasy_name: str = ""
    speakeasy_disabled: bool = False

    @property
    def operation(self) -> tuple[str, str]:
        """Its method and path."""
        return self.method, self.path

    @property
    def included(self) -> bool:
        """Whether `x-mcp` lets it in: the nearest value that is one decides, and without one it is in."""
        for value in self.x_mcp:
            if isinstance(value, bool):
                return value
            if isinstance(value, str) and value.strip().lower() in _TRUE | _FALSE:
                return value.strip().lower() in _TRUE
        return True


#: Texts that count as a value of `x-mcp`.
_TRUE: Final = frozenset({"true", "1", "yes", "on"})
_FALSE: Final = frozenset({"false", "0", "no", "off"})


def operations_of(files: Iterable[tuple[str, bytes]], keys: Mapping[tuple[str, str], str]) -> tuple[ApiOperation, ...]:
    """Return the operations of a source's files, the document first. `keys` are identities by method and path.

    Raises ValueError where the document cannot be read again.
    """
    listed = tuple(files)
    document = read_tree(listed[0][1], _of_operations)
    whole = document.root if document.yaml else None
    return tuple(operations_in(document.root, FileSet(listed, whole), keys))


#: Keys that are read of a document, a path item or an operation.
_READ: Final = frozenset(
    {"paths", "$ref", "operationId", "summary", "tags", "x-mcp", "x-speakeasy-mcp", "name", "disabled", *METHODS}
)
#: Keys of which a path item has one.
_WAYS: Final = frozenset({"$ref", *METHODS})


def _of_operations(found: dict[str, Tree]) -> Branch:
    """Return what operations are read from of a mapping: what may be a path item, and the keys that are read.

    Schemas are most of a document and none of it, so a large one takes little memory.
    """
    if _READ.isdisjoint(found) and Branch not in map(type, found.values()):
        return branch_of(None)
    kept = [
        (key, value)
        for key, value in found.items()
        if key in _READ or (type(value) is Branch and not _WAYS.isdisjoint(value))
    ]
    return Branch(kept) if kept else branch_of(None)


def operations_in(root: Branch, files: FileSet, keys: Mapping[tuple[str, str], str]) -> Iterator[ApiOperation]:
    """Yield the operations of a document that was read."""
    for path, stated in branch_of(root.get("paths")).items():
        if path.startswith("x-"):
            continue
        own = branch_of(stated)
        found = {method: (own[method], own, Behind.NOTHING, files.entry) for method in own if method in METHODS}
        if "$ref" in own:
            target, file = files.resolve(own, files.entry)
            item = branch_of(target)
            for method in item:
                if method in METHODS and method not in found:
                    found[method] = (item[method], item, Behind.PATH_ITEM, file)
        for method, (node, item, behind, file) in found.items():
            if isinstance(node, Branch):
                yield _operation(root, path, method, node, item, behind, files, file, keys)


def _operation(
    root: Branch,
    path: str,
    method: str,
    stated: Branch,
    item: Branch,
    behind: Behind,
    files: FileSet,
    file: str,
    keys: Mapping[tuple[str, str], str],
) -> ApiOperation:
    node = stated
    if "$ref" in stated:
        node = branch_of(files.resolve(stated, file)[0])
        behind = behind or Behind.OPERATION
    speakeasy = branch_of(node.get("x-speakeasy-mcp"))
    address = (method.upper(), path)
    return ApiOperation(
        key=keys.get(address, " ".join(address)),
        method=address[0],
        path=path,
        operation_id=text_of(node.get("operationId")),
        summary=text_of(node.get("summary")),
        tags=tuple(_tags(node.get("tags"))),
        behind=behind,
        x_mcp=(flag_of(node.get("x-mcp")), flag_of(item.get("x-mcp")), flag_of(root.get("x-mcp"))),
        speakeasy_name=text_of(speakeasy.get("name")),
        speakeasy_disabled=flag_of(speakeasy.get("disabled")) is True,
    )


def _tags(value: Tree) -> Iterator[str]:
    for tag in value if isinstance(value, list) else ():
        if text_of(tag):
            yield text_of(tag)
