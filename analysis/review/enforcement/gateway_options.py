"""How a gateway was asked to run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analysis.ingest.live.config import ServerSpec
from analysis.output.enforce.caller import Caller

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from analysis.review.enforcement.plan import PacketPlace


@dataclass(frozen=True, slots=True)
class UpstreamOptions:
    """What lies behind the gateway: an MCP server (`command` or `url`), or an API (`document` and `base_url`).

    `credentials` returns the variables and headers that the upstream gets, read anew each time.
    """

    credentials: Callable[[], tuple[Mapping[str, str], Mapping[str, str]]] = field(repr=False)
    command: tuple[str, ...] = field(default=(), repr=False)
    url: str = field(default="", repr=False)
    document: Path | None = None
    base_url: str = ""
    source: str = ""
    server: str = ""
    seconds: float = 300.0

    @property
    def spec(self) -> ServerSpec:
        """The MCP server, as its session needs it."""
        kind = "http" if self.url else "stdio"
        return ServerSpec("upstream", kind, command=self.command, url=self.url)


@dataclass(frozen=True, slots=True)
class FrontOptions:
    """Where agents reach the gateway, and who they are: standard input and output where there is no port."""

    port: int | None = None
    host: str = "127.0.0.1"
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    started_for: Caller = field(default_factory=lambda: Caller("anonymous"))
    tokens: Path | None = None
    forward_headers: tuple[str, ...] = ()

    @property
    def over_http(self) -> bool:
        """Whether agents come over HTTP."""
        return self.port is not None


@dataclass(frozen=True, slots=True)
class GatewayOptions:
    """All of it. `clock` tells the time; `say` tells the person who started the gateway what to know."""

    place: PacketPlace
    upstream: UpstreamOptions
    front: FrontOptions
    state: Path
    audit: Path
    clock: Callable[[], datetime]
    say: Callable[[str], None]
    environment: str = ""
    audit_name: str = ""
    serve_unchanged: bool = False
    approval_seconds: float = 900.0
    max_result: int = 16 * 1024 * 1024
    look_seconds: float = 15.0
