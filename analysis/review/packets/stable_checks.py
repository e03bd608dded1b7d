"""Checks of a packet that hold for every version: the log, its heads, and the decisions in the allowlist.

A packet of another engine version cannot be computed again, but what people decided does not depend on the engine.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analysis.model import DecisionState, Effect, Reversibility, Risk, SourceId, ToolId, ToolRow, ToolType
from analysis.output.allowlist.canonical import ALLOWLIST, decision_entry, entries, stated_conditions
from analysis.output.packet.definitions_file import DEFINITIONS, OtherFormat, carried_definitions
from analysis.output.packet.file_check import manifest_facts, read_manifest
from analysis.output.packet.folder import MANIFEST, MAX_BYTES, Unreadable
from analysis.output.packet.strict_json import strict_json
from analysis.review.packets.carried_signatures import carried_signatures
from analysis.review.record.people.approvers import decision_states
from analysis.review.record.people.proven_events import Proofs
from analysis.review.record.record import Record
from analysis.review.record.state import recorded_intake
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.model import ToolState
    from analysis.output.packet.folder import Snapshot
    from analysis.workspace import Event


def stable_problems(packet: Snapshot, events: Sequence[Event]) -> Iterator[str]:
    """Yield a sentence for each thing that does not follow from the events. `Unreadable` says what cannot be read."""
    manifest = read_manifest(packet)
    predicate = manifest["predicate"] if isinstance(manifest.get("predicate"), dict) else {}
    yield from _heads(predicate.get("workspace"), events)
    listed = strict_json(packet.read(ALLOWLIST), MAX_BYTES)
    try:
        every = entries(listed)
        by_id = {ToolId(str(entry["id"])): entry for entry in every}
        if len(by_id) != len(every) or listed.get("default") != "deny":
            yield f"{ALLOWLIST}: lists a tool twice, or does not deny by default"
        record = Record(events, str(predicate.get("issuedAt", "")), proofs=Proofs(carried_signatures(packet)))
        yield from _recorded_claims(predicate, record)
        yield from _decisions(by_id, record, manifest)
        yield from _definitions(packet, {str(entry[_digest_key(entry)]) for entry in every} - {""})
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise Unreadable(f"does not have the form of an allowlist or of its events: {type(error).__name__}") from None


def _heads(claimed: Any, events: Sequence[Event]) -> Iterator[str]:
    heads = {event.replica: {"seq": event.seq, "id": event.id} for event in events}
    stated = claimed if isinstance(claimed, dict) else {}
    if (stated.get("heads"), stated.get("events")) != (heads, len(events)):
        yield f"{MANIFEST}: claims another end of the log than the events have"


def _recorded_claims(predicate: dict[str, Any], record: Record) -> Iterator[str]:
    if predicate.get("supersedes") != (
        record.packet.manifest if record.packet and not record.packet.in_force else None
    ):
        yield f"{MANIFEST}: names another superseded packet than the events do"
    request = recorded_intake(record.registers)
    if predicate.get("requiredRoles", []) != (list(request.roles) if request else []):
        yield f"{MANIFEST}: names other required roles than the access request does"


def _decisions(by_id: dict[ToolId, dict[str, Any]], record: Record, manifest: dict[str, Any]) -> Iterator[str]:
    draft = manifest_facts(manifest).draft
    states = [record.tool_state(_row(tool, entry)) for tool, entry in by_id.items()]
    in_effect = decision_states(states, record.lacking_second_approver(states))
    wrong = [
        state.row.id
        for state in states
        if not _same(by_id[state.row.id], replace(state, decision_state=in_effect[state.row.id]), draft=draft)
    ]
    if wrong:
        named = visible(", ".join(wrong[:3]), 300)
        yield f"{ALLOWLIST}: {len(wrong)} decisions do not follow from the events: {named}"
    open_states = {DecisionState.UNDECIDED, DecisionState.STALE, DecisionState.CONFLICT}
    if not draft and any(state in open_states for state in in_effect.values()):
        yield f"{MANIFEST}: calls the review final while tools are undecided"


def _definitions(packet: Snapshot, digests: set[str]) -> Iterator[str]:
    """Yield where the packet lacks the text behind a digest of its allowlist; packets of 0.1.0 have no such file."""
    if DEFINITIONS not in packet.names:
        return
    try:
        carried = carried_definitions(packet.read(DEFINITIONS), MAX_BYTES)
        lacking = digests - carried.digests if carried.whole else set()
    except OtherFormat:  # of a version whose file this one cannot read
        return
    except Unreadable as error:
        yield f"{DEFINITIONS}: {error}"
        return
    if lacking:
        yield f"{DEFINITIONS}: lacks the text of {len(lacking)} definitions, such as {min(lacking)[:12]}…"


def _digest_key(entry: dict[str, Any]) -> str:
    """Return the name of the digest in an entry of the allowlist. Format 1 named it in full."""
    return "digest" if "digest" in entry else "definition_sha256"


def _row(tool: ToolId, entry: dict[str, Any]) -> ToolRow:
    """Return a row that holds what decisions depend on, and nothing else."""
    return ToolRow(
        id=tool, source=SourceId(""), position=0, name="", method="", path="", operation_id="", summary="",
        digest=str(entry[_digest_key(entry)]), pointer="", line=None, tags=(), deprecated=False, effect=Effect.CRITICAL,
        types=(ToolType.CRITICAL,), reversibility=Reversibility.UNKNOWN, risk=Risk(entry["risk"]), data=(), unclear=False,
        confidence=0.0, credential="unknown", scopes=(), servers=(), tokens=0,
    )  # fmt: skip


def _same(entry: dict[str, Any], state: ToolState, *, draft: bool) -> bool:
    true = decision_entry(state, draft=draft)
    return (entry["decision"], stated_conditions(entry)) == (true["decision"], stated_conditions(true))
