"""Diagrams as data, before a renderer draws them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Boundary:
    """A line across which trust changes. Every node lies inside one."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Node:
    """A source or destination of data or credentials. `stated` is false for one that no document names."""

    id: str
    label: str
    kind: str  # agent, server, api, issuer
    boundary: str
    stated: bool = True


@dataclass(frozen=True, slots=True)
class Edge:
    """A flow from one node to another: `label` says what flows, `details` name it one by one, `tools` count it."""

    source: str
    target: str
    label: str
    details: tuple[str, ...] = ()
    tools: int = 0


@dataclass(frozen=True, slots=True)
class Diagram:
    """A drawing as data. Labels may hold untrusted text of a source: a renderer sanitizes them first."""

    id: str
    title: str
    boundaries: tuple[Boundary, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
