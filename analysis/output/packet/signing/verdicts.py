"""The verdicts of people on a packet, and the result of verifying it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class SignoffVerdict(StrEnum):
    """What a person signs. The values are part of every sign-off."""

    APPROVE = "approve"
    CONDITIONS = "approve-with-conditions"
    REJECT = "reject"
    WITHDRAWN = "withdrawn"

    @property
    def approves(self) -> bool:
        """Whether the person lets the tools be used."""
        return self in {SignoffVerdict.APPROVE, SignoffVerdict.CONDITIONS}

    @property
    def short(self) -> str:
        """The word of the command line."""
        return "conditions" if self is SignoffVerdict.CONDITIONS else self.value


class PacketResult(StrEnum):
    """What a packet and its sign-offs amount to. The values are part of the JSON that scripts read.

    Only the first two let a consumer use the allowlist.
    """

    APPROVED = "approved"
    CONDITIONS = "approved-with-conditions"
    REJECTED = "rejected"
    BLOCKED = "blocked"
    DRAFT = "draft"
    EXPIRED = "expired"
    UNSIGNED = "unsigned"
    NOT_VERIFIED = "not-verified"

    @property
    def approved(self) -> bool:
        """Whether the allowlist may be used."""
        return self in {PacketResult.APPROVED, PacketResult.CONDITIONS}


#: The headline of each result.
HEADLINES: Final = {
    PacketResult.APPROVED: "APPROVED",
    PacketResult.CONDITIONS: "APPROVED WITH CONDITIONS",
    PacketResult.REJECTED: "REJECTED: nothing may be called",
    PacketResult.BLOCKED: "BLOCKED: nothing may be called",
    PacketResult.DRAFT: "DRAFT: nothing may be called before the review is complete and signed",
    PacketResult.EXPIRED: "EXPIRED: nothing may be called any more",
    PacketResult.UNSIGNED: "NOT SIGNED: nothing may be called before sign-off",
    PacketResult.NOT_VERIFIED: "NOT VERIFIED: do not rely on this packet",
}
