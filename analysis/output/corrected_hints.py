"""Hints of tools as the reviewers see them: what a server's owner may correct, and what a gateway may serve instead.

A hint is a promise. So a correction states what the review knows, and else keeps what is declared: it never takes back
"destructive" or "open world" because nothing was found, and calls nothing read-only whose effect is unclear.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from analysis.model import Effect, FlowRole, Reversibility

if TYPE_CHECKING:
    from collections.abc import Mapping

READ_ONLY: Final = "readOnlyHint"
DESTRUCTIVE: Final = "destructiveHint"
IDEMPOTENT: Final = "idempotentHint"
OPEN_WORLD: Final = "openWorldHint"
#: What a hint means that is not declared, by the specification of MCP.
DEFAULTS: Final[Mapping[str, bool]] = {READ_ONLY: False, DESTRUCTIVE: True, IDEMPOTENT: False, OPEN_WORLD: True}
_NOT_TAKEN_BACK: Final = frozenset({Reversibility.IRREVERSIBLE.value, Reversibility.UNKNOWN.value})
_OUTSIDE: Final = frozenset({FlowRole.UNTRUSTED_CONTENT.value, FlowRole.EXFILTRATION_SINK.value})
#: Methods that HTTP defines as idempotent, and one that it does not.
_METHODS: Final = {"PUT": True, "DELETE": True, "POST": False}


def corrected_hints(facts: Mapping[str, Any]) -> dict[str, bool]:
    """Return the hints of a tool from its facts in a review, as `analysis.model.serialise` writes them.

    Read are `effect`, `type`, `reversibility`, `roles`, `unclear`, `method`, `hints` and `overrides`. A hint of which the
    review knows nothing has its declared value, and is absent where none is declared.
    """
    hints = {str(name): bool(value) for name, value in dict(facts.get("hints") or {}).items() if name in DEFAULTS}
    reads = facts["effect"] == Effect.READ.value
    by_reviewer = bool(dict(facts.get("overrides") or {}).get("type"))
    if facts.get("unclear") and not by_reviewer:
        pass  # neither a promise nor an accusation
    elif reads:
        hints[READ_ONLY] = True
        hints.pop(DESTRUCTIVE, None)
        hints.pop(IDEMPOTENT, None)
    else:
        hints[READ_ONLY] = False
        if facts["effect"] == Effect.CRITICAL.value or facts["reversibility"] in _NOT_TAKEN_BACK:
            hints[DESTRUCTIVE] = True
        if facts.get("method") in _METHODS:
            hints[IDEMPOTENT] = _METHODS[facts["method"]]
    if _OUTSIDE & set(facts.get("roles") or ()):
        hints[OPEN_WORLD] = True
    return dict(sorted(hints.items()))


def differing_hints(declared: Mapping[str, bool], corrected: Mapping[str, bool]) -> dict[str, bool]:
    """Return the corrected hints that mean something else than the declared ones; an absent one means its default."""
    return {name: value for name, value in corrected.items() if declared.get(name, DEFAULTS[name]) != value}


def json_patch(
    pointer: str, declared: Mapping[str, bool], changed: Mapping[str, bool], *, has_annotations: bool
) -> list[dict[str, Any]]:
    """Return the JSON Patch (RFC 6902) that corrects the hints of the tool at a pointer of a saved list."""
    if not has_annotations:
        return [{"op": "add", "path": f"{pointer}/annotations", "value": dict(changed)}]
    return [
        {"op": "replace" if name in declared else "add", "path": f"{pointer}/annotations/{name}", "value": value}
        for name, value in changed.items()
    ]
