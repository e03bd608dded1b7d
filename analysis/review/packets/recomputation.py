"""Computes a packet again from the events and source bytes it carries, and compares every file.

A packet made by another version of the engine cannot be computed again here. Then its events, their chains and heads,
and the decisions in its allowlist are checked, which are stable; the rest is named as not recomputed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from analysis.errors import ClearanceError
from analysis.model import PRODUCT, Problem, Skipped, SourceStatus, ToolId
from analysis.output import allowlist, files
from analysis.output.allowlist.canonical import ALLOWLIST, entries
from analysis.output.allowlist.target import ExportSettings
from analysis.output.packet.definitions_file import DEFINITIONS, carried_definitions
from analysis.output.packet.event_log import EVENTS, carried_events
from analysis.output.packet.file_check import check_manifest
from analysis.output.packet.folder import MANIFEST, MAX_BYTES, SUMS, Snapshot, Unreadable
from analysis.output.packet.recipe import RECIPE
from analysis.output.packet.strict_json import strict_json
from analysis.review.packets.carried_signatures import carried_signatures
from analysis.review.packets.export import review_snapshot
from analysis.review.packets.stable_checks import stable_problems
from analysis.review.session import Review
from analysis.review.sources.engine_identity import code_digest
from analysis.review.sources.importing import rows_of
from analysis.review.sources.policy_words import words_at_import
from analysis.review.sources.rebuild import examined_again
from analysis.rules import RULE_PACK
from analysis.text import visible
from analysis.workspace import from_plain
from analysis.workspace.carried_store import carried_store
from analysis.workspace.events import BrokenLogError, check_chains, read_event
from analysis.workspace.order import in_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.model import DefinitionTexts
    from analysis.output.packet.definitions_file import CarriedSource
    from analysis.review.sources.importing import ImportResult
    from analysis.workspace import Event

#: Place that messages about the carried review name.
_PLACE: Final = Path("the packet")
#: The check that only the exporter can have made.
_CONFORMANCE: Final = "conformance"
#: What reading data of another shape raises.
_MALFORMED: Final = (LookupError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)


@dataclass(frozen=True, slots=True)
class Recomputation:
    """The outcome of computing a packet again. `not_recomputed` says why that was not possible; empty where it was.

    `by_digest` are the files that were taken as they are: they have the digests that the manifest lists, and no more is
    known of them.
    """

    problems: tuple[str, ...]
    not_recomputed: str = ""
    by_digest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Carried:
    """The events and sources of a packet, as `examined_again` reads them."""

    path: Path
    events: Sequence[Event]
    carried: tuple[CarriedSource, ...]

    def files(self, source: str) -> list[tuple[str, bytes]]:
        """Return the files of a source as (relative name, bytes), the entry first."""
        return [file for each in self.carried if each.id == source for file in each.files]

    def sources(self) -> list[Any]:
        """Return the identity and the problems of every source."""
        return [{"info": {"id": each.id}, "problems": each.problems} for each in self.carried]


def recompute(packet: Snapshot) -> Recomputation:
    """Compute the files of a packet again and say which differ. Never raises for what a packet holds."""
    try:
        rows, events = _events(packet)
    except (Unreadable, BrokenLogError) as error:
        return Recomputation((f"{EVENTS}: {error}",))
    other = made_by_another_version(packet)
    if other:
        return _by_another_version(packet, events, other)
    try:
        recipe = strict_json(packet.read(RECIPE))
    except Unreadable as error:
        return Recomputation((f"{RECIPE}: {error}",))
    try:
        made = _made(packet, recipe, rows, events)
    except Unreadable as error:
        return Recomputation((f"{DEFINITIONS}: {error}",))
    except ClearanceError as error:
        return Recomputation((f"{DEFINITIONS}: {error.why or error.what}",))
    except _MALFORMED as error:
        return Recomputation((f"{EVENTS}: holds something that this version cannot read: {type(error).__name__}",))
    return Recomputation(tuple(_differences(packet, made)), by_digest=files.by_digest(made))


def carried_review(folder: Path, manifest: str) -> Review | None:
    """Return the review that the packet with a manifest (SHA-256) carries, assessed by this version.

    None where the folder holds another packet, or one that cannot be read.
    """
    try:
        packet = Snapshot.of(folder)
        if check_manifest(packet) or hashlib.sha256(packet.read(MANIFEST)).hexdigest() != manifest:
            return None
        rows, events = _events(packet)
        return _review(packet, str(strict_json(packet.read(RECIPE))["as_of"]), rows, events)[0]
    except (Unreadable, BrokenLogError, ClearanceError, *_MALFORMED):
        return None


def carried_log(packet: Snapshot) -> Sequence[Event]:
    """Return the events that a packet carries, their chains checked. Raises `Unreadable`."""
    try:
        return _events(packet)[1]
    except BrokenLogError as error:
        raise Unreadable(f"{EVENTS}: {error}") from None


def _events(packet: Snapshot) -> tuple[list[tuple[str, str, int, str]], Sequence[Event]]:
    read = [read_event(body) for body in carried_events(packet.read(EVENTS))]
    rows = [(event.id, event.replica, event.seq, event.body) for event in read]
    return rows, in_order(check_chains(rows))


def made_by_another_version(packet: Snapshot) -> str:
    """Return which other version made a packet, or an empty string. Manifest and recipe both have to name this one."""
    predicate = _predicate(packet.files.get(MANIFEST, b""))
    product, ruleset = predicate.get("product"), predicate.get("ruleset")
    version = product.get("version") if isinstance(product, dict) else None
    rules, code = (ruleset.get("version"), ruleset.get("code")) if isinstance(ruleset, dict) else (None, None)
    if (version, rules, code) == (PRODUCT.version, RULE_PACK, code_digest()):
        return ""
    if (version, rules) == (PRODUCT.version, RULE_PACK):
        return f"it was made by another build of version {PRODUCT.version}"
    return (
        f"it was made by version {_short(version)} with rule pack {_short(rules)}; this is {PRODUCT} with {RULE_PACK}"
    )


def _by_another_version(packet: Snapshot, events: Sequence[Event], why: str) -> Recomputation:
    try:
        return Recomputation(tuple(stable_problems(packet, events)), f"{why}; its log and decisions were checked")
    except Unreadable as error:
        return Recomputation((f"{ALLOWLIST}: {error}",))
    except _MALFORMED as error:
        return Recomputation((f"{EVENTS}: holds something that this version cannot read: {type(error).__name__}",))


def _made(
    packet: Snapshot, recipe: dict[str, Any], rows: Sequence[tuple[str, str, int, str]], events: Sequence[Event]
) -> dict[str, bytes]:
    review, definitions = _review(packet, str(recipe["as_of"]), rows, events)
    targets = tuple(allowlist.target_named(str(name)) for name in recipe["targets"])
    typst = str(recipe["typst"] or "")
    # A file that no verifier makes is taken as it is; where the packet lacks it, an empty one shows the difference.
    given = {name: packet.files.get(name, b"") for name in files.by_digest(file.name for file in files.FILES)}
    settings = ExportSettings.of(recipe.get("settings", {}))
    return files.make(files.PacketContent(review_snapshot(review, definitions), targets, typst, given, settings))


def _review(
    packet: Snapshot, as_of: str, rows: Sequence[tuple[str, str, int, str]], events: Sequence[Event]
) -> tuple[Review, list[DefinitionTexts]]:
    """Return the review that a packet carries, and the canonical texts of its definitions."""
    carried = carried_definitions(packet.read(DEFINITIONS), MAX_BYTES).sources
    signatures = carried_signatures(packet)
    words = words_at_import(events, signatures)
    results = examined_again(Carried(_PLACE, events, carried), words, texts=True)
    examined = _Examined([_with_claims(result, carried) for result in results])
    return Review(carried_store(_PLACE, rows, examined), as_of, signatures), [
        each.texts for each in results if each.texts
    ]


def _with_claims(result: ImportResult, carried: Sequence[CarriedSource]) -> ImportResult:
    """Return a source with what its validation reported: only the exporter can have seen that."""
    claimed = next(source for source in carried if source.id == result.info.id)
    problems = [from_plain(Problem, data) for data in claimed.problems]
    skipped = [from_plain(Skipped, data) for data in claimed.not_checked]
    problems += [each for each in result.problems if each not in problems]
    found = [each for each in result.not_checked if each.check != _CONFORMANCE]
    found += [each for each in skipped if each.check == _CONFORMANCE]
    return replace(result, problems=tuple(problems), not_checked=tuple(found))


class _Examined:
    """The rows of sources as they were just examined, which were never written."""

    def __init__(self, results: Sequence[ImportResult]) -> None:
        self._results = results
        self._records = {
            tool.id: {"tool": tool, "assessment": assessment} for each in results for tool, assessment in each.tools
        }

    def sources(self) -> list[Any]:
        """Return every source, in the order of their import."""
        return [SourceStatus(each.info, each.problems, each.not_checked, each.not_run) for each in self._results]

    def tools(self) -> list[Any]:
        """Return the light facts of every tool, by source and document order."""
        return [row for each in self._results for row in rows_of(each)]

    def record(self, tool: str) -> Any:
        """Return all that is known of one tool, or None when there is no such tool."""
        return self._records.get(ToolId(tool))

    def records(self) -> list[Any]:
        """Return all that is known of every tool, by source and document order."""
        return list(self._records.values())

    def findings(self) -> list[Any]:
        """Return all findings that depend on definitions alone."""
        return [finding for each in self._results for finding in each.findings]

    def files(self, source: str) -> list[tuple[str, bytes]]:
        """Return the files of a source as (relative name, bytes), the entry first."""
        return [file for each in self._results if each.info.id == source for file in each.files]


def _differences(packet: Snapshot, made: dict[str, bytes]) -> Iterator[str]:
    """Yield a sentence for each file that is not what follows from events and definitions."""
    differing = [name for name, data in made.items() if packet.files.get(name) != data]
    added = sorted(name for name in packet.files if name not in made and not files.added_later(name))
    for name in added:
        yield f"{visible(name)}: is no file of this packet"
    # Manifest and sums name the digests of all files, so they differ with any of them: they are named for their own claims.
    for name in differing:
        if name == MANIFEST:
            yield from _claims(packet, made[MANIFEST])
        elif name == ALLOWLIST:
            yield from _allowlist(packet, made[ALLOWLIST])
        elif name != SUMS:
            yield f"{name}: does not follow from the events and definitions"
    if differing == [SUMS]:
        yield f"{SUMS}: does not follow from the files"


def _claims(packet: Snapshot, made: bytes) -> Iterator[str]:
    claimed, true = _predicate(packet.files.get(MANIFEST, b"")), _predicate(made)
    for key in sorted({*claimed, *true}):
        if claimed.get(key) != true.get(key):
            yield f"{MANIFEST}: claims {key} {_short(claimed.get(key))}; from the events it is {_short(true.get(key))}"


def _predicate(data: bytes) -> dict[str, Any]:
    try:
        found = strict_json(data).get("predicate")
    except Unreadable:
        return {}
    return found if isinstance(found, dict) else {}


def _allowlist(packet: Snapshot, made: bytes) -> Iterator[str]:
    try:
        listed = strict_json(packet.read(ALLOWLIST), MAX_BYTES)
        claimed = {str(entry["id"]): entry for entry in entries(listed)}
    except (Unreadable, KeyError, TypeError) as error:
        yield f"{ALLOWLIST}: cannot be read: {error}"
        return
    true = {entry["id"]: entry for entry in entries(json.loads(made))}
    wrong = sorted(tool for tool in {*claimed, *true} if claimed.get(tool) != true.get(tool))
    loose = [tool for tool in wrong if _decision(claimed.get(tool)) != _decision(true.get(tool))]
    named = ", ".join((loose or wrong)[:3])
    what = (
        f"{len(loose)} decisions do not follow from the events"
        if loose
        else f"{len(wrong)} entries differ"
        if wrong
        else "its header differs"
    )
    yield f"{ALLOWLIST}: {what}{f': {named}' if named else ''}"


def _decision(entry: Any) -> Any:
    return (entry.get("decision"), entry.get("conditions")) if isinstance(entry, dict) else None


def _short(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=True)
    return text if len(text) <= 60 else f"{text[:57]}..."
