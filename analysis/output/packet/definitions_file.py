"""The definitions that were reviewed, as a file: the bytes of every source, and the canonical text behind every digest.

From the bytes all else can be computed again. A line states one file of a source, with its text where that gives the same
bytes again, and its SHA-256, which the event of the import records. A line for each source states what was found while
it was fetched or validated, which cannot be found again.

From the canonical texts anyone can see what a decision was about, with any version of the product or none: a line states
a definition, whose SHA-256 is the digest that decisions and allowlist name, and a line for each group of shared parts
gives the texts behind the digests of references in it; see `DefinitionParts` for how those are formed.
"""

from __future__ import annotations

import base64
import codecs
import hashlib
import json
from dataclasses import asdict, dataclass
from json.encoder import encode_basestring_ascii
from typing import TYPE_CHECKING, Any, Final

from analysis.output.header import status
from analysis.output.packet.folder import Unreadable
from analysis.output.packet.strict_json import strict_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from analysis.model import DefinitionTexts, ReviewSnapshot, SourceId, SourceRecord

FORMAT: Final = "clearance-definitions"
FORMAT_VERSION: Final = 2
#: Name of the file in a packet.
DEFINITIONS: Final = "definitions.jsonl"
_TOO_LARGE: Final = "canonical texts: the file would be too large to read"
#: Maximum size of the file with canonical texts in it, and of the files of a source whose canonical texts are stated.
_MAX_WITH_TEXTS: Final = 64 * 1024 * 1024
MAX_STATED_SOURCE: Final = 32 * 1024 * 1024
#: Bytes of a file that are written at once.
_PIECE: Final = 1 << 20


class OtherFormat(Unreadable):
    """A file in the format of another version."""


@dataclass(frozen=True, slots=True)
class CarriedSource:
    """A source as a packet carries it; `problems` and `not_checked` are JSON data."""

    id: str
    files: tuple[tuple[str, bytes], ...]
    problems: list[Any]
    not_checked: list[Any]


def definitions(review_snapshot: ReviewSnapshot) -> Iterator[bytes]:
    """Yield a header line, then a line for each file of each source, then for each definition and group of shared parts.

    The canonical texts of a large source are left out, which a line says: they follow from its bytes, which are stated.
    """
    header = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "status": status(review_snapshot),
        "sources": len(review_snapshot.records),
    }
    texts = {each.source: each for each in review_snapshot.definitions}
    stated = texts_may_be_stated(review_snapshot.records)
    line = _line(header)
    left = _MAX_WITH_TEXTS - len(line)
    yield line
    for record in review_snapshot.records:
        for piece in _record(record):
            left -= len(piece)
            yield piece
    for record in review_snapshot.records:
        canonical = _fitting(_canonical(texts.get(record.id)), left) if record.id in stated else None
        if canonical is None:
            canonical = [_line({"source": record.id, "left_out": _TOO_LARGE})]
        left -= sum(map(len, canonical))
        yield from canonical


def texts_may_be_stated(records: Sequence[SourceRecord]) -> frozenset[SourceId]:
    """Return the sources whose canonical texts may have a place in the file: those of others need not be read.

    A file and a text take no less in it than they have bytes and characters.
    """
    sizes = {record.id: sum(len(raw) for _, raw in record.files) for record in records}
    left = _MAX_WITH_TEXTS - sum(sizes.values())
    return frozenset(each.id for each in records if sizes[each.id] <= MAX_STATED_SOURCE and each.text_size <= left)


def _fitting(lines: Iterable[dict[str, Any]], most: int) -> list[bytes] | None:
    """Return lines whose bytes are no more than `most` together, or None; those after the first too many are not made."""
    made: list[bytes] = []
    for data in lines:
        made.append(_line(data))
        most -= len(made[-1])
        if most < 0:
            return None
    return made


_ENCODER: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
_LINE_END: Final = b"}\n"


def _line(data: dict[str, Any]) -> bytes:
    return _ENCODER.encode(data).encode("ascii") + b"\n"


def _record(record: SourceRecord) -> Iterator[bytes]:
    """Yield the lines of a source and its files in pieces: a file may be as large as all else of a packet."""
    yield _line(
        {
            "source": record.id,
            "files": len(record.files),
            "problems": [asdict(problem) | {"level": problem.level.value} for problem in record.problems],
            "not_checked": [asdict(skipped) for skipped in record.not_checked],
        }
    )
    for name, raw in record.files:
        stated = {"source": record.id, "file": name, "sha256": hashlib.sha256(raw).hexdigest()}
        if _is_text(raw):
            yield _line(stated)[: -len(_LINE_END)] + b',"text":"'  # the last of its keys in their order
            for piece in _decoded(raw):
                yield encode_basestring_ascii(piece)[1:-1].encode("ascii")
            yield b'"' + _LINE_END
        else:
            yield _line(stated | _content(raw))


def _decoded(raw: bytes) -> Iterator[str]:
    """Yield the text of a file in pieces. Raises `UnicodeDecodeError` where it is none."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(raw), _PIECE):
        yield decoder.decode(raw[start : start + _PIECE], final=start + _PIECE >= len(raw))


def _is_text(raw: bytes) -> bool:
    try:
        for _ in _decoded(raw):
            pass
    except UnicodeDecodeError:
        return False
    return True


def _canonical(texts: DefinitionTexts | None) -> Iterator[dict[str, Any]]:
    if texts is None:
        return
    for digest, text in texts.definitions.items():
        yield {"source": texts.source, "definition": digest, **_text(text)}
    for group in texts.parts:
        parts = {address: _text(text) for address, text in group.texts}
        yield {"source": texts.source, "parts": parts, "below": list(group.below)}


def _text(text: str) -> dict[str, str]:
    """Return a canonical text; one with a lone surrogate, which strict readers refuse, as the bytes that are hashed."""
    return _content(text.encode("utf-8", "surrogatepass"))


def _content(raw: bytes) -> dict[str, str]:
    try:
        return {"text": raw.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(raw).decode("ascii")}


@dataclass(frozen=True, slots=True)
class CarriedDefinitions:
    """What the file of a packet holds: the sources, and the digests of the definitions whose texts it has; `whole`: of all."""

    sources: tuple[CarriedSource, ...]
    digests: frozenset[str]
    whole: bool


def carried_definitions(data: bytes, max_bytes: int) -> CarriedDefinitions:
    """Return the content of the file, read strictly. Raises `Unreadable` for anything that it does not hold when made."""
    *lines, rest = data.split(b"\n")
    if rest or not lines:
        raise Unreadable("does not end with a whole line")
    header = strict_json(lines[0])
    if header.get("format") != FORMAT or header.get("format_version") != FORMAT_VERSION:
        raise OtherFormat("is of another format")
    found: dict[str, CarriedSource] = {}
    files: dict[str, list[tuple[str, bytes]]] = {}
    digests: set[str] = set()
    whole = True
    for number, line in enumerate(lines[1:], 2):
        match strict_json(line, max_bytes):
            case {"source": str(source), "files": int(), "problems": list(problems), "not_checked": list(skipped)} if (
                source not in found
            ):
                found[source], files[source] = CarriedSource(source, (), problems, skipped), []
            case {"source": str(source), "file": str(name), "sha256": str(digest), **content} if source in found:
                raw = _bytes(content)
                if hashlib.sha256(raw).hexdigest() != digest:
                    raise Unreadable(f"line {number} does not have its digest")
                files[source].append((name, raw))
            case {"source": str(source), "definition": str(digest), **content} if source in found:
                if hashlib.sha256(_bytes(content)).hexdigest() != digest:
                    raise Unreadable(f"line {number} does not have its digest")
                digests.add(digest)
            case {"source": str(source), "parts": dict(), "below": list()} if source in found:
                pass
            case {"source": str(source), "left_out": str()} if source in found:
                whole = False
            case _:
                raise Unreadable(f"line {number} is not one of a definition")
    sources = (CarriedSource(s.id, tuple(files[s.id]), s.problems, s.not_checked) for s in found.values())
    return CarriedDefinitions(tuple(sources), frozenset(digests), whole)


def carried_texts(data: bytes, max_bytes: int) -> dict[str, str]:
    """Return the canonical texts of the file by digest, those that are valid Unicode. Raises `Unreadable`."""
    texts: dict[str, str] = {}
    for line in data.split(b"\n")[1:-1]:
        match strict_json(line, max_bytes):
            case {"definition": str(digest), "text": str(text)} if _digest(text) == digest:
                texts[digest] = text
    return texts


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _bytes(content: dict[str, Any]) -> bytes:
    match content:
        case {"text": str(text)} if len(content) == 1:
            return text.encode("utf-8", "strict")
        case {"base64": str(text)} if len(content) == 1:
            try:
                return base64.b64decode(text, validate=True)
            except ValueError:
                raise Unreadable("holds bytes that are not base64") from None
        case _:
            raise Unreadable("holds a file without content")
