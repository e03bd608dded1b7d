"""The formats that are read next to OpenAPI, told apart by their data. Loaded only for a source that is no OpenAPI document."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.ingest.discovery.methods import is_discovery, read_discovery
from analysis.ingest.document.loading import refused
from analysis.ingest.mcp.inventory import read_mcp, tools_of
from analysis.ingest.mcp.json_lines import parse_lines
from analysis.ingest.neighbours import is_bundle, neighbour
from analysis.ingest.openapi.walk import title_of
from analysis.ingest.postman.collection import is_postman, read_postman

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.ingest.document.loading import Limits
    from analysis.ingest.document.reader import Parsed
    from analysis.ingest.mcp.shapes import ToolLists
    from analysis.model import Inventory, Problem


def with_lists(parsed: Parsed, raw: bytes, limits: Limits) -> tuple[Parsed, ToolLists | None]:
    """Return the data of a file, one value or the messages of a recorded session, one per line; and the lists in it."""
    lists = tools_of(parsed.data)
    if lists is not None or (parsed.data is not None and raw.lstrip()[:1] == b"{"):
        return parsed, lists
    lines = parse_lines(raw, limits)
    lists = tools_of(lines.data) if lines is not None else None
    return (lines, lists) if lines is not None and lists is not None else (parsed, None)


def named_reader(data: Any, lists: ToolLists | None, uri: str) -> tuple[str, Callable[..., Inventory], Any] | None:
    """Return what a source calls itself, the reader of its format, and what that reads; None where no format is known."""
    if is_discovery(data):
        return str(data.get("name") or ""), read_discovery, data
    if not is_bundle(data) and lists is not None:
        return Path(uri).stem if uri != "-" else "tools", read_mcp, lists
    if is_postman(data):
        return title_of(data.get("collection", data)), read_postman, data
    return None


def unknown(data: Any, raw: bytes) -> Problem:
    """Return the refusal of data in no format that is read: what it is, as far as it is known."""
    stated = data.get("openapi", data.get("swagger")) if isinstance(data, dict) else None
    remedy = "name a document with `openapi:` or `swagger:`, or saved tools"
    if stated is not None:
        return refused(f"OpenAPI {str(stated)[:20]!r} is not a supported version (2.0, 3.0, 3.1, 3.2)", remedy)
    named = neighbour(data, raw)
    if named is None and raw.lstrip()[:1] not in {b"{", b"["}:  # other formats may be valid YAML
        named = neighbour(None, raw)
    return named or refused("this is neither an OpenAPI document nor an MCP tools/list result", remedy)
