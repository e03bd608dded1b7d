"""Rows of labelled operations as the tools that the product would have read.

A row is one JSON line: what a vendor states of an operation, and under `labels` what the vendor's own people say of it.
Labels never reach the tool. Hints of tool lists are labels too, so they are not stated either.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.model import Parameter, SourceId, TextSpan, TextSpans, Tool, ToolId

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_QUERY_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "DELETE"})


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled operation: the file it comes from, the source the row names, its labels, and the tool."""

    file: str
    source: str
    id: str
    labels: dict[str, Any]
    tool: Tool
    stated: dict[str, Any]

    @property
    def sure(self) -> bool:
        """Whether the vendor's label is one to be judged by."""
        return self.labels.get("confidence") != "low"


def read_rows(folder: Path) -> list[Row]:
    """Return every labelled row of a folder; files without labels hold none."""
    return [row for path in sorted(folder.glob("*.jsonl")) for row in _rows_of(path)]


def _rows_of(path: Path) -> Iterator[Row]:
    for line in path.read_text("utf-8").splitlines():
        stated = json.loads(line)
        if isinstance(stated.get("labels"), dict):
            yield Row(path.stem, stated["source"], stated["id"], stated["labels"], tool_of(stated), stated)


def tool_of(stated: dict[str, Any]) -> Tool:
    """Return the tool a row describes, without its labels."""
    summary, description = stated.get("summary", ""), stated.get("description", "")
    method, path = stated.get("method", ""), stated.get("path", "")
    name = stated.get("tool_name") or stated.get("operation_id") or f"{method} {path}"
    return Tool(
        id=ToolId(stated["id"]),
        source=SourceId(stated["source"]),
        name=name,
        method=method,
        path=path,
        operation_id=stated.get("operation_id", ""),
        summary=summary,
        description=description,
        digest="0" * 64,
        pointer="",
        tags=tuple(stated.get("tags", ())),
        parameters=tuple(_parameter(name, method, path) for name in stated.get("params", ())),
        text_spans=TextSpans.of(
            *(TextSpan(f"/{key}", text) for key, text in (("s", summary), ("d", description)) if text)
        ),
    )


def _parameter(name: str, method: str, path: str) -> Parameter:
    if f"{{{name}}}" in path:
        place = "path"
    elif not method:
        place = "argument"
    else:
        place = "query" if method in _QUERY_METHODS else "body"
    return Parameter(name, place, required=place == "path", type="", description="")
