"""CRD: authentication and transport, as documented."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from analysis.model import Effect, Severity, ToolType
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import example_state

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from analysis.model import ToolState
    from analysis.rules.engine.index import IndexedTools

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
#: Score cap while a writing tool needs no credential.
_SCORE_CAP = 59


@rule(
    id="CRD-001",
    title="No authentication",
    kind="state",
    severity=Severity.CRITICAL,
    groups_findings=True,
    remedy="Require a security scheme on the operation, or block the tool.",
    standards=("owasp-mcp:2025/MCP07", "owasp-api:2023/API2", "aisvs:1.0/C10.2"),
    false_positives="Token endpoints and public metadata, which are meant to be open.",
    hits=(
        example_state("createOrder", ToolType.SIDE_EFFECT, credential="none"),
        example_state("getOrder", credential="optional"),
    ),
    clean=(example_state("createOrder", ToolType.SIDE_EFFECT), example_state("getOrder", credential="unknown")),
)
def no_authentication(tool: ToolState) -> Iterator[Hit]:
    """The document requires no credential, so anyone who can reach the server can call the tool."""
    if tool.row.credential not in {"none", "optional"}:
        return
    matched = "no security requirement" if tool.row.credential == "none" else "security is optional ({})"
    if tool.effect is Effect.READ:
        yield Hit(matched, severity=Severity.MEDIUM)
    else:
        yield Hit(matched, cap=_SCORE_CAP)


def _is_plain(server: str) -> bool:
    try:
        parts = urlsplit(server)
        return parts.scheme.lower() == "http" and parts.hostname not in _LOOPBACK
    except ValueError:  # not a URL; reported on import
        return server.lower().startswith("http:")


def _plain(tool: ToolState) -> Iterator[Hashable]:
    return ((tool.row.source, server) for server in tool.row.servers if _is_plain(server))


@rule(
    id="CRD-004",
    title="Plain http server",
    kind="set",
    index_key=_plain,
    severity=Severity.HIGH,
    remedy="Serve the API over https and state only https servers.",
    standards=("nist-800-53:5.1.1/SC-8", "owasp-api:2023/API8"),
    false_positives="Templated hosts that use https.",
    hits=([example_state(servers=("http://api.shop.example",))],),
    clean=([example_state()], [example_state(servers=("http://localhost:8080", "/v1"))]),
)
def plain_http(tools: IndexedTools) -> Iterator[Hit]:
    """Credentials and data are sent unencrypted."""
    for source, server in sorted(tools):
        yield Hit(matched=server, key=server, source=source)
