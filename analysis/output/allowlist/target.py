"""An export target: a consumer of the allowlist, and how its file is derived from the canonical one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An approved tool that a target cannot express as decided, and why; the target does not allow it."""

    tool: str
    reason: str


@dataclass(frozen=True, slots=True)
class TargetExport:
    """The file of a target as bytes, and the approved tools that it leaves out."""

    data: bytes
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportTarget:
    """A consumer of the allowlist. `file` is the name of its file in the folder `targets` of a packet.

    `render` is a pure function of the canonical allowlist. It never allows what is blocked, and nothing for a draft.
    """

    name: str
    title: str
    file: str
    note: str
    render: Callable[[Mapping[str, Any]], TargetExport]
