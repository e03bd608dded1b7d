"""CRD: authentication and transport, as documented."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from analysis.model import Effect, Severity, ToolType
from analysis.rules.detect.parameter_names import name_set
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import example_state
from analysis.words import snake

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from analysis.model import ToolState
    from analysis.rules.engine.index import IndexedTools

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
#: Score cap while a writing tool needs no credential.
_SCORE_CAP = 59
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
#: Minimum confidence of an assessment that makes a safe method an act.
_SURE: Final = 0.8
#: Hosts that only an internal network reaches: private addresses, reserved endings, names without a dot.
_INTERNAL: Final = re.compile(
    r"[^.]*\Z|.*\.(?:local|localhost|internal|intranet|lan|corp|home\.arpa)\Z"
    r"|127\.|10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|0\.0\.0\.0|\[?(?:::1|f[cd][0-9a-f]{2}:|fe80:)",
    re.IGNORECASE,
)
#: Inputs that identify the caller of an operation without a security scheme, such as a token endpoint.
_CALLER: Final = name_set(
    "client_secret client_assertion assertion refresh_token access_token id_token device_code code_verifier grant_type "
    "authorization x_api_key api_key apikey auth_token api_token session_token"
)
#: Inputs that identify the caller where the operation is a login.
_LOGIN_INPUTS: Final = name_set("password passcode otp token code response_type")
_LOGIN: Final = re.compile(
    r"log_?in|sign_?in|authenticat|authori[sz]e\b|(?:^|[/_.-])(?:oauth2?|auth|tokens?|sessions?)(?:$|[/_.-])",
    re.IGNORECASE,
)
#: A path that is, or contains, something only its recipient knows.
_SECRET_PATH: Final = re.compile(
    r"[{<](?:[a-z0-9_-]*[_-])?(?:token|secret|upload_url|signature|signed_url)[}>]", re.IGNORECASE
)


def _silent(tool: ToolState) -> bool:
    """Whether the document of a tool has no `security` entry."""
    return tool.row.credential in {"unstated", "mentioned"}


def _document_or_tool(tool: ToolState) -> object:
    return tool.row.source if _silent(tool) else tool.row.id


@lru_cache(maxsize=1_024)
def _is_public(server: str) -> bool:
    """Whether the host of a server can be reached from outside, as far as its name tells."""
    try:
        host = urlsplit(server).hostname or ""
    except ValueError:  # not a URL; reported on import
        return False
    return bool(host) and not _INTERNAL.match(host)


def _own_credential(tool: ToolState) -> str:
    """Return the input by which a tool identifies its caller itself, or an empty string."""
    row = tool.row
    if found := _SECRET_PATH.search(row.path):
        return f"path {found.group()}"
    login = _LOGIN.search(row.path) or _LOGIN.search(row.operation_id)
    accepted = _CALLER | _LOGIN_INPUTS if login else _CALLER
    return next((name for name in row.inputs if snake(name) in accepted), "")


@rule(
    id="CRD-001",
    title="No authentication",
    kind="set",
    partition_key=_document_or_tool,
    severity=Severity.CRITICAL,
    groups_findings=True,
    remedy="Require a security scheme on the operation or in the document, or block the tools.",
    standards=("owasp-mcp:2025/MCP07", "owasp-api:2023/API2", "aisvs:1.0/C10.2"),
    false_positives="Public metadata, which is meant to be open; documents that describe authentication elsewhere.",
    hits=(
        [example_state("createOrder", ToolType.SIDE_EFFECT, credential="none")],
        [example_state("getOrder", credential="optional")],
        [example_state("createOrder", ToolType.SIDE_EFFECT, credential="unstated")],
        [example_state("getOrder", credential="mentioned")],
    ),
    clean=(
        [example_state("createOrder", ToolType.SIDE_EFFECT)],
        [example_state("getOrder", credential="unknown")],
    ),
)
def no_authentication(tools: Sequence[ToolState]) -> Iterator[Hit]:
    """The document requires no credential, so anyone who can reach the server may be able to call the tool."""
    silent: dict[str, list[ToolState]] = {}
    for tool in tools:
        if _silent(tool):
            silent.setdefault(tool.row.source, []).append(tool)
        elif tool.row.credential in {"none", "optional"}:
            yield _open_tool(tool)
    for listed in silent.values():
        yield _silent_document(listed)


def _open_tool(tool: ToolState) -> Hit:
    """Return the hit of a tool whose document says that a call needs no credential."""
    row = tool.row
    matched = "no security requirement" if row.credential == "none" else "security is optional ({})"
    own = _own_credential(tool)
    if own:
        return Hit(
            f"{matched}; takes a credential itself",
            tool=row.id,
            severity=Severity.LOW if tool.effect is Effect.READ else Severity.MEDIUM,
            why=f"No security scheme protects the tool; the caller identifies itself by an argument ({own}).",
        )
    if tool.effect is Effect.READ:
        return Hit(matched, tool=row.id, severity=Severity.MEDIUM)
    if row.method in _SAFE_METHODS and row.confidence < _SURE:  # only the name says that it acts
        return Hit(matched, tool=row.id, severity=Severity.HIGH)
    return Hit(matched, tool=row.id, cap=_SCORE_CAP)


def _silent_document(tools: Sequence[ToolState]) -> Hit:
    """Return the one hit of a document that has no `security` entry.

    Silence is no proof of an open server: it is critical only where writing tools of a public server are concerned and
    not even the prose or a declared scheme mentions a credential.
    """
    source = tools[0].row.source
    mentioned = tools[0].row.credential == "mentioned"
    writes = [tool for tool in tools if tool.effect is not Effect.READ]
    exposed = any(any(map(_is_public, tool.row.servers)) and not _own_credential(tool) for tool in writes)
    listed = f"{len(tools):,} tool{'' if len(tools) == 1 else 's'}, {len(writes):,} of them writing"
    severity, cap = Severity.MEDIUM, None
    if exposed:
        severity, cap = (Severity.HIGH, None) if mentioned else (Severity.CRITICAL, _SCORE_CAP)
    where = "; credentials are mentioned, but not required" if mentioned else ""
    return Hit(
        f"no `security` entry in the document: {listed}{where}",
        key="document",
        source=source,
        severity=severity,
        cap=cap,
        why="The document does not say how callers authenticate, so nothing shows that its tools are protected.",
    )


@lru_cache(maxsize=1_024)
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
