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
    from analysis.model import Inventory, Problem


def listed_by_line(parsed: Parsed, raw: bytes, limits: Limits) -> Parsed | None:
    """Return the messages of a recorded session, one per line, where a file lists tools so; None where it does not."""
    if tools_of(parsed.data) is not None:
        return None
    lines = parse_lines(raw, limits)
    return lines if lines is not None and tools_of(lines.data) is not None else None


def named_reader(data: Any, uri: str) -> tuple[str, Callable[..., Inventory]] | None:
    """Return what a source calls itself, and the reader of its format; None where it is in no format that is read."""
    if is_discovery(data):
        return str(data.get("name") or ""), read_discovery
    if not is_bundle(data) and tools_of(data) is not None:
        return Path(uri).stem if uri != "-" else "tools", read_mcp
    if is_postman(data):
        return title_of(data.get("collection", data)), read_postman
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
