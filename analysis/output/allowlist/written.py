"""How the files of targets are written: ASCII only, so that nothing hides in them, and with what they follow from."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from analysis.output.allowlist.target import LeftOut, TargetInput

#: Name of the text file next to files that take no comments.
NOTICE: Final = "README.txt"
_PLAIN: Final = re.compile(r"[ !#-\[\]-~]", re.ASCII)  # printable ASCII without the quote and the backslash
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


def can_be_written(text: str) -> bool:
    """Whether a text is valid Unicode: others are read differently by different programs."""
    return not _SURROGATE.search(text)


def toml_string(text: str) -> str:
    """Return a TOML string in ASCII: everything that could hide or end it is escaped."""
    return '"' + "".join(c if _PLAIN.fullmatch(c) else _escaped(c) for c in text) + '"'


def _escaped(character: str) -> str:
    if character in {'"', "\\"}:
        return f"\\{character}"
    return r"\uFFFD" if _SURROGATE.match(character) else f"\\U{ord(character):08x}"


def json_bytes(data: Mapping[str, Any]) -> bytes:
    """Return a JSON file; keys keep their order, which some clients read as precedence."""
    return (json.dumps(data, indent=2, ensure_ascii=True, allow_nan=False) + "\n").encode("ascii")


def text_bytes(lines: Iterable[str]) -> bytes:
    """Return the lines of a text file."""
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def provenance(given: TargetInput) -> Iterator[str]:
    """Yield what the files of a target follow from, and that a draft allows nothing, as lines."""
    allowlist = given.allowlist
    yield f"Review {toml_string(allowlist['review']['workspace_id'])}, as of {toml_string(allowlist['generated_at'])}"
    yield f"Status {allowlist['status'].upper()}, inventory sha256 {allowlist['inventory_sha256']}"
    if given.draft:
        yield "DRAFT: the review is not complete, so no tool is allowed."


def leftovers(left_out: Iterable[LeftOut]) -> Iterator[str]:
    """Yield the approved tools that a target leaves out, and why, as lines."""
    listed = [f"  {toml_string(each.tool)}: {toml_string(each.reason)}" for each in left_out]
    if listed:
        yield from ("Approved, and left out because it cannot be enforced here as decided:", *listed)


def notice(given: TargetInput, title: str, places: Mapping[str, str], left_out: Iterable[LeftOut]) -> bytes:
    """Return the text next to files that take no comments: what they are, where each belongs, what is left out."""
    where = [f"  {name}: {place}" for name, place in places.items()]
    return text_bytes([title, *provenance(given), "", "Where each file belongs:", *where, "", *leftovers(left_out)])
