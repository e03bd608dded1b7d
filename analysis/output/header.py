"""What every exported file states of its review: FINAL or DRAFT, the inventory it covers, the names of its sources."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.model import ReviewSnapshot


def status(review_snapshot: ReviewSnapshot) -> str:
    """Return FINAL, or DRAFT as long as a gate is open."""
    return "DRAFT" if review_snapshot.draft else "FINAL"


def inventory_digest(review_snapshot: ReviewSnapshot) -> str:
    """Return the SHA-256 over the compact ASCII JSON of the sorted pairs (tool id, definition digest).

    One comparison of it tells whether any tool has drifted.
    """
    pairs = sorted([reviewed.tool.id, reviewed.tool.digest] for reviewed in review_snapshot.tools)
    return hashlib.sha256(json.dumps(pairs, separators=(",", ":")).encode("ascii")).hexdigest()


def file_label(uri: str) -> str:
    """Return the last part of a source's address: folders, credentials and queries are left out."""
    if "://" in uri:
        uri = uri.partition("?")[0].partition("#")[0].rpartition("@")[2]
    return uri.replace("\\", "/").rstrip("/").rpartition("/")[2]
