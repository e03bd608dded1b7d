"""Data-flow and credential-flow diagrams of the documented facts, as data.

An agent reads and writes through a tool server, which calls API hosts. Undocumented parts (the issuer of a token, the
systems behind an MCP server) are nodes marked as not stated, because a reviewer has to ask about them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from analysis.model import Boundary, Diagram, Edge, Node, SourceKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from analysis.model import ReviewedTool, SchemeUse, SourceId, SourceInfo

_AGENT: Final = Node("agent", "Agent and model", "agent", "context")
_GATEWAY: Final = Node("tools", "Tool server", "server", "serving")
_CONTEXT: Final = Boundary("context", "Model context: its data can leave through any writing tool")
_SERVING: Final = Boundary("serving", "Tool server: holds the credentials")
_ISSUING: Final = Boundary("issuing", "Issuers of credentials")
_UNSTATED: Final = "host not stated"


def host_of(server: str) -> str:
    """Return the host of a server URL, without credentials, or an empty string."""
    try:
        return urlsplit(server).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""


def hosts_of(review: ReviewedTool) -> tuple[str, ...]:
    """Return the hosts of a tool, sorted; an empty string where none is stated."""
    return tuple(sorted({host_of(server) for server in review.tool.servers})) or ("",)


def data_flow(reviews: Sequence[ReviewedTool], sources: Sequence[SourceInfo]) -> Diagram:
    """Return the data classes that live tools move between agent, tool server and hosts."""
    live = [review for review in reviews if review.state.live]
    places = _places(live, sources)
    sent: dict[str, Counter[str]] = defaultdict(Counter)
    returned: dict[str, Counter[str]] = defaultdict(Counter)
    for review in live:
        for place in places[review.tool.id]:
            for direction, flows in (("request", sent), ("response", returned)):
                classes = {hit.data for hit in review.assessment.data if hit.direction == direction}
                flows[place.id].update(classes or {"no data class found"})
    nodes = _distinct(places)
    edges = [Edge(_AGENT.id, _GATEWAY.id, "calls", tools=len(live)), Edge(_GATEWAY.id, _AGENT.id, "answers")]
    for node in nodes:
        count = sum(node in found for found in places.values())
        edges.append(Edge(_GATEWAY.id, node.id, "sends", _tally(sent[node.id]), count))
        edges.append(Edge(node.id, _GATEWAY.id, "returns", _tally(returned[node.id]), count))
    return _diagram("data-flow", "Data flow", nodes, edges)


def credential_flow(reviews: Sequence[ReviewedTool], sources: Sequence[SourceInfo]) -> Diagram:
    """Return the credentials that live tools present to each host, with scopes."""
    live = [review for review in reviews if review.state.live]
    places = _places(live, sources)
    scopes: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    counts: Counter[tuple[str, str, str]] = Counter()
    for review in live:
        for place in places[review.tool.id]:
            for name, kind, found in _uses(review):
                counts[name, kind, place.id] += 1
                scopes[name, kind, place.id].update(found)
    issuers = sorted({(name, kind) for name, kind, _ in counts if name})
    issuing = [
        Node(f"issuer:{name}", f"Issuer of {name}: not stated", "issuer", "issuing", stated=False)
        for name, _ in issuers
    ]
    edges = [Edge(f"issuer:{name}", _GATEWAY.id, f"issues {name} ({kind})") for name, kind in issuers]
    for (name, kind, place_id), count in sorted(counts.items()):
        label = f"{name} ({kind})" if name else kind
        edges.append(Edge(_GATEWAY.id, place_id, label, _tally(scopes[name, kind, place_id]), count))
    return _diagram("credential-flow", "Credential flow", [*_distinct(places), *issuing], edges)


def _uses(review: ReviewedTool) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return (scheme, kind, scopes) of a tool; with an empty scheme, the reason why there is none."""
    security = review.tool.security
    if security is None:
        return [("", "credential not stated", ())]
    uses: dict[tuple[str, str], SchemeUse] = {(u.name, u.kind): u for uses in security for u in uses}
    found = [(use.name, use.kind, use.scopes) for use in uses.values()]
    return [*found, ("", "no credential", ())] if not security or () in security else found


def _places(live: Iterable[ReviewedTool], sources: Sequence[SourceInfo]) -> Mapping[str, tuple[Node, ...]]:
    """Return the nodes that execute each tool: API hosts, or one MCP server."""
    titles = {source.id: source.title or source.id for source in sources}
    mcp = {source.id for source in sources if source.kind is SourceKind.MCP}
    return {review.tool.id: _nodes(review, titles, review.tool.source in mcp) for review in live}


def _nodes(review: ReviewedTool, titles: Mapping[SourceId, str], mcp: bool) -> tuple[Node, ...]:
    source = review.tool.source
    title = titles.get(source, source)
    if mcp:
        label = f"MCP server {title}: backends not stated"
        return (Node(f"mcp:{source}", label, "server", f"mcp:{source}", stated=False),)
    return tuple(
        Node(
            f"api:{host or source}", host or f"{title}: {_UNSTATED}", "api", f"api:{host or source}", stated=bool(host)
        )
        for host in hosts_of(review)
    )


def _distinct(places: Mapping[str, tuple[Node, ...]]) -> list[Node]:
    return sorted({node for nodes in places.values() for node in nodes}, key=lambda node: node.id)


def _tally(counted: Counter[str]) -> tuple[str, ...]:
    return tuple(f"{name} ({count})" for name, count in sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def _diagram(identity: str, title: str, nodes: Sequence[Node], edges: Sequence[Edge]) -> Diagram:
    """Return a diagram with the boundaries of its nodes."""
    own = {b.id: b for b in (_CONTEXT, _SERVING, _ISSUING)}
    drawn = [_AGENT, _GATEWAY, *nodes]
    labels = {node.boundary: own.get(node.boundary, Boundary(node.boundary, node.label)) for node in drawn}
    return Diagram(identity, title, tuple(labels.values()), tuple(drawn), tuple(edges))
