"""Duplicate tools of a review: groups among which an agent cannot choose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.review.derived.view import DerivedView
from analysis.rules.detect.similar_tools import DuplicateGroup, duplicate_groups

if TYPE_CHECKING:
    from analysis.model import ToolId

__all__ = ["DuplicateGroup", "Duplicates"]


class Duplicates(DerivedView):
    """The groups of duplicate tools, in document order. They depend on definitions alone."""

    def rebuild(self) -> None:
        """Compare all tools."""
        self.groups = tuple(duplicate_groups(tool.row for tool in self.table.states))
        self._by_member = {row.id: group for group in reversed(self.groups) for row in group.members}

    def update(self, places: set[int]) -> None:
        """Do nothing: decisions make no tool more or less similar."""

    def group_of(self, tool: ToolId) -> DuplicateGroup | None:
        """Return the first group that a tool belongs to."""
        return self._by_member.get(tool)
