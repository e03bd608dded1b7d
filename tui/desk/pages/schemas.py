"""The schema tree of a tool as rows, for the desk and the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.review.queries.schema_tree import SchemaField

_MAX_NAME = 60
_MAX_DESCRIPTION = 160


def tree_rows(fields: Sequence[SchemaField]) -> list[str]:
    """Return the lines of a schema tree: indent, `*` if required, name, type, description."""
    return [
        f"{'  ' * field.depth}{'*' if field.required else ' '}{visible(field.name, _MAX_NAME)}: {visible(field.type, _MAX_NAME)}"
        + (f"  {visible(field.description, _MAX_DESCRIPTION)}" if field.description else "")
        for field in fields
    ]
