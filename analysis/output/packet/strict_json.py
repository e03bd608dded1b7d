"""Strict JSON for packets, which may come from anyone: one meaning for every reader, or refused.

Readers differ on duplicate keys, on numbers too long for them, on lone surrogates. What is signed must not be read
in two ways, so none of these is accepted.
"""

from __future__ import annotations

import json
import math
from typing import Any, Final

from analysis.output.packet.folder import Unreadable
from analysis.text import visible

#: Maximum size of a document; a manifest of many thousand tools is below a tenth of it.
MAX_JSON: Final = 8 * 1024 * 1024
#: Maximum nesting; what we write is five levels deep.
MAX_DEPTH: Final = 32
#: Maximum number of digits of a number; no count or time of ours has as many.
MAX_DIGITS: Final = 30


def strict_json(data: bytes, max_bytes: int = MAX_JSON) -> dict[str, Any]:
    """Return the one object that JSON states, or raise `Unreadable`; a larger one than `max_bytes` is refused."""
    if len(data) > max_bytes:
        raise Unreadable(f"is larger than {max_bytes // (1024 * 1024)} MB")
    try:
        value = json.loads(
            data.decode(),
            object_pairs_hook=_unique,
            parse_int=_integer,
            parse_float=_decimal,
            parse_constant=_no_constant,
        )
    except RecursionError:
        raise _too_deep() from None
    except ValueError:  # bytes that are not UTF-8, or text that is not JSON
        raise Unreadable("is not JSON") from None
    if not isinstance(value, dict):
        raise Unreadable("is not a JSON object")
    _check(value)
    return value


def _too_deep() -> Unreadable:
    return Unreadable(f"is nested more than {MAX_DEPTH} levels deep")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable("has a duplicate key")
    return found


def _integer(text: str) -> int:
    _check_digits(text)
    return int(text)


def _decimal(text: str) -> float:
    _check_digits(text)
    value = float(text)
    if not math.isfinite(value):
        raise Unreadable(f"contains {visible(text)}, which is too large a number")
    return value


def _check_digits(text: str) -> None:
    if len(text) > MAX_DIGITS:
        raise Unreadable(f"contains a number of more than {MAX_DIGITS} digits")


def _no_constant(name: str) -> Any:
    raise Unreadable(f"contains {visible(name)}, which is not JSON")


def _check(root: dict[str, Any]) -> None:
    """Raise `Unreadable` for what the parser accepts: deep nesting, and lone surrogates."""
    level: list[Any] = [root]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for value in level:
            if isinstance(value, str):
                _check_text(value)
            elif isinstance(value, dict):
                below += [*value, *value.values()]
            elif isinstance(value, list):
                below += value
        level = below
    if level:
        raise _too_deep()


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Unreadable("contains a lone surrogate, which is not text") from None
