"""Diagrams as data: what is drawn, before anybody draws it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Boundary:
    """A line across which trust changes. Every node lies inside one."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Node:
    """A thing that data or credentials go to or come from. `stated` is false for what no document names."""

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
    """A drawing as data. Labels may hold words of a source: whoever draws it makes them safe first."""

    id: str
    title: str
    boundaries: tuple[Boundary, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
