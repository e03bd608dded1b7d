"""Whether an approval is for the environment and the audience that were requested."""

from __future__ import annotations

import pytest

from analysis.model import GateId, Intake
from analysis.review import commands, queries
from analysis.review.record.access_request import request_fit

AT = "2026-03-05T09:00:00Z"


def fit(shop):
    return request_fit(shop.review.record.registers, shop.review.tools())


def requested(shop, **fields):
    commands.record_intake(shop.review, Intake(owner="team", **fields), actor="ann", at=AT)


def gate(shop, gate_id):
    return next((gate for gate in shop.review.summary().gates if gate.id is gate_id), None)


ENVIRONMENTS = {
    "production": ("production", True),
    "PROD": ("production", True),
    "prod, staging": ("production", True),
    "live": ("production", True),
    "staging": ("production", False),
    "non-production": ("production", False),
    "test, dev": ("production", False),
    "pre-production": ("staging", True),
    "preprod": ("production", False),
    "QA": ("testing", True),
    "eu-west-2": ("eu-west-2", True),
    "eu-west-1": ("eu-west-2", False),
}


@pytest.mark.parametrize(("condition", "expected"), ENVIRONMENTS.items(), ids=ENVIRONMENTS)
def test_environments(shop, condition, expected):
    environment, fits = expected
    requested(shop, environment=environment)
    shop.conditional("listOrders", ("env", condition, ""))
    assert (fit(shop).other_environment == ()) is fits
    assert gate(shop, GateId.ENVIRONMENT).open is not fits


AUDIENCES = {
    "support": (("support", "sales"), True),
    "Sales , support": (("support", "sales"), True),
    "support, partners": (("support",), False),
    "support team": (("support",), False),
}


@pytest.mark.parametrize(("condition", "expected"), AUDIENCES.items(), ids=AUDIENCES)
def test_audiences(shop, condition, expected):
    audience, fits = expected
    requested(shop, audience=audience)
    shop.conditional("listOrders", ("group", condition, ""))
    assert (fit(shop).other_audience == ()) is fits
    assert gate(shop, GateId.AUDIENCE).open is not fits


def test_an_approval_without_a_condition_is_for_everywhere_and_everyone(shop):
    requested(shop, environment="test", audience=("qa",))
    shop.approve("listOrders")
    shop.block("createOrder")
    found = fit(shop)
    assert found.other_environment == found.other_audience == (shop.id("listOrders"),)
    assert gate(shop, GateId.ENVIRONMENT).why == "1 of 1 allowed tools not limited to test"
    assert queries.select(shop.review, "is:other-environment") == [shop.id("listOrders")]
    assert queries.select(shop.review, "is:other-audience -name:listOrders") == []


def test_without_a_request_there_is_no_gate(shop):
    shop.approve("listOrders")
    assert gate(shop, GateId.ENVIRONMENT) is gate(shop, GateId.AUDIENCE) is None
    requested(shop)
    assert gate(shop, GateId.ENVIRONMENT) is gate(shop, GateId.AUDIENCE) is None
    assert queries.select(shop.review, "is:other-environment") == []


def test_a_decision_and_a_request_each_renew_the_gate(shop):
    shop.conditional("listOrders", ("env", "test", ""))
    requested(shop, environment="production")
    assert gate(shop, GateId.ENVIRONMENT).open
    shop.conditional("listOrders", ("env", "production", ""))
    assert not gate(shop, GateId.ENVIRONMENT).open
    requested(shop, environment="test")
    assert gate(shop, GateId.ENVIRONMENT).open
    shop.block("listOrders")
    assert not gate(shop, GateId.ENVIRONMENT).open
