"""CRD: security schemes of live tools; one finding per source and scheme."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from analysis.model import Effect, SchemeUse, Severity, ToolType
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import example_state

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

    from analysis.model import ToolState
    from analysis.rules.engine.index import IndexedTools, IndexKey

_SPLIT: Final = re.compile(r"[\s:./,]+")
_BROAD_SCOPES: Final = frozenset({"*", "all", "full", "full_access", "admin", "root", "everything", "any"})
_OLD_FLOWS: Final = frozenset({"implicit", "password"})
_STATIC: Final = ("apiKey-", "http-basic", "http-bearer")
_KEY: Final = SchemeUse("key", "apiKey-header", ())
_OAUTH: Final = SchemeUse("login", "oauth2", ("orders:read",), ("authorizationCode",))
_BROAD: Final = SchemeUse("login", "oauth2", ("orders:*",), ("authorizationCode",))


def _requiring(weak: Callable[[SchemeUse], object]) -> IndexKey:
    """Return an index key: (source, name) of each weak scheme that a tool requires."""
    return lambda tool: [(tool.row.source, use.name) for use in tool.row.schemes if weak(use)]


def _many(tools: Sequence[ToolState]) -> str:
    return f"{len(tools):,} tool{'' if len(tools) == 1 else 's'}"


def _per_scheme(tools: IndexedTools) -> Iterator[Hit]:
    """Yield a hit for each (source, name), with the number of tools."""
    for (source, name), using in tools.items():
        yield Hit(f"{name}, required by {_many(using)}", key=name, source=source, pointer=using[0].row.pointer)


@rule(
    id="CRD-002",
    title="Key in the query string",
    kind="set",
    index_key=_requiring(lambda use: use.kind == "apiKey-query"),
    severity=Severity.HIGH,
    remedy="Send the key in a header; until then, add it in the gateway, hidden from model and logs.",
    standards=("owasp-api:2023/API2", "owasp-mcp:2025/MCP01"),
    false_positives="Keys used only for metering.",
    hits=([example_state(schemes=(SchemeUse("key", "apiKey-query", ()),))],),
    clean=([example_state(schemes=(_KEY,))], [example_state()]),
)
def key_in_query(tools: IndexedTools) -> Iterator[Hit]:
    """URLs are stored in logs, browser histories and error reports, and the key with them."""
    yield from _per_scheme(tools)


def _basic(tool: ToolState) -> Iterator[Hashable]:
    for use in tool.row.schemes:
        if use.kind == "http-basic":
            plain = any(server.lower().startswith("http:") for server in tool.row.servers)
            yield from ((tool.row.source, use.name, over) for over in (False, True) if plain or not over)


@rule(
    id="CRD-003",
    title="Basic authentication",
    kind="set",
    index_key=_basic,
    severity=Severity.MEDIUM,
    remedy="Use tokens that expire and can be revoked individually.",
    standards=("owasp-api:2023/API2",),
    false_positives="Token endpoints with client authentication.",
    hits=([example_state(schemes=(SchemeUse("login", "http-basic", ()),))],),
    clean=([example_state(schemes=(_OAUTH,))],),
)
def basic_authentication(tools: IndexedTools) -> Iterator[Hit]:
    """User name and password are sent with every call; they do not expire and grant all rights of the user."""
    for (source, name, plain), using in tools.items():
        if not plain:
            risky = (source, name, True) in tools
            yield Hit(
                f"{name}, required by {_many(using)}{', over plain http' if risky else ''}",
                key=name,
                source=source,
                severity=Severity.HIGH if risky else None,
                pointer=using[0].row.pointer,
            )


def _static(tool: ToolState) -> Iterator[Hashable]:
    schemes = tool.row.schemes
    if schemes and all(use.kind.startswith(_STATIC) for use in schemes):
        yield tool.row.source, schemes[0].name


@rule(
    id="CRD-005",
    title="Static key only",
    kind="set",
    index_key=_static,
    severity=Severity.MEDIUM,
    confidence="medium",
    remedy="Issue one key per agent, rotate it regularly, and prefer tokens that expire.",
    standards=("nist-800-53:5.1.1/IA-5", "owasp-asi:2026/ASI03"),
    false_positives="Short-lived bearer tokens whose issuer is not in the document.",
    hits=([example_state(schemes=(_KEY,))],),
    clean=([example_state(schemes=(_OAUTH,))], [example_state(schemes=(_KEY, _OAUTH))], [example_state()]),
)
def static_key_only(tools: IndexedTools) -> Iterator[Hit]:
    """A key that never expires stays usable after a leak, and does not identify the agent that uses it."""
    for (source, name), using in tools.items():
        yield Hit(f"{name}, the only scheme of {_many(using)}", key=name, source=source, pointer=using[0].row.pointer)


def _is_broad(scope: str) -> bool:
    parts = _SPLIT.split(scope.lower())
    return "*" in parts or parts[-1] in _BROAD_SCOPES or scope == "*"


def _broad_scopes(tool: ToolState) -> Iterator[Hashable]:
    return ((tool.row.source, scope) for use in tool.row.schemes for scope in use.scopes if _is_broad(scope))


@rule(
    id="CRD-006",
    title="Over-broad scope",
    kind="set",
    index_key=_broad_scopes,
    severity=Severity.MEDIUM,
    confidence="medium",
    remedy="Grant the narrowest scopes that the approved tools need.",
    standards=("mcp-spec:2026-07-28/scope-minimisation", "owasp-mcp:2025/MCP02"),
    false_positives="Scopes that are narrower than their name.",
    hits=([example_state(schemes=(_BROAD,))],),
    clean=(
        [example_state(schemes=(_OAUTH,))],
        [example_state(schemes=(SchemeUse("login", "oauth2", ("admin.users:read",)),))],
    ),
)
def over_broad_scope(tools: IndexedTools) -> Iterator[Hit]:
    """A token with this scope permits every action, including those of blocked tools."""
    yield from _per_scheme(tools)


def _old(tool: ToolState) -> Iterator[Hashable]:
    for use in tool.row.schemes:
        old = [flow for flow in use.flows if flow in _OLD_FLOWS]
        yield from ((tool.row.source, use.name, flow) for flow in ("", *old) if old)


@rule(
    id="CRD-007",
    title="Deprecated OAuth flow",
    kind="set",
    index_key=_old,
    severity=Severity.MEDIUM,
    remedy="Use the authorization code flow with PKCE, or client credentials for machine-to-machine access.",
    standards=("owasp-api:2023/API2",),
    false_positives="Flows that are documented but disabled.",
    hits=([example_state(schemes=(SchemeUse("login", "oauth2", (), ("implicit",)),))],),
    clean=([example_state(schemes=(_OAUTH,))],),
)
def deprecated_flow(tools: IndexedTools) -> Iterator[Hit]:
    """The flow exposes tokens to the browser or passwords to the client; OAuth 2.1 removes it."""
    for (source, name, flow), using in tools.items():
        if not flow:
            old = ", ".join(each for each in sorted(_OLD_FLOWS) if (source, name, each) in tools)
            yield Hit(
                f"{name} ({old}), required by {_many(using)}", key=name, source=source, pointer=using[0].row.pointer
            )


def _granted(tool: ToolState) -> Iterator[Hashable]:
    if tool.effect is Effect.READ or (tool.effect is Effect.CRITICAL and tool.type is not ToolType.BILLING):
        yield from ((tool.row.source, use, tool.effect) for use in tool.row.schemes)


@rule(
    id="CRD-008",
    title="Read and critical tools share a grant",
    kind="set",
    index_key=_granted,
    severity=Severity.MEDIUM,
    remedy="Split the grant, or enforce the separation in the gateway.",
    standards=("nist-800-53:5.1.1/AC-6", "owasp-mcp:2025/MCP02"),
    false_positives="Keys behind a gateway that authorises each call.",
    hits=([example_state(schemes=(_KEY,)), example_state("deleteOrder", ToolType.CRITICAL, schemes=(_KEY,))],),
    clean=(
        [example_state(schemes=(_OAUTH,)), example_state("deleteOrder", ToolType.CRITICAL, schemes=(_BROAD,))],
        [example_state(schemes=(_KEY,)), example_state("createOrder", ToolType.SIDE_EFFECT, schemes=(_KEY,))],
    ),
)
def shared_grant(tools: IndexedTools) -> Iterator[Hit]:
    """A credential issued for reading also permits critical actions."""
    for (source, use, effect), critical in tools.items():
        reads = len(tools.get((source, use, Effect.READ), ()))
        if effect is Effect.CRITICAL and reads:
            grant = " ".join((use.name, *sorted(use.scopes)))
            yield Hit(
                f"{grant}: {reads:,} read-only and {len(critical):,} critical tools",
                key=grant,
                source=source,
                pointer=critical[0].row.pointer,
            )
