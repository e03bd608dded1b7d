"""Sign-off and verification of an exported packet, with the requirements of its policy and of the verifier's own."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.output.packet.document.review_document import POLICY
from analysis.output.packet.file_check import read_manifest
from analysis.output.packet.folder import Snapshot, Unreadable
from analysis.output.packet.signing.requirements import (
    SignoffRequirement,
    second_approver_requirement,
    signoff_requirements,
)
from analysis.output.packet.signing.signoff import Verification, read_signers, sign
from analysis.output.packet.signing.signoff import verify as verify_signatures
from analysis.policy import recorded_policy
from analysis.text import visible

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Verified", "sign", "verify"]


@dataclass(frozen=True, slots=True)
class Verified:
    """Whether a packet may be relied on: its files and signatures, and the requirements of policy and profile."""

    signatures: Verification
    requirements: tuple[SignoffRequirement, ...]
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong and nothing is missing."""
        return not self.problems


def verify(folder: Path, allowed_signers: Path, policy: str = "") -> Verified:
    """Verify a packet, its sign-offs, and whether they meet the requirements.

    `policy` is the text of the verifier's own policy. The packet must have been made under the same one, and its
    requirements count even where the packet's policy has fewer. Every file is read once, and every check works on what
    was read. Every refusal is a sentence; `InputRefused` says that OpenSSH could not be run.
    """
    try:
        packet, signers = Snapshot.of(folder), read_signers(allowed_signers, folder)
    except Unreadable as error:
        why = (str(error),)
        return Verified(Verification(ok=False, draft=True, signoffs=(), problems=why), (), why)
    found = verify_signatures(packet, signers)
    problems, requirements = list(found.problems), []
    with suppress(Unreadable):  # reported among the problems of the files
        requirements += second_approver_requirement(read_manifest(packet))
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
    requirements = list(dict.fromkeys(requirements))
    problems += [f"required: {each.what}: {each.lacking}" for each in requirements if not each.met]
    return Verified(found, tuple(requirements), tuple(problems))
