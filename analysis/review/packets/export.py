"""A review written out: its dossier, the packet and the allowlist, whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import WorkspaceRefused
from analysis.model import ReviewSnapshot
from analysis.model.product import PRODUCT
from analysis.output.allowlist.canonical import canonical, dumps
from analysis.output.packet.manifest import packet_files
from analysis.review import queries
from analysis.rules import RULE_PACK

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.review.session import Review

#: What an earlier export may have left in a folder. Anything else there is a stranger's, and stays untouched.
_OURS = frozenset(
    {
        "review.md",
        "review.html",
        "review.json",
        "events.jsonl",
        "allowlist.json",
        "policy.yaml",
        "SHA256SUMS",
        "manifest.json",
        "signoffs",
    }
)


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written, and whether it is final."""

    folder: Path
    files: tuple[str, ...]
    allowed: int
    conditional: int
    tools: int
    open_gates: tuple[str, ...]
    replaced_signoffs: int


def review_snapshot(review: Review) -> ReviewSnapshot:
    """Return the review at this moment, whole. Depends on the events alone, so two exports are equal."""
    summary, held = review.summary(), review.policy
    alone = queries.lacking_second_approver(review)
    return ReviewSnapshot(
        workspace=review.store.events[0].id,
        title=review.title,
        as_of=review.as_of,
        heads=review.store.heads(),
        sources=tuple(source.info for source in review.sources()),
        tools=tuple(queries.reviewed_tool(review, t.row.id, lacking=alone) for t in review.tools()),
        findings=summary.findings,
        dispositions=queries.dispositions(review),
        controls=tuple((c, a and replace(a, state=held)) for c, a, held in queries.asked_controls(review)),
        notes=queries.notes(review),
        score=summary.score,
        problems=tuple((source.info.id, problem) for source in review.sources() for problem in source.problems),
        not_checked=queries.checks_left_out(review),
        rules_not_run=summary.not_run,
        rule_pack=RULE_PACK,
        product=PRODUCT,
        gates=summary.gates,
        log=tuple(queries.audit_trail(review)),
        profile=held.profile,
        policy=held.policy,
        intake=queries.intake(review),
        alone=alone,
    )


def export(review: Review, folder: Path) -> Exported:
    """Write the packet of a review into a folder: see `write`."""
    return write(review_snapshot(review), folder)


def write(whole: ReviewSnapshot, folder: Path, ready: Callable[[], None] = lambda: None) -> Exported:
    """Write the packet into a folder, which is new, empty, or holds an earlier packet. Needs nothing of the review file.

    `ready` is called when all is made and nothing written yet; what it raises ends the export. Raises
    `WorkspaceRefused` when the folder holds anything else or cannot be written; nothing is changed then.
    """
    try:
        folder = folder.resolve()
        strange = _strangers(folder)
    except (OSError, ValueError, RuntimeError) as error:
        raise _unwritable(folder, error) from None
    if folder.exists() and not folder.is_dir():
        raise WorkspaceRefused(
            "the packet was not written", place=str(folder), why="it is a file", remedy="name a new or empty folder"
        )
    if strange:
        raise WorkspaceRefused(
            "the packet was not written", place=str(folder), why=f"the folder holds other files: {', '.join(strange[:3])}",
            remedy="name a new or empty folder",
        )  # fmt: skip
    allowlist = canonical(whole)
    files = packet_files(whole, dumps(allowlist))
    signoffs = len(list(folder.glob("signoffs/*.json")))
    ready()
    _replace(folder, files)
    decisions = [tool["decision"] for tool in allowlist["tools"]]
    return Exported(
        folder, tuple(files), decisions.count("allow"), decisions.count("conditional"), len(decisions),
        whole.open_gates, signoffs,
    )  # fmt: skip


def _strangers(folder: Path) -> list[str]:
    """Return what lies in a folder that no export has put there; it stays untouched."""
    if not folder.is_dir():  # a file in its place is refused by its own words
        return []
    entries = list(folder.iterdir())
    strange = [e.name for e in entries if e.name not in _OURS or (e.name != "signoffs" and not e.is_file())]
    signoffs = folder / "signoffs"
    if signoffs.is_dir():
        strange += [f"signoffs/{e.name}" for e in signoffs.iterdir() if not e.name.endswith((".json", ".json.sig"))]
    elif signoffs.exists():
        strange.append("signoffs")
    return sorted(strange)


def _replace(folder: Path, files: dict[str, bytes]) -> None:
    """Write all files beside the folder, then put the new folder in the place of the old one."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    except OSError as error:
        raise _unwritable(folder, error) from None
    try:
        draft.chmod(0o755)
        for name, content in files.items():
            (draft / name).write_bytes(content)
        if folder.exists():
            old = draft.with_name(f"{draft.name}.old")
            folder.rename(old)
            try:
                draft.rename(folder)
            except OSError:
                old.rename(folder)
                raise
            shutil.rmtree(old)
        else:
            draft.rename(folder)
    except OSError as error:
        raise _unwritable(folder, error) from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _unwritable(folder: Path, error: Exception) -> WorkspaceRefused:
    return WorkspaceRefused(
        "the packet cannot be written", place=str(folder), why=(error.strerror if isinstance(error, OSError) else None) or str(error),
        remedy="name a folder you may write to",
    )  # fmt: skip
