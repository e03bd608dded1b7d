"""Sign-off and verification of an exported packet, with the requirements of its policy and of the verifier's own."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.model import iso_date
from analysis.output.packet.document.review_document import POLICY
from analysis.output.packet.file_check import ManifestFacts, manifest_facts, read_manifest
from analysis.output.packet.folder import SIGNOFFS, Snapshot, Unreadable
from analysis.output.packet.signing.requirements import (
    SignoffRequirement,
    second_approver_requirement,
    separation_requirement,
    signoff_requirements,
)
from analysis.output.packet.signing.sign import sign
from analysis.output.packet.signing.signoff import Signoff, Verification, check_signoffs, read_signers
from analysis.output.packet.signing.statement import SignoffText
from analysis.output.packet.signing.verdicts import HEADLINES, PacketResult, SignoffVerdict
from analysis.policy import recorded_policy
from analysis.review.packets.recomputation import Recomputation, recompute
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["HEADLINES", "PacketResult", "SignoffText", "SignoffVerdict", "Verified", "sign", "verify"]


@dataclass(frozen=True, slots=True)
class Verified:
    """What a packet amounts to at a time, and why: its files and signatures, and the requirements of policy and profile."""

    result: PacketResult
    why: tuple[str, ...]
    signatures: Verification
    requirements: tuple[SignoffRequirement, ...]
    review_by: str = ""  # ISO date on which an approval ends
    rebuilt: bool = False  # every file was computed again from events and definitions
    not_recomputed: str = ""  # why not, where nothing was found wrong

    @property
    def ok(self) -> bool:
        """Whether the packet is an approval that may be relied on."""
        return self.result.approved


def verify(folder: Path, allowed_signers: Path, policy: str = "", *, now: str, at: str = "") -> Verified:
    """Verify a packet, its sign-offs, and whether they meet the requirements: as of `at`, or of `now` (ISO 8601).

    `policy` is the text of the verifier's own policy. The packet must have been made under the same one, and its
    requirements count even where the packet's policy has fewer. Every file is read once, and every check works on what
    was read: bytes and signatures first, then every file is computed again from the events and definitions. Every refusal is a sentence; `InputRefused` says that OpenSSH could not be run.
    """
    try:
        packet, signers = Snapshot.of(folder), read_signers(allowed_signers, folder)
        manifest = read_manifest(packet)
    except Unreadable as error:
        unread = Verification(ok=False, draft=True, signoffs=(), problems=(str(error),))
        return Verified(PacketResult.NOT_VERIFIED, unread.problems, unread, ())
    found, facts = check_signoffs(packet, signers, at), manifest_facts(manifest)
    problems, requirements = list(found.problems), second_approver_requirement(manifest)
    requirements += separation_requirement(facts, found.signoffs)
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
    computed = Recomputation((), "the packet is not intact") if problems else recompute(packet)
    problems += computed.problems
    requirements = list(dict.fromkeys(requirements))
    result, why = _result(facts, found, problems, requirements, (at or now)[:10])
    rebuilt = not (problems or computed.not_recomputed)
    return Verified(
        result,
        why,
        found,
        tuple(requirements),
        facts.review_by,
        rebuilt,
        computed.not_recomputed if not problems else "",
    )


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
        yield f"the approval ended on {visible(facts.review_by, 40)}"
    for signoff in found.signoffs:
        if signoff.valid_until and day > signoff.valid_until:
            yield f"the sign-off of {signoff.signer} ended on {signoff.valid_until}"
