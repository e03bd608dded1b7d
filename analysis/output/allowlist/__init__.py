"""The allowlist: what an agent may call, derived from decisions, default deny; and the targets it is exported to.

To add a target, write its module and put its record into `TARGETS`: command line, packet, manifest and documents follow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.errors import UsageError
from analysis.output.allowlist.targets import codex
from analysis.text import visible
from analysis.words import nearest

if TYPE_CHECKING:
    from analysis.output.allowlist.target import ExportTarget

#: Every export target, in the order in which they are listed.
TARGETS: tuple[ExportTarget, ...] = (codex.TARGET,)


def target_named(name: str) -> ExportTarget:
    """Return a target by its name. Raises `UsageError`, with the nearest name, when there is none."""
    found = {target.name: target for target in TARGETS}
    if name not in found:
        near = nearest(name, list(found))
        remedy = f"did you mean {near}?" if near else "list them with: clearance targets"
        raise UsageError("there is no such export target", place=visible(name, 80), remedy=remedy)
    return found[name]
