"""mcp-openapi-proxy (pip), its low-level mode: names from method and path alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from analysis.output.allowlist.document.operations import METHODS, Behind
from analysis.output.allowlist.names.generator import GivenName, NoTool

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.output.allowlist.document.operations import ApiOperation

_METHODS: Final = METHODS[:8]
_MAX_NAME: Final = 64
_ACCEPTED: Final = re.compile(r"^[a-zA-Z0-9_-]{1,64}$")
#: Cut wherever a segment begins so, also inside a longer word: `/restaurants` becomes `aurants`.
_PREFIXES: Final = re.compile("/(api|rest|public)/?")
_PARAMETER: Final = re.compile(r"\{([^}]+)\}")
_REPEATED: Final = re.compile("_+")


def given_names(operations: Sequence[ApiOperation]) -> Mapping[str, GivenName]:
    """Return the names of the registered tools."""
    made: dict[str, GivenName] = {}
    used: set[str] = set()
    for operation in operations:
        if operation.method.lower() not in _METHODS:
            made[operation.key] = GivenName(None, NoTool.METHOD)
            continue
        if operation.behind is Behind.PATH_ITEM:
            made[operation.key] = GivenName(None, NoTool.REFERENCE)
            continue
        whole = _whole(operation.method, operation.path)
        base = whole[:_MAX_NAME]
        name = _told_apart(base, used)
        if not _ACCEPTED.match(base) or not _ACCEPTED.match(name):
            made[operation.key] = GivenName(None, NoTool.INVALID, base)
            continue
        used.add(name)
        made[operation.key] = GivenName(name, None, base, len(whole) > _MAX_NAME, operation.key)
    return made


def _whole(method: str, path: str) -> str:
    path = _PREFIXES.sub("/", path).lstrip("/").rstrip("/") or "root"
    parts = []
    for part in path.split("/"):
        named = part
        parameters = _PARAMETER.findall(part)
        if parameters:
            named = f"{_PARAMETER.sub('', part)}_by_{'_'.join(each.lower() for each in parameters)}"
        named = named.replace(".", "_").replace("-", "_").replace("+", "_")
        if named:
            parts.append(named)
    return _REPEATED.sub("_", f"{method.lower()}_{'_'.join(parts)}").strip("_")


def _told_apart(name: str, used: set[str]) -> str:
    found, number = name, 1
    while found in used:
        number += 1
        found = f"{name[: _MAX_NAME - len(str(number)) - 1]}_{number}"
    return found
