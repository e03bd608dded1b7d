"""CRD: the schemes by which callers prove who they are. Said once per source and scheme, about live tools only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from analysis.model import Effect, SchemeUse, Severity, ToolType
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import state

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

    from analysis.model import ToolState
    from analysis.rules.engine.index import Groups, Under

_SPLIT: Final = re.compile(r"[\s:./,]+")
_OMNIBUS: Final = frozenset({"*", "all", "full", "full_access", "admin", "root", "everything", "any"})
_OLD_FLOWS: Final = frozenset({"implicit", "password"})
_STATIC: Final = ("apiKey-", "http-basic", "http-bearer")
_KEY: Final = SchemeUse("key", "apiKey-header", ())
_OAUTH: Final = SchemeUse("login", "oauth2", ("orders:read",), ("authorizationCode",))
_OPENS_ALL: Final = SchemeUse("login", "oauth2", ("orders:*",), ("authorizationCode",))


def _needing(faulty: Callable[[SchemeUse], object]) -> Under:
    """Return what makes tools count under (source, name) of each faulty scheme that they need."""
    return lambda tool: [(tool.row.source, use.name) for use in tool.row.schemes if faulty(use)]


def _many(tools: Sequence[ToolState]) -> str:
    return f"{len(tools):,} tool{'' if len(tools) == 1 else 's'}"


def _needed(tools: Groups) -> Iterator[Hit]:
    """Yield a hit for each (source, name), with how many tools need it."""
    for (source, name), using in tools.items():
        yield Hit(f"{name}, needed by {_many(using)}", key=name, source=source, pointer=using[0].row.pointer)


@rule(
    id="CRD-002",
    title="Key in the query string",
    kind="set",
    index_key=_needing(lambda use: use.kind == "apiKey-query"),
    severity=Severity.HIGH,
    remedy="Send the key in a header; until then have the gateway add it, out of sight of model and logs.",
    standards=("owasp-api:2023/API2", "owasp-mcp:2025/MCP01"),
    false_positives="Keys that only count calls and open nothing.",
    hits=([state(schemes=(SchemeUse("key", "apiKey-query", ()),))],),
    clean=([state(schemes=(_KEY,))], [state()]),
)
def key_in_query(tools: Groups) -> Iterator[Hit]:
    """Addresses end up in logs, histories and error reports, and the key with them."""
    yield from _needed(tools)


def _basic(tool: ToolState) -> Iterator[Hashable]:
    plain = any(server.lower().startswith("http:") for server in tool.row.servers)
    for use in tool.row.schemes:
        if use.kind == "http-basic":
            yield from ((tool.row.source, use.name, over) for over in (False, True) if plain or not over)


@rule(
    id="CRD-003",
    title="Basic authentication",
    kind="set",
    index_key=_basic,
    severity=Severity.MEDIUM,
    remedy="Use tokens that run out and can be withdrawn one by one.",
    standards=("owasp-api:2023/API2",),
    false_positives="Token endpoints to which a client proves itself.",
    hits=([state(schemes=(SchemeUse("login", "http-basic", ()),))],),
    clean=([state(schemes=(_OAUTH,))],),
)
def basic_authentication(tools: Groups) -> Iterator[Hit]:
    """A name and a password go with every call: they do not run out, and open everything their owner may do."""
    for (source, name, plain), using in tools.items():
        if not plain:
            risky = (source, name, True) in tools
            yield Hit(
                f"{name}, needed by {_many(using)}{', over plain http' if risky else ''}",
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
    remedy="Issue a key per agent, rotate it on a schedule, and prefer tokens that run out.",
    standards=("nist-800-53:5.1.1/IA-5", "owasp-asi:2026/ASI03"),
    false_positives="Bearer tokens that an issuer outside the document hands out for a short time.",
    hits=([state(schemes=(_KEY,))],),
    clean=([state(schemes=(_OAUTH,))], [state(schemes=(_KEY, _OAUTH))], [state()]),
)
def static_key_only(tools: Groups) -> Iterator[Hit]:
    """A key that never runs out is as good in a leaked log as in the vault, and tells nobody which agent used it."""
    for (source, name), using in tools.items():
        yield Hit(f"{name}, all that {_many(using)} ask for", key=name, source=source, pointer=using[0].row.pointer)


def _opens_everything(scope: str) -> bool:
    parts = _SPLIT.split(scope.lower())
    return "*" in parts or parts[-1] in _OMNIBUS or scope == "*"


def _omnibus(tool: ToolState) -> Iterator[Hashable]:
    return ((tool.row.source, scope) for use in tool.row.schemes for scope in use.scopes if _opens_everything(scope))


@rule(
    id="CRD-006",
    title="Omnibus scope",
    kind="set",
    index_key=_omnibus,
    severity=Severity.MEDIUM,
    confidence="medium",
    remedy="Grant the narrowest scopes that the approved tools need.",
    standards=("mcp-spec:2026-07-28/scope-minimisation", "owasp-mcp:2025/MCP02"),
    false_positives="Scopes that are narrow in spite of their name.",
    hits=([state(schemes=(_OPENS_ALL,))],),
    clean=([state(schemes=(_OAUTH,))], [state(schemes=(SchemeUse("login", "oauth2", ("admin.users:read",)),))]),
)
def omnibus_scope(tools: Groups) -> Iterator[Hit]:
    """Whoever holds it may do everything, also what the review has blocked."""
    yield from _needed(tools)


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
    remedy="Use the authorization code flow with PKCE, or client credentials where no person takes part.",
    standards=("owasp-api:2023/API2",),
    false_positives="Flows that stand in the document and are switched off.",
    hits=([state(schemes=(SchemeUse("login", "oauth2", (), ("implicit",)),))],),
    clean=([state(schemes=(_OAUTH,))],),
)
def deprecated_flow(tools: Groups) -> Iterator[Hit]:
    """The flow shows tokens to the browser, or passwords to the client; its own standard has withdrawn it."""
    for (source, name, flow), using in tools.items():
        if not flow:
            old = ", ".join(each for each in sorted(_OLD_FLOWS) if (source, name, each) in tools)
            yield Hit(
                f"{name} ({old}), needed by {_many(using)}", key=name, source=source, pointer=using[0].row.pointer
            )


def _granted(tool: ToolState) -> Iterator[Hashable]:
    if tool.effect is Effect.READ or (tool.effect is Effect.CRITICAL and tool.type is not ToolType.BILLING):
        yield from ((tool.row.source, use, tool.effect) for use in tool.row.schemes)


@rule(
    id="CRD-008",
    title="Reading and destroying share a grant",
    kind="set",
    index_key=_granted,
    severity=Severity.MEDIUM,
    remedy="Split the grant, or have the gateway hold apart what the credential does not.",
    standards=("nist-800-53:5.1.1/AC-6", "owasp-mcp:2025/MCP02"),
    false_positives="Keys behind a gateway that checks each call.",
    hits=([state(schemes=(_KEY,)), state("deleteOrder", ToolType.CRITICAL, schemes=(_KEY,))],),
    clean=(
        [state(schemes=(_OAUTH,)), state("deleteOrder", ToolType.CRITICAL, schemes=(_OPENS_ALL,))],
        [state(schemes=(_KEY,)), state("createOrder", ToolType.SIDE_EFFECT, schemes=(_KEY,))],
    ),
)
def shared_grant(tools: Groups) -> Iterator[Hit]:
    """A credential that was handed out for reading is enough to destroy."""
    for (source, use, effect), granted_high_risk in tools.items():
        reads = len(tools.get((source, use, Effect.READ), ()))
        if effect is Effect.CRITICAL and reads:
            grant = " ".join((use.name, *sorted(use.scopes)))
            yield Hit(
                f"{grant}: {reads:,} reading and {len(granted_high_risk):,} grave tools",
                key=grant,
                source=source,
                pointer=granted_high_risk[0].row.pointer,
            )
