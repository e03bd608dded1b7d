"""Requirements for the sign-offs of a packet, and whether they are met: roles, number of people, second approvers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from analysis.model import Profile
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.output.packet.file_check import ManifestFacts
    from analysis.output.packet.signing.signoff import Signoff

#: Maximum number of tools named in a requirement.
_MAX_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class SignoffRequirement:
    """One requirement as a sentence; `lacking` says what is missing."""

    what: str
    lacking: str = ""

    @property
    def met(self) -> bool:
        """Whether nothing is missing."""
        return not self.lacking


def signoff_requirements(roles: Sequence[str], needed: int, found: Sequence[Signoff]) -> list[SignoffRequirement]:
    """Return what a policy requires: a number of people in its roles, and a number of the roles.

    Without roles any role counts. A person counts once, however many roles they sign in.
    """
    valid = [s for s in found if s.approves and (not roles or s.role in roles)]
    people, signed = {s.signer for s in valid}, {s.role for s in valid}
    named = visible(", ".join(roles), 200)
    requirements = []
    if roles:
        wanted = min(needed, len(roles))
        missing = visible(", ".join(role for role in roles if role not in signed), 200)
        lacking = f"{len(signed)} signed; {missing} missing" if len(signed) < wanted else ""
        requirements.append(SignoffRequirement(f"sign-offs in {wanted} of the roles {named}", lacking))
    if needed:
        few = f"{len(people)} did" if len(people) < needed else ""
        requirements.append(SignoffRequirement(f"sign-offs by {needed} {'person' if needed == 1 else 'people'}", few))
    return requirements


def objection_to(signer: str, facts: ManifestFacts) -> str:
    """Return why a person may not approve a packet, or an empty string: from profile L2 on, four eyes (ACC-002).

    Names are compared without regard to case; that one person has two names only their keys can show.
    """
    if facts.profile is Profile.L1:
        return ""
    name = signer.casefold()
    if name in {each.casefold() for each in facts.requesters}:
        return f"{visible(signer, 80)} requested the access; profile {facts.profile.value} wants another person"
    if {each.casefold() for each in facts.deciders} == {name}:
        return f"{visible(signer, 80)} alone decided every tool; profile {facts.profile.value} wants another person"
    return ""


def separation_requirement(facts: ManifestFacts, found: Sequence[Signoff]) -> list[SignoffRequirement]:
    """Return the requirement that no approving signer is the requester or the only decider; none at profile L1."""
    if facts.profile is Profile.L1:
        return []
    objections = [why for signoff in found if signoff.approves and (why := objection_to(signoff.signer, facts))]
    return [SignoffRequirement("approval by people who neither requested nor alone decided", "; ".join(objections))]


def requested_roles_requirement(facts: ManifestFacts, found: Sequence[Signoff]) -> list[SignoffRequirement]:
    """Return the requirement that every role signs which the access request names."""
    if not facts.required_roles:
        return []
    signed = {signoff.role for signoff in found if signoff.approves}
    missing = visible(", ".join(role for role in facts.required_roles if role not in signed), 200)
    named = visible(", ".join(facts.required_roles), 200)
    return [
        SignoffRequirement(f"sign-offs in the roles that the request names: {named}", missing and f"{missing} missing")
    ]


def second_approver_requirement(manifest: dict[str, Any]) -> list[SignoffRequirement]:
    """Return the requirement of a second approver for each high risk that is allowed, where the profile has it."""
    predicate = manifest.get("predicate")
    lacking_approver = predicate.get("withoutSecondApprover") if isinstance(predicate, dict) else None
    if lacking_approver is None:
        return []
    names = (
        [visible(str(name), 120) for name in lacking_approver] if isinstance(lacking_approver, list) else ["unreadable"]
    )
    more = f" and {len(names) - _MAX_NAMED} more" if len(names) > _MAX_NAMED else ""
    lacking = f"{', '.join(names[:_MAX_NAMED])}{more}" if names else ""
    return [SignoffRequirement("a second approver for each high-risk tool that is allowed", lacking)]
