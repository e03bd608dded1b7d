"""What people hand in beside sources: evidence, as a line or as a file that is hashed, and the text of a policy."""

from __future__ import annotations

import hashlib
import stat
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from analysis.errors import InputRefused, UsageError
from analysis.governance.controls import evidence_validity
from analysis.model import LEVELS, Evidence, EvidenceKind
from analysis.review import queries
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.review.session import Review

_CHUNK: Final = 1024 * 1024
_EXAMPLE: Final = "write 'LEVEL: TITLE | WHERE', such as 'E3: Export of the log settings | REC-2207'"


def evidence_from_line(line: str, *, valid_until: str = "", source: str = "") -> Evidence:
    """Return the evidence that a line names; with a place it is a link, without one a note. Raises `UsageError`."""
    level, colon, rest = line.partition(":")
    title, _, where = rest.partition("|")
    if level.strip().upper() not in LEVELS or not colon or not title.strip():
        raise UsageError("this does not name evidence", place=visible(line, 120), remedy=_EXAMPLE)
    return Evidence(
        title=title.strip(),
        level=level.strip().upper(),
        where=where.strip(),
        valid_until=valid_until,
        kind=EvidenceKind.LINK if where.strip() else EvidenceKind.NOTE,
        source=source,
    )


def evidence_from_file(path: Path, level: str, *, valid_until: str = "", source: str = "") -> Evidence:
    """Return a file as evidence: its name, hash and size. Raises `InputRefused` when it cannot be read.

    The file is not copied: the hash says whether what is shown later is what was seen.
    """
    hashed, size = hashlib.sha256(), 0
    with _opened(path, "the evidence") as stream:
        while chunk := stream.read(_CHUNK):
            hashed.update(chunk)
            size += len(chunk)
    return Evidence(
        title=path.name,
        level=level.strip().upper(),
        sha256=hashed.hexdigest(),
        valid_until=valid_until,
        kind=EvidenceKind.FILE,
        source=source,
        size=size,
    )


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A piece of evidence with the question it proves. `holds`: `yes`, `why_expired`, `weak`, or of a file `changed`."""

    control: str
    evidence: Evidence
    holds: str


def hash_evidence_file(review: Review, folder: Path | None = None) -> list[EvidenceFile]:
    """Return the evidence of all answers; files are looked for in a folder by name and hashed again.

    Whether a file lies there at all is not asked: evidence stays where it is.
    """
    rows = []
    for control, answer, _ in queries.asked_controls(review):
        for each in answer.evidence if answer else ():
            holds = _changed(each, folder) or evidence_validity(control, each, review.as_of)
            rows.append(EvidenceFile(control.id, each, holds))
    return rows


def _changed(evidence: Evidence, folder: Path | None) -> str:
    if folder is None or evidence.kind is not EvidenceKind.FILE or Path(evidence.title).name != evidence.title:
        return ""
    place = folder / evidence.title
    if not place.is_file():
        return ""
    return "" if evidence_from_file(place, evidence.level).sha256 == evidence.sha256 else "changed"


def policy_text(path: Path) -> str:
    """Return the text of a policy file. Raises `InputRefused` when it cannot be read or is not UTF-8.

    Of a file that is far too long no more is read than shows that it is.
    """
    with _opened(path, "the policy") as stream:
        raw = stream.read(_CHUNK)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        why = f"byte {error.start} is not UTF-8"
        raise InputRefused("the policy cannot be read", place=str(path), why=why, remedy="save it as UTF-8") from None


@contextmanager
def _opened(path: Path, what: str) -> Iterator[BinaryIO]:
    """Open a regular file for reading."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # looked at first: opening a pipe would wait for its other end
            raise InputRefused(f"{what} is not a regular file", place=str(path), remedy="name a single file")
        with path.open("rb") as stream:
            yield stream
    except (OSError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise InputRefused(f"{what} cannot be read", place=str(path), why=why, remedy="check the path") from None
