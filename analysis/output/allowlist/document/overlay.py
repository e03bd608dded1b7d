"""OpenAPI Overlay 1.0: the same restriction as a list of changes to the source, for those who generate from the source."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from analysis.output.allowlist.document.document_tree import Branch, branch_of, plain_data
from analysis.output.allowlist.document.filtering import removed_members

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from analysis.output.allowlist.document.operations import ApiOperation

_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


def removing(title: str, source: Branch, made: Branch, approved: Collection[tuple[str, str]]) -> bytes:
    """Return the overlay that makes the filtered document of the source, but for shared parts, which stay.

    `made` is the filtered document: path items behind a reference are taken from it.
    """
    actions: list[dict[str, Any]] = []
    again = []
    for keys in removed_members(source, approved):
        actions.append({"target": json_path(keys), "remove": True})
        if keys[:1] == ("paths",) and keys[1] in branch_of(made.get("paths")):
            again += [keys[1]] if len(keys) == len(("paths", "path")) else []
    if again:
        items = {path: plain_data(branch_of(made["paths"])[path]) for path in again}
        actions.append({"target": "$.paths", "update": items})
    return _overlay(f"{title}: remove what is not approved", actions)


def marking(title: str, operations: Iterable[ApiOperation], approved: Collection[str]) -> bytes:
    """Return the overlay that marks each operation for generators that read `x-mcp` and `x-speakeasy-mcp`.

    The document as a whole is excluded, so that an operation that is added later is not exposed by generators that read
    `x-mcp`. What the document itself excludes stays so.
    """
    actions: list[dict[str, Any]] = [{"target": "$", "update": {"x-mcp": False}}]
    for operation in operations:
        target = json_path(("paths", operation.path, operation.method.lower()))
        if operation.key not in approved:
            update: dict[str, Any] = {"x-mcp": False, "x-speakeasy-mcp": {"disabled": True}}
        elif not operation.included:
            continue
        else:
            update = {"x-mcp": True}
        actions.append({"target": target, "update": update})
    return _overlay(f"{title}: mark what is approved", actions)


def json_path(keys: Iterable[str]) -> str:
    """Return the JSONPath (RFC 9535) of a member, by its keys from the root."""
    return "$" + "".join(f".{key}" if _PLAIN.fullmatch(key) else f"['{_escaped(key)}']" for key in keys)


def _escaped(key: str) -> str:
    # As in JSON, but for the quotes: the single one ends a name here.
    return json.dumps(key)[1:-1].replace('\\"', '"').replace("'", "\\'")


def _overlay(title: str, actions: list[dict[str, Any]]) -> bytes:
    head = json.dumps({"overlay": "1.0.0", "info": {"title": title, "version": "1.0.0"}})[:-1]
    lines = ",\n".join(json.dumps(action) for action in actions)
    return f'{head}, "actions": [\n{lines}\n]}}\n'.encode("ascii")
