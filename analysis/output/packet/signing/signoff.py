"""Sign-offs: signed verdicts on a packet, by a person in a role, and whether they are valid.

A sign-off is a statement about `manifest.json`, and thereby about every byte of the packet, signed under a
namespace that names the role. File name, text and signature name role and signer; all three must agree. One key
counts for one role: two roles are meant to be two people.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
import re
import secrets
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import rfc8785

from analysis.errors import CheckFailed, UsageError
from analysis.output.packet.file_check import check_manifest, is_draft, read_manifest
from analysis.output.packet.folder import MANIFEST, SIGNOFFS, Snapshot, Unreadable, read
from analysis.output.packet.manifest import STATEMENT
from analysis.output.packet.signing import sshsig
from analysis.output.packet.strict_json import strict_json
from analysis.text import visible, without_surrogates

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

PREDICATE: Final = "https://clearance/predicates/sign-off/v1"
VERDICTS: Final = ("approve", "approve-with-conditions", "reject", "withdrawn")
_APPROVING: Final = ("approve", "approve-with-conditions")
_FIELDS: Final = {"role", "signer", "verdict", "conditions", "statement", "signedAt", "draft"}
_UTC_TIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|\+00:00)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Signoff:
    """One sign-off as it was read. `ok`: it is genuine, about this packet, and approves it; otherwise `why` says what fails."""

    role: str
    signer: str
    verdict: str
    signed_at: str
    ok: bool
    why: str
    key: str = ""
    conditions: tuple[str, ...] = ()
    statement: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether a packet may be relied on. `draft` is separate: a draft can be intact and signed, and is no approval."""

    ok: bool
    draft: bool
    signoffs: tuple[Signoff, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Manifest:
    """The subject of a sign-off: the digest of the manifest, and whether it is that of a draft."""

    sha256: str
    draft: bool

    @classmethod
    def of(cls, packet: Snapshot) -> _Manifest:
        """Return it from the manifest of a packet, or raise `Unreadable`."""
        draft = is_draft(read_manifest(packet))
        return cls(hashlib.sha256(packet.read(MANIFEST)).hexdigest(), draft)


def sign(
    folder: Path,
    *,
    role: str,
    signer: str,
    key: Path,
    verdict: str = "approve",
    statement: str = "",
    conditions: Sequence[str] = (),
    at: str,
    replace: bool = False,
) -> Path:
    """Sign a packet and return the path of the sign-off. A packet that is not intact is not signed."""
    sshsig.check_names(role, signer)
    _check_statement(verdict, conditions, at)
    target = folder / SIGNOFFS / f"{role}.{signer}.json"
    if target.exists() and not replace:
        why = f"{signer} has already signed as {role}"
        raise UsageError("the sign-off exists", place=str(target), why=why, remedy="add --replace to replace it")
    manifest = _Manifest.of(_intact(folder))
    predicate = {
        "role": role,
        "signer": signer,
        "verdict": verdict,
        "conditions": [without_surrogates(c) for c in conditions],
        "statement": without_surrogates(statement),
        "signedAt": at,
        "draft": manifest.draft,
    }
    text = rfc8785.dumps(_statement(manifest, predicate)) + b"\n"
    signature = sshsig.sign(text, key=key, role=role)
    target.parent.mkdir(exist_ok=True)
    # The signature comes first: if the machine stops between the two, no unsigned statement is left behind.
    _write(target.with_name(f"{target.name}.sig"), signature)
    _write(target, text)
    return target


def _intact(folder: Path) -> Snapshot:
    """Return a packet whose files were checked: what is signed is what was checked. Raises `CheckFailed`."""
    try:
        packet = Snapshot.of(folder)
        problems = check_manifest(packet)
    except Unreadable as error:
        raise CheckFailed("this is not a packet", place=str(folder), why=str(error), remedy="export it again") from None
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise CheckFailed(
            "the packet is not intact", place=str(folder), why=problems[0] + more, remedy="export it again"
        )
    return packet


def _check_statement(verdict: str, conditions: Sequence[str], at: str) -> None:
    if verdict not in VERDICTS:
        raise UsageError(f"{visible(verdict, 40)} is not a verdict", remedy=f"one of {', '.join(VERDICTS)}")
    if (verdict == "approve-with-conditions") is not bool(conditions):
        raise UsageError(
            "conditions and verdict do not match", remedy="give --condition with approve-with-conditions, and only then"
        )
    if not _UTC_TIME.fullmatch(at):
        raise UsageError(
            f"{visible(at, 40)} is not a time", remedy="give ISO 8601 in UTC, such as 2026-11-22T10:00:00Z"
        )


def _statement(manifest: _Manifest, predicate: dict[str, Any]) -> dict[str, Any]:
    subject = [{"name": MANIFEST, "digest": {"sha256": manifest.sha256}}]
    return {"_type": STATEMENT, "subject": subject, "predicateType": PREDICATE, "predicate": predicate}


def _write(path: Path, data: bytes) -> None:
    """Write a file atomically."""
    temporary = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with temporary.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def read_signers(place: Path, folder: Path) -> bytes:
    """Return the content of the auditor's list of signers, or raise `Unreadable`. It may not be inside the packet."""
    try:
        found, inside = place.resolve(), folder.resolve()
    except (OSError, RuntimeError):  # circular links
        raise Unreadable("allowed_signers: cannot be found: its links are circular") from None
    if found.is_relative_to(inside):
        raise Unreadable("allowed_signers: is inside the packet; a packet cannot say who may sign it")
    try:
        return read(found)
    except Unreadable as error:
        raise Unreadable(f"allowed_signers: {error}; it lists whose signatures count") from None


def verify(packet: Snapshot, allowed_signers: bytes) -> Verification:
    """Check a packet and its sign-offs against the auditor's own list of signers. Every refusal is a sentence."""
    problems = check_manifest(packet)
    try:
        manifest = _Manifest.of(packet)
    except Unreadable:  # reported among the problems
        return Verification(ok=False, draft=True, signoffs=(), problems=tuple(problems))
    names = [name for name in packet.names if name.startswith(f"{SIGNOFFS}/")]
    problems += _unexpected(names)
    pairs = [(n, *p) for n in names if (p := _parts(n))]
    found = [_check(packet, manifest, n, role, signer, allowed_signers) for n, role, signer in pairs]
    found = list(_one_key_one_role(found))
    problems += [f"{SIGNOFFS}/{s.role}.{s.signer}.json: {s.why}" for s in found if not s.ok]
    problems += [] if found else [f"{SIGNOFFS}: no one has signed this packet"]
    return Verification(ok=not problems, draft=manifest.draft, signoffs=tuple(found), problems=tuple(problems))


def _parts(name: str) -> tuple[str, str] | None:
    """Return role and signer from the file name of a sign-off; None if it is not one."""
    role, dot, rest = name.removeprefix(f"{SIGNOFFS}/").partition(".")
    signer = rest.removesuffix(".json")
    good = dot and signer != rest and sshsig.ROLE.fullmatch(role) and sshsig.SIGNER.fullmatch(signer)
    return (role, signer) if good else None


def _unexpected(names: Sequence[str]) -> list[str]:
    """Return a problem for each file in the folder of sign-offs that is none, such as a signature without its text."""
    texts = {name for name in names if _parts(name)}
    return [f"{visible(n)}: is not a sign-off" for n in names if n not in texts and n.removesuffix(".sig") not in texts]


def _check(packet: Snapshot, manifest: _Manifest, name: str, role: str, signer: str, allowed_signers: bytes) -> Signoff:
    """Return one sign-off with the first problem found."""
    bad = Signoff(role, signer, verdict="", signed_at="", ok=False, why="")
    try:
        text, signature = packet.read(name), _signature(packet, name)
        statement = strict_json(text)
    except Unreadable as error:
        return dataclasses.replace(bad, why=str(error))
    checked = sshsig.verify(text, signature, role=role, signer=signer, allowed_signers=allowed_signers)
    if not checked.ok:
        return dataclasses.replace(bad, why=checked.why)
    predicate = statement.get("predicate")
    if not isinstance(predicate, dict) or not _well_formed(predicate):
        return dataclasses.replace(bad, why="does not have the form of a sign-off", key=checked.key)
    signoff = dataclasses.replace(
        bad,
        verdict=predicate["verdict"],
        signed_at=predicate["signedAt"],
        key=checked.key,
        conditions=tuple(predicate["conditions"]),
        statement=predicate["statement"],
    )
    why = _objection(statement, predicate, role, signer, manifest)
    return dataclasses.replace(signoff, ok=not why, why=why)


def _well_formed(predicate: dict[str, Any]) -> bool:
    conditions = predicate.get("conditions")
    return (
        set(predicate) == _FIELDS
        and all(isinstance(predicate[name], str) for name in ("role", "signer", "statement", "signedAt"))
        and isinstance(conditions, list)
        and all(isinstance(condition, str) for condition in conditions)
        and predicate["verdict"] in VERDICTS
        and _UTC_TIME.fullmatch(predicate["signedAt"]) is not None
    )


def _signature(packet: Snapshot, name: str) -> bytes:
    try:
        return packet.read(f"{name}.sig")
    except Unreadable as error:
        raise Unreadable(f"its signature {error}") from None


def _objection(
    statement: dict[str, Any], predicate: dict[str, Any], role: str, signer: str, manifest: _Manifest
) -> str:
    """Return why a genuine signature does not approve this packet."""
    if predicate["role"] != role or predicate["signer"] != signer:
        other = visible(f"{predicate['role']}.{predicate['signer']}", 120)
        return f"its text names {other}, its file name {role}.{signer}"
    expected = _statement(manifest, predicate)
    if statement.get("subject") != expected["subject"]:
        return f"is for another {MANIFEST}, or {MANIFEST} has been changed since"
    if statement != expected:
        return "does not have the form of a sign-off"
    if predicate["draft"] is not manifest.draft:
        return f"does not agree with {MANIFEST} on whether this is a draft"
    if predicate["verdict"] not in _APPROVING:
        reason = visible(predicate["statement"], 200)
        return f"{role} says {predicate['verdict']}{f': {reason}' if reason else ''}"
    return ""


def _one_key_one_role(found: Sequence[Signoff]) -> Iterator[Signoff]:
    by_key: dict[str, list[str]] = defaultdict(list)
    for signoff in found:
        by_key[signoff.key].append(f"{signoff.role}.{signoff.signer}")
    for signoff in found:
        others = [n for n in by_key[signoff.key] if signoff.key and n != f"{signoff.role}.{signoff.signer}"]
        if others and signoff.ok:
            why = f"its key has also signed as {', '.join(others)}; one key counts once"
            yield dataclasses.replace(signoff, ok=False, why=why)
        else:
            yield signoff
