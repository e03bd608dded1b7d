"""Hints of tools, in the spellings of MCP and of the dumps that SDKs and agent frameworks write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES: Final = {
    name.lower(): name for name in ("readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint")
}  # fmt: skip
#: Keys that hold hints, possibly one within another.
_HOLDERS: Final = ("annotations", "toolAnnotations", "tool_annotations", "metadata", "_meta", "meta")
_MAX_DEPTH: Final = 3


def hints_of(*bodies: Any) -> tuple[tuple[str, bool], ...]:
    """Return the hints of a tool by MCP's names: `read_only_hint: true` -> readOnlyHint. null is no statement.

    `bodies` are the objects that may hold them, the most specific first, which counts.
    """
    found: dict[str, bool] = {}
    for body in bodies:
        for holder in _holders(body, _MAX_DEPTH):
            for key, value in holder.items():
                name = _NAMES.get(str(key).replace("_", "").replace("-", "").lower())
                if name is not None and isinstance(value, bool):
                    found.setdefault(name, value)
    return tuple(sorted(found.items()))


def _holders(body: Any, depth: int) -> Iterator[dict[Any, Any]]:
    """Yield the objects that may hold hints, `annotations` before what surrounds them."""
    if not isinstance(body, dict) or not depth:
        return
    for key in _HOLDERS:
        yield from _holders(body.get(key), depth - 1)
    yield body
