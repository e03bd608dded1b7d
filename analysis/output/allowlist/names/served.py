"""The names under which `clearance enforce` offers the tools of a source.

A name depends on all tools of the source, not on those that are approved: blocking one tool never gives its name to another.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analysis.model import Tool, ToolId

#: Key of these names in an allowlist.
SERVED: Final = "clearance"
#: Length that every large model API accepts, characters.
MAX_NAME: Final = 64

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9_-]+", re.ASCII)
_HASH: Final = 8


def served_names(tools: Iterable[Tool]) -> Mapping[ToolId, str]:
    """Return the name of each tool of one source: `[A-Za-z0-9_-]{1,64}`, and no two equal when case is ignored.

    It is the tool's own name where that has this form. Names that are equal when case is ignored get a part of the
    digest of their id, each of them.
    """
    plain = {tool.id: _plain(tool) for tool in tools}
    taken = Counter(name.casefold() for name in plain.values())
    return {tool: name if taken[name.casefold()] == 1 else _marked(name, tool) for tool, name in plain.items()}


def _plain(tool: Tool) -> str:
    stated = tool.operation_id or (tool.name if not tool.method else f"{tool.method.lower()}_{tool.path}")
    name = _UNSAFE.sub("_", stated).strip("_") if _UNSAFE.search(stated) else stated
    if not name:
        return _marked("tool", tool.id)
    return name if len(name) <= MAX_NAME and name == stated else _marked(name, tool.id)


def _marked(name: str, tool: ToolId) -> str:
    mark = hashlib.sha256(tool.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH]
    return f"{name[: MAX_NAME - _HASH - 1]}_{mark}"
