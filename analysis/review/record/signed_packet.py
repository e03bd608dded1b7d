"""The signed packet that a review knows last, as an event records it, and how a tool differs from it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from analysis.model import (
    MAX_SCORE,
    DecisionState,
    Effect,
    PacketContents,
    SignedFacts,
    SignedPacket,
    SignedTool,
    SincePacket,
)
from analysis.workspace import Registers, from_plain, to_plain
from analysis.workspace.keys import ASSIGNMENT, PACKET, parse_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from analysis.model import ToolRow
    from analysis.workspace import Event

#: Kinds of the events about signed packets.
SIGNED: Final = "packet.signed"
SUPERSEDED: Final = "packet.superseded"
_SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_EFFECTS: Final = (Effect.READ, Effect.SIDE_EFFECT, Effect.CRITICAL)
#: Areas of registers that change nothing that people sign for.
_NOT_SIGNED_FOR: Final = frozenset({"note", "view", PACKET, ASSIGNMENT})
#: Credentials from the strictest to none; what a source does not say is as weak as none.
_CREDENTIALS: Final = ("required", "optional")


def newest_record(registers: Registers) -> Event | None:
    """Return the event that records the last signed packet; where reviewers differ, the later one. None without any."""
    return max(
        (head for head in registers.heads(PACKET) if head.data), key=lambda head: (head.at, head.id), default=None
    )


def recorded_packet(registers: Registers) -> SignedPacket | None:
    """Return the signed packet that the review knows last. Raises `ValueError` for a malformed event."""
    event = newest_record(registers)
    try:
        return None if event is None else packet_of(event)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise ValueError(f"a record of a signed packet without its form: {type(error).__name__}") from None


def packet_of(event: Event) -> SignedPacket:
    """Return the signed packet that an event records. Raises what reading data of another shape raises."""
    data = event.data
    manifest, score, contents = data["manifest"], data.get("score"), data.get("contents")
    if not isinstance(manifest, str) or not _SHA256.fullmatch(manifest):
        raise ValueError("a signed packet without the digest of its manifest")
    heads = {replica: head["seq"] for replica, head in data.get("heads", {}).items()}
    if not all(_is_count(seq) for seq in heads.values()) or not (
        score is None or (_is_count(score) and score <= MAX_SCORE)
    ):
        raise ValueError("a signed packet with a number that is none")
    return SignedPacket(
        manifest=manifest,
        status=str(data.get("status", "")),
        verdict=str(data.get("verdict", "")),
        score=score,
        issued_at=str(data.get("issued_at", "")),
        signoffs=tuple(f"{each['role']} {each['signer']}: {each['verdict']}" for each in data.get("signoffs", ())),
        in_force=event.kind == SIGNED,
        heads=heads,
        contents=None if contents is None else _contents(contents),
        contents_of=str(data.get("contents_of", "")),
    )


def _is_count(value: object) -> bool:
    return type(value) is int and value >= 0


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
        if not (_is_count(number) and _is_count(facts_number)):
            raise ValueError("a signed packet with a number that is none")
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


class SinceSigned:
    """The registers that differ from what a signed packet contains, of those that people sign for.

    Notes, saved views and records of packets do not count, and what was undone does not differ any more.
    """

    def __init__(self, events: Sequence[Event], packet: SignedPacket, registers: Registers) -> None:
        later = events_after(events, packet.heads)
        ids = {event.id for event in later}
        self._then = Registers(event for event in events if event.id not in ids)
        self._registers = registers
        self._differing: set[str] = set()
        self.follow(later)

    def follow(self, events: Iterable[Event]) -> None:
        """Follow events that were just added to the registers."""
        for key in {event.key for event in events}:
            if parse_key(key).area in _NOT_SIGNED_FOR:
                continue
            same = _data(self._then, key) == _data(self._registers, key)
            (self._differing.discard if same else self._differing.add)(key)

    def __len__(self) -> int:
        return len(self._differing)


def _data(registers: Registers, key: str) -> list[str]:
    """Return the live data of a register, in an order of its own; cleared data is as none."""
    return sorted(json.dumps(head.data, sort_keys=True) for head in registers.heads(key) if any(head.data.values()))
