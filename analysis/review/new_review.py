"""New review files: written from sources as they were read and assessed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.collector import collector_paused
from analysis.errors import UsageError
from analysis.model import Profile
from analysis.review.record import drafts
from analysis.review.sources.engine_identity import engine_digest
from analysis.text import without_surrogates
from analysis.workspace import Store

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from analysis.review.sources.importing import ImportResult


def write_review(
    path: Path, sources: Sequence[ImportResult], *, actor: str, at: str, title: str = "", profile: Profile = Profile.L1
) -> None:
    """Write a review file from sources, whole or not at all, without opening it. Raises `WorkspaceRefused` or `UsageError`."""
    new_store(path, sources, actor=actor, at=at, title=title, profile=profile).close()


def new_store(
    path: Path, sources: Sequence[ImportResult], *, actor: str, at: str, title: str = "", profile: Profile = Profile.L1
) -> Store:
    """Write a review file from sources and return its store. Raises as `write_review` does."""
    from analysis.review.sources.importing import source_rows  # noqa: PLC0415 - it reads and assesses sources

    named = title or next((s.info.title or s.info.uri for s in sources), path.stem)
    first_events = [drafts.review_created(named), *(drafts.source_imported(source) for source in sources)]
    if profile is not Profile.L1:
        first_events.append(drafts.profile_set(profile, "chosen at the beginning"))
    with collector_paused():  # rows are many and have no cycles
        return Store.create(
            path,
            [drafts.sanitized(draft) for draft in first_events],
            actor=known_actor(actor),
            at=at,
            rows=[source_rows(source) for source in sources],
            engine=engine_digest(),
        )


def known_actor(actor: str) -> str:
    """Return the name of an actor, as it is recorded. Raises `UsageError` without one."""
    if not actor.strip():
        raise UsageError("the actor is not known", remedy="pass --actor NAME or set CLEARANCE_ACTOR")
    return without_surrogates(actor.strip())
