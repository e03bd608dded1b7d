"""Limits of parameters as the regular expressions that Gemini CLI tests against the arguments of a call.

It writes the arguments as JSON with sorted keys and puts a NUL before and after each pair of the outermost object. No string
of JSON has a NUL in it, so a pair found between two of them is a parameter, and never a part of another one's value.
Values are written as JavaScript does, which reads a number before it sends it: `5.0` is 5.

An expression says a limit exactly, or there is none.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from analysis.output.allowlist.written import can_be_written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Longest expression that Gemini CLI takes, characters.
MAX_PATTERN: Final = 2048
_SPECIAL: Final = re.compile(r"[-\[\]{}()*+?.,\\^$|#/\s]")
_BOUNDS: Final = frozenset({"type", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})
#: Whole numbers of which JavaScript writes every digit.
_MAX_DIGITS: Final = 15
#: A number of JavaScript below zero, and the fraction of one.
_NEGATIVE: Final = "-[0-9.e+-]+"
_FRACTION: Final = r"\.[0-9]+"
#: Numbers between 0 and 1 too small to be written without an exponent, and those too large.
_TINY: Final = "[0-9.]+e-[0-9]+"
_HUGE: Final = r"[0-9.]+e\+[0-9]+"


def arguments_pattern(limits: Sequence[Mapping[str, Any]]) -> str:
    """Return the expression that matches the calls within all of some limits; empty when none says it exactly."""
    parts = []
    for limit in limits:
        name = str(limit["parameter"])
        if "." in name or not can_be_written(name):
            return ""
        key = rf"[^]*\x00{_literal(json.dumps(name, ensure_ascii=False))}:"
        if limit["forbidden"]:
            parts.append(f"(?!{key})")
            continue
        values = _values(limit["schema"])
        if not values:
            return ""
        parts.append(rf"(?={key}(?:{'|'.join(values)})\x00)")
    pattern = f"^{''.join(parts)}"
    return pattern if len(pattern) <= MAX_PATTERN else ""


def _values(schema: Mapping[str, Any]) -> list[str]:
    """Return expressions for the values that a schema allows, as JavaScript writes them; empty when it says more."""
    if schema.keys() <= {"enum", "const", "type"} and len(schema.keys() & {"enum", "const"}) == 1:
        listed = schema["enum"] if "enum" in schema else [schema["const"]]
        texts = [_scalar(value) for value in listed if _has_type(value, schema.get("type"))]
        return [] if None in texts else [text for text in texts if text]
    if dict(schema) == {"type": "boolean"}:
        return ["true", "false"]
    if schema.get("type") in {"integer", "number"} and schema.keys() <= _BOUNDS:
        return _numbers(schema)
    return []


def _has_type(value: Any, kind: str | None) -> bool:
    whole = isinstance(value, int) and not isinstance(value, bool)
    kinds = {"integer": whole, "number": whole, "string": isinstance(value, str), "boolean": isinstance(value, bool)}
    return kind is None or kinds.get(kind, False)


def _scalar(value: Any) -> str | None:
    """Return the expression of one value; None for a value that JavaScript may write in another way."""
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, int) and len(str(abs(value))) <= _MAX_DIGITS:
        return str(value)
    if isinstance(value, str) and can_be_written(value):
        return _literal(json.dumps(value, ensure_ascii=False))
    return None


def _literal(text: str) -> str:
    return _SPECIAL.sub(lambda found: f"\\{found[0]}" if not found[0].isspace() else f"\\u{ord(found[0]):04x}", text)


def _numbers(schema: Mapping[str, Any]) -> list[str]:
    """Return expressions for a range of numbers whose bounds are whole, and none below zero but all of them."""
    whole = schema["type"] == "integer"
    bounds = [schema.get(name) for name in ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")]
    if any(b is not None and (not isinstance(b, int) or len(str(abs(b))) > _MAX_DIGITS) for b in bounds):
        return []
    lows = [(bounds[0], False), (bounds[1], True)]
    highs = [(bounds[2], False), (bounds[3], True)]
    low, low_open = max(((b, is_open) for b, is_open in lows if b is not None), default=(None, False))
    high, high_open = min(((b, not is_open) for b, is_open in highs if b is not None), default=(None, True))
    high_open = not high_open
    if (low is not None and low < 0) or (high is not None and high < 0):
        return []
    if whole:
        first = 0 if low is None else low + low_open
        last = None if high is None else high - high_open
        below = ["-[1-9][0-9]*", f"-{_HUGE}"] if low is None else []
        return below + _whole_range(first, last) + ([_HUGE] if last is None else [])
    found = [_NEGATIVE] if low is None else []
    start = 0 if low is None else low
    # Numbers with a fraction lie above the whole number before it; the whole ones themselves hang on open ends.
    last_floor = None if high is None else high - 1
    found += [f"{part}{_FRACTION}" for part in _whole_range(start, last_floor)]
    found += _whole_range(start + low_open, None if high is None else high - high_open)
    if start == 0 and (high is None or high > 0):
        found.append(_TINY)
    return found + ([_HUGE] if high is None else [])


def _whole_range(first: int, last: int | None) -> list[str]:
    """Return expressions that match the whole numbers from `first` to `last`, digit by digit; no end: up to 21 digits."""
    if last is None:
        size = len(str(first))
        longer = [f"[1-9]{'[0-9]' * size}[0-9]*"]
        return _whole_range(first, 10**size - 1) + longer
    if first > last:
        return []
    low, high = str(first), str(last)
    if len(low) < len(high):
        middle = 10 ** len(low)
        return _same_length(low, str(middle - 1)) + _whole_range(middle, last)
    return _same_length(low, high)


def _same_length(low: str, high: str) -> list[str]:
    """Return expressions for the numbers between two of the same number of digits."""
    if low == high:
        return [low]
    rest = len(low) - 1
    if set(low[1:]) <= {"0"} and set(high[1:]) <= {"9"}:
        return [_digits(low[0], high[0]) + "[0-9]" * rest]
    if low[0] == high[0]:
        return [low[0] + part for part in _same_length(low[1:], high[1:])]
    found = []
    first, last = int(low[0]), int(high[0])
    if set(low[1:]) - {"0"}:
        found += [low[0] + part for part in _same_length(low[1:], "9" * rest)]
        first += 1
    ending = []
    if set(high[1:]) - {"9"}:
        ending = [high[0] + part for part in _same_length("0" * rest, high[1:])]
        last -= 1
    if first <= last:
        found.append(_digits(str(first), str(last)) + "[0-9]" * rest)
    return found + ending


def _digits(first: str, last: str) -> str:
    return first if first == last else f"[{first}-{last}]"
