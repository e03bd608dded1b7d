"""Size of shared parts once they are expanded: references can make a small file a very large inventory.

The first use of a part is bounded by the limits on the file. Each further use is counted here, as if the part had been
written out again, against the same limits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from analysis.ingest.document.loading import Limits

#: Parts up to this many nodes or characters are not counted: they cost no more than the operation that uses them.
_SMALL_NODES: Final = 20
_SMALL_TEXT: Final = 1_000


class Expansion:
    """Counts repeated uses of parts. Once `over` names a limit, reading has to stop."""

    def __init__(self, limits: Limits) -> None:
        self.over = ""
        self._left = {"nodes": limits.repeated_nodes, "characters": limits.characters}
        self._used: dict[int, Any] = {}  # by `id`; the reference keeps the id from being reused
        self._sizes: dict[int, tuple[int, int]] = {}

    def use(self, part: Any) -> None:
        """Count a part of the document, unless this is its first use."""
        key = id(part)
        if key not in self._used:
            self._used[key] = part
            return
        if key not in self._sizes:
            self._sizes[key] = size_of(part)
        self.take(*self._sizes[key])

    def use_all(self, part: Any, nodes: int) -> None:
        """Count `nodes` members of a part, unless this is its first use."""
        if id(part) in self._used:
            self.take(nodes)
        self._used[id(part)] = part

    def take(self, nodes: int, characters: int = 0) -> None:
        """Count nodes and characters of one more use."""
        if nodes > _SMALL_NODES:
            self._count("nodes", nodes)
        if characters > _SMALL_TEXT:
            self._count("characters", characters)

    def _count(self, limit: str, amount: int) -> None:
        self._left[limit] -= amount
        if self._left[limit] < 0:
            self.over = self.over or limit


def size_of(part: Any) -> tuple[int, int]:
    """Return (nodes, characters) of parsed data: keys and values each count as one."""
    nodes, characters, stack = 1, len(part) if isinstance(part, str) else 0, [part]
    while stack:
        node = stack.pop()
        if type(node) is dict:
            nodes += len(node)
            characters += sum(map(len, node))
            inner: Any = node.values()
        elif type(node) is list:
            inner = node
        else:
            continue
        nodes += len(inner)
        characters += sum([len(value) for value in inner if type(value) is str])
        stack += [value for value in inner if type(value) is dict or type(value) is list]
    return nodes, characters


def measure(data: Any, max_depth: int) -> tuple[int, int, int]:
    """Return (nodes, levels, characters of the longest text or key); levels below `max_depth` + 1 are not visited."""
    nodes, depth, longest = 1, 0, len(data) if type(data) is str else 0
    level = [data] if type(data) is dict or type(data) is list else []
    while level and depth <= max_depth:
        depth += 1
        values: list[Any] = []
        keys: list[Any] = []
        for node in level:
            if type(node) is dict:
                keys += node
                values += node.values()
            else:
                values += node
        nodes += len(keys) + len(values)
        longest = max(
            longest, max(map(len, keys), default=0), max((len(v) for v in values if type(v) is str), default=0)
        )
        level = [value for value in values if type(value) is dict or type(value) is list]
    return nodes, depth, longest
