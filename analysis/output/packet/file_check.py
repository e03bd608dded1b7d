"""Whether the files of a packet belong together: each is what its manifest says, and none is missing or added."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from analysis.model import Profile, Verdict
from analysis.output import files
from analysis.output.packet.folder import MANIFEST, SIGNOFFS, SUMS, Unreadable, safe_name
from analysis.output.packet.manifest import DRAFT_LINE, REVIEW, STATEMENT
from analysis.output.packet.strict_json import strict_json
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.output.packet.folder import Snapshot

_SUM_LINE: Final = re.compile(r"([0-9a-f]{64})  (.+)", re.ASCII)
_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


def check_manifest(packet: Snapshot) -> list[str]:
    """Return what is wrong with the files of a packet, in words; an empty list says that they belong together.

    Who signed them is another question: see `signoff.check_signoffs`.
    """
    try:
        manifest = read_manifest(packet)
        listed = _listed_digests(manifest)
    except Unreadable as error:
        return [str(error)]
    problems = [f"{visible(name)}: {packet.refused[name]}" for name in sorted(packet.refused)]
    if manifest.get("_type") != STATEMENT or manifest.get("predicateType") != REVIEW:
        problems.append(f"{MANIFEST}: not the manifest of a tool exposure review")
    problems += [f"{MANIFEST}: does not list {name}" for name in files.REQUIRED if name not in listed]
    for name, digest in listed.items():
        problems += _compare(packet, name, digest)
    known = {*listed, MANIFEST}
    unlisted = [
        n for n in packet.names if n not in known and not files.added_later(n) and not n.startswith(f"{SIGNOFFS}/")
    ]
    problems += [f"{visible(name)}: not listed in {MANIFEST}" for name in unlisted]
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


@dataclass(frozen=True, slots=True)
class ManifestFacts:
    """What a manifest claims of its review. Whatever is missing or malformed counts against an approval."""

    draft: bool
    verdict: str
    open_gates: tuple[str, ...]
    review_by: str  # ISO date; empty where nothing ends
    profile: Profile
    requesters: tuple[str, ...]
    deciders: tuple[str, ...]
    conditional: bool  # tools were approved with conditions, or risks accepted
    review_by_item: str = ""  # what ends on `review_by`
    required_roles: tuple[str, ...] = ()  # roles that the access request wants to sign
    request: str = ""  # for which agent, where, for whom, in words

    @property
    def approvable(self) -> bool:
        """Whether the packet may be signed as an approval."""
        known = self.verdict in tuple(Verdict) and Verdict(self.verdict).approvable
        return known and not self.draft and not self.open_gates


def manifest_facts(manifest: dict[str, Any]) -> ManifestFacts:
    """Return what a manifest claims, read strictly; never raises."""
    claimed = manifest.get("predicate")
    predicate: dict[str, Any] = claimed if isinstance(claimed, dict) else {}
    people = predicate.get("people")
    verdict = predicate.get("verdict")
    profile = predicate.get("profile")
    review_by = predicate.get("reviewBy")
    return ManifestFacts(
        draft=is_draft(manifest),
        verdict=visible(verdict, 80) if isinstance(verdict, str) else "",
        open_gates=tuple(_gates(predicate.get("openGates"))),
        review_by="" if review_by is None else str(review_by),
        profile=Profile(profile) if profile in tuple(Profile) else Profile.L4,
        requesters=_names(people, "requesters"),
        deciders=_names(people, "deciders"),
        conditional=verdict == Verdict.CONDITIONS,
        review_by_item=visible(str(predicate.get("reviewByItem") or ""), 400),
        required_roles=_names(predicate, "requiredRoles"),
        request=_request(predicate.get("request")),
    )


def _gates(listed: object) -> Iterator[str]:
    """Yield the reasons of the open gates; a list that cannot be read is an open gate."""
    if not isinstance(listed, list):
        yield "the manifest does not list the open gates"
        return
    for gate in listed:
        why = gate.get("why") if isinstance(gate, dict) else gate
        yield visible(str(why), 200)


def _request(stated: object) -> str:
    """Return what the access request names, in words; empty where nothing is stated."""
    request = stated if isinstance(stated, dict) else {}
    parts = {name: request.get(name) for name in ("agent", "environment", "audience", "purpose")}
    parts["audience"] = ", ".join(_names(request, "audience"))
    return "; ".join(f"{name} {visible(str(value), 200)}" for name, value in parts.items() if value)


def _names(people: object, kind: str) -> tuple[str, ...]:
    listed = people.get(kind) if isinstance(people, dict) else None
    return tuple(str(name) for name in listed) if isinstance(listed, list) else ()


def _listed_digests(manifest: dict[str, Any]) -> dict[str, str]:
    """Return the digest of each file that a manifest names; a name that leaves the folder is refused."""
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
    if name in packet.refused:  # reported already
        return []
    try:
        data = packet.read(name)
    except Unreadable as error:
        return [f"{name}: {error}"]
    if hashlib.sha256(data).hexdigest() == digest:
        return []
    if hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest() == digest:
        return [f"{name}: has Windows line ends: the packet was converted, by git or an editor; fetch the original"]
    return [f"{name}: has been changed since the packet was made"]


def _check_sums(packet: Snapshot, listed: Mapping[str, str], *, draft: bool) -> list[str]:
    """Return where the sums are malformed or disagree with the manifest."""
    try:
        text = packet.read(SUMS).decode("ascii")
    except UnicodeDecodeError:
        return [f"{SUMS}: malformed, not plain ASCII"]
    except Unreadable as error:
        return [] if SUMS in listed else [f"{SUMS}: {error}"]
    *lines, rest = text.split("\n")
    problems = [f"{SUMS}: malformed, the last line has no end"] if rest else []
    if (lines[:1] == [DRAFT_LINE]) is not draft:
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
