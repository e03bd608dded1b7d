"""The extension `x-speakeasy-mcp`: names and exclusions that the document states itself.

What Speakeasy calls a tool without a stated name is its own matter and was not compared: no name is guessed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.output.allowlist.names.generator import GivenName, NoTool
from analysis.output.allowlist.names.ordering import all_listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.output.allowlist.document.operations import ApiOperation


def given_names(operations: Sequence[ApiOperation]) -> Mapping[str, GivenName]:
    """Return the names that the document states."""
    return all_listed({operation.key: _given(operation) for operation in operations}, first_runs=True)


def _given(operation: ApiOperation) -> GivenName:
    if operation.speakeasy_disabled:
        return GivenName(None, NoTool.EXCLUDED)
    name = operation.speakeasy_name
    return GivenName(name, None, name, cut=False, runs=operation.key) if name else GivenName(None, NoTool.NOT_STATED)
