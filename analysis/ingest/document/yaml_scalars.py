"""Values of plain YAML scalars by the rules of OpenAPI: numbers of the JSON grammar, true, false and null; all else is text."""

from __future__ import annotations

import re
from typing import Any, Final

_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\Z")
_FIRST_OF_NUMBER: Final = frozenset("-0123456789")
_WORDS: Final[dict[str, Any]] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
#: Maximum number of digits of a number; longer ones stay text.
_MAX_DIGITS: Final = 400


def scalar(text: str) -> Any:
    """Return the value of a plain scalar by the JSON rule set."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _FIRST_OF_NUMBER:
        return text
    match = _NUMBER.match(text)
    if match is None or len(text) > _MAX_DIGITS:
        return text
    return float(text) if match.group(1) or match.group(2) else int(text)
