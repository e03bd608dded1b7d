"""References between the files of a source: looked up in the files the review keeps, and nowhere else."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from analysis.output.allowlist.document.document_tree import Branch, read_tree, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.output.allowlist.document.document_tree import Tree

#: Maximum number of references one after another; a longer chain is a circle.
_MAX_STEPS: Final = 50


class FileSet:
    """The files of one source. Each is read once, when a reference first leads into it.

    `root` is that of the entry, where it has been read whole.
    """

    def __init__(self, files: Iterable[tuple[str, bytes]], root: Branch | None = None) -> None:
        listed = list(files)
        self.entry = listed[0][0]
        self._raw = dict(listed)
        self._roots: dict[str, Tree] = {} if root is None else {self.entry: root}

    def address(self, ref: str, file: str) -> tuple[str, str]:
        """Return the file and the JSON pointer that a reference leads to."""
        name, _, pointer = ref.partition("#")
        if name:
            file = posixpath.normpath(posixpath.join(posixpath.dirname(file), unquote(name)))
        return file, pointer

    def resolve(self, node: Tree, file: str) -> tuple[Tree, str]:
        """Return what a mapping with `$ref` leads to in the end, and the file it is in; None where that is nowhere."""
        for _ in range(_MAX_STEPS):
            ref = text_of(node.get("$ref")) if isinstance(node, Branch) else ""
            if not ref:
                return node, file
            file, pointer = self.address(ref, file)
            node = self.at(file, pointer)
        return None, file

    def at(self, file: str, pointer: str) -> Tree:
        """Return the node at a JSON pointer of a file; None where there is none."""
        node = self._root(file)
        if pointer and not pointer.startswith("/"):
            return None
        for step in steps(pointer):
            if isinstance(node, Branch):
                node = node.get(step)
            elif isinstance(node, list) and step.isdecimal() and int(step) < len(node):
                node = node[int(step)]
            else:
                return None
        return node

    def _root(self, file: str) -> Tree:
        if file not in self._roots:
            try:
                self._roots[file] = read_tree(self._raw[file]).root
            except (KeyError, ValueError):
                self._roots[file] = None
        return self._roots[file]


def steps(pointer: str) -> list[str]:
    """Return the members that a JSON pointer names, one after another."""
    return [unquote(step).replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
