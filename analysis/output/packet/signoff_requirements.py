"""What is demanded of the sign-offs of a packet, and whether it is met: roles, number of people, second approvers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.output.packet.signoff import Signoff

_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class SignoffRequirement:
    """One thing that is demanded, in words, and whether it is met; `lacking` says what is missing."""

    what: str
    lacking: str = ""

    @property
    def met(self) -> bool:
        """Whether nothing is missing."""
        return not self.lacking


def signoff_requirements(roles: Sequence[str], needed: int, found: Sequence[Signoff]) -> list[SignoffRequirement]:
    """Return what a policy demands of sign-offs: so many people in its roles, and so many of the roles at least.

    Without roles any role counts. A person counts once, however many roles they sign in.
    """
    good = [s for s in found if s.ok and (not roles or s.role in roles)]
    people, signed = {s.signer for s in good}, {s.role for s in good}
    named = visible(", ".join(roles), 200)
    demands = []
    if roles:
        wanted = min(needed, len(roles))
        missing = visible(", ".join(role for role in roles if role not in signed), 200)
        said = f"{len(signed)} signed; {missing} missing" if len(signed) < wanted else ""
        demands.append(SignoffRequirement(f"sign-offs in {wanted} of the roles {named}", said))
    if needed:
        few = f"{len(people)} did" if len(people) < needed else ""
        demands.append(SignoffRequirement(f"sign-offs by {needed} {'person' if needed == 1 else 'people'}", few))
    return demands


def second_approver_requirement(manifest: dict[str, Any]) -> list[SignoffRequirement]:
    """Return the demand for a second approver of each high risk that is let through, where the profile makes it."""
    predicate = manifest.get("predicate")
    alone = predicate.get("withoutSecondApprover") if isinstance(predicate, dict) else None
    if alone is None:
        return []
    names = [visible(str(name), 120) for name in alone] if isinstance(alone, list) else ["unreadable"]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    lacking = f"{', '.join(names[:_NAMED])}{more}" if names else ""
    return [SignoffRequirement("a second approver behind each high risk that is let through", lacking)]
