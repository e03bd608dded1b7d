"""The schema tree of a tool as rows to read: the same at the desk and on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.review.queries.schema_tree import SchemaField

_NAME = 60
_TOLD = 160


def tree_rows(fields: Sequence[SchemaField]) -> list[str]:
    """Return the lines of a schema tree: indent, `*` where it is needed, name, type, and what is said of it."""
    return [
        f"{'  ' * field.depth}{'*' if field.required else ' '}{visible(field.name, _NAME)}: {visible(field.type, _NAME)}"
        + (f"  {visible(field.description, _TOLD)}" if field.description else "")
        for field in fields
    ]
