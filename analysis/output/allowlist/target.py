"""An export target: a consumer of the allowlist, and how its files are derived from the canonical one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class ExportSettings:
    """What the person who exports states: it is in the recipe of the packet, so that the export can be made again.

    `gateway` is the address at which agents reach `clearance enforce`, or empty.
    """

    gateway: str = ""

    def plain(self) -> dict[str, Any]:
        """Return the settings as plain JSON data."""
        return {"gateway": self.gateway}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> ExportSettings:
        """Return the settings of plain JSON data; those of an earlier version are the defaults."""
        return cls(gateway=str(data.get("gateway", "")))


@dataclass(frozen=True, slots=True)
class TargetInput:
    """What a target is made from: the canonical allowlist, the files of each source by its id (name, bytes), settings.

    The first file of a source is its document.
    """

    allowlist: Mapping[str, Any]
    documents: Mapping[str, tuple[tuple[str, bytes], ...]] = field(default_factory=dict)
    settings: ExportSettings = ExportSettings()

    @property
    def draft(self) -> bool:
        """Whether a gate of the review is open: a target then allows nothing."""
        return bool(self.allowlist["status"] != "final")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An approved tool that a target cannot express as decided, and why; the target does not allow it."""

    tool: str
    reason: str


@dataclass(frozen=True, slots=True)
class TargetExport:
    """The files of a target, name to bytes, and the approved tools that it leaves out."""

    files: Mapping[str, bytes]
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportTarget:
    """A consumer of the allowlist. Its files are in the folder `targets/NAME` of a packet.

    `tested` is the version of the consumer with which this was proved, or why it was not. `carries` and `cannot` say what
    of a decision its files express, and what they do not. `render` is a pure function. It never allows what is blocked, and
    nothing for a draft; it raises `UsageError` where it needs a setting that was not given.
    """

    name: str
    title: str
    tested: str
    carries: str
    cannot: str
    render: Callable[[TargetInput], TargetExport]
