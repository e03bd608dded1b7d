"""What a gateway needs of an upstream: its definitions as ingest reads them, and a way to make one approved call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from analysis.ingest import Stored, read
from analysis.model import SourceId
from analysis.output.enforce.drift import digests_by_key
from analysis.review.enforcement.gatekeeper import UpstreamFailed
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from analysis.output.enforce.approved_capabilities import Approved
    from analysis.output.enforce.drift import Key
    from analysis.review.enforcement.gatekeeper import Answered

__all__ = ["DefinitionSource", "Upstream", "UpstreamFailed", "digests_in", "reader_problem"]


class DefinitionSource(Protocol):
    """Something whose definitions can be compared with the approved ones."""

    async def definitions(self) -> dict[Key, list[str]]:
        """Return the digests of all definitions as they are now. Raises `UpstreamFailed`."""


class Upstream(DefinitionSource, Protocol):
    """One upstream. `serve` owns its connection and runs until it is cancelled; all else waits for it.

    `failures` counts failed attempts to open it since the last that went well, `why` says why the last one failed.
    """

    failures: int
    why: str

    async def serve(self, on_open: Callable[[], Awaitable[None]]) -> None:
        """Keep the connection open, opening it again after a failure; `on_open` runs before any call does."""

    async def call(
        self, approved: Approved, arguments: Mapping[str, Any], progress: Any, headers: Mapping[str, str]
    ) -> Answered:
        """Make an approved call. Raises `UpstreamFailed`."""


def digests_in(source: str | bytes | Stored, name: str) -> dict[Key, list[str]]:
    """Return the digests of the definitions of a document or a list. Raises `UpstreamFailed` when it cannot be read."""
    reading = read(source, name=SourceId(name))
    if reading.inventory is None:
        raise UpstreamFailed(f"its definitions cannot be read: {reader_problem(reading.problems)}")
    return digests_by_key(reading.inventory.tools)


def reader_problem(problems: Any) -> str:
    """Return the first problem of a source in words."""
    return visible(problems[0].what, 200) if problems else "no reason is known"
