"""fastapi-mcp (pip): operationIds as they are; operations without one are dropped.

Each operation is listed, but calls are looked up by name, and the last operation of a name is the one that is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.output.allowlist.document.operations import Behind
from analysis.output.allowlist.names.generator import GivenName, NoTool
from analysis.output.allowlist.names.ordering import all_listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.output.allowlist.document.operations import ApiOperation

_METHODS: Final = frozenset({"get", "post", "put", "delete", "patch"})


def given_names(operations: Sequence[ApiOperation]) -> Mapping[str, GivenName]:
    """Return the names of the listed tools."""
    return all_listed({operation.key: _given(operation) for operation in operations}, first_runs=False)


def _given(operation: ApiOperation) -> GivenName:
    if operation.method.lower() not in _METHODS:
        return GivenName(None, NoTool.METHOD)
    if operation.behind is Behind.PATH_ITEM:
        return GivenName(None, NoTool.REFERENCE)
    if not operation.operation_id:
        return GivenName(None, NoTool.NO_ID)
    return GivenName(operation.operation_id, None, operation.operation_id, cut=False, runs=operation.key)
