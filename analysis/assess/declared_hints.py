"""Declared scopes and hints. They confirm or contradict the effect, and decide nothing.

A scope limits a token, not a call; a hint is the server's own unverified statement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.model import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.model import Tool

_READ_SCOPES: Final = frozenset({"read", "readonly"})
_WRITE_SCOPES: Final = frozenset({"write", "delete", "admin", "manage", "readwrite", "edit"})
_MAX_SCOPES: Final = 3
#: Maximum confidence where a scope or a hint disagrees. Set by hand.
_MAX_SCOPE_DISAGREES, _MAX_HINT_DISAGREES = 0.8, 0.6


def declared_hints(tool: Tool, *, reads: bool) -> tuple[tuple[Reason, ...], float]:
    """Return the declarations as reasons, and the upper bound on confidence."""
    if not tool.security and not tool.hints:
        return (), 1.0
    found = (*_scopes(tool, reads=reads), *_hints(tool, reads=reads))
    bounds = [_MAX_HINT_DISAGREES if hint.where == "hint" else _MAX_SCOPE_DISAGREES for hint in found if hint.against]
    return found, min(bounds, default=1.0)


def _scopes(tool: Tool, *, reads: bool) -> Iterator[Reason]:
    if not tool.security:
        return
    scopes = sorted({scope for uses in tool.security for use in uses for scope in use.scopes})
    for scope in scopes[:_MAX_SCOPES]:
        words = set(scope.lower().replace(".", ":").replace("_", ":").replace("-", ":").replace("/", ":").split(":"))
        for_reading, for_writing = bool(words & _READ_SCOPES), bool(words & _WRITE_SCOPES)
        if for_reading or for_writing:
            says = "read" if for_reading else "write"
            yield Reason("scope", scope, says, against=for_reading != reads)


def _hints(tool: Tool, *, reads: bool) -> Iterator[Reason]:
    declared = dict(tool.hints).get("readOnlyHint")
    if declared is not None:
        says = "declared read-only by the server" if declared else "declared as write by the server"
        yield Reason("hint", f"readOnlyHint: {str(declared).lower()}", says, against=declared != reads)
