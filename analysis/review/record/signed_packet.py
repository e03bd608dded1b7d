"""The signed packet that a review knows last, as an event records it, and how a tool differs from it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from analysis.model import DecisionState, Effect, PacketContents, SignedFacts, SignedPacket, SignedTool, SincePacket
from analysis.workspace import from_plain, to_plain
from analysis.workspace.keys import PACKET, parse_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from analysis.model import ToolRow
    from analysis.workspace import Event, Registers

#: Kinds of the events about signed packets.
SIGNED: Final = "packet.signed"
SUPERSEDED: Final = "packet.superseded"
_SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_EFFECTS: Final = (Effect.READ, Effect.SIDE_EFFECT, Effect.CRITICAL)
#: Credentials from the strictest to none; what a source does not say is as weak as none.
_CREDENTIALS: Final = ("required", "optional")


def recorded_packet(registers: Registers) -> SignedPacket | None:
    """Return the signed packet that the review knows last; where reviewers differ, the one recorded later.

    Raises `ValueError`, `KeyError`, `TypeError` or `AttributeError` for a malformed event.
    """
    heads = [head for head in registers.heads(PACKET) if head.data]
    return _packet(max(heads, key=lambda head: (head.at, head.id))) if heads else None


def _packet(event: Event) -> SignedPacket:
    data = event.data
    manifest, contents = str(data["manifest"]), data.get("contents")
    if not _SHA256.fullmatch(manifest):
        raise ValueError("a signed packet without the digest of its manifest")
    return SignedPacket(
        manifest=manifest,
        status=str(data.get("status", "")),
        verdict=str(data.get("verdict", "")),
        score=data.get("score"),
        issued_at=str(data.get("issued_at", "")),
        signoffs=tuple(f"{each['role']} {each['signer']}: {each['verdict']}" for each in data.get("signoffs", ())),
        in_force=event.kind == SIGNED,
        heads={str(replica): int(head["seq"]) for replica, head in data.get("heads", {}).items()},
        contents=None if contents is None else _contents(contents),
    )


def contents_data(contents: PacketContents) -> dict[str, Any]:
    """Return contents as event data, which states equal facts and equal decisions once."""
    facts: dict[SignedFacts, int] = {}
    decisions: dict[tuple[DecisionState, tuple[tuple[str, str], ...]], int] = {}
    tools = {
        tool: [
            each.digest,
            decisions.setdefault((each.decision, each.conditions), len(decisions)),
            facts.setdefault(each.facts, len(facts)),
        ]
        for tool, each in contents.tools.items()
    }
    return {
        "facts": to_plain(list(facts)),
        "decisions": to_plain(list(decisions)),
        "tools": tools,
        "findings": dict(contents.findings),
        "answers": dict(contents.answers),
    }


def _contents(data: Mapping[str, Any]) -> PacketContents:
    facts = [from_plain(SignedFacts, each) for each in data["facts"]]
    decisions = [
        (DecisionState(decision), tuple((str(kind), str(value)) for kind, value in conditions))
        for decision, conditions in data["decisions"]
    ]
    tools = {}
    for tool, (digest, number, facts_number) in data["tools"].items():
        decision, conditions = decisions[number]
        tools[tool] = SignedTool(str(digest), decision, conditions, facts[facts_number])
    findings = {str(rule): int(count) for rule, count in data["findings"].items()}
    return PacketContents(tools, findings, {str(k): str(state) for k, state in data["answers"].items()})


def since_packet(row: ToolRow, packet: SignedPacket | None) -> SincePacket | None:
    """Return how a tool differs from a signed packet; None where it does not, or nothing is known of that packet."""
    if packet is None or packet.contents is None:
        return None
    then = packet.contents.tools.get(row.id)
    if then is None:
        return SincePacket(new=True)
    if then.digest == row.digest:
        return None
    return SincePacket(widened=tuple(_widened(then.facts, row)), grown=tuple(_grown(then.facts, row)))


def _widened(then: SignedFacts, row: ToolRow) -> Iterator[str]:
    """Yield, in words, what a tool does or reaches beyond what it did."""
    if _EFFECTS.index(row.effect) > _EFFECTS.index(then.effect):
        yield f"{then.effect.value} became {row.effect.value}"
    if _weakness(row.credential) > _weakness(then.credential):
        yield f"credential {then.credential} became {row.credential}"
    yield from _added("scope", then.scopes, row.scopes)
    yield from _added("server", then.servers, row.servers)


def _grown(then: SignedFacts, row: ToolRow) -> Iterator[str]:
    """Yield, in words, what a tool takes or returns beyond what it did."""
    yield from _added("input", then.inputs, row.inputs)
    yield from _added("data", then.data, row.data)


def _weakness(credential: str) -> int:
    return _CREDENTIALS.index(credential) if credential in _CREDENTIALS else len(_CREDENTIALS)


def _added(what: str, then: Iterable[str], now: Iterable[str]) -> Iterator[str]:
    known = set(then)
    for each in now:
        if each not in known:
            yield f"new {what} {each}"


def events_after(events: Iterable[Event], heads: Mapping[str, int]) -> list[Event]:
    """Return the events that a packet with some heads (replica -> seq) lacks, without the records of packets."""
    return [event for event in events if event.seq > heads.get(event.replica, 0) and event.key != PACKET]


def signed_for(events: Iterable[Event]) -> int:
    """Return how many events change what people sign for: notes and saved views do not."""
    return sum(1 for event in events if parse_key(event.key).area not in {"note", "view"})
