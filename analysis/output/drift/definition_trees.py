"""Canonical texts of definitions read back as trees, with the shared parts that their references lead to."""

from __future__ import annotations

import json
import posixpath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.model import DefinitionTexts, Tool

#: Maximum number of references that are followed one after another.
_MAX_CHAIN: Final = 100


class SharedParts:
    """The shared parts of one source by address, parsed when they are first needed."""

    def __init__(self, texts: DefinitionTexts) -> None:
        self._definitions = texts.definitions
        self._texts = {address: text for group in texts.parts for address, text in group.texts}
        self._parsed: dict[str, Any] = {}

    def text(self, digest: str) -> str:
        """Return the canonical text of a digest; empty where it is not known."""
        return self._definitions.get(digest, "")

    def at(self, address: str) -> Any:
        """Return the part at an address, or None."""
        if address not in self._parsed:
            text = self._texts.get(address)
            self._parsed[address] = None if text is None else json.loads(text)
        return self._parsed[address]

    def find(self, ref: str, file: str) -> tuple[str, str] | None:
        """Return (address, file) of the part that a reference in a file leads to; the entry is the file ''."""
        path, _, fragment = ref.partition("#")
        pointer = unquote(fragment)
        target = posixpath.normpath(posixpath.join(posixpath.dirname(file), unquote(path))) if path else file
        for name in dict.fromkeys((target, "")):
            address = f"{name}#{pointer}" if name else pointer
            if address in self._texts:
                return address, name
        return None


class Resolver:
    """References of one definition: into the shared parts of its source, or into the schema that they are part of."""

    def __init__(self, parts: SharedParts, root: Any = None) -> None:
        self._parts = parts
        self._root = root

    def target(self, node: Any, file: str) -> tuple[str, Any, str] | None:
        """Return (address, part, file) where a node refers to a part that is there."""
        ref = node.get("$ref") if isinstance(node, dict) else None
        if not isinstance(ref, str):
            return None
        if self._root is not None:
            found = _inside(self._root, ref) if ref.startswith("#") else None
            return None if found is None else (ref, found, file)
        place = self._parts.find(ref, file)
        return None if place is None else (place[0], self._parts.at(place[0]), place[1])

    def resolved(self, node: Any, file: str) -> tuple[Any, str]:
        """Return a node with its reference replaced by what it leads to; keys next to the reference are kept."""
        own_keys: dict[str, Any] = {}
        for _ in range(_MAX_CHAIN):
            found = self.target(node, file)
            if found is None:
                break
            own_keys = {key: value for key, value in node.items() if key != "$ref"} | own_keys
            _, node, file = found
        return ({**node, **own_keys} if own_keys and isinstance(node, dict) else node), file

    def strings(self, value: Any, file: str = "") -> set[str]:
        """Return all texts in a value and in the parts behind its references, keys included."""
        found: set[str] = set()
        seen: set[str] = set()
        waiting = [(value, file)]
        while waiting:
            node, where = waiting.pop()
            target = self.target(node, where)
            if target is not None and target[0] not in seen:
                seen.add(target[0])
                waiting.append((target[1], target[2]))
            if isinstance(node, str):
                found.add(node)
            elif isinstance(node, dict):
                found.update(map(str, node))
                waiting.extend((each, where) for each in node.values())
            elif isinstance(node, list):
                waiting.extend((each, where) for each in node)
        return found


def _inside(root: Any, ref: str) -> Any:
    node = root
    for token in unquote(ref.removeprefix("#")).split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        if isinstance(node, list) and key.isdigit() and int(key) < len(node):
            node = node[int(key)]
        else:
            node = node.get(key) if isinstance(node, dict) else None
    return node


def tree_of(tool: Tool, parts: SharedParts) -> dict[str, Any]:
    """Return the definition of a tool as a tree; of an operation its head, inputs and rest together, {} where unknown.

    The parameters of an operation are a list, those of its path under `shared`; what its path says of itself is `path_item`.
    """
    lines = parts.text(tool.digest).split("\n")
    read = [json.loads(line) for line in lines if line]
    if len(read) == _LINES:
        head, inputs, (path_item, rest) = read
        head.pop("refs", None)
        if "servers" in rest:  # with their variables and descriptions; the head has the addresses in force
            rest["stated_servers"] = rest.pop("servers")
        return {**rest, **inputs, **head, "path_item": path_item, "operation": True}
    found = read[0] if read else {}
    if isinstance(found, dict) and found.keys() == {"kind", "definition"}:
        found = found["definition"]
    return found if isinstance(found, dict) else {"definition": found}


#: Lines of the canonical text of an operation: head, inputs, rest.
_LINES: Final = 3


def walk_values(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Yield (place, value) of every leaf of a value; empty containers are leaves."""
    if isinstance(value, dict) and value:
        for key, each in value.items():
            yield from walk_values(each, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list) and value:
        for number, each in enumerate(value):
            yield from walk_values(each, f"{place}[{number}]")
    else:
        yield place, value
