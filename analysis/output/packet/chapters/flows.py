"""The exfiltration path, and the minimum scopes of each credential scheme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.model import DecisionState
from analysis.output.packet.chapters.blocks import Block, Cell, Code, Figures, Heading, Inline, Para, SafeText, Table
from analysis.output.packet.chapters.drawing import Box, Drawing, Graph, Label, Link, Shape, arrow
from analysis.output.packet.chapters.headline import agent
from analysis.output.packet.chapters.inline import (
    NONE,
    codes,
    counted,
    number,
    plural,
    small,
    strong,
    tool_count,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_STATES = {
    "present": (SafeText("Present among allowed tools: nothing on the way asks a person"), "crit"),
    "absent": (SafeText("Absent among allowed tools: no tool plays one of the three parts"), "good"),
    "broken by condition": (
        SafeText("Broken by condition among allowed tools: a person confirms each call of every sink"),
        "good",
    ),
    "not known": (SafeText("Not known: what definitions leave open could complete the path"), "high"),
}
_NOTHING_APPROVED = SafeText("Nothing is approved yet, so there is no path among allowed tools")
_ALLOWED = frozenset(state.value for state in DecisionState if state.allowed)
_ROLES = (
    ("private data", SafeText("read private data"), SafeText("tools that return it")),
    ("untrusted content", SafeText("read untrusted content"), SafeText("text others can write")),
    ("exfiltration sink", SafeText("can send data out"), SafeText("to places others can read")),
)
_MAX_SCOPES = 12
_MAX_SCHEMES = 6
_MAX_UNSETTLED = 8


def exfiltration(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the exfiltration path over the allowed tools: what makes it, what breaks it, and what would bring it back."""
    stated = doc["exfiltration_path"]
    if not stated:
        return
    over = stated["approved"]
    yield Heading(2, SafeText("Exfiltration path"), "exfiltration", keep=True)
    yield Para(
        SafeText(
            "Private data, untrusted content and a way to send data, in one set of tools, let a text written by others carry "
            "private data away (the lethal trifecta)."
        ),
        "lead",
    )
    text, tone = _STATES.get(over["exfiltration_path"], (over["exfiltration_path"], "high"))
    if not any(tool["decision"] in _ALLOWED for tool in doc["tools"]):
        text, tone = _NOTHING_APPROVED, "high"
    yield Para(text, "state", tone)
    yield Figures(((SafeText(""), _path(doc, over)),))
    yield Para(tuple(_cuts(doc, over)), "note")
    wider = stated["approved_and_undecided"]
    if wider["exfiltration_path"] != over["exfiltration_path"]:
        yield Para((SafeText("With the undecided tools the path is "), word(wider["exfiltration_path"]), SafeText(".")))
    unsettled = list(_unsettled(doc, wider))
    if unsettled:
        title = SafeText("Not settled")
        yield Heading(3, title)
        yield Table(title, ("Tool or source", "Part", "Why"), tuple(unsettled[:_MAX_UNSETTLED]), widths=(38, 20, 42))
        more = len(unsettled) - _MAX_UNSETTLED
        yield from [Para((number(more), SafeText(" more.")), "note")] if more > 0 else []


def _unsettled(doc: dict[str, Any], path: dict[str, Any]) -> Iterator[tuple[Cell, ...]]:
    """Yield the roles that tools leave open, and the sources from which tools may be missing."""
    unsettled = set(path["unsettled"])
    for source in path["unread"]:
        yield (Code(source), SafeText("every part"), SafeText("the source was read with errors"))
    for tool in doc["tools"]:
        if tool["id"] in unsettled:
            yield from ((Code(tool["name"]), word(role["role"]), role["why"]) for role in tool["open_roles"])


def _cuts(doc: dict[str, Any], over: dict[str, Any]) -> Iterator[Inline]:
    names = {tool["id"]: tool["name"] for tool in doc["tools"]}
    sizes = sorted((len(over["flow_roles"][role]), role) for role, *_ in _ROLES)
    if over["exfiltration_path"] == "present":
        count, role = sizes[0]
        yield from (
            SafeText("The smallest set that breaks it: the "),
            tool_count(count),
            SafeText(" that "),
            _verb(role),
        )
        yield from (
            SafeText(": "),
            *codes([names.get(i, i) for i in over["flow_roles"][role]], 4),
            SafeText(". A proven "),
        )
        yield SafeText("run-time approval on every sink breaks it as well.")
    elif over["exfiltration_path"] == "not known":
        yield SafeText("What definitions leave open could complete the path; the tools and sources below settle it.")
    elif over["held"]:
        yield from (SafeText("What breaks the path: the proven run-time approval on "), tool_count(len(over["held"])))
        yield from (SafeText(": "), *codes([names.get(i, i) for i in over["held"]], 4))
        yield SafeText(". Without it the path is present at once.")
    else:
        missing = [_verb(role) for count, role in sizes if not count]
        yield SafeText("No allowed tool ")
        for at, verb in enumerate(missing):
            yield from ((SafeText(", none "), verb) if at else (verb,))
        yield SafeText(". Approving one changes this: the desk says so before it is recorded.")


def _verb(role: str) -> SafeText:
    return {
        "private data": SafeText("reads private data"),
        "untrusted content": SafeText("reads untrusted content"),
        "exfiltration sink": SafeText("can send data out"),
    }[role]


def _path(doc: dict[str, Any], over: dict[str, Any]) -> Drawing:
    """Return the path, wide and tall: two sources, the agent, the sinks; a barrier where a person confirms."""
    private, untrusted, sinks = (len(over["flow_roles"][role]) for role, *_ in _ROLES)
    held, broken = len(over["held"]), over["exfiltration_path"] != "present"
    name = agent(doc)
    boxes: list[Shape] = []
    for y, count, (_, what, below) in ((0.6, private, _ROLES[0]), (96.6, untrusted, _ROLES[1])):
        boxes += _box(0.6, y, count, what, below)
    boxes += [
        Box(240, 48, 130, 74),
        Label(250, 68, name, "b", limit=20),
        Label(250, 86, SafeText("may follow what"), "m"),
        Label(250, 99, SafeText("the text says"), "m"),
    ]
    boxes += _box(481, 48.6, sinks + held, *_ROLES[2][1:])
    boxes += arrow("M160 36L232 66", 238, 69, "right", dash=not private) + arrow(
        "M160 132L232 102", 238, 99, "right", dash=not untrusted
    )
    boxes += _last(370, 85, 480, held=held, broken=broken, sinks=sinks)
    label = SafeText("Exfiltration path: two sources, the agent, and the exfiltration sinks")
    words = (
        number(private),
        SafeText(" read private data, "),
        number(untrusted),
        SafeText(" read untrusted content, "),
        number(sinks),
        SafeText(" can send data out without a person, "),
        number(held),
        SafeText(" wait for a person"),
    )
    graph = Graph(
        (
            ("private", f"{private} read private data", bool(private)),
            ("untrusted", f"{untrusted} read untrusted content", bool(untrusted)),
            ("agent", "agent", True),
            ("sink", f"{sinks + held} can send data out", bool(sinks + held)),
        ),
        (
            Link("private", "agent", "", not private),
            Link("untrusted", "agent", "", not untrusted),
            Link("agent", "sink", "a person confirms" if held and not sinks else "", broken),
        ),
    )
    return Drawing(
        640, 170, tuple(boxes), label, words, _narrow(name, private, untrusted, sinks, held, broken=broken), graph
    )


def _box(x: float, y: float, count: int, what: SafeText, below: SafeText) -> list[Shape]:
    return [
        Box(x, y, 158, 72, "box", not count),
        Label(x + 10, y + 24, number(count), "big"),
        Label(x + 10, y + 43, what, "b"),
        Label(x + 10, y + 58, below, "m"),
    ]


def _last(x: float, y: float, end: float, *, held: int, broken: bool, sinks: int) -> list[Shape]:
    """Return the last part, from the agent to the sinks: whole when the path is present, else dashed."""
    if not broken:
        return list(arrow(f"M{x:g} {y:g}H{end - 8:g}", end - 1, y, "right"))
    middle = (x + end) / 2
    out: list[Shape] = list(arrow(f"M{x:g} {y:g}H{end - 8:g}", end - 1, y, "right", dash=True))
    if held and not sinks:
        out += [
            Box(middle - 2.5, y - 22, 5, 44, "bar"),
            Label(middle, y - 30, SafeText("person confirms"), "g", "middle"),
        ]
        out.append(Label(middle, y + 36, SafeText("proven"), "m", "middle"))
    return out


def _narrow(name: Inline, private: int, untrusted: int, sinks: int, held: int, *, broken: bool) -> Drawing:
    shapes: list[Shape] = []
    for x, count, (_, what, below) in ((0.6, private, _ROLES[0]), (171, untrusted, _ROLES[1])):
        shapes += _box(x, 0.6, count, what, below)
    shapes += [
        Box(100, 116, 130, 48),
        Label(110, 136, name, "b", limit=20),
        Label(110, 152, SafeText("may follow the text"), "m"),
    ]
    shapes += arrow("M80 73L138 109", 140, 115, "down", dash=not private) + arrow(
        "M250 73L192 109", 190, 115, "down", dash=not untrusted
    )
    shapes += arrow("M165 164V216", 165, 223, "down", dash=broken)
    if held and not sinks:
        shapes += [Box(143, 191, 44, 5, "bar"), Label(196, 197, SafeText("person confirms, proven"), "g")]
    shapes += _box(86, 224, sinks + held, *_ROLES[2][1:])
    return Drawing(330, 298, tuple(shapes), SafeText("Exfiltration path"))


def scopes(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the smallest set of scopes that the allowed tools need, and what a grant of all would have beyond it."""
    title = SafeText("Smallest set of scopes")
    yield Heading(3, title)
    rows = doc["scopes"]
    without = len(doc["questions"]["credentials"]["not_stated"]) + len(doc["questions"]["credentials"]["no_credential"])
    if not rows:
        yield Para(
            SafeText(
                "Cannot be computed: no tool names a security scheme, so none names a scope. Ask the owner which "
                "permissions the credential has, and review them against the allowed tools that write."
            )
        )
        return
    shown: list[tuple[Cell, ...]] = [
        (
            (strong(Code(row["scheme"])), small(row["kind"])),
            number(row["tools"]),
            _scopes(row["needed"], SafeText("no scope")),
            _scopes(row["beyond"], NONE),
        )
        for row in rows[:_MAX_SCHEMES]
    ]
    head = ("Scheme", "Allowed tools", "Needed", "Beyond it, in a grant of all")
    yield Table(title, head, tuple(shown), frozenset({1}), (22, 12, 33, 33))
    if granted := doc["request"]["grant"]:
        needed = {scope for row in rows for scope in row["needed"]}
        extra = [scope for scope in granted if scope not in needed]
        has = counted(len(granted), SafeText("scope"), SafeText("scopes"))
        more = (SafeText("; not needed: "), *codes(extra, _MAX_SCOPES)) if extra else (SafeText("; all are needed"),)
        yield Para((SafeText("The grant as deployed has "), has, *more, SafeText(".")), "note")
    if len(rows) > _MAX_SCHEMES:
        yield Para(
            (
                number(len(rows) - _MAX_SCHEMES),
                SafeText(" more schemes are in "),
                Code("allowlist.json"),
                SafeText("."),
            ),
            "note",
        )
    if without:
        yield Para(
            (tool_count(without), plural(without, SafeText(" names"), SafeText(" name")), SafeText(" no credential.")),
            "note",
        )


def _scopes(values: list[str], none: SafeText) -> Cell:
    if not values:
        return none
    count = counted(len(values), SafeText("scope: "), SafeText("scopes: "))
    return (count, *codes(values, _MAX_SCOPES))
