"""Diagrams as data, before a renderer draws them."""

from __future__ import annotations

from analysis.frozen import frozen


@frozen
class Boundary:
    """A line across which trust changes. Every node lies inside one."""

    id: str
    label: str


@frozen
class Node:
    """A source or destination of data or credentials. `stated` is false for one that no document names."""

    id: str
    label: str
    kind: str  # agent, server, api, issuer
    boundary: str
    stated: bool = True


@frozen
class Edge:
    """A flow from one node to another: `label` says what flows, `details` name it one by one, `tools` count it."""

    source: str
    target: str
    label: str
    details: tuple[str, ...] = ()
    tools: int = 0


@frozen
class Diagram:
    """A drawing as data. Labels may hold untrusted text of a source: a renderer sanitizes them first."""

    id: str
    title: str
    boundaries: tuple[Boundary, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
