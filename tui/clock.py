"""Who is acting, and when: the two facts the headless side never looks up itself."""

from __future__ import annotations

import getpass
import os
from datetime import UTC, datetime


def now() -> str:
    """Return the time as ISO 8601 in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")  # noqa: TID251 - the clock is read here and nowhere else


def actor(stated: str | None = None) -> str:
    """Return who is acting: as stated, else `CLEARANCE_ACTOR`, else the name of the login."""
    if stated:
        return stated
    if os.environ.get("CLEARANCE_ACTOR"):
        return os.environ["CLEARANCE_ACTOR"]
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no login name on this machine; commands that record will ask for one
        return ""
