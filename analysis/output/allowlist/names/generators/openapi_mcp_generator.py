"""openapi-mcp-generator (npm). References are resolved first; `x-mcp` of operation, path item or document excludes."""

from __future__ import annotations

import hashlib
import math
import re
from typing import TYPE_CHECKING, Final

from analysis.output.allowlist.names.generator import GivenName, NoTool
from analysis.output.allowlist.names.javascript import units
from analysis.output.allowlist.names.ordering import by_method

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.output.allowlist.document.operations import ApiOperation

#: Methods it reads, in the order of its library's enumeration.
_ORDER: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_MAX_NAME: Final = 64
_HASH: Final = 6
_ELISION: Final = "__"
_HEAD_SHARE: Final = 0.6
_SHORT_WORD: Final = 3
_CUT_WORD: Final = 4
_OTHER: Final = re.compile(r"[^a-zA-Z0-9_-]")
_WORDS: Final = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_SPLIT: Final = re.compile(r"[_-]+")
_SEPARATED: Final = re.compile("[-_/]([^\n\r\u2028\u2029])")


def given_names(operations: Sequence[ApiOperation]) -> Mapping[str, GivenName]:
    """Return the names of the generated server."""
    made: dict[str, GivenName] = {}
    used: set[str] = set()
    for operation in by_method(operations, _ORDER):
        if operation.method.lower() not in _ORDER:
            made[operation.key] = GivenName(None, NoTool.METHOD)
        elif not operation.included:
            made[operation.key] = GivenName(None, NoTool.EXCLUDED)
        else:
            made[operation.key] = _given(operation, used)
    return made


def _given(operation: ApiOperation, used: set[str]) -> GivenName:
    stated = operation.operation_id or _from_path(operation.method, operation.path)
    whole = _OTHER.sub("_", units(stated))
    base = name = _shortened(whole)
    attempt = 0
    while name in used:
        mark = hashlib.sha1(f"{whole}#{attempt}".encode(), usedforsecurity=False).hexdigest()[:_HASH]
        name = f"{base[: _MAX_NAME - _HASH - 1]}_{mark}"
        attempt += 1
    used.add(name)
    return GivenName(name, None, base, len(whole) > _MAX_NAME, operation.key)


def _from_path(method: str, path: str) -> str:
    parts = [part for part in path.split("/") if part]
    name = method.lower()
    for number, part in enumerate(parts):
        if not (part.startswith("{") and part.endswith("}")):
            name += _title(part)
        elif number == len(parts) - 1:  # only the last one tells paths apart
            name += f"By{_title(part)}"
    if name == method.lower():
        name += "Root"
    return name[:1].upper() + name[1:]


def _title(text: str) -> str:
    joined = _SEPARATED.sub(lambda match: match[1].upper(), text.lower())
    joined = joined.removeprefix("{").removesuffix("}")
    return joined[:1].upper() + joined[1:]


def _shortened(name: str) -> str:
    if len(name) <= _MAX_NAME:
        return name
    words = [word for part in _SPLIT.split(name) if part for word in _WORDS.findall(part) or [part]]
    shorter = name
    if len(words) > 1:
        cut = [word if len(word) <= _SHORT_WORD else word[:_CUT_WORD] for word in words[1:]]
        shorter = "_".join([words[0], *cut])
    if len(shorter) <= _MAX_NAME:
        return shorter
    return _elided(shorter if len(shorter) < len(name) else name)


def _elided(name: str) -> str:
    mark = hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()[:_HASH]
    budget = _MAX_NAME - _HASH - 1 - len(_ELISION)
    head = math.ceil(budget * _HEAD_SHARE)
    return f"{name[:head]}{_ELISION}{name[head - budget :]}_{mark}"
