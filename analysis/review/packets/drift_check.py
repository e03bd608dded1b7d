"""The drift gate: the definitions of a packet against what a source serves now. Reads only.

Equal digests are equal definitions. Where any differs, both sides are read by this version from their bytes and compared
field by field; the bytes of the packet have to give the digests that its decisions name.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from analysis.collector import collector_paused
from analysis.errors import ClearanceError, UsageError, WorkspaceRefused
from analysis.model import Level, Skipped, SourceId, ToolId
from analysis.output.allowlist.canonical import ALLOWLIST, entries
from analysis.output.drift.differences import ORDER
from analysis.output.drift.records import ChangeGroup
from analysis.output.packet.definitions_file import DEFINITIONS, carried_definitions
from analysis.output.packet.file_check import check_manifest, is_draft, read_manifest
from analysis.output.packet.folder import MAX_BYTES, Snapshot, Unreadable
from analysis.output.packet.stated_packet import stated_packet
from analysis.output.packet.strict_json import strict_json
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.ingest import Reading as Reading  # noqa: PLC0414 - the terminal names the type, and knows no organ
    from analysis.output.drift.records import Drift

#: What reading data of another shape raises.
_MALFORMED: Final = (LookupError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)
_TOOL_ID: Final = "id"


@dataclass(frozen=True, slots=True)
class DecidedPacket:
    """A packet as the drift gate reads it: its capabilities by identity, and how it states itself.

    `state` is `draft`, `unsigned`, `signed` (an approval is signed) or `not approved`; no signature is verified here.
    """

    folder: Path
    snapshot: Snapshot
    entries: Mapping[ToolId, Mapping[str, Any]]
    sources: tuple[Mapping[str, Any], ...]
    state: str
    manifest: str


@dataclass(frozen=True, slots=True)
class DriftReport:
    """The result: `drift` with the decision on each tool, `equal` definitions, and what was not checked."""

    source: SourceId
    place: str
    drift: tuple[Drift, ...]
    decisions: Mapping[str, str]
    lines: Mapping[str, int]
    equal: int
    not_checked: tuple[Skipped, ...]
    state: str

    @property
    def substance(self) -> int:
        """The number of differences with substance."""
        return sum(each.substance for each in self.drift)


def decided_packet(folder: Path) -> DecidedPacket:
    """Read a packet. Raises `WorkspaceRefused` for a folder that is no whole packet."""
    why = ""
    try:
        packet = Snapshot.of(folder)
        why = next(iter(check_manifest(packet)), "")
        if not why:
            return _decided_packet(folder, packet)
    except Unreadable as error:
        why = str(error)
    except _MALFORMED as error:
        why = f"a file holds something that this version cannot read: {type(error).__name__}"
    raise _refused(folder, why)


def _decided_packet(folder: Path, packet: Snapshot) -> DecidedPacket:
    listed = strict_json(packet.read(ALLOWLIST), MAX_BYTES)
    found = {ToolId(str(entry[_TOOL_ID])): entry for entry in entries(listed)}
    sources = tuple(listed["sources"])
    if not all(isinstance(each["digest"], str) and isinstance(each["source"], str) for each in found.values()):
        raise Unreadable(f"{ALLOWLIST}: an entry has no digest")
    if not sources or not all(isinstance(each["id"], str) for each in sources):
        raise Unreadable(f"{ALLOWLIST}: names no source")
    stated = stated_packet(folder)
    signed = stated is not None and stated.signed
    draft = is_draft(read_manifest(packet))
    state = (
        "draft" if draft else "unsigned" if not signed else "signed" if stated and stated.approved else "not approved"
    )
    return DecidedPacket(folder, packet, found, sources, state, stated.manifest if stated else "")


@collector_paused()
def check_drift(approved: DecidedPacket, served: Reading, source: str = "") -> DriftReport:
    """Compare what a packet was decided on with a reading of its source; `source` names one of several.

    Raises `UsageError` for a source that the packet does not have, `WorkspaceRefused` where its definitions cannot be read.
    """
    identity = _source(approved, served, source)
    if served.inventory is None:
        raise UsageError("there is nothing to compare", remedy="name a source that can be read")
    place = served.inventory.source.uri
    served = _renamed_source(served, identity)
    tools = served.inventory.tools if served.inventory else ()
    decided = {id_: entry for id_, entry in approved.entries.items() if entry["source"] == identity}
    current = {tool.id: tool.digest for tool in tools}
    not_checked = [*_not_checked(approved, served, identity)]
    if current == {id_: str(entry["digest"]) for id_, entry in decided.items()}:
        drift: tuple[Drift, ...] = ()
        equal = len(current)
    else:
        drift, equal, more = _compared(approved, served, identity, decided)
        not_checked += more
    return DriftReport(
        identity, place, drift, {id_: str(entry.get("as_decided", entry["decision"])) for id_, entry in decided.items()},
        {tool.id: tool.line for tool in tools if tool.line}, equal, tuple(not_checked), approved.state,
    )  # fmt: skip


def _renamed_source(reading: Reading, source: SourceId) -> Reading:
    """Return a reading whose capabilities are those of a source with another identity."""
    inventory = reading.inventory
    if inventory is None or reading.texts is None or inventory.source.id == source:
        return reading
    old = inventory.source.id
    tools = tuple(replace(t, id=ToolId(f"{source}{t.id.removeprefix(old)}"), source=source) for t in inventory.tools)
    info = replace(inventory.source, id=source)
    return replace(
        reading, inventory=replace(inventory, source=info, tools=tools), texts=replace(reading.texts, source=source)
    )


def _source(approved: DecidedPacket, served: Reading, wanted: str) -> SourceId:
    """Return the source of the packet that was read again: the one that is named, the only one, or the most similar."""
    ids = [str(each["id"]) for each in approved.sources]
    if wanted:
        if wanted not in ids:
            listed = ", ".join(visible(each, 60) for each in ids)
            raise UsageError("the packet has no such source", place=visible(wanted, 80), remedy=f"it has: {listed}")
        return SourceId(wanted)
    info = served.inventory.source if served.inventory else None
    if len(ids) == 1 or info is None:
        return SourceId(ids[0])
    if info.id in ids:
        return info.id
    names = {tool.id.removeprefix(f"{info.id}:") for tool in (served.inventory.tools if served.inventory else ())}
    common = Counter(
        str(entry["source"])
        for id_, entry in approved.entries.items()
        if id_.removeprefix(f"{entry['source']}:") in names
    )
    return SourceId(max(ids, key=lambda each: (common[each], -ids.index(each))))


def _not_checked(approved: DecidedPacket, served: Reading, source: SourceId) -> Iterator[Skipped]:
    """Yield what the comparison says nothing about."""
    if approved.state != "signed":
        said = {"draft": "the packet is a draft and approves nothing", "unsigned": "the packet is not signed"}
        yield Skipped("approval", said.get(approved.state, "the packet is signed, and not as an approval"))
    yield Skipped("signatures", "this gate compares definitions; `clearance verify` checks who signed them")
    for each in approved.sources:
        if each["id"] != source:
            yield Skipped(
                f"source {visible(str(each['id']), 80)}", "another source of the packet; name it with --source"
            )
    errors = [problem for problem in served.problems if problem.level is not Level.NOTE]
    if errors:
        more = f" (and {len(errors) - 1} more problems)" if len(errors) > 1 else ""
        yield Skipped("the whole source", f"it was read with errors: {visible(errors[0].what, 200)}{more}")
    for skipped in served.not_checked:
        yield Skipped(skipped.check, skipped.reason)


def _compared(
    approved: DecidedPacket, served: Reading, source: SourceId, decided: Mapping[ToolId, Mapping[str, Any]]
) -> tuple[tuple[Drift, ...], int, list[Skipped]]:
    # They load every rule and the whole export; an equal source needs neither.
    from analysis.review.packets.recomputation import Carried, carried_log, made_by_another_version  # noqa: PLC0415
    from analysis.review.sources.definition_drift import source_drift  # noqa: PLC0415
    from analysis.review.sources.rebuild import readings_again  # noqa: PLC0415

    why, before = "", None
    try:
        carried = carried_definitions(approved.snapshot.read(DEFINITIONS), MAX_BYTES).sources
        events = carried_log(approved.snapshot)
        store = Carried(Path(approved.folder), events, carried)
        before = next((reading for _, reading in readings_again(store, source)), None)
    except Unreadable as error:
        why = f"{DEFINITIONS}: {error}"
    except ClearanceError as error:
        why = error.why or error.what
    except _MALFORMED as error:
        why = f"{DEFINITIONS}: holds something that this version cannot read: {type(error).__name__}"
    if before is None or before.inventory is None:
        raise _refused(approved.folder, why or f"{DEFINITIONS}: does not hold the source {visible(source, 60)}")
    stated = {id_: str(entry["digest"]) for id_, entry in decided.items()}
    skipped = []
    if {tool.id: tool.digest for tool in before.inventory.tools} != stated:
        other = made_by_another_version(approved.snapshot)
        if not other:
            raise _refused(approved.folder, f"{ALLOWLIST}: names digests that are not those of its definitions")
        kept = tuple(tool for tool in before.inventory.tools if tool.id in stated)
        before = replace(before, inventory=replace(before.inventory, tools=kept))
        skipped.append(Skipped("digests", f"{other}; the definitions were compared as this version reads them"))
    found = source_drift(before, served)
    order = [each for each in found.drift if each.field == ORDER and each.group is ChangeGroup.SERIALISATION]
    if order:
        said = f"{len(order)} definitions have another order, which means nothing; their digests differ"
        skipped.append(Skipped("digests", said))
    return tuple(each for each in found.drift if each not in order), found.equal + len(order), skipped


def _refused(folder: Path, why: str) -> WorkspaceRefused:
    return WorkspaceRefused(
        "the packet cannot be compared", place=str(folder), why=why, remedy="fetch the original, and verify it"
    )
