"""The decision on a call, check by check, in their order."""

import pytest

from analysis.model import CapabilityKind
from analysis.model.parameter_limit import read_limit
from analysis.model.terms import Audience, Audit
from analysis.output.enforce.approved import Approved, Requirements
from analysis.output.enforce.argument_check import argument_check
from analysis.output.enforce.call_check import (
    CallCheck,
    GatewayState,
    check_arguments,
    check_standing,
    uncheckable,
)
from analysis.output.enforce.caller import Caller

ANN = Caller("ann@corp.example", ("support",), vouched=True)


def tool(*, critical=False, **requirements):
    needed = Requirements(**requirements)
    return Approved("rooms:getRoom", CapabilityKind.TOOL, "getRoom", "getRoom", "d" * 64, needed, critical=critical)


def standing(made, caller=ANN, state=None, day="2026-05-01", environment=""):
    found = check_standing(made, caller, state or GatewayState(), day=day, environment=environment)
    return found.check if found else None


def test_an_approved_tool_is_allowed():
    assert standing(tool()) is None


def test_each_check_refuses_and_the_first_one_is_named():
    everything = tool(users=(Audience(("ben@corp.example",)),), last_day="2026-04-30")
    drifted = GatewayState(drifted={"getRoom": "changed"})
    assert standing(None, state=GatewayState(stopped="by hand")) is CallCheck.STOPPED
    assert standing(None) is CallCheck.KNOWN
    assert standing(everything, state=drifted) is CallCheck.AUDIENCE
    assert standing(tool(last_day="2026-04-30"), state=drifted) is CallCheck.EXPIRY
    assert standing(tool(), state=drifted) is CallCheck.DRIFT


def test_an_approval_holds_to_the_end_of_its_last_day():
    assert standing(tool(last_day="2026-05-01")) is None
    assert standing(tool(last_day="2026-05-01"), day="2026-05-02") is CallCheck.EXPIRY


def test_an_upstream_that_could_not_be_compared_costs_the_critical_tools_only():
    state = GatewayState(unconfirmed="not compared for too long")
    assert standing(tool(), state=state) is None
    assert standing(tool(critical=True), state=state) is CallCheck.DRIFT


@pytest.mark.parametrize(
    ("caller", "allowed"),
    [
        (ANN, True),
        (Caller("ANN@corp.example ", ("Support",), vouched=True), True),
        (Caller("ann@corp.example", ("support",)), False),
        (Caller("ann@corp.example", (), vouched=True), False),
        (Caller("ann@corp.example.evil", ("support",), vouched=True), False),
    ],
)
def test_an_audience_needs_one_of_its_users_and_one_of_its_teams_and_somebody_who_vouches(caller, allowed):
    made = tool(users=(Audience(("ann@corp.example",)),), teams=(Audience(("support", "billing")),))
    assert standing(made, caller) is (None if allowed else CallCheck.AUDIENCE)


def test_several_audiences_all_have_to_be_met():
    made = tool(teams=(Audience(("support",)), Audience(("billing",))))
    assert standing(made) is CallCheck.AUDIENCE


def test_to_a_stranger_a_tool_looks_as_if_it_did_not_exist():
    found = check_standing(tool(users=(Audience(("ben",)),)), ANN, GatewayState(), day="2026-05-01", environment="")
    assert found is not None
    assert (found.told, bool(found.why)) == ("", True)


def test_environments_are_compared_with_the_one_of_the_run():
    made = tool(environments=(Audience(("staging",)),))
    assert standing(made, environment="staging") is None
    assert standing(made, environment="production") is CallCheck.AUDIENCE


def test_arguments_are_checked_against_the_schema_and_then_the_limits():
    schema = {"type": "object", "properties": {"hours": {"type": "integer"}, "id": {}}, "required": ["id"]}
    check = argument_check(schema, [read_limit("hours: 1 to 8")])
    assert check_arguments(check, {"id": "1", "hours": 8}) is None
    assert check_arguments(check, {"hours": 99}).check is CallCheck.INPUT
    assert check_arguments(check, {"id": "1", "hours": 9}).check is CallCheck.LIMIT
    assert check_arguments(check, {"id": "1"}).check is CallCheck.LIMIT


@pytest.mark.parametrize(
    ("needed", "options", "why"),
    [
        (Requirements(), {}, ""),
        (Requirements(users=(Audience(("ann",)),)), {}, "--tokens"),
        (Requirements(users=(Audience(("ann",)),)), {"vouches": True}, ""),
        (Requirements(environments=(Audience(("staging",)),)), {}, "--environment"),
        (Requirements(environments=(Audience(("staging",)),)), {"environment": "production"}, "this is production"),
        (Requirements(environments=(Audience(("staging",)),)), {"environment": "Staging"}, ""),
        (Requirements(audits=(Audit(),)), {}, ""),
        (Requirements(audits=(Audit("siem-eu"),)), {}, "--audit-name"),
        (Requirements(audits=(Audit("siem-eu"),)), {"log": "siem-eu"}, ""),
    ],
)
def test_a_condition_that_the_run_cannot_check_names_the_option_that_lets_it(needed, options, why):
    found = uncheckable(needed, **({"vouches": False, "environment": "", "log": ""} | options))
    assert (found == "") is (why == "")
    assert why in found
