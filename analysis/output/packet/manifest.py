"""The packet as bytes: which files it holds, and the manifest that binds them to one another.

`SHA256SUMS` names every file, `manifest.json` (an in-toto statement) names them again together with the sums,
and a sign-off names the manifest. So one digest stands for the whole packet, and a reader needs no tool of ours.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any, Final

import rfc8785

from analysis.model import Profile
from analysis.output.packet import html, markdown
from analysis.output.packet.document import POLICY, counts, document, file_label, inventory_digest, lapses_first, status
from analysis.output.packet.folder import Unreadable, safe_name
from analysis.output.packet.strict_json import strict_json
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.model import LogEntry, ReviewSnapshot
    from analysis.output.packet.folder import Snapshot

STATEMENT: Final = "https://in-toto.io/Statement/v1"
REVIEW: Final = "https://clearance/predicates/tool-exposure-review/v1"
MANIFEST: Final = "manifest.json"
SUMS: Final = "SHA256SUMS"
SIGNOFFS: Final = "signoffs"
#: Files that the manifest cannot list because they are made after it.
_LATER: Final = ("manifest.json.tsr",)
_REQUIRED: Final = ("SHA256SUMS", "allowlist.json", "events.jsonl", "review.html", "review.json", "review.md")
_DRAFT_LINE: Final = "# DRAFT: this review is not complete"
_SUM_LINE: Final = re.compile(r"([0-9a-f]{64})  (.+)", re.ASCII)
_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


def files(review_snapshot: ReviewSnapshot) -> dict[str, bytes]:
    """Return the review document in its three forms, the event log, and the policy in force. Same dossier, same bytes."""
    doc = document(review_snapshot)
    policy = {POLICY: review_snapshot.policy.text.encode()} if review_snapshot.policy else {}
    return policy | {
        "events.jsonl": _events(review_snapshot),
        "review.html": html.render(doc).encode(),
        "review.json": _pretty(doc),
        "review.md": markdown.render(doc).encode(),
    }


def packet_files(
    review_snapshot: ReviewSnapshot, allowlist: bytes, extra: Mapping[str, bytes] | None = None
) -> dict[str, bytes]:
    """Return every file of the packet. `extra` holds further files by name: a PDF, target exports, tables.

    A name in `extra` that is taken or would leave the folder is a `ValueError`: names are ours, never a source's.
    """
    found = files(review_snapshot) | {"allowlist.json": allowlist}
    for name, data in (extra or {}).items():
        if name in {*found, SUMS, MANIFEST, *_LATER} or not safe_name(name) or name.startswith(f"{SIGNOFFS}/"):
            raise ValueError(f"{name!r} cannot be the name of a further file of a packet")
        found[name] = data
    found[SUMS] = _sums(found, draft=review_snapshot.draft)
    return found | {MANIFEST: _manifest(review_snapshot, found)}


def _pretty(value: dict[str, Any]) -> bytes:
    return (json.dumps(value, indent=2, sort_keys=True, ensure_ascii=True, allow_nan=False) + "\n").encode("ascii")


def _compact(value: dict[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _events(review_snapshot: ReviewSnapshot) -> bytes:
    """Return a header line and then one event a line, each exactly as it was stored, so that its id can be checked."""
    header = _compact(
        {
            "format": "clearance-events",
            "format_version": 1,
            "status": status(review_snapshot),
            "open_gates": list(review_snapshot.open_gates),
            "workspace": review_snapshot.workspace,
            "as_of": review_snapshot.as_of,
            "events": len(review_snapshot.log),
        }
    )
    lines = [header.encode("ascii"), *map(_event, review_snapshot.log)]
    return b"".join(line + b"\n" for line in lines)


def _event(entry: LogEntry) -> bytes:
    """Return an event's line. A body that could pose as several lines is wrapped, its exact text kept inside."""
    try:
        body = entry.body.encode()
    except UnicodeEncodeError:
        body = b"\n"
    return _compact({"id": entry.id, "body": entry.body}).encode("ascii") if b"\n" in body else body


def _sums(found: Mapping[str, bytes], *, draft: bool) -> bytes:
    """Return the sums as coreutils reads them; it passes over a comment."""
    comment = [_DRAFT_LINE] if draft else []
    lines = [f"{hashlib.sha256(data).hexdigest()}  {name}" for name, data in sorted(found.items())]
    return "".join(f"{line}\n" for line in (*comment, *lines)).encode("ascii")


def _manifest(review_snapshot: ReviewSnapshot, found: Mapping[str, bytes]) -> bytes:
    product = review_snapshot.product
    sources = [
        {"uri": visible(file_label(s.uri)), "sha256": s.sha256, "kind": s.kind.value} for s in review_snapshot.sources
    ]
    heads = {visible(replica): {"seq": seq, "id": event} for replica, (seq, event) in review_snapshot.heads.items()}
    predicate: dict[str, Any] = {
        "draft": review_snapshot.draft,
        "status": "DRAFT" if review_snapshot.draft else "FINAL",
        "openGates": [visible(gate) for gate in review_snapshot.open_gates],
        "workspace": {"id": visible(review_snapshot.workspace), "heads": heads, "events": len(review_snapshot.log)},
        "inventory": {
            "tools": len(review_snapshot.tools),
            "sha256": inventory_digest(review_snapshot),
            "sources": sources,
        },
        "ruleset": {"version": visible(review_snapshot.rule_pack)},
        "scoreModel": review_snapshot.score.model,
        "score": review_snapshot.score.value,
        "verdict": visible(review_snapshot.score.verdict),
        "counts": counts(review_snapshot),
        "openConflicts": sum(r.state.conflict for r in review_snapshot.tools),
        "issuedAt": review_snapshot.as_of,
        "reviewBy": lapses_first(review_snapshot) or None,
        "supersedes": None,
        "profile": review_snapshot.profile.value,
        "product": {"name": visible(product.name), "version": visible(product.version)},
    }
    if review_snapshot.profile is Profile.L4:
        predicate["withoutSecondApprover"] = [visible(tool) for tool in review_snapshot.alone]
    subject = [
        {"name": name, "digest": {"sha256": hashlib.sha256(data).hexdigest()}} for name, data in sorted(found.items())
    ]
    statement: dict[str, Any] = {
        "_type": STATEMENT,
        "subject": subject,
        "predicateType": REVIEW,
        "predicate": predicate,
    }
    return rfc8785.dumps(statement) + b"\n"


def check_manifest(packet: Snapshot) -> list[str]:
    """Return what is wrong with the files of a packet, in words; an empty list says that they belong together.

    Who vouches for them is another question: see `signoff.verify`.
    """
    try:
        manifest = read_manifest(packet)
        listed = _query_rows(manifest)
    except Unreadable as error:
        return [str(error)]
    problems = [f"{visible(name)}: {packet.refused[name]}" for name in sorted(packet.refused)]
    if manifest.get("_type") != STATEMENT or manifest.get("predicateType") != REVIEW:
        problems.append(f"{MANIFEST}: not the manifest of a tool exposure review")
    problems += [f"{MANIFEST}: does not list {name}" for name in _REQUIRED if name not in listed]
    for name, digest in listed.items():
        problems += _compare(packet, name, digest)
    known = {*listed, MANIFEST, *_LATER}
    strangers = [name for name in packet.names if name not in known and not name.startswith(f"{SIGNOFFS}/")]
    problems += [f"{visible(name)}: not listed in {MANIFEST}" for name in strangers]
    return problems + _check_sums(packet, listed, draft=is_draft(manifest))


def read_manifest(packet: Snapshot) -> dict[str, Any]:
    """Return the manifest of a packet, or raise `Unreadable` with a sentence that names it."""
    try:
        return strict_json(packet.read(MANIFEST))
    except Unreadable as error:
        raise Unreadable(f"{MANIFEST}: {error}") from None


def is_draft(manifest: dict[str, Any]) -> bool:
    """Whether a manifest is that of a draft: everything but a plain `false` is."""
    predicate = manifest.get("predicate")
    return not (isinstance(predicate, dict) and predicate.get("draft") is False)


def _query_rows(manifest: dict[str, Any]) -> dict[str, str]:
    """Return the digest of each file that a manifest names; a name that leaves the folder is never looked at."""
    listed: dict[str, str] = {}
    subjects = manifest.get("subject")
    for subject in subjects if isinstance(subjects, list) else ():
        match subject:
            case {"name": str(name), "digest": {"sha256": str(digest)}} if _DIGEST.fullmatch(digest):
                if name in listed or name == MANIFEST or not safe_name(name):
                    raise Unreadable(f"{MANIFEST}: names {visible(name, 80)}, which no packet may")
                listed[name] = digest
            case _:
                raise Unreadable(f"{MANIFEST}: has an entry without a name and a SHA-256 digest")
    return listed


def _compare(packet: Snapshot, name: str, digest: str) -> list[str]:
    if name in packet.refused:  # told already
        return []
    try:
        data = packet.read(name)
    except Unreadable as error:
        return [f"{name}: {error}"]
    same = hashlib.sha256(data).hexdigest() == digest
    return [] if same else [f"{name}: has been changed since the packet was made"]


def _check_sums(packet: Snapshot, listed: Mapping[str, str], *, draft: bool) -> list[str]:
    """Return where the sums are malformed or say something else than the manifest."""
    try:
        text = packet.read(SUMS).decode("ascii")
    except UnicodeDecodeError:
        return [f"{SUMS}: malformed, not plain ASCII"]
    except Unreadable as error:
        return [] if SUMS in listed else [f"{SUMS}: {error}"]
    *lines, rest = text.split("\n")
    problems = [f"{SUMS}: malformed, the last line has no end"] if rest else []
    if (lines[:1] == [_DRAFT_LINE]) is not draft:
        problems.append(f"{SUMS}: does not agree with {MANIFEST} on whether this is a draft")
    sums: dict[str, str] = {}
    for position, line in enumerate(lines, 1):
        found = _SUM_LINE.fullmatch(line)
        if found and found[2] not in sums:
            sums[found[2]] = found[1]
        elif found or not line.startswith("#"):
            problems.append(f"{SUMS}: line {position} is malformed or a repetition")
    expected = {name: digest for name, digest in listed.items() if name != SUMS}
    differing = sorted(name for name in {*sums, *expected} if sums.get(name) != expected.get(name))
    return problems + [f"{SUMS}: disagrees with {MANIFEST} about {visible(name)}" for name in differing]
