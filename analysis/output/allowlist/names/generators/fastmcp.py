"""FastMCP, `FastMCP.from_openapi`; also AWS Labs' openapi-mcp-server, which is built on it.

Names are given in the order of exposure, after exclusions, so blocking one operation may hand its name to another.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from analysis.output.allowlist.document.operations import METHODS, Behind
from analysis.output.allowlist.names.generator import GivenName, NoTool
from analysis.output.allowlist.names.ordering import by_method

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from analysis.output.allowlist.document.operations import ApiOperation

_SEPARATORS: Final = re.compile(r"[\s\-.]+")
_OTHER: Final = re.compile(r"[^a-zA-Z0-9_]")
_REPEATED: Final = re.compile(r"_+")
#: Characters of a name before a number is added to tell it apart.
_MAX_NAME: Final = 56
#: Methods it reads, in its own order within a path; `query` is none of them.
_ORDER: Final = METHODS[:8]


def names_3(operations: Sequence[ApiOperation]) -> Mapping[str, GivenName]:
    """Return the names of 3.4: a numbered name may be one that exists already, and then one of the two is lost."""
    return _names(operations, _numbered_3, fallback=False)


def names_awslabs(operations: Sequence[ApiOperation]) -> Mapping[str, GivenName]:
    """Return the names of AWS Labs' server, on FastMCP 3.4: it resolves references before."""
    return names_3(
        [each if each.behind is Behind.NOTHING else replace(each, behind=Behind.NOTHING) for each in operations]
    )


def names_4_1(operations: Sequence[ApiOperation]) -> Mapping[str, GivenName]:
    """Return the names of 4.1: numbers that are taken are skipped."""
    return _names(operations, _numbered_4, fallback=False)


def names_4_2(operations: Sequence[ApiOperation]) -> Mapping[str, GivenName]:
    """Return the names of 4.2: as 4.1, and what would be empty is named after method and path."""
    return _names(operations, _numbered_4, fallback=True)


def _names(
    operations: Sequence[ApiOperation], numbered: Callable[[str, Counter[str]], str], *, fallback: bool
) -> dict[str, GivenName]:
    made: dict[str, GivenName] = {}
    used: Counter[str] = Counter()
    holders: dict[str, str] = {}  # tools are kept by name: the last one of a name is the one that exists
    for operation in by_method(operations, _ORDER):
        if operation.method.lower() not in _ORDER:
            made[operation.key] = GivenName(None, NoTool.METHOD)
            continue
        if operation.behind is Behind.PATH_ITEM:
            made[operation.key] = GivenName(None, NoTool.REFERENCE)
            continue
        wanted = _wanted(operation, fallback=fallback)
        base = wanted[:_MAX_NAME]
        name = numbered(base, used)
        if name in holders:
            lost = made[holders[name]]
            made[holders[name]] = GivenName(None, NoTool.OVERWRITTEN, lost.wanted, lost.cut)
        holders[name] = operation.key
        made[operation.key] = GivenName(name, None, base, len(wanted) > _MAX_NAME, operation.key)
    return made


def _wanted(operation: ApiOperation, *, fallback: bool) -> str:
    plain = operation.behind is Behind.NOTHING  # what is behind a reference is not read
    address = f"{operation.method}_{operation.path}"
    if plain and operation.operation_id:
        stated = operation.operation_id.split("__")[0]
    else:
        stated = (operation.summary if plain else "") or address
    return _slug(stated) or (_slug(address) if fallback else "")


def _slug(text: str) -> str:
    joined = _OTHER.sub("", _SEPARATORS.sub("_", text))
    return _REPEATED.sub("_", joined).strip("_")


def _numbered_3(name: str, used: Counter[str]) -> str:
    used[name] += 1
    return name if used[name] == 1 else f"{name}_{used[name]}"


def _numbered_4(name: str, used: Counter[str]) -> str:
    used[name] += 1
    if used[name] == 1:
        return name
    while f"{name}_{used[name]}" in used:
        used[name] += 1
    numbered = f"{name}_{used[name]}"
    used[numbered] += 1
    return numbered
