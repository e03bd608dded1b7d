"""Sign-offs: signed verdicts on a packet, by a person in a role, and whether they are valid.

A sign-off is a statement about `manifest.json`, and thereby about every byte of the packet, signed under a
namespace that names the role. File name, text and signature name role and signer; all three must agree. One person, by
name and by key, counts in one role: two roles are meant to be two people.
"""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.output.packet.file_check import check_manifest
from analysis.output.packet.folder import MANIFEST, SIGNOFFS, Snapshot, Unreadable, read
from analysis.output.packet.signing import sshsig
from analysis.output.packet.signing.statement import (
    SIGNATURE,
    STAMP,
    SignedManifest,
    objection_to_form,
    predicate_of,
    role_and_signer,
    signoff_file,
)
from analysis.output.packet.signing.verdicts import SignoffVerdict
from analysis.output.packet.strict_json import strict_json
from analysis.ssh.signer_list import SignerList, revoked_next_to
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Signoff:
    """One sign-off as it was read. `ok`: it is genuine and about this packet, whatever its verdict; otherwise `why`."""

    role: str
    signer: str
    verdict: SignoffVerdict | None  # None where it could not be read
    signed_at: str
    ok: bool
    why: str
    key: str = ""
    conditions: tuple[str, ...] = ()
    statement: str = ""
    valid_until: str = ""  # ISO date on which the sign-off ends; empty for none
    before: tuple[tuple[str, str], ...] = ()  # the sign-offs that were there: file name and SHA-256
    counted: str = ""  # when its key had to be valid, where that is not the time of the verification
    ended: bool = False  # genuine, but its key was not valid at that time: not any more, or not yet

    @property
    def approves(self) -> bool:
        """Whether it is valid and lets the tools be used."""
        return self.ok and self.verdict is not None and self.verdict.approves

    @property
    def refuses(self) -> bool:
        """Whether it is valid and keeps the tools from being used: a rejection, or an approval withdrawn."""
        return self.ok and self.verdict is not None and not self.verdict.approves


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether a packet is intact and its sign-offs genuine. `draft` and their verdicts are separate."""

    ok: bool
    draft: bool
    signoffs: tuple[Signoff, ...]
    problems: tuple[str, ...]


def read_signers(place: Path, folder: Path) -> SignerList:
    """Return the auditor's list of signers and the revoked keys next to it, or raise `Unreadable`.

    It may not be inside the packet.
    """
    try:
        found, inside = place.resolve(), folder.resolve()
    except (OSError, RuntimeError):  # circular links
        raise Unreadable("allowed_signers: cannot be found: its links are circular") from None
    if found.is_relative_to(inside):
        raise Unreadable("allowed_signers: is inside the packet; a packet cannot say who may sign it")
    try:
        return SignerList(read(found), revoked_next_to(place))
    except Unreadable as error:
        raise Unreadable(f"allowed_signers: {error}; it lists whose signatures count") from None


def check_signoffs(
    packet: Snapshot, signers: SignerList, key_time: str = "", stamps: Mapping[str, str] | None = None
) -> Verification:
    """Check a packet and its sign-offs against the auditor's own list of signers. Every refusal is a sentence.

    A key has to be valid when it signed, as far as that can be known: at the checked time stamp of its signature
    (`stamps`, name of the sign-off -> ISO 8601 in UTC); else, where it has ended at `key_time` (ISO 8601) or today, when
    a valid later sign-off saw it.
    """
    problems = check_manifest(packet)
    try:
        manifest = SignedManifest.of(packet)
    except Unreadable:  # reported among the problems
        return Verification(ok=False, draft=True, signoffs=(), problems=tuple(problems))
    names = [name for name in packet.names if name.startswith(f"{SIGNOFFS}/")]
    problems += _unexpected(names)
    pairs = [(n, *p) for n in names if (p := role_and_signer(n))]
    checker = _Checker(packet, manifest, signers, key_time, stamps or {})
    found = checker.as_first_seen([checker.check(name, role, signer) for name, role, signer in pairs])
    found = list(_one_role_each(found))
    problems += [f"{signoff_file(s.role, s.signer)}: {s.why}" for s in found if not s.ok]
    problems += _removed(found)
    return Verification(ok=not problems, draft=manifest.draft, signoffs=tuple(found), problems=tuple(problems))


def _unexpected(names: Sequence[str]) -> list[str]:
    """Return a problem for each file in the folder of sign-offs that is none, such as a signature without its text."""
    texts = {name for name in names if role_and_signer(name)}
    belongs = {f"{name}{ending}" for name in texts for ending in ("", SIGNATURE, STAMP)}
    return [f"{visible(name)}: is not a sign-off" for name in names if name not in belongs]


def _removed(found: Sequence[Signoff]) -> list[str]:
    """Return a problem for each sign-off that another one names and that is not there any more."""
    there = {signoff_file(s.role, s.signer) for s in found}
    return [
        f"{visible(name, 120)}: was there when {visible(s.signer, 80)} signed, and has been removed"
        for s in found
        for name, _ in s.before
        if name not in there and not name.endswith(SIGNATURE)  # a text without its signature is refused already
    ]


@dataclass(frozen=True, slots=True)
class _Checker:
    """What a sign-off is checked against."""

    packet: Snapshot
    manifest: SignedManifest
    signers: SignerList
    key_time: str
    stamps: Mapping[str, str]

    def check(self, name: str, role: str, signer: str, seen: Signoff | None = None) -> Signoff:
        """Return one sign-off with the first problem found; `seen` is a later one that saw it."""
        bad = Signoff(role, signer, verdict=None, signed_at="", ok=False, why="")
        try:
            text, signature = self.packet.read(name), _signature(self.packet, name)
            statement = strict_json(text)
        except Unreadable as error:
            return dataclasses.replace(bad, why=str(error))
        predicate = predicate_of(statement)
        stamp = self.stamps.get(name, "")
        checked = sshsig.check_signature(
            text, signature, role=role, signer=signer, signers=self.signers,
            key_time=self._seen_at(seen) if seen else stamp or self.key_time,
        )  # fmt: skip
        if not checked.ok:
            return dataclasses.replace(bad, why=self._why_ended(checked, name), ended=checked.ended)
        if predicate is None:
            return dataclasses.replace(bad, why="does not have the form of a sign-off", key=checked.key)
        signoff = dataclasses.replace(
            bad,
            verdict=SignoffVerdict(predicate["verdict"]),
            signed_at=predicate["signedAt"],
            key=checked.key,
            conditions=tuple(predicate["conditions"]),
            statement=predicate["statement"],
            valid_until=predicate["validUntil"],
            before=tuple((each["name"], each["sha256"]) for each in predicate["before"]),
            counted=self._counted(stamp, seen),
        )
        why = _objection(statement, predicate, role, signer, self.manifest)
        if not why and stamp and signoff.signed_at[:19] > stamp[:19]:
            why = f"says that it was signed on {signoff.signed_at[:10]}, after the time stamp of its signature"
        if seen and self._seen_at(seen)[:19] < signoff.signed_at[:19]:
            why = f"says that it was signed on {signoff.signed_at[:10]}, after {visible(seen.signer, 80)} saw it"
        return dataclasses.replace(signoff, ok=not why, why=why)

    def as_first_seen(self, found: list[Signoff]) -> list[Signoff]:
        """Check those whose key has ended again, at the time of the first valid sign-off that saw them."""
        known = {signoff_file(each.role, each.signer): each for each in found}
        while True:
            again = {
                name: self.check(name, each.role, each.signer, witness)
                for name, each in known.items()
                if each.ended and (witness := self._witness(name, known.values()))
            }
            again = {name: each for name, each in again.items() if each.ok}
            if not again:
                return list(known.values())
            known |= again

    def _witness(self, name: str, found: Iterable[Signoff]) -> Signoff | None:
        """Return the first valid sign-off that names this text as one that was there."""
        both = (name, f"{name}{SIGNATURE}")
        seen = {(each, hashlib.sha256(self.packet.read(each)).hexdigest()) for each in both}
        witnesses = [each for each in found if each.ok and seen <= {*each.before} and self._seen_at(each) >= self._made]
        return min(witnesses, key=self._seen_at, default=None)

    @property
    def _made(self) -> str:
        """The day on which the packet was made: no one saw a sign-off before."""
        return self.manifest.issued_at[:10]

    def _seen_at(self, witness: Signoff) -> str:
        """Return when a witness signed: by its checked time stamp, else by its own word."""
        return self.stamps.get(signoff_file(witness.role, witness.signer)) or witness.signed_at

    def _counted(self, stamp: str, seen: Signoff | None) -> str:
        if seen is None:
            return f"its key counts as of its time stamp, {stamp}" if stamp else ""
        stamped = signoff_file(seen.role, seen.signer) in self.stamps
        by = "by a time stamp" if stamped else "by that person's word"
        return f"its key counts as of {self._seen_at(seen)[:10]}, when {visible(seen.signer, 80)} saw it, {by}"

    def _why_ended(self, checked: sshsig.Checked, name: str) -> str:
        """Return why a signature does not count, and what cannot be known of a key that has ended."""
        if not checked.ended or name in self.stamps:
            return checked.why
        unknown = "no time stamp covers its signature, and no valid later sign-off saw it"
        if f"{name}{STAMP}" in self.packet.names:
            unknown = "the time stamp of its signature was not checked: give the authority's certificate with --tsa"
        return f"{checked.why}; when it signed cannot be known: {unknown}"


def _signature(packet: Snapshot, name: str) -> bytes:
    try:
        return packet.read(f"{name}{SIGNATURE}")
    except Unreadable as error:
        raise Unreadable(f"its signature {error}") from None


def _objection(
    statement: dict[str, Any], predicate: dict[str, Any], role: str, signer: str, manifest: SignedManifest
) -> str:
    """Return why a genuine signature is not one on this packet."""
    if predicate["role"] != role or predicate["signer"] != signer:
        other = visible(f"{predicate['role']}.{predicate['signer']}", 120)
        return f"its text names {other}, its file name {role}.{signer}"
    why = objection_to_form(statement, manifest)
    if why:
        return why
    if predicate["draft"] is not manifest.draft:
        return f"does not agree with {MANIFEST} on whether this is a draft"
    return ""


def _one_role_each(found: Sequence[Signoff]) -> Iterator[Signoff]:
    """Refuse the sign-offs of a person, by name or by key, who signs in more than one role."""
    for signoff in found:
        others = [
            f"{other.role}.{other.signer}"
            for other in found
            if other is not signoff
            and ((signoff.key and other.key == signoff.key) or (other.ok and _same_name(other, signoff)))
        ]
        if others and signoff.ok:
            why = f"the same person or key has also signed as {', '.join(others)}; one person counts in one role"
            yield dataclasses.replace(signoff, ok=False, why=why)
        else:
            yield signoff


def _same_name(one: Signoff, other: Signoff) -> bool:
    return one.signer.casefold() == other.signer.casefold()
