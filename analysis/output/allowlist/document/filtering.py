"""An OpenAPI document with nothing but approved operations: built from what is approved, never by striking out.

Kept are the approved operations, what a path states for all its operations, servers, security, and every shared part that
one of these leads to. The result is one file: what the operations refer to elsewhere, in other files or inside of
operations that are not approved, is copied among the shared parts. A key that no reader should take for a method is left
out as well: some generators read methods in any case.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from analysis.output.allowlist.document.document_tree import Branch, SourceDocument, branch_of, text_of
from analysis.output.allowlist.document.operations import METHODS
from analysis.output.allowlist.document.shared_parts import SharedParts, kind_below

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from analysis.output.allowlist.document.document_tree import Tree
    from analysis.output.allowlist.document.pointers import FileSet

#: Keys of a path item that apply to all its operations; extensions do too.
_COMMON: Final = frozenset({"summary", "description", "servers", "parameters"})
#: Keys of a document that hold operations an agent does not call, or that this product does not review.
_LEFT_OUT: Final = frozenset({"webhooks", "x-webhooks", "x-ms-paths"})
_EXTENSION: Final = re.compile("x-")


def filtered(source: SourceDocument, files: FileSet, approved: Collection[tuple[str, str]]) -> SourceDocument:
    """Return the document with exactly the approved operations, each given as method and path.

    An empty collection gives a document with `paths: {}`. What is approved and not in the document is not added.
    """
    return _Cut(source, files, frozenset(approved)).document()


class _Cut:
    """One document being built."""

    def __init__(self, source: SourceDocument, files: FileSet, approved: frozenset[tuple[str, str]]) -> None:
        self.source = source
        self.files = files
        self.approved = approved
        self.root = source.root
        self.shared = SharedParts(self.root, files)
        self.tags: set[str] = set()

    def document(self) -> SourceDocument:
        """Return the finished document."""
        paths = branch_of(self.root.get("paths"))
        kept = paths.with_items(self._paths(paths))
        items: dict[str, Tree] = {}
        for key, value in self.root.items():
            if key == "paths":
                items[key] = kept
            elif key == "tags":
                items[key] = self._used_tags(value)
            elif key not in _LEFT_OUT and key not in self.shared.sections:
                items[key] = self.shared.copied(value, self.files.entry, "document")
            elif key in self.shared.sections:
                items[key] = Branch()  # keeps its place; what it holds is known at the end
        items.setdefault("paths", kept)
        items |= self.shared.kept()
        found = [(key, value) for key, value in items.items() if value or key not in self.shared.sections]
        return SourceDocument(self.root.with_items(found), self.source.yaml)

    def _paths(self, paths: Branch) -> Iterator[tuple[str, Tree]]:
        wanted: dict[str, set[str]] = {}
        for method, path in self.approved:
            wanted.setdefault(path, set()).add(method)
        for path, stated in paths.items():
            if path in wanted and not path.startswith("x-"):
                item = self._item(branch_of(stated), wanted[path])
                if item is not None:
                    yield path, item

    def _item(self, stated: Branch, methods: set[str]) -> Branch | None:
        """Return a path item with the approved operations; members next to a `$ref` go before what it leads to."""
        items = dict(self._members(stated, self.files.entry, methods))
        if "$ref" in stated:
            target, file = self.files.resolve(stated, self.files.entry)
            items = dict(self._members(branch_of(target), file, methods)) | items
        return (
            stated.with_items(items.items()) if any(key not in _COMMON and key[:2] != "x-" for key in items) else None
        )

    def _members(self, item: Branch, file: str, methods: set[str]) -> Iterator[tuple[str, Tree]]:
        for key, value in item.items():
            if key in _COMMON or _EXTENSION.match(key):
                yield key, self.shared.copied(value, file, kind_below("pathItems", key))
            elif key in METHODS and key.upper() in methods:
                yield key, self._operation(value, file)
            elif key == "additionalOperations":
                others = [
                    (name, self._operation(below, file)) for name, below in branch_of(value).items() if name in methods
                ]
                if others:
                    yield key, Branch(others, branch_of(value).key_nodes)

    def _operation(self, stated: Tree, file: str) -> Tree:
        node = stated
        if isinstance(stated, Branch) and "$ref" in stated:
            found, where = self.files.resolve(stated, file)
            node, file = (found, where) if isinstance(found, Branch) else (stated, file)
        tags = branch_of(node).get("tags")
        self.tags |= {text_of(tag) for tag in tags} if isinstance(tags, list) else set()
        return self.shared.copied(node, file, "operation")

    def _used_tags(self, stated: Tree) -> Tree:
        if not isinstance(stated, list):
            return stated
        used = [tag for tag in stated if text_of(branch_of(tag).get("name")) in self.tags]
        return [self.shared.copied(tag, self.files.entry, "document") for tag in used]


def removed_members(root: Branch, approved: Collection[tuple[str, str]]) -> Iterator[tuple[str, ...]]:
    """Yield what an overlay has to remove so that exactly the approved operations stay, as keys from the root.

    A path item behind a reference is removed whole, and has to be added again where a part of it is approved.
    """
    wanted: dict[str, set[str]] = {}
    for method, path in approved:
        wanted.setdefault(path, set()).add(method)
    for key in root:
        if key in _LEFT_OUT:
            yield (key,)
    for path, stated in branch_of(root.get("paths")).items():
        item = branch_of(stated)
        if path not in wanted or "$ref" in item:
            yield ("paths", path)
            continue
        for key, value in item.items():
            if key == "additionalOperations":
                yield from (("paths", path, key, name) for name in branch_of(value) if name not in wanted[path])
            elif (
                key not in _COMMON
                and not _EXTENSION.match(key)
                and not (key in METHODS and key.upper() in wanted[path])
            ):
                yield ("paths", path, key)
