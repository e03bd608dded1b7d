"""Live MCP servers as sources: named by an address or a client configuration, contacted after consent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from analysis.errors import UsageError
from analysis.ingest.document.loading import Limits, load_file
from analysis.ingest.live.config import ServerSpec, read_servers
from analysis.ingest.live.listing import list_server
from analysis.model import SourceId
from analysis.review.sources.importing import DEFAULT_OPTIONS, ImportOptions, refusal
from analysis.text import slug, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")
#: Prefix of a SOURCE that is a live server.
PREFIX: Final = "mcp:"
#: Timeout of a listing as a whole, seconds.
LISTING_SECONDS: Final = 60.0


def find_server(source: str) -> ServerSpec:
    """Return the server of `mcp:https://host/path`, `mcp:CONFIG` or `mcp:CONFIG#NAME`. Nothing is started.

    Raises `UsageError` when the name is missing or unknown, `InputRefused` when the configuration cannot be read.
    """
    rest = source.removeprefix(PREFIX)
    if rest.startswith(("https://", "http://")):
        return ServerSpec(rest.split("/")[2], "http", url=rest)
    place, _, name = rest.partition("#")
    raw, problems = load_file(Path(place).expanduser(), Limits())
    if raw is None:
        raise refusal(tuple(problems), place)
    servers, server_problems = read_servers(raw, Path(place).name)
    if not servers:
        raise refusal(server_problems, place)
    if not name and len(servers) == 1:
        return servers[0]
    listed = ", ".join(visible(server.name, 60) for server in servers[:20])
    if not name:
        raise UsageError(
            "the configuration names several servers", place=place, remedy=f"write {source}#NAME with one of: {listed}"
        )
    found = next((server for server in servers if server.name == name), None)
    if found is None:
        raise UsageError(f"the configuration names no server {name!r}", place=place, remedy=f"it names: {listed}")
    return found


def read_server(
    reader: Callable[..., T],
    spec: ServerSpec,
    *,
    env: Mapping[str, str],
    headers: Mapping[str, str],
    label: str = "",
    name: SourceId | None = None,
    options: ImportOptions = DEFAULT_OPTIONS,
) -> T:
    """List a server's tools and read them as `examine_source` does. The caller has shown `spec.describe()` and has consent.

    `label` names the credential of the request; its value is never recorded. Raises `InputRefused`.
    """
    listing = list_server(spec, env=env, headers=headers, seconds=LISTING_SECONDS, credential_label=label)
    if listing.raw is None:
        raise refusal(listing.problems, spec.address())
    named = name or SourceId(slug(listing.server_name or spec.name, "server"))
    return reader(
        listing.raw,
        name=named,
        place=spec.address(),
        uri=spec.address(),
        problems=listing.problems,
        options=options,
    )
