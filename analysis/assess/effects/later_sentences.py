"""What the second sentence of a text says of a call that an ambiguous verb leaves open.

`Runs a diagnosis of a turbine. Returns its findings.` looks; `Generates a command ... Returns the command for the caller to
run` leaves the act to the caller.
"""

from __future__ import annotations

import re
from typing import Final

_MAX_TEXT: Final = 600  # characters; what is returned is said early
#: A second sentence that says what is returned; a sentence between them may tell of another act.
_RETURNS: Final = re.compile(r"^[^.!?]+[.!]\s+(?:it |this tool |the tool )?returns?\s+([^.]{3,160})")
#: What is made for others to run: `Returns the statements for the operator to execute`.
_HANDED: Final = re.compile(
    r"^(?:the|a|an|its)?\s*(?:[\w-]+ ){0,3}?(?:commands?|scripts?|statements?|snippets?)\b[^.]{0,80}"
    r"(?:\bfor (?:the |an? |your )?(?:agent|caller|user|client|model|operator|human|you) to |\byou (?:can|must|should|have to) )"
    r"(?:run|execute|paste|copy)\b"
)
#: Objects of `run` that only look: a call that runs one and returns what it found.
_LOOKS: Final = re.compile(
    r"^\W*(?:run|runs|perform|performs|execute|executes|conduct|conducts)\s+(?:[\w'-]+\s+){0,4}?"
    r"(?:diagnos(?:tics?|is)|detectors?|inspections?|analys[ei]s|assessments?|reviews?|audits?|health checks?|comparisons?)\b"
)
_FINDINGS: Final = re.compile(
    r"\b(?:results?|findings?|reports?|analys[ei]s|insights?|issues|recommendations?|details?|summary|scores?)\b"
)
_MAX_OBJECT: Final = 120  # characters in which the object of the first verb is expected


def hands_over(text: str) -> bool:
    """Whether a text says that it returns something for its caller to run."""
    return bool(_HANDED.match(_returned(text)))


def only_looks(text: str) -> bool:
    """Whether a text runs something that looks, and returns what it found."""
    return bool(_LOOKS.match(text[:_MAX_OBJECT].lower())) and bool(_FINDINGS.search(_returned(text)))


def _returned(text: str) -> str:
    """Return what the second sentence says is returned, or an empty string."""
    hit = _RETURNS.match(text[:_MAX_TEXT].lower())
    return hit[1] if hit else ""
