"""What scopes and hints claim. They confirm or contradict, and decide nothing.

A scope says what a token may do, not what a call does; a hint is a server's word for itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.model import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.model import Tool

_READ_SCOPES: Final = frozenset({"read", "readonly"})
_WRITE_SCOPES: Final = frozenset({"write", "delete", "admin", "manage", "readwrite", "edit"})
_SHOWN: Final = 3
#: No more than this may be left of the confidence where a claim disagrees: set by hand, well under what counts as sure.
_SCOPE_DISAGREES, _HINT_DISAGREES = 0.8, 0.6


def declared_hints(tool: Tool, *, reads: bool) -> tuple[tuple[Reason, ...], float]:
    """Return the claims as reasons, and the most confidence that they leave."""
    if not tool.security and not tool.hints:
        return (), 1.0
    found = (*_scopes(tool, reads=reads), *_hints(tool, reads=reads))
    ceilings = [_HINT_DISAGREES if claim.where == "hint" else _SCOPE_DISAGREES for claim in found if claim.against]
    return found, min(ceilings, default=1.0)


def _scopes(tool: Tool, *, reads: bool) -> Iterator[Reason]:
    if not tool.security:
        return
    scopes = sorted({scope for uses in tool.security for use in uses for scope in use.scopes})
    for scope in scopes[:_SHOWN]:
        words = set(scope.lower().replace(".", ":").replace("_", ":").replace("-", ":").replace("/", ":").split(":"))
        for_reading, for_changing = bool(words & _READ_SCOPES), bool(words & _WRITE_SCOPES)
        if for_reading or for_changing:
            says = "the scope is for reading" if for_reading else "the scope is for changing"
            yield Reason("scope", scope, says, against=for_reading != reads)


def _hints(tool: Tool, *, reads: bool) -> Iterator[Reason]:
    claim = dict(tool.hints).get("readOnlyHint")
    if claim is not None:
        says = "the server claims it only reads" if claim else "the server says it changes something"
        yield Reason("hint", f"readOnlyHint: {str(claim).lower()}", says, against=claim != reads)
