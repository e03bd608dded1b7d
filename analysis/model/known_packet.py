"""The signed packet that a review knows last, and what of a tool differs from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from analysis.model.assessment import Effect
from analysis.model.decision import DecisionState
from analysis.model.source import ToolId

#: The highest score that a packet can state.
MAX_SCORE: Final = 100


@dataclass(frozen=True, slots=True)
class SignedFacts:
    """What a decision on a tool depends on, as it was when the packet was made; see `ToolRow` for the fields."""

    effect: Effect
    credential: str
    scopes: tuple[str, ...] = ()
    servers: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    data: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SignedTool:
    """One capability in a signed packet: its definition, its decision with conditions (kind, value), its facts."""

    digest: str
    decision: DecisionState
    conditions: tuple[tuple[str, str], ...]
    facts: SignedFacts


@dataclass(frozen=True, slots=True)
class PacketContents:
    """What a later review is compared with: capabilities, open findings by rule, and answers in effect by question."""

    tools: Mapping[ToolId, SignedTool]
    findings: Mapping[str, int]
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SignedPacket:
    """The signed packet that a review knows last. `manifest` is the SHA-256 of its manifest.

    `in_force`: no later packet is recorded as superseding it. `heads` are the ends of its log, replica -> seq.
    `contents` are those of the last packet that was approved, made at `contents_of` (ISO 8601); None where there is none,
    or it does not carry what it was made from.
    """

    manifest: str
    status: str
    verdict: str
    score: int | None
    issued_at: str
    signoffs: tuple[str, ...]
    in_force: bool
    heads: Mapping[str, int]
    contents: PacketContents | None
    contents_of: str = ""


@dataclass(frozen=True, slots=True)
class SincePacket:
    """How a tool differs from the signed packet: it is new, or its definition has changed.

    `widened` and `grown` name, in words, what it reaches beyond that, and what it takes or returns beyond that.
    """

    new: bool = False
    widened: tuple[str, ...] = ()
    grown: tuple[str, ...] = ()
