"""Files and texts that reviewers attach: evidence, as a line or a hashed file, and the text of a policy."""

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
    """Parse evidence from a line; with a location it is a link, without one a note. Raises `UsageError`."""
    level, colon, rest = line.partition(":")
    title, _, where = rest.partition("|")
    if level.strip().upper() not in LEVELS or not colon or not title.strip():
        raise UsageError("this line is not evidence", place=visible(line, 120), remedy=_EXAMPLE)
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

    The file is not copied: the hash shows whether a file presented later is the same.
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
    """A piece of evidence with its question. `holds`: `yes`, `expired`, `weak`, or of a file `changed`."""

    control: str
    evidence: Evidence
    holds: str


def check_evidence(review: Review, folder: Path | None = None) -> list[EvidenceFile]:
    """Return the evidence of all answers; files found in a folder by name are hashed again.

    A file that is missing from the folder is no error: evidence may be kept elsewhere.
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


def attached_text(path: Path, what: str = "the policy") -> str:
    """Return the text of a file that a person wrote; `what` names it in errors. Raises `InputRefused` when it cannot be read or is not UTF-8.

    No more than a mebibyte is read: the parser refuses a longer text by its length.
    """
    with _opened(path, what) as stream:
        raw = stream.read(_CHUNK)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        why = f"byte {error.start} is not UTF-8"
        raise InputRefused(f"{what} cannot be read", place=str(path), why=why, remedy="save it as UTF-8") from None


@contextmanager
def _opened(path: Path, what: str) -> Iterator[BinaryIO]:
    """Open a regular file for reading."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # checked first: opening a pipe would wait for its other end
            raise InputRefused(f"{what} is not a regular file", place=str(path), remedy="name a single file")
        with path.open("rb") as stream:
            yield stream
    except (OSError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise InputRefused(f"{what} cannot be read", place=str(path), why=why, remedy="check the path") from None
