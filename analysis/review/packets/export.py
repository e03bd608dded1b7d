"""Writes the packet of a review into a folder, whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.collector import collector_paused
from analysis.errors import WorkspaceRefused
from analysis.model import ReviewSnapshot, SourceRecord
from analysis.model.product import PRODUCT
from analysis.output import allowlist, files
from analysis.output.allowlist import target_named
from analysis.output.allowlist.canonical import entries
from analysis.output.allowlist.target import ExportSettings, ExportTarget
from analysis.output.packet.definitions_file import texts_may_be_stated
from analysis.output.packet.folder import MAX_BYTES
from analysis.output.packet.render.pdf.typesetting import typst_version
from analysis.review import queries
from analysis.review.packets.background import background
from analysis.review.packets.carried_signatures import signed_events
from analysis.review.packets.supersession import refuse_signed
from analysis.review.sources.engine_identity import code_digest
from analysis.review.sources.rebuild import definition_texts
from analysis.rules import RULE_PACK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from analysis.model import DefinitionTexts, Gate
    from analysis.review.session import Review

__all__ = [
    "ExportSettings",
    "ExportTarget",
    "Exported",
    "export",
    "review_snapshot",
    "target_named",
    "targets",
    "typst_version",
    "write",
]

DEFAULT_SETTINGS = ExportSettings()


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: the packet is final when no gate is open; a draft allows nothing.

    `allowed` and `conditional` count the tools as decided. `kept` is the folder of the signed packet that this one
    supersedes, or empty. `removed` are the files of the earlier packet that this one does not have; `left_out` the
    approved tools that a target cannot express, each with target, tool and reason.
    """

    folder: Path
    files: tuple[str, ...]
    allowed: int
    conditional: int
    tools: int
    open_gates: tuple[Gate, ...]
    kept: str
    removed: tuple[str, ...]
    left_out: tuple[dict[str, str], ...]


def targets() -> tuple[ExportTarget, ...]:
    """Return every target that the allowlist can be exported to."""
    return allowlist.TARGETS


@collector_paused()
def review_snapshot(review: Review, definitions: Sequence[DefinitionTexts] | None = None) -> ReviewSnapshot:
    """Return the review at this moment, whole. Depends on the events alone, so two exports are equal.

    The canonical texts of `definitions` are read from the stored sources where they are not given.
    """
    review = review.as_signed()
    records = tuple(
        SourceRecord(s.info.id, tuple(review.store.files(s.info.id)), s.problems, s.not_checked, s.text_size)
        for s in review.sources()
    )
    if definitions is not None:
        return _snapshot(review, records, lambda: definitions)
    with definition_texts(review.store, records, texts_may_be_stated(records)) as texts:
        return _snapshot(review, records, texts)


def _snapshot(
    review: Review, records: tuple[SourceRecord, ...], texts: Callable[[], Sequence[DefinitionTexts]]
) -> ReviewSnapshot:
    summary, policy = review.summary(), review.policy
    lacking = queries.lacking_second_approver(review)
    tools = tuple(queries.exported_tools(review))
    return ReviewSnapshot(
        workspace=review.record.identity,
        title=review.title,
        as_of=review.as_of,
        heads=dict(review.store.log.heads),
        sources=tuple(source.info for source in review.sources()),
        tools=tools,
        findings=summary.findings,
        dispositions=queries.dispositions(review),
        controls=tuple((c, a and replace(a, state=in_effect)) for c, a, in_effect in queries.asked_controls(review)),
        notes=queries.notes(review),
        score=summary.score,
        problems=tuple((source.info.id, problem) for source in review.sources() for problem in source.problems),
        not_checked=queries.checks_left_out(review),
        rules_not_run=summary.not_run,
        rule_pack=RULE_PACK,
        product=PRODUCT,
        code=code_digest(),
        gates=summary.gates,
        log=tuple(queries.audit_trail(review)),
        profile=policy.profile,
        policy=policy.policy,
        intake=queries.intake(review),
        records=records,
        definitions=tuple(texts()),
        proofs=signed_events(review),
        last_packet=review.record.packet,
        requesters=tuple(sorted(review.record.requesters)),
        alone=lacking,
        background=background(review, tools),
        approved_path=review.views.flows.allowed,
        exposed_path=review.views.flows.exposed,
    )


@collector_paused()
def export(
    review: Review, folder: Path, target_names: Sequence[str] = (), *, keep_signed: bool = False, typst: str = "",
    settings: ExportSettings = DEFAULT_SETTINGS,
) -> Exported:  # fmt: skip
    """Write the packet of a review into a folder: see `write`.

    Raises `UsageError` for a target that does not exist, or that lacks a setting.
    """
    chosen = tuple(target_named(name) for name in dict.fromkeys(target_names))
    return write(
        review_snapshot(review), folder, targets=chosen, keep_signed=keep_signed, typst=typst, settings=settings
    )


@collector_paused()
def write(
    snapshot: ReviewSnapshot,
    folder: Path,
    ready: Callable[[], None] = lambda: None,
    targets: tuple[ExportTarget, ...] = (),
    *,
    keep_signed: bool = False,
    typst: str = "",
    settings: ExportSettings = DEFAULT_SETTINGS,
) -> Exported:
    """Write the packet into a folder, which is new, empty, or holds an earlier packet. Does not need the workspace file.

    With the version of typst, which `typst_version` returns, the document is in the packet as PDF too. Each file is written
    next to the folder while it is made; `ready` is called before they are put in its place, and an exception from it ends
    the export. A signed packet is never replaced: with `keep_signed` it is moved next to the folder, once the review
    records it as superseded.
    Raises `WorkspaceRefused` when the folder holds a signed packet or other files, or cannot be written; nothing is
    changed then.
    """
    try:
        folder = folder.resolve()
        others = list(_other_entries(folder)) if folder.is_dir() else []
    except (OSError, ValueError, RuntimeError) as error:
        raise _unwritable(folder, error) from None
    if folder.exists() and not folder.is_dir():
        raise WorkspaceRefused(
            "the packet was not written", place=str(folder), why="it is a file", remedy="name a new or empty folder"
        )
    if others:
        raise WorkspaceRefused(
            "the packet was not written", place=str(folder),
            why=f"the folder holds other files: {', '.join(sorted(others)[:3])}", remedy="name a new or empty folder",
        )  # fmt: skip
    kept = refuse_signed(folder, snapshot.supersedes, keep=keep_signed)
    content = files.PacketContent(snapshot, targets, typst, settings=settings)
    with _draft_of(folder) as draft:
        written = _write_files(content, draft, folder)
        earlier = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        removed = [] if kept else sorted(earlier.difference(written))
        ready()
        # Someone may have signed while the files were made.
        kept = refuse_signed(folder, snapshot.supersedes, keep=keep_signed)
        _put_in_place(draft, folder, kept)
    decisions = [entry["as_decided"] for entry in entries(content.allowlist)]
    return Exported(
        folder, written, decisions.count("allow"), decisions.count("conditional"), len(decisions),
        snapshot.open_gates, str(kept or ""), tuple(removed),
        tuple(content.allowlist["unrepresentable"]),
    )  # fmt: skip


def _other_entries(folder: Path, inside: str = "") -> Iterator[str]:
    """Yield what is in a folder and belongs to no packet; an export does not touch it."""
    for entry in (folder / inside).iterdir():
        name = f"{inside}/{entry.name}" if inside else entry.name
        if name in files.folder_names() and entry.is_dir() and not entry.is_symlink():
            yield from _other_entries(folder, name)
        elif not files.is_packet_file(name) or not entry.is_file():
            yield name


@contextmanager
def _draft_of(folder: Path) -> Iterator[Path]:
    """Make a folder next to a packet's, or next to the first folder above it that is missing; remove what is left of it."""
    try:
        missing = folder
        while not missing.parent.exists():
            missing = missing.parent
        draft = Path(tempfile.mkdtemp(dir=missing.parent, prefix=f".{missing.name}."))
    except OSError as error:
        raise _unwritable(folder, error) from None
    try:
        draft.chmod(0o755)
        yield draft
    except OSError as error:
        raise _unwritable(folder, error) from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _write_files(content: files.PacketContent, draft: Path, folder: Path) -> tuple[str, ...]:
    """Write every file of a packet while it is made; return their names. Raises `WorkspaceRefused` for one too large to read."""
    written = []
    for name, pieces in files.in_pieces(content):
        (draft / name).parent.mkdir(parents=True, exist_ok=True)
        left = MAX_BYTES
        with (draft / name).open("wb") as file:
            for piece in pieces:
                left -= file.write(piece)
                if left < 0:
                    raise WorkspaceRefused(
                        "the packet was not written", place=str(folder),
                        why=f"{name} would have more than {MAX_BYTES // 2**20} MB, which no verifier reads",
                        remedy="review the sources in several reviews",
                    )  # fmt: skip
        written.append(name)
    return tuple(written)


def _put_in_place(draft: Path, folder: Path, kept: Path | None) -> None:
    """Put a new folder in the place of the old one, or of one to be kept."""
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft.rename(folder)
        return
    old = kept or draft.with_name(f"{draft.name}.old")
    folder.rename(old)
    try:
        draft.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    if kept is None:
        shutil.rmtree(old)


def _unwritable(folder: Path, error: Exception) -> WorkspaceRefused:
    return WorkspaceRefused(
        "the packet cannot be written", place=str(folder), why=(error.strerror if isinstance(error, OSError) else None) or str(error),
        remedy="name a folder you may write to",
    )  # fmt: skip
