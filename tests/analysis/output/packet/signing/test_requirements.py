"""What a policy asks of the sign-offs: roles, people and second approvers, each counted once."""

from dataclasses import replace

import pytest

from analysis.model import Profile
from analysis.output.packet.file_check import ManifestFacts
from analysis.output.packet.signing.requirements import (
    SignoffRequirement,
    objection_to,
    requested_roles_requirement,
    second_approver_requirement,
    separation_requirement,
    signoff_requirements,
)
from analysis.output.packet.signing.signoff import Signoff
from analysis.output.packet.signing.verdicts import SignoffVerdict


def signed(role, signer, *, ok=True):
    return Signoff(role, signer, SignoffVerdict.APPROVE, "2026-11-21T08:00:00Z", ok, "" if ok else "forged")


ANN, BOB = signed("iam", "ann@corp"), signed("risk", "bob@corp")
ROLES = "sign-offs in 2 of the roles iam, risk, legal"
PEOPLE = "sign-offs by 2 people"


@pytest.mark.parametrize(
    ("found", "roles", "people"),
    [
        ([], "0 signed; iam, risk, legal missing", "0 did"),
        ([ANN], "1 signed; risk, legal missing", "1 did"),
        ([ANN, BOB], "", ""),
        ([ANN, signed("risk", "bob@corp", ok=False)], "1 signed; risk, legal missing", "1 did"),
        ([ANN, signed("sales", "bob@corp")], "1 signed; risk, legal missing", "1 did"),  # a role of nobody's asking
        ([ANN, signed("iam", "bob@corp")], "1 signed; risk, legal missing", ""),  # two people in one role
        ([ANN, signed("risk", "ann@corp")], "", "1 did"),  # one person in two roles
        ([ANN, BOB, signed("legal", "cleo@corp")], "", ""),
    ],
)
def test_roles_and_people_are_counted_apart(found, roles, people):
    asked = signoff_requirements(("iam", "risk", "legal"), 2, found)
    assert asked == [SignoffRequirement(ROLES, roles), SignoffRequirement(PEOPLE, people)]
    assert [each.met for each in asked] == [roles == "", people == ""]


def test_no_more_roles_are_asked_for_than_there_are():
    asked = signoff_requirements(("iam",), 2, [ANN, signed("iam", "bob@corp")])
    assert asked == [SignoffRequirement("sign-offs in 1 of the roles iam"), SignoffRequirement(PEOPLE)]


def test_without_roles_any_role_counts():
    assert signoff_requirements((), 1, []) == [SignoffRequirement("sign-offs by 1 person", "0 did")]
    assert signoff_requirements((), 1, [signed("sales", "x@corp")]) == [SignoffRequirement("sign-offs by 1 person")]
    assert signoff_requirements((), 0, []) == []
    assert signoff_requirements(("iam",), 0, []) == [SignoffRequirement("sign-offs in 0 of the roles iam")]


def test_hostile_roles_are_shown_safely_and_cut():
    (roles, _) = signoff_requirements((f"i\u202em{'x' * 300}",), 1, [])
    assert roles.what.startswith("sign-offs in 1 of the roles i⟨U+202E⟩mxxx")
    assert roles.lacking.startswith("0 signed; i⟨U+202E⟩mxxx")
    assert roles.lacking.endswith(" missing")
    assert max(len(roles.what), len(roles.lacking)) < 260


WHAT = "a second approver for each high-risk tool that is allowed"


@pytest.mark.parametrize(
    ("names", "lacking"),
    [
        ([], ""),
        (["a", "b"], "a, b"),
        (["a", "b", "c", "d", "e"], "a, b, c, d, e"),
        (["a", "b", "c", "d", "e", "f", "g"], "a, b, c, d, e and 2 more"),
        ([7, "\u202e"], "7, ⟨U+202E⟩"),
        ("a", "unreadable"),
        ({"a": 1}, "unreadable"),
    ],
)
def test_tools_without_a_second_approver_are_named(names, lacking):
    found = second_approver_requirement({"predicate": {"withoutSecondApprover": names}})
    assert found == [SignoffRequirement(WHAT, lacking)]
    assert found[0].met is (lacking == "")


def test_a_long_name_of_a_tool_is_cut():
    (found,) = second_approver_requirement({"predicate": {"withoutSecondApprover": ["n" * 300]}})
    assert found.lacking == f"{'n' * 120}…+180"


@pytest.mark.parametrize("manifest", [{}, {"predicate": None}, {"predicate": []}, {"predicate": {}}])
def test_a_profile_that_asks_for_none_has_no_such_requirement(manifest):
    assert second_approver_requirement(manifest) == []


# --- four eyes ---------------------------------------------------------------------------------------


def facts(profile=Profile.L2, requesters=(), deciders=("bob@corp",)):
    return ManifestFacts(False, "approvable", (), "", profile, requesters, deciders, False)


@pytest.mark.parametrize(
    ("found", "objection"),
    [
        (facts(requesters=("cleo@corp", "ANN@corp")), "ann@corp requested the access; profile L2 wants another person"),
        (facts(Profile.L3, deciders=("Ann@corp",)), "ann@corp alone decided every tool; profile L3 wants another person"),
        (facts(Profile.L3, deciders=("Ann@corp", "ann@CORP")), "ann@corp alone decided every tool; profile L3 wants another person"),
        (facts(deciders=("ann@corp", "bob@corp")), ""),
        (facts(deciders=()), ""),
        (facts(requesters=("bob@corp",)), ""),
        (facts(Profile.L1, ("ann@corp",), ("ann@corp",)), ""),
    ],
)  # fmt: skip
def test_who_asked_or_alone_decided_does_not_approve(found, objection):
    assert objection_to("ann@corp", found) == objection


def test_a_hostile_name_is_shown_safely_and_cut():
    name = f"ann\u202e{'x' * 90}"
    assert objection_to(name, facts(requesters=(name,))).startswith("ann⟨U+202E⟩xxx")
    assert len(objection_to(name, facts(deciders=(name,)))) < 180


EYES = "approval by people who neither requested nor alone decided"


def test_every_approving_signer_is_another_person():
    asked = facts(requesters=("ann@corp", "bob@corp"))
    both = "; ".join(f"{who}@corp requested the access; profile L2 wants another person" for who in ("ann", "bob"))
    assert separation_requirement(asked, [ANN, BOB]) == [SignoffRequirement(EYES, both)]
    assert separation_requirement(asked, [signed("iam", "ann@corp", ok=False), signed("iam", "cleo@corp")]) == [
        SignoffRequirement(EYES)
    ]
    assert separation_requirement(facts(Profile.L1, ("ann@corp",)), [ANN]) == []


# --- roles that the access request names -------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "lacking"),
    [
        ([], "iam, risk missing"),
        ([ANN], "risk missing"),
        ([BOB, signed("iam", "ann@corp", ok=False)], "iam missing"),
        ([ANN, BOB], ""),
    ],
)
def test_every_role_that_the_request_names_signs(found, lacking):
    asked = replace(facts(), required_roles=("iam", "risk"))
    named = "sign-offs in the roles that the request names: iam, risk"
    assert requested_roles_requirement(asked, found) == [SignoffRequirement(named, lacking)]


def test_a_request_that_names_no_role_requires_none():
    assert requested_roles_requirement(facts(), [ANN]) == []
