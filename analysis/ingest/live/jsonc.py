"""JSON with comments and trailing commas, as MCP clients accept it in their configuration files.

The standard library reads plain JSON. Only a text that it refuses goes to json5, which takes 10 to 30 seconds per
megabyte and nests about 50 levels deep. No message quotes a value: configurations hold secrets.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NoReturn

from analysis.ingest.document.canonical_json import child
from analysis.ingest.document.duplicate_keys import pointers_to
from analysis.ingest.document.expansion import measure
from analysis.ingest.document.loading import refused
from analysis.model import Level, Problem
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.ingest.document.loading import Limits

#: Maximum length of a text with comments, characters. VS Code's `settings.json` seldom exceeds a fifth of it.
MAX_COMMENTED: Final = 256 * 1024
_MAX_MESSAGE: Final = 200
_TOO_DEEP: Final = "nested too deeply to be read"


def parse_jsonc(text: str, limits: Limits) -> tuple[Any, list[Problem]]:
    """Return (data, problems); the data is None when a problem of level REFUSED is among the problems."""
    duplicates: list[tuple[dict[str, Any], str]] = []

    def object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        node = dict(pairs)
        if len(node) != len(pairs):
            counts = Counter(key for key, _ in pairs)
            duplicates.extend((node, key) for key, count in counts.items() if count > 1)
        return node

    try:
        data = _parse(text, object_of, duplicates.clear)
    except RecursionError:
        return None, [refused(_TOO_DEEP, "flatten the file")]
    except ValueError as error:
        return None, [
            refused(
                f"not valid JSON: {visible(str(error).replace('<string>:', 'line '), _MAX_MESSAGE)}", "correct the file"
            )
        ]
    nodes, depth, _ = measure(data, limits.depth)
    if depth > limits.depth:
        return None, [refused(_TOO_DEEP, "flatten the file")]
    if nodes > limits.nodes:
        return None, [refused(f"more than {limits.nodes:,} nodes", "name a client configuration")]
    # The standard library joins the two halves of an escaped surrogate pair; json5 leaves them apart.
    return json.loads(json.dumps(data)), _duplicate_problems(data, duplicates)


def _parse(text: str, object_of: Any, start_again: Callable[[], None]) -> Any:
    """Return the data of a text. Raises ValueError and RecursionError."""
    try:
        return json.loads(text, object_pairs_hook=object_of, parse_constant=_refuse_constant)
    except ValueError as error:
        if len(text) > MAX_COMMENTED:
            raise ValueError(f"{error}; a file with comments may have {MAX_COMMENTED:,} characters") from error
    import json5  # noqa: PLC0415 - most configurations are plain JSON

    start_again()
    return json5.loads(text, object_pairs_hook=object_of, parse_constant=_refuse_constant)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _duplicate_problems(data: Any, duplicates: list[tuple[dict[str, Any], str]]) -> list[Problem]:
    """Return a problem for each key that an object states more than once."""
    pointers, _ = pointers_to(data, {id(node) for node, _ in duplicates}) if duplicates else ({}, set())
    return [
        Problem(
            Level.ERROR,
            f"the key {key[:80]!r} is defined more than once; the last value was used, and clients differ in that",
            child(pointers.get(id(node), ""), key),
            remedy="keep one of them",
        )
        for node, key in duplicates
    ]
