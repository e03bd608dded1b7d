"""Whether a secret is in a documentation sample, which is usually invented, or where a client uses it.

Examples are invented as a rule, so a value there is shown to the reviewer, but is no leak by its shape alone. A default,
a constant, a server URL and plain prose are used as they are.
"""

from __future__ import annotations

import re
from typing import Final

#: Parts of a pointer that hold examples: of OpenAPI, of JSON Schema, and of the usual extensions.
_EXAMPLE_PLACE: Final = re.compile(
    r"/(?:x-)?(?:[a-z]+-?)*(?:examples?|samples?)(?:/|\Z)|/x-code-?samples(?:/|\Z)", re.IGNORECASE
)
#: A fenced block, a code span, an element of code, and an indented line.
_CODE: Final = re.compile(
    r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]+`|<(code|pre)\b.*?(?:</\1>|\Z)|^(?: {4}|\t).*$",
    re.DOTALL | re.MULTILINE,
)
#: What leads to a sample, in the same sentence.
_LEAD: Final = re.compile(
    r"\b(?:for example|for instance|examples?|e\.?g\.?|sample|such as|looks? like|formatted as|of the form|curl|"
    r"placeholder|fictitious|invented|dummy)\b[^\n]{0,160}\Z",
    re.IGNORECASE,
)
_MAX_LEAD: Final = 200


def is_example_place(pointer: str) -> bool:
    """Whether a pointer leads into an example."""
    return bool(_EXAMPLE_PLACE.search(pointer))


def is_sample(pointer: str, text: str, secret: str) -> bool:
    """Whether every occurrence of a secret in a text is a documentation sample."""
    if is_example_place(pointer):
        return True
    code = [found.span() for found in _CODE.finditer(text)]
    places = [found.start() for found in re.finditer(re.escape(secret), text)]
    return bool(places) and all(
        any(start <= at < end for start, end in code) or _LEAD.search(text[max(0, at - _MAX_LEAD) : at])
        for at in places
    )
