"""CRD: the schemes by which callers prove who they are. Said once per source and scheme, about live tools only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from analysis.model import Effect, SchemeUse, Severity, ToolType
from analysis.rules.engine import Hit, rule
from analysis.rules.examples import state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from analysis.model import SourceId, ToolState

_SPLIT: Final = re.compile(r"[\s:./,]+")
_OMNIBUS: Final = frozenset({"*", "all", "full", "full_access", "admin", "root", "everything", "any"})
_OLD_FLOWS: Final = frozenset({"implicit", "password"})
_STATIC: Final = ("apiKey-", "http-basic", "http-bearer")
_KEY: Final = SchemeUse("key", "apiKey-header", ())
_OAUTH: Final = SchemeUse("login", "oauth2", ("orders:read",), ("authorizationCode",))
_OPENS_ALL: Final = SchemeUse("login", "oauth2", ("orders:*",), ("authorizationCode",))


def _uses(tools: Sequence[ToolState]) -> dict[tuple[SourceId, SchemeUse], list[ToolState]]:
    found: dict[tuple[SourceId, SchemeUse], list[ToolState]] = {}
    for tool in tools:
        for use in tool.row.schemes:
            found.setdefault((tool.row.source, use), []).append(tool)
    return found


def _schemes(
    tools: Sequence[ToolState], faulty: Callable[[SchemeUse], object]
) -> dict[tuple[SourceId, str], list[ToolState]]:
    """Return the live tools that need a faulty scheme, by source and scheme."""
    found: dict[tuple[SourceId, str], list[ToolState]] = {}
    for (source, use), using in _uses(tools).items():
        if faulty(use):
            found.setdefault((source, use.name), []).extend(using)
    return found


def _many(tools: Sequence[ToolState]) -> str:
    count = len({tool.row.id for tool in tools})
    return f"{count:,} tool{'' if count == 1 else 's'}"


@rule(
    id="CRD-002",
    title="Key in the query string",
    kind="set",
    decisions=False,
    severity=Severity.HIGH,
    remedy="Send the key in a header; until then have the gateway add it, out of sight of model and logs.",
    standards=("owasp-api:2023/API2", "owasp-mcp:2025/MCP01"),
    false_positives="Keys that only count calls and open nothing.",
    hits=([state(schemes=(SchemeUse("key", "apiKey-query", ()),))],),
    clean=([state(schemes=(_KEY,))], [state()]),
)
def key_in_query(tools: Sequence[ToolState]) -> Iterator[Hit]:
    """Addresses end up in logs, histories and error reports, and the key with them."""
    for (source, name), using in _schemes(tools, lambda use: use.kind == "apiKey-query").items():
        yield Hit(f"{name}, needed by {_many(using)}", key=name, source=source, pointer=using[0].row.pointer)


@rule(
    id="CRD-003",
    title="Basic authentication",
    kind="set",
    decisions=False,
    severity=Severity.MEDIUM,
    remedy="Use tokens that run out and can be withdrawn one by one.",
    standards=("owasp-api:2023/API2",),
    false_positives="Token endpoints to which a client proves itself.",
    hits=([state(schemes=(SchemeUse("login", "http-basic", ()),))],),
    clean=([state(schemes=(_OAUTH,))],),
)
def basic_authentication(tools: Sequence[ToolState]) -> Iterator[Hit]:
    """A name and a password go with every call: they do not run out, and open everything their owner may do."""
    for (source, name), using in _schemes(tools, lambda use: use.kind == "http-basic").items():
        plain = any(server.lower().startswith("http:") for tool in using for server in tool.row.servers)
        yield Hit(
            f"{name}, needed by {_many(using)}{', over plain http' if plain else ''}",
            key=name,
            source=source,
            severity=Severity.HIGH if plain else None,
            pointer=using[0].row.pointer,
        )


@rule(
    id="CRD-005",
    title="Static key only",
    kind="set",
    decisions=False,
    severity=Severity.MEDIUM,
    confidence="medium",
    remedy="Issue a key per agent, rotate it on a schedule, and prefer tokens that run out.",
    standards=("nist-800-53:5.1.1/IA-5", "owasp-asi:2026/ASI03"),
    false_positives="Bearer tokens that an issuer outside the document hands out for a short time.",
    hits=([state(schemes=(_KEY,))],),
    clean=([state(schemes=(_OAUTH,))], [state(schemes=(_KEY, _OAUTH))], [state()]),
)
def static_key_only(tools: Sequence[ToolState]) -> Iterator[Hit]:
    """A key that never runs out is as good in a leaked log as in the vault, and tells nobody which agent used it."""
    found: dict[tuple[SourceId, str], list[ToolState]] = {}
    for tool in tools:
        schemes = tool.row.schemes
        if schemes and all(use.kind.startswith(_STATIC) for use in schemes):
            found.setdefault((tool.row.source, schemes[0].name), []).append(tool)
    for (source, name), using in found.items():
        yield Hit(f"{name}, all that {_many(using)} ask for", key=name, source=source, pointer=using[0].row.pointer)


def _opens_everything(scope: str) -> bool:
    parts = _SPLIT.split(scope.lower())
    return "*" in parts or parts[-1] in _OMNIBUS or scope == "*"


@rule(
    id="CRD-006",
    title="Omnibus scope",
    kind="set",
    decisions=False,
    severity=Severity.MEDIUM,
    confidence="medium",
    remedy="Grant the narrowest scopes that the approved tools need.",
    standards=("mcp-spec:2026-07-28/scope-minimisation", "owasp-mcp:2025/MCP02"),
    false_positives="Scopes that are narrow in spite of their name.",
    hits=([state(schemes=(_OPENS_ALL,))],),
    clean=([state(schemes=(_OAUTH,))], [state(schemes=(SchemeUse("login", "oauth2", ("admin.users:read",)),))]),
)
def omnibus_scope(tools: Sequence[ToolState]) -> Iterator[Hit]:
    """Whoever holds it may do everything, also what the review has blocked."""
    found: dict[tuple[SourceId, str], list[ToolState]] = {}
    for (source, use), using in _uses(tools).items():
        for scope in filter(_opens_everything, use.scopes):
            found.setdefault((source, scope), []).extend(using)
    for (source, scope), using in found.items():
        yield Hit(f"{scope}, needed by {_many(using)}", key=scope, source=source, pointer=using[0].row.pointer)


@rule(
    id="CRD-007",
    title="Deprecated OAuth flow",
    kind="set",
    decisions=False,
    severity=Severity.MEDIUM,
    remedy="Use the authorization code flow with PKCE, or client credentials where no person takes part.",
    standards=("owasp-api:2023/API2",),
    false_positives="Flows that stand in the document and are switched off.",
    hits=([state(schemes=(SchemeUse("login", "oauth2", (), ("implicit",)),))],),
    clean=([state(schemes=(_OAUTH,))],),
)
def deprecated_flow(tools: Sequence[ToolState]) -> Iterator[Hit]:
    """The flow shows tokens to the browser, or passwords to the client; its own standard has withdrawn it."""
    for (source, name), using in _schemes(tools, lambda use: _OLD_FLOWS.intersection(use.flows)).items():
        flows = sorted({f for tool in using for use in tool.row.schemes if use.name == name for f in use.flows})
        old = ", ".join(flow for flow in flows if flow in _OLD_FLOWS)
        yield Hit(f"{name} ({old}), needed by {_many(using)}", key=name, source=source, pointer=using[0].row.pointer)


@rule(
    id="CRD-008",
    title="Reading and destroying share a grant",
    kind="set",
    decisions=False,
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
def shared_grant(tools: Sequence[ToolState]) -> Iterator[Hit]:
    """A credential that was handed out for reading is enough to destroy."""
    for (source, use), using in _uses(tools).items():
        reads = sum(tool.effect is Effect.READ for tool in using)
        grave = [tool for tool in using if tool.effect is Effect.CRITICAL and tool.type is not ToolType.BILLING]
        if reads and grave:
            grant = " ".join((use.name, *sorted(use.scopes)))
            yield Hit(
                f"{grant}: {reads:,} reading and {len(grave):,} grave tools",
                key=grant,
                source=source,
                pointer=grave[0].row.pointer,
            )
