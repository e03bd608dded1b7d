"""The current time and actor, which headless code takes as arguments."""

from __future__ import annotations

import getpass
import os
from datetime import UTC, datetime


def now() -> str:
    """Return the time as ISO 8601 in UTC, to the second."""
    return instant().strftime("%Y-%m-%dT%H:%M:%SZ")


def instant() -> datetime:
    """Return the time in UTC, with fractions of a second."""
    return datetime.now(UTC)  # noqa: TID251 - the only place that reads the clock


def actor(stated: str | None = None) -> str:
    """Return the actor: the given name, else `CLEARANCE_ACTOR`, else the login name."""
    if stated:
        return stated
    if os.environ.get("CLEARANCE_ACTOR"):
        return os.environ["CLEARANCE_ACTOR"]
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no login name on this machine: commands that record require --actor
        return ""
