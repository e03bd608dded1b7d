"""Architecture, data flow and credential flow, drawn from what the sources and the answers state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.output.packet.chapters.blocks import Block, Figures, Heading, Inline, Para, SafeText
from analysis.output.packet.chapters.decisions import is_large
from analysis.output.packet.chapters.drawing import Box, Drawing, Graph, Label, Link, Shape, arrow
from analysis.output.packet.chapters.flows import scopes
from analysis.output.packet.chapters.headline import agent, allowed_of
from analysis.output.packet.chapters.inline import COMMA, counted, number, tool_count

if TYPE_CHECKING:
    from collections.abc import Iterator

_HALF = 330
_MAX_CLASSES = 5
#: What a diagram calls the flows of tools without a class of data.
_NO_CLASS = "no data class found"
_AGENT, _GATEWAY = SafeText("Tool server or gateway"), SafeText("holds the credentials")


def architecture(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the architecture, the data flow and the credential flow, then the scopes."""
    yield Heading(2, SafeText("Architecture, data flow and credential flow"), "flows", page=is_large(doc))
    yield Para(
        SafeText(
            "Drawn from the sources and the answers. A dashed box or line is something that none of them states: ask."
        ),
        "lead",
    )
    yield Figures(((SafeText("Architecture"), _architecture(doc)),))
    found = {each["id"]: each for each in doc["diagrams"]}
    drawn = []
    if flow := found.get("data-flow"):
        drawn.append((SafeText("Data"), _data(doc, flow)))
    if flow := found.get("credential-flow"):
        drawn.append((SafeText("Credentials"), _credentials(doc, flow)))
    if drawn:
        yield Figures(tuple(drawn))
    yield from scopes(doc)


def _proven(doc: dict[str, Any], control: str) -> bool:
    return any(row["id"] == control and row["state"] == "evidenced" for row in doc["controls"])


def _targets(doc: dict[str, Any]) -> tuple[Inline, Inline, bool]:
    """Return the first place that tools are executed at, what else there is, and whether a source states it."""
    nodes = [
        n
        for each in doc["diagrams"][:1]
        for n in each["nodes"]
        if n["kind"] in {"api", "server"} and n["id"] != "tools"
    ]
    if not nodes:
        return SafeText("no server"), SafeText("no tool is left to call"), False
    more = len(nodes) - 1
    return (
        nodes[0]["label"],
        counted(more, SafeText("more server"), SafeText("more servers")) if more else SafeText("API or server"),
        all(n["stated"] for n in nodes),
    )


def _architecture(doc: dict[str, Any]) -> Drawing:
    """Return agent, gateway and servers in a line, with approvers above and credentials and records below."""
    allowed, total = allowed_of(doc)
    label, second, is_stated = _targets(doc)
    waiting, proven = (doc["questions"]["approvals"][k] for k in ("run_time_approval", "run_time_approval_proven"))
    deciders = len(doc["people"]["deciders"])
    stored, logged = _proven(doc, "cred-store"), _proven(doc, "log-config")
    named = bool(doc["request"]["agent"])
    shapes: list[Shape] = [
        *_node(0.6, 66, agent(doc), SafeText("model and its context"), dash=not named),
        *_node(240, 66, _AGENT, _GATEWAY),
        *_node(480, 66, label, second, dash=not is_stated),
        *_node(0.6, 0.6, counted(deciders, SafeText("reviewer"), SafeText("reviewers")), SafeText("decide exposure")),
        *_node(240, 0.6, SafeText("Run-time approver"), (tool_count(waiting), SafeText(" wait")), dash=not waiting or proven < waiting),
        *_node(240, 132, SafeText("Credential store"), SafeText("proven") if stored else SafeText("not proven"), dash=not stored),
        *_node(480, 132, SafeText("Audit log"), SafeText("proven") if logged else SafeText("not proven"), dash=not logged),
        *arrow("M160 87H232", 239, 87, "right"), *arrow("M400 87H472", 479, 87, "right"),
        *arrow("M160 30L232 66", 239, 69, "right"),
        *arrow("M320 42.6V58", 320, 65, "down", dash=not waiting or proven < waiting),
        *arrow("M320 132V116", 320, 109, "up", dash=not stored), *arrow("M400 101L472 141", 479, 145, "right", dash=not logged),
        Label(168, 82, (number(allowed), SafeText(" tools")), "m"),
        Label(176, 28, SafeText("allowlist"), "m"),
        Label(408, 82, SafeText("calls"), "m"),
    ]  # fmt: skip
    words: tuple[Inline, ...] = (number(allowed), SafeText(" of "), number(total), SafeText(" tools"))
    graph = Graph(
        (
            ("reviewers", "Reviewers decide exposure", True), ("agent", "Agent", named), ("gateway", "Tool server or gateway", True),
            ("approver", f"Run-time approver: {tool_count(waiting).text}", bool(waiting) and proven == waiting), ("server", "Servers", is_stated),
            ("store", "Credential store", stored), ("log", "Audit log", logged),
        ),
        (
            Link("reviewers", "gateway", "allowlist"), Link("agent", "gateway", tool_count(allowed).text),
            Link("approver", "gateway", "confirms", not waiting or proven < waiting), Link("store", "gateway", "credentials", not stored),
            Link("gateway", "server", "calls"), Link("gateway", "log", "records", not logged),
        ),
    )  # fmt: skip
    return Drawing(
        640,
        176,
        tuple(shapes),
        SafeText("Architecture: agent, gateway, servers, credentials, approvers, records"),
        words,
        _tall(doc, shapes),
        graph,
    )


def _node(x: float, y: float, name: Inline, below: Inline | tuple[Inline, ...], *, dash: bool = False) -> list[Shape]:
    return [
        Box(x, y, 159, 42, "box", dash),
        Label(x + 9, y + 17, name, "b", limit=25),
        Label(x + 9, y + 32, below, "m", limit=27),
    ]


def _tall(doc: dict[str, Any], wide: list[Shape]) -> Drawing:
    """Return the architecture for a narrow screen: the same boxes in two columns."""
    places = {
        (0.6, 0.6): (0.6, 0.6),
        (240, 0.6): (171, 0.6),
        (0.6, 66): (0.6, 76),
        (240, 66): (171, 76),
        (480, 66): (171, 152),
        (240, 132): (0.6, 152),
        (480, 132): (171, 228),
    }
    shapes: list[Shape] = []
    at = (0.0, 0.0)
    moved = (0.0, 0.0)
    for shape in wide:
        if isinstance(shape, Box) and (shape.x, shape.y) in places:
            at, moved = (shape.x, shape.y), places[shape.x, shape.y]
            shapes.append(Box(*moved, shape.width - 1, shape.height, shape.style, shape.dash))
        elif isinstance(shape, Label) and 0 < shape.x - at[0] < 12 and 0 < shape.y - at[1] < 42:
            shapes.append(
                Label(
                    moved[0] + shape.x - at[0],
                    moved[1] + shape.y - at[1],
                    shape.text,
                    shape.style,
                    shape.anchor,
                    shape.limit,
                )
            )
    waiting, proven = (doc["questions"]["approvals"][k] for k in ("run_time_approval", "run_time_approval_proven"))
    stored, logged = _proven(doc, "cred-store"), _proven(doc, "log-config")
    shapes += [
        *arrow("M120 43L172 71", 176, 75, "down"), *arrow("M250 43V68", 250, 75, "down", dash=not waiting or proven < waiting),
        *arrow("M159 97H163", 170, 97, "right"), *arrow("M120 152L172 124", 178, 119, "up", dash=not stored),
        *arrow("M250 118V144", 250, 151, "down"), *arrow("M326 118H329.5V249H330", 330, 249, "up", dash=not logged),
    ]  # fmt: skip
    return Drawing(_HALF, 272, tuple(shapes[:-1]), SafeText("Architecture"))


def _data(doc: dict[str, Any], flow: dict[str, Any]) -> Drawing:
    """Return which classes of data move between agent, gateway and servers: three zones, one below the other."""
    edges = flow["edges"]
    called = next((e["tools"] for e in edges if e["label"] == "calls"), 0)
    sent = _top([e for e in edges if e["label"] == "sends"])
    returned = _top([e for e in edges if e["label"] == "returns"])
    label, second, is_stated = _targets(doc)
    shapes: list[Shape] = [Box(0.6, y, 318, h, "zone") for y, h in ((0.6, 52), (96, 50), (226, 50))]
    shapes += _inner(90, 6, agent(doc), SafeText("model context"), dash=not doc["request"]["agent"])
    shapes += _inner(90, 101, _AGENT, _GATEWAY) + _inner(90, 231, label, second, dash=not is_stated)
    shapes += arrow("M134 46V93", 134, 100, "down") + arrow("M182 100V54", 182, 47, "up")
    shapes += arrow("M134 141V223", 134, 230, "down") + arrow("M182 230V149", 182, 142, "up")
    shapes += [Label(127, 78, tool_count(called), "", "end"), Label(190, 78, SafeText("answers"))]
    shapes += [Label(127, 159, SafeText("sent"), "b", "end"), Label(190, 159, SafeText("returned"), "b")]
    shapes += [Label(127, 171 + 12 * at, text, "m", "end", 22) for at, text in enumerate(sent)]
    shapes += [Label(190, 171 + 12 * at, text, "m", "start", 22) for at, text in enumerate(returned)]
    return Drawing(
        _HALF,
        277,
        tuple(shapes),
        SafeText("Data flow between agent, gateway and servers"),
        (tool_count(called), SafeText(" that are not blocked")),
        None,
        _graph(flow),
    )


def _inner(x: float, y: float, name: Inline, below: Inline, *, dash: bool = False) -> list[Shape]:
    return [
        Box(x, y, 140, 40, "box", dash),
        Label(x + 9, y + 16, name, "b", limit=22),
        Label(x + 9, y + 30, below, "m", limit=24),
    ]


def _top(edges: list[dict[str, Any]]) -> list[str]:
    """Return the classes of data that most tools move, over all servers, as the diagram states them."""
    counts: dict[str, int] = {}
    for detail in (detail for edge in edges for detail in edge["details"]):
        name, _, count = detail.rpartition(" (")
        if name != _NO_CLASS:
            counts[name] = (
                counts.get(name, 0) + int(count.rstrip(")") or 0)
                if count.rstrip(")").isdigit()
                else counts.get(name, 0)
            )
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [f"{name} {count:,}" for name, count in ordered[:_MAX_CLASSES]]


def _credentials(doc: dict[str, Any], flow: dict[str, Any]) -> Drawing:
    """Return which credentials go where: issuers, gateway, servers."""
    issuers = [n for n in flow["nodes"] if n["kind"] == "issuer"]
    uses = _uses(flow)
    label, second, is_stated = _targets(doc)
    store = SafeText("storage proven") if _proven(doc, "cred-store") else SafeText("storage not proven")
    shapes: list[Shape] = [Box(0.6, y, 318, h, "zone") for y, h in ((0.6, 52), (96, 50), (226, 50))]
    names: Inline = issuers[0]["id"].removeprefix("issuer:") if issuers else SafeText("No issuer stated")
    others: Inline = (
        counted(len(issuers) - 1, SafeText("more issuer"), SafeText("more issuers"))
        if len(issuers) > 1
        else SafeText("no scheme in the source")
        if not issuers
        else SafeText("its issuer is not stated")
    )
    shapes += [
        Box(70, 6, 180, 40, "box", dash=True),
        Label(79, 22, names, "b", limit=29),
        Label(79, 36, others, "m", limit=30),
    ]
    shapes += _inner(90, 101, _AGENT, store, dash=not _proven(doc, "cred-store"))
    shapes += _inner(90, 231, label, second, dash=not is_stated)
    shapes += arrow("M160 46V93", 160, 100, "down", dash=True) + arrow("M160 141V223", 160, 230, "down")
    for at, use in enumerate(uses[:3]):
        shapes += [
            Label(168, 162 + 25 * at, use["label"], "b", limit=26),
            Label(168, 174 + 25 * at, tool_count(use["tools"]), "m"),
        ]
    if len(uses) > 3:
        shapes.append(Label(150, 162, (number(len(uses) - 3), SafeText(" more")), "m", "end"))
    words: list[Inline] = []
    for use in uses[:3]:
        words += [COMMA] if words else []
        words += [use["label"], SafeText(" for "), tool_count(use["tools"])]
    return Drawing(
        _HALF,
        277,
        tuple(shapes),
        SafeText("Credential flow between issuers, gateway and servers"),
        tuple(words),
        None,
        _graph(flow),
    )


def _uses(flow: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the credentials that the gateway presents, each once: over all servers, with the most tools of one."""
    found: dict[str, int] = {}
    for edge in flow["edges"]:
        if edge["from"] == "tools":
            found[edge["label"]] = max(found.get(edge["label"], 0), edge["tools"])
    return [{"label": label, "tools": tools} for label, tools in found.items()]


def _graph(flow: dict[str, Any]) -> Graph:
    return Graph(
        tuple((node["id"], node["label"], node["stated"]) for node in flow["nodes"]),
        tuple(Link(e["from"], e["to"], e["label"]) for e in flow["edges"]),
    )
