"""Sign-off of an exported packet and its verification, held against the policies that speak of sign-offs."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.output.packet.document import POLICY
from analysis.output.packet.folder import Snapshot, Unreadable
from analysis.output.packet.manifest import read_manifest
from analysis.output.packet.signoff import Verification, read_signers, sign
from analysis.output.packet.signoff import verify as verify_signatures
from analysis.output.packet.signoff_requirements import (
    SignoffRequirement,
    second_approver_requirement,
    signoff_requirements,
)
from analysis.policy import recorded_policy
from analysis.text import visible

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Verified", "sign", "verify"]


@dataclass(frozen=True, slots=True)
class Verified:
    """Whether a packet may be relied on: its files and signatures, and what its policy and profile demand of them."""

    signatures: Verification
    demands: tuple[SignoffRequirement, ...]
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong and nothing is missing."""
        return not self.problems


def verify(folder: Path, allowed_signers: Path, policy: str = "") -> Verified:
    """Check a packet, its sign-offs, and whether they are those that are demanded.

    `policy` is the text of the verifier's own policy. The packet has to have been made under the same one, and what it
    demands counts even where the packet's demands less. Every file is read once, and every question is answered from
    what was read then. Whatever is found, the refusal is in words; `InputRefused` says that OpenSSH could not be run.
    """
    try:
        packet, signers = Snapshot.of(folder), read_signers(allowed_signers, folder)
    except Unreadable as error:
        why = (str(error),)
        return Verified(Verification(ok=False, draft=True, signoffs=(), problems=why), (), why)
    found = verify_signatures(packet, signers)
    problems, demands = list(found.problems), []
    with suppress(Unreadable):  # told among the problems of the files
        demands += second_approver_requirement(read_manifest(packet))
    carried = packet.files.get(POLICY, b"").decode("utf-8", errors="replace")
    for text, whose in ((carried, f"{POLICY} of the packet"), (policy, "the policy that was named")):
        if not text:
            continue
        try:
            held = recorded_policy(text)
        except ValueError as error:
            problems.append(f"{whose}: cannot be read: {visible(str(error), 200)}")
        else:
            demands += signoff_requirements(held.roles, held.sign_offs, found.signoffs)
    if policy and policy != carried:
        digest = hashlib.sha256(policy.encode()).hexdigest()
        made = "another policy" if carried else "no policy"
        problems.append(f"{POLICY}: the packet was made under {made}, not under the one named, sha256 {digest[:12]}…")
    demands = list(dict.fromkeys(demands))
    problems += [f"demanded: {each.what}: {each.lacking}" for each in demands if not each.met]
    return Verified(found, tuple(demands), tuple(problems))
