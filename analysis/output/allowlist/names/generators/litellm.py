"""LiteLLM's proxy, a server with `spec_path`; the names are those behind the prefix `SERVER-`.

The proxy keeps tools by name, so of several operations of one name the last one is called. Its page for a preview, and
the function the page follows (`register_tools_from_openapi`), clean and number names instead: those are not the names
the proxy serves, and are listed apart.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from analysis.output.allowlist.document.operations import Behind
from analysis.output.allowlist.names.generator import GivenName, NoTool
from analysis.output.allowlist.names.ordering import by_method, last_one_stays

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.output.allowlist.document.operations import ApiOperation

_ORDER: Final = ("get", "post", "put", "delete", "patch")
_OTHER: Final = re.compile(r"[^a-zA-Z0-9_-]")
_MAX_PREVIEW: Final = 128


def given_names(operations: Sequence[ApiOperation]) -> Mapping[str, GivenName]:
    """Return the names that the proxy serves."""
    made: dict[str, GivenName] = {}
    for operation in by_method(operations, _ORDER):
        made[operation.key] = _none(operation) or _served(operation)
    return last_one_stays(made)


def preview_names(operations: Sequence[ApiOperation]) -> Mapping[str, GivenName]:
    """Return the names of the preview and of `register_tools_from_openapi`."""
    made: dict[str, GivenName] = {}
    used: set[str] = set()
    for operation in by_method(operations, _ORDER):
        none = _none(operation)
        if none is not None:
            made[operation.key] = none
            continue
        whole = _OTHER.sub("_", _stated(operation, operation.path)).lower()
        base = name = whole[:_MAX_PREVIEW]
        number = 1
        while name in used:
            number += 1
            name = f"{base[: _MAX_PREVIEW - len(str(number)) - 1]}_{number}"
        used.add(name)
        made[operation.key] = GivenName(name, None, base, len(whole) > _MAX_PREVIEW, operation.key)
    return made


def _none(operation: ApiOperation) -> GivenName | None:
    if operation.method.lower() not in _ORDER:
        return GivenName(None, NoTool.METHOD)
    return GivenName(None, NoTool.REFERENCE) if operation.behind is Behind.PATH_ITEM else None


def _served(operation: ApiOperation) -> GivenName:
    name = _stated(operation, operation.path.replace("/", "_")).replace(" ", "_").lower()
    return GivenName(name, None, name, cut=False, runs=operation.key)


def _stated(operation: ApiOperation, path: str) -> str:
    stated = operation.operation_id if operation.behind is Behind.NOTHING else ""
    return stated or f"{operation.method.lower()}_{path}"
