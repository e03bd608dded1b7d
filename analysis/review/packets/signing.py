"""Sign-off and verification of an exported packet, with the requirements of its policy and of the verifier's own."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from analysis.model import iso_date
from analysis.output.packet.document.review_document import POLICY
from analysis.output.packet.file_check import ManifestFacts, manifest_facts, read_manifest
from analysis.output.packet.folder import MANIFEST, SIGNOFF_PAGE, SIGNOFFS, Snapshot, Unreadable, read
from analysis.output.packet.signing.requirements import (
    SignoffRequirement,
    requested_roles_requirement,
    second_approver_requirement,
    separation_requirement,
    signoff_requirements,
)
from analysis.output.packet.signing.sign import sign
from analysis.output.packet.signing.signoff import Signoff, Verification, check_signoffs, read_signers
from analysis.output.packet.signing.signoff_page import signoff_page
from analysis.output.packet.signing.statement import SIGNATURE, STAMP, SignoffText
from analysis.output.packet.signing.time_stamp import TimeStamp, check_time_stamp
from analysis.output.packet.signing.verdicts import HEADLINES, PacketResult, SignoffVerdict
from analysis.output.packet.stated_packet import StatedPacket, StatedSignoff, stated_packet
from analysis.policy import recorded_policy
from analysis.review.packets.carried_signatures import signature_problems
from analysis.review.packets.recomputation import Recomputation, recompute
from analysis.review.record.state import recorded_intake
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from analysis.review.session import Review

__all__ = [
    "HEADLINES",
    "PacketResult",
    "SignoffText",
    "SignoffVerdict",
    "StatedPacket",
    "StatedSignoff",
    "Verified",
    "roles_to_sign",
    "sign",
    "stated_packet",
    "verify",
]

#: Roles that sign where neither policy nor access request names any.
_USUAL_ROLES: Final = ("iam", "compliance", "risk", "change", "vendor")


@dataclass(frozen=True, slots=True)
class Verified:
    """What a packet amounts to at a time, and why: its files and signatures, and the requirements of policy and profile."""

    result: PacketResult
    why: tuple[str, ...]
    signatures: Verification
    requirements: tuple[SignoffRequirement, ...]
    review_by: str = ""  # ISO date on which an approval ends
    review_by_item: str = ""  # what ends then
    request: str = ""  # for which agent, where, for whom, as the access request names it
    rebuilt: bool = False  # every file but those of `by_digest` was computed again from events and definitions
    not_recomputed: str = ""  # why not, where nothing was found wrong
    by_digest: tuple[str, ...] = ()  # files whose digests alone were checked
    time_stamp: TimeStamp = field(default_factory=TimeStamp)

    @property
    def ok(self) -> bool:
        """Whether the packet is an approval that may be relied on."""
        return self.result.approved


def roles_to_sign(review: Review) -> tuple[str, ...]:
    """Return the roles in which a review is signed: those of its access request and its policy, or the usual ones."""
    policy, request = review.policy.policy, recorded_intake(review.record.registers)
    named = (*(request.roles if request else ()), *(policy.roles if policy else ()))
    return tuple(dict.fromkeys(named)) or _USUAL_ROLES


def verify(
    folder: Path, allowed_signers: Path, policy: str = "", *, now: str, at: str = "", authority: Path | None = None
) -> Verified:
    """Verify a packet, its sign-offs, and whether they meet the requirements: as of `at`, or of `now` (ISO 8601).

    `policy` is the text of the verifier's own policy. The packet must have been made under the same one, and its
    requirements count even where the packet's policy has fewer. Every file is read once, and every check works on what
    was read: bytes and signatures first (and time stamps, against the certificate of their `authority`), then every file
    is computed again from the events and definitions. Every refusal is a sentence; `InputRefused` says that OpenSSH could
    not be run.
    """
    try:
        packet, signers = Snapshot.of(folder), read_signers(allowed_signers, folder)
        manifest = read_manifest(packet)
    except Unreadable as error:
        unread = Verification(ok=False, draft=True, signoffs=(), problems=(str(error),))
        return Verified(PacketResult.NOT_VERIFIED, unread.problems, unread, ())
    certificate, problems = _certificate(authority)
    stamp = _time_stamp(packet, MANIFEST, certificate)
    of_signatures = _signature_stamps(packet, certificate)
    times = {name: each.time for name, each in of_signatures.items() if each.time}
    found, facts = check_signoffs(packet, signers, at, times), manifest_facts(manifest)
    problems += [*found.problems, *(each.problem for each in (stamp, *of_signatures.values()) if each.problem)]
    requirements = second_approver_requirement(manifest)
    requirements += separation_requirement(facts, found.signoffs)
    requirements += requested_roles_requirement(facts, found.signoffs)
    carried = packet.files.get(POLICY, b"").decode("utf-8", errors="replace")
    for text, whose in ((carried, f"{POLICY} of the packet"), (policy, "the policy given")):
        if not text:
            continue
        try:
            parsed = recorded_policy(text)
        except ValueError as error:
            problems.append(f"{whose}: cannot be read: {visible(str(error), 200)}")
        else:
            requirements += signoff_requirements(parsed.roles, parsed.sign_offs, found.signoffs)
    if policy and policy != carried:
        digest = hashlib.sha256(policy.encode()).hexdigest()
        under = "another policy" if carried else "no policy"
        problems.append(f"{POLICY}: the packet was made under {under}, not under the one given, sha256 {digest[:12]}…")
    problems += signature_problems(packet, manifest, signers, at or now)
    computed = Recomputation((), "the packet is not intact") if problems else recompute(packet)
    problems += computed.problems
    problems += _page_problems(packet) if not computed.not_recomputed else []
    unchecked = f"; {SIGNOFF_PAGE} was not checked" if SIGNOFF_PAGE in packet.names else ""
    requirements = list(dict.fromkeys(requirements))
    result, why = _result(facts, found, problems, requirements, (at or now)[:10])
    rebuilt = not (problems or computed.not_recomputed)
    return Verified(
        result,
        why,
        found,
        tuple(requirements),
        facts.review_by,
        facts.review_by_item,
        facts.request,
        rebuilt,
        f"{computed.not_recomputed}{unchecked}" if computed.not_recomputed and not problems else "",
        computed.by_digest if not problems else (),
        stamp,
    )


def _page_problems(packet: Snapshot) -> list[str]:
    """Return why the page of the sign-offs, which no one signs, shows something else than they state."""
    if SIGNOFF_PAGE not in packet.names:
        return []
    try:
        follows = packet.read(SIGNOFF_PAGE) == signoff_page(packet)
    except Unreadable as error:
        return [f"{SIGNOFF_PAGE}: {error}"]
    return [] if follows else [f"{SIGNOFF_PAGE}: does not show what the sign-offs state; it is not signed: delete it"]


def _certificate(authority: Path | None) -> tuple[bytes, list[str]]:
    """Return the certificate of the time stamp authority, empty without one, and what is wrong with it."""
    try:
        return (read(authority) if authority else b""), []
    except Unreadable as error:
        return b"", [f"{visible(str(authority), 120)}: {error}"]


def _signature_stamps(packet: Snapshot, certificate: bytes) -> dict[str, TimeStamp]:
    """Return the time stamps of signatures, by the name of the sign-off."""
    stamped = [name.removesuffix(STAMP) for name in packet.names if name.endswith(STAMP)]
    return {name: _time_stamp(packet, f"{name}{SIGNATURE}", certificate) for name in stamped}


def _time_stamp(packet: Snapshot, name: str, certificate: bytes) -> TimeStamp:
    """Return the time stamp of a file of a packet, checked against the certificate of its authority."""
    place = f"{name}.tsr"
    if place not in packet.names:
        return TimeStamp(note=f"there is no time stamp of {name}")
    if not certificate:
        return TimeStamp(note=f"{place}: not checked, and does not count; give the authority's certificate with --tsa")
    try:
        return TimeStamp(check_time_stamp(packet.read(name), packet.read(place), certificate), f"{name} existed then")
    except Unreadable as error:
        return TimeStamp(problem=f"{visible(place, 200)}: {error}")


def _result(
    facts: ManifestFacts,
    found: Verification,
    problems: list[str],
    requirements: list[SignoffRequirement],
    day: str,
) -> tuple[PacketResult, tuple[str, ...]]:
    """Return the first result that has a reason, with its reasons."""
    unmet = [f"required: {each.what}: {each.lacking}" for each in requirements if not each.met]
    early = [f"{s.signer} signed on {s.signed_at[:10]}, after {day}" for s in found.signoffs if s.signed_at[:10] > day]
    reasons: list[tuple[PacketResult, list[str]]] = [
        (PacketResult.NOT_VERIFIED, [*problems, *unmet] if problems else []),
        (PacketResult.REJECTED, [_refusal(s) for s in found.signoffs if s.refuses]),
        (PacketResult.DRAFT, list(facts.open_gates or ["the review was not complete"]) if facts.draft else []),
        (
            PacketResult.BLOCKED,
            [] if facts.approvable else list(facts.open_gates or [f"the verdict of the review is {facts.verdict}"]),
        ),
        (PacketResult.UNSIGNED, early if found.signoffs else [f"{SIGNOFFS}: no one has signed this packet"]),
        (PacketResult.NOT_VERIFIED, unmet),
        (PacketResult.EXPIRED, list(_ended(facts, found, day))),
    ]
    for result, why in reasons:
        if why:
            return result, tuple(why)
    conditional = facts.conditional or any(s.conditions for s in found.signoffs)
    return (PacketResult.CONDITIONS if conditional else PacketResult.APPROVED), ()


def _refusal(signoff: Signoff) -> str:
    said = f": {visible(signoff.statement, 200)}" if signoff.statement else ""
    return f"{signoff.role} ({signoff.signer}): {signoff.verdict}{said}"


def _ended(facts: ManifestFacts, found: Verification, day: str) -> Iterator[str]:
    """Yield what has ended by a day; a date that cannot be read has ended."""
    if facts.review_by and not day <= iso_date(facts.review_by):
        item = f": {facts.review_by_item}" if facts.review_by_item else ""
        yield f"the approval ended on {visible(facts.review_by, 40)}{item}"
    for signoff in found.signoffs:
        if signoff.valid_until and day > signoff.valid_until:
            yield f"the sign-off of {signoff.signer} ended on {signoff.valid_until}"
