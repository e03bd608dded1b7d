"""Commits that carry events: one signature over the ends of chains proves everything before them.

A commit's message names the review, the person, and the last event of each chain it carries. As every event names the one
before it, a signature over the commit covers all events of these chains up to there; of those, it proves the ones whose actor is the
signer. The tree holds the new events and the bytes of the sources that they import::

    REPLICA.FIRST-LAST.jsonl      bodies of events, one a line, exactly as they are stored
    source-SHA256.json            the files of an import, named by the digest that its event states
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from analysis.errors import Unreadable
from analysis.ssh.signatures import check_signature
from analysis.sync.branch_names import ANY_REPLICA

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from analysis.ssh.signer_list import SignerList

#: The namespace in which git signs commits, so that forges check them too.
NAMESPACE: Final = "git"
#: Maximum size of a commit, in bytes: some hundred chains.
MAX_COMMIT: Final = 64 * 1024
#: Maximum size of the listing of a commit's files, and of one file, in bytes.
MAX_TREE: Final = 1024 * 1024
MAX_BLOB: Final = 64 * 1024 * 1024
_SUBJECT: Final = "Clearance events"
_HEAD: Final = re.compile(r"head ([0-9a-z-]{1,64}) ([1-9][0-9]{0,8}) ([0-9a-f]{64})", re.ASCII)
_SEGMENT: Final = re.compile(r"([0-9a-z-]{1,64})\.([1-9][0-9]{0,8})-([1-9][0-9]{0,8})\.jsonl", re.ASCII)
_SOURCE: Final = re.compile(r"source-([0-9a-f]{64})\.json", re.ASCII)
_OBJECT: Final = re.compile(r"[0-9a-f]{40}", re.ASCII)
_FILE_MODE: Final = b"100644"


@dataclass(frozen=True, slots=True)
class CommitText:
    """A commit as it is stored: its name, its parts, and the signature over all but itself."""

    name: str
    tree: str
    parents: tuple[str, ...]
    review: str
    person: str
    heads: Mapping[str, tuple[int, str]]  # replica -> (seq, event id)
    payload: bytes
    signature: bytes
    raw: bytes


def read_commit(raw: bytes) -> CommitText:
    """Return a commit of events, or raise `Unreadable`. Who signed it is not checked here."""
    header, gap, message = raw.partition(b"\n\n")
    lines = header.split(b"\n")
    signed, signature = _split_signature(lines)
    fields: dict[str, list[str]] = {}
    for line in signed:
        name, _, value = line.decode("utf-8", "replace").partition(" ")
        fields.setdefault(name, []).append(value)
    trees, parents = fields.get("tree", []), fields.get("parent", [])
    if not gap or len(trees) != 1 or not all(_OBJECT.fullmatch(each) for each in (*trees, *parents)):
        raise Unreadable("it is not a commit in the form that Clearance writes")
    review, person, heads = _read_message(message)
    payload = b"\n".join(signed) + b"\n\n" + message
    return CommitText(
        object_name("commit", raw), trees[0], tuple(parents), review, person, heads, payload, signature, raw
    )


def _split_signature(lines: Sequence[bytes]) -> tuple[list[bytes], bytes]:
    """Return the lines of a header without its signature, and the signature; empty without one."""
    kept: list[bytes] = []
    signature: list[bytes] = []
    inside = False
    for line in lines:
        if line.startswith(b"gpgsig "):
            if signature:
                raise Unreadable("it has two signatures")
            signature, inside = [line.removeprefix(b"gpgsig ")], True
        elif inside and line.startswith(b" "):
            signature.append(line[1:])
        else:
            kept, inside = [*kept, line], False
    return kept, b"".join(line + b"\n" for line in signature)


def _read_message(message: bytes) -> tuple[str, str, dict[str, tuple[int, str]]]:
    """Return review, person and heads of a message, or raise `Unreadable`."""
    try:
        subject, empty, review, person, *heads = message.decode("ascii").removesuffix("\n").split("\n")
    except ValueError:
        raise Unreadable("its message is not one of Clearance") from None
    found = [_HEAD.fullmatch(line) for line in heads]
    fits = subject == _SUBJECT and not empty and review.startswith("review ") and person.startswith("person ")
    if not fits or not found or None in found:
        raise Unreadable("its message is not one of Clearance")
    ends = {each[1]: (int(each[2]), each[3]) for each in found if each is not None}
    return review.removeprefix("review "), person.removeprefix("person "), ends


@dataclass(frozen=True, slots=True)
class Proof:
    """A commit whose signature was verified: the person and their key, and the ends of chains that it covers."""

    person: str
    key: str
    heads: Mapping[str, tuple[int, str]]
    commit: str = ""  # the exact text, decoded as Latin-1


def verified(commit: CommitText, *, review: str, person: str, signers: SignerList, at: str) -> Proof | str:
    """Return what a commit proves of a person at a time (ISO 8601), or why it proves nothing.

    The time is when the commit was first seen: its own date is its author's word.
    """
    if commit.review != review:
        return "it was signed for another review"
    if commit.person != person:
        return "it was signed by another person than that of the branch"
    if not commit.signature:
        return "it is not signed"
    checked = check_signature(
        commit.payload,
        commit.signature,
        namespace=NAMESPACE,
        signer=person,
        signers=signers,
        key_time=at,
    )
    if not checked.ok:
        return checked.why
    return Proof(person, checked.key, commit.heads, commit.raw.decode("latin-1"))


# what is written ---------------------------------------------------------------------------------------


def object_name(kind: str, data: bytes) -> str:
    """Return the name of a git object."""
    return hashlib.sha1(b"%s %d\0" % (kind.encode(), len(data)) + data, usedforsecurity=False).hexdigest()


def write_object(folder: Path, kind: str, data: bytes) -> str:
    """Write an object into a repository and return its name."""
    name = object_name(kind, data)
    place = folder / "objects" / name[:2] / name[2:]
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = place.with_suffix(".new")
        draft.write_bytes(zlib.compress(b"%s %d\0" % (kind.encode(), len(data)) + data, 1))
        draft.replace(place)
    return name


@dataclass(frozen=True, slots=True)
class Segment:
    """Events of one chain, one after another: bodies as they are stored, and the id of the last."""

    replica: str
    first: int
    bodies: tuple[str, ...]
    last_id: str

    @property
    def last(self) -> int:
        """The place of the last event in its chain."""
        return self.first + len(self.bodies) - 1


def message_of(review: str, person: str, segments: Iterable[Segment]) -> str:
    """Return the message of a commit that carries segments."""
    heads = [f"head {each.replica} {each.last} {each.last_id}" for each in segments]
    return "\n".join([_SUBJECT, "", f"review {review}", f"person {person}", *heads, ""])


def payload_of(tree: str, parent: str, *, person: str, seconds: int, message: str) -> bytes:
    """Return a commit without its signature; `seconds` are those of its date."""
    who = f"{person} <{person}> {seconds} +0000"
    above = [f"parent {parent}"] if parent else []
    return "\n".join([f"tree {tree}", *above, f"author {who}", f"committer {who}", "", message]).encode()


def with_signature(payload: bytes, signature: bytes) -> bytes:
    """Return a commit with its signature, as git stores it."""
    header, _, message = payload.partition(b"\n\n")
    indented = signature.rstrip(b"\n").replace(b"\n", b"\n ")
    return b"%s\ngpgsig %s\n\n%s" % (header, indented, message)


def written_tree(files: Mapping[str, str]) -> bytes:
    """Return a listing of files: name -> object."""
    entries = [b"%s %s\0" % (_FILE_MODE, name.encode()) + bytes.fromhex(files[name]) for name in sorted(files)]
    return b"".join(entries)


def files_in_tree(data: bytes) -> dict[str, str]:
    """Return the files that a listing names, or raise `Unreadable` for anything but plain files of known names."""
    found: dict[str, str] = {}
    at = 0
    while at < len(data):
        end = data.find(b"\0", at)
        mode, space, name = data[at:end].partition(b" ")
        object_id = data[end + 1 : end + 21]
        text = name.decode("ascii", "replace")
        if end < 0 or not space or len(object_id) != 20 or mode != _FILE_MODE or text in found:
            raise Unreadable("its tree holds something else than plain files")
        if not _SEGMENT.fullmatch(text) and not _SOURCE.fullmatch(text):
            raise Unreadable("its tree holds a file of another name")
        found[text] = object_id.hex()
        at = end + 21
    return found


def segment_name(segment: Segment) -> str:
    """Return the name of the file of a segment."""
    return f"{segment.replica}.{segment.first}-{segment.last}.jsonl"


def segment_bytes(segment: Segment) -> bytes:
    """Return the file of a segment."""
    return "".join(f"{body}\n" for body in segment.bodies).encode()


def read_segment(name: str, data: bytes) -> tuple[str, int, tuple[str, ...]] | None:
    """Return chain, place of the first event and bodies of a file; None for the files of a source."""
    found = _SEGMENT.fullmatch(name)
    if found is None:
        return None
    replica, first, last = found[1], int(found[2]), int(found[3])
    try:
        *bodies, rest = data.decode().split("\n")
    except UnicodeDecodeError:
        raise Unreadable(f"{name} is not text") from None
    if rest or len(bodies) != last - first + 1 or not ANY_REPLICA.fullmatch(replica):
        raise Unreadable(f"{name} does not hold the events that its name states")
    return replica, first, tuple(bodies)


def source_name(digest: str) -> str:
    """Return the name of the file with the bytes of an import."""
    return f"source-{digest}.json"


def source_bytes(files: Sequence[tuple[str, bytes]]) -> bytes:
    """Return the file with the bytes of an import: (relative name, bytes), the entry first."""
    return json.dumps([[name, base64.b64encode(raw).decode("ascii")] for name, raw in files]).encode("ascii")


def files_of_source(name: str, data: bytes) -> tuple[str, tuple[tuple[str, bytes], ...]]:
    """Return the digest of an import and its files, or raise `Unreadable`; whether they are its files is not checked."""
    found = _SOURCE.fullmatch(name)
    try:
        listed = json.loads(data)
        files = tuple((str(entry), base64.b64decode(text, validate=True)) for entry, text in listed)
    except (ValueError, TypeError, RecursionError):
        raise Unreadable(f"{name} does not hold the files of a source") from None
    if found is None:
        raise Unreadable(f"{name} is not the name of a source")
    return found[1], files
