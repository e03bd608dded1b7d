"""Share: a copy of the review file to give away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.workspace.foreign import write_copy

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.review.session import Review


def share(review: Review, out: Path) -> int:
    """Write a compact, consistent copy that only its owner can read; return its size in bytes.

    It holds what was recorded and nothing else: no draft of a form, no identity of this machine. Raises
    `WorkspaceRefused`, also where the place exists.
    """
    write_copy(review.store, out)
    return out.stat().st_size
