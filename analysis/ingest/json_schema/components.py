"""Reachability in a graph: strongly connected components and unions of bit masks, without recursion."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class _Tarjan:
    """Tarjan's strongly connected components on an explicit stack: a chain of thousands must not exhaust Python's."""

    def __init__(self, edges: list[list[int]]) -> None:
        self.edges = edges
        self.index = [-1] * len(edges)
        self.low = [0] * len(edges)
        self.open: list[int] = []
        self.is_open = [False] * len(edges)
        self.components: list[list[int]] = []
        self.counter = 0

    def visit(self, root: int) -> None:
        """Find every component reachable from a node that was not visited yet."""
        work = [(root, 0)]
        while work:
            node, position = work.pop()
            if position == 0:
                self._enter(node)
            successor = self._advance(node, position)
            if successor is not None:
                work.extend(((node, successor + 1), (self.edges[node][successor], 0)))
                continue
            if self.low[node] == self.index[node]:
                self._close(node)
            if work:
                parent = work[-1][0]
                self.low[parent] = min(self.low[parent], self.low[node])

    def _enter(self, node: int) -> None:
        self.index[node] = self.low[node] = self.counter
        self.counter += 1
        self.open.append(node)
        self.is_open[node] = True

    def _advance(self, node: int, position: int) -> int | None:
        """Return the position of the next successor to visit before the node is complete."""
        for at in range(position, len(self.edges[node])):
            successor = self.edges[node][at]
            if self.index[successor] < 0:
                return at
            if self.is_open[successor]:
                self.low[node] = min(self.low[node], self.index[successor])
        return None

    def _close(self, node: int) -> None:
        at = len(self.open) - 1
        while self.open[at] != node:
            at -= 1
        members = self.open[at:]
        del self.open[at:]
        for member in members:
            self.is_open[member] = False
        self.components.append(members)


def join(own: Callable[[int], int], edges: list[list[int]]) -> tuple[list[int], list[list[int]]]:
    """Return (union of the bit masks reachable per node, strongly connected components, successors first).

    `own` returns the mask of a node itself: those of all nodes would take as much memory as the result.
    """
    tarjan = _Tarjan(edges)
    for node in range(len(edges)):
        if tarjan.index[node] < 0:
            tarjan.visit(node)
    masks = [0] * len(edges)
    for members in tarjan.components:
        total = 0
        for member in members:
            total |= own(member)
            for successor in edges[member]:
                total |= masks[successor]
        for member in members:
            masks[member] = total
    return masks, tarjan.components
