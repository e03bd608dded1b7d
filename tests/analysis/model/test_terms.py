"""Terms of conditions: what a gateway can check is read as data, and what it cannot check is refused with what to write."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from analysis.model import Condition, ConditionKind
from analysis.model.parameter_limit import NotTyped, ParameterLimit
from analysis.model.terms import (
    Approval,
    Audience,
    Audit,
    Expiry,
    Rate,
    Statement,
    read_terms,
    terms,
    terms_data,
)

K = ConditionKind


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (K.APPROVAL, "one person", Approval(1)),
        (K.APPROVAL, "Two  persons", Approval(2)),
        (K.APPROVAL, "two persons of ann@corp.example, support-leads", Approval(2, ("ann@corp.example", "support-leads"))),
        (K.USER, "ann@corp.example, ben", Audience(("ann@corp.example", "ben"))),
        (K.GROUP, "Domain Admins, support-l3", Audience(("Domain Admins", "support-l3"))),
        (K.ENVIRONMENT, "staging, production", Audience(("staging", "production"))),
        (K.RATE, "10 per hour", Rate(10, 3_600)),
        (K.RATE, "1 call a day", Rate(1, 86_400)),
        (K.RATE, "100 calls per 15 minutes", Rate(100, 900)),
        (K.AUDIT, "every call", Audit()),
        (K.AUDIT, "every call to siem-eu", Audit("siem-eu")),
        (K.EXPIRES, "2027-01-31", Expiry("2027-01-31")),
        (K.OWNER, "head of sales", Statement("head of sales")),
        (K.NOTE, "see CR-7", Statement("see CR-7")),
        (K.PARAMETERS, "limit: at most 100", ParameterLimit("limit", {"type": "number", "maximum": 100})),
        (K.PARAMETERS, "limit: up to 99.5", ParameterLimit("limit", {"type": "number", "maximum": 99.5})),
        (K.PARAMETERS, "amount: 1 to 500", ParameterLimit("amount", {"type": "number", "minimum": 1, "maximum": 500})),
        (K.PARAMETERS, "currency: one of EUR, USD", ParameterLimit("currency", {"enum": ["EUR", "USD"]})),
        (K.PARAMETERS, "days: one of 1, 7", ParameterLimit("days", {"enum": [1, 7]})),
        (K.PARAMETERS, "dry_run: exactly true", ParameterLimit("dry_run", {"const": True})),
        (K.PARAMETERS, "note: at most 200 characters", ParameterLimit("note", {"type": "string", "maxLength": 200})),
        (K.PARAMETERS, "ids: at most 5 items", ParameterLimit("ids", {"type": "array", "maxItems": 5})),
        (K.PARAMETERS, "force: not sent", ParameterLimit("force", {"not": {}}, forbidden=True)),
        (K.PARAMETERS, 'to: {"type": "string", "pattern": "^[a-z]+@corp\\\\.example$"}',
         ParameterLimit("to", {"type": "string", "pattern": r"^[a-z]+@corp\.example$"})),
    ],
)  # fmt: skip
def test_what_can_be_checked_is_read_as_data(kind, value, expected):
    found = read_terms(kind, value)
    assert found == expected
    assert json.loads(json.dumps(terms_data(found))) == terms_data(found)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        *((K.APPROVAL, v) for v in ("someone", "10", "yes", "three persons", "one person of", "one person of someone",
                                    "the owner of the record", "two persons of ann,,ben")),
        *((K.USER, v) for v in ("someone", "everyone", "Ann Smith", "", "a, b, ", "<b>")),
        *((K.GROUP, v) for v in ("anyone", "the; team", "all", "=x")),
        *((K.ENVIRONMENT, v) for v in ("staging only", "not production", "any")),
        *((K.RATE, v) for v in ("10", "1", "ten per hour", "10 per month", "0 per hour", "10 per 0 hours", "-1 per day",
                                "99999999 per day", "10 per hour, 20 per day")),
        *((K.AUDIT, v) for v in ("yes", "some calls", "every", "writes")),
        *((K.EXPIRES, v) for v in ("after the pilot", "2027-02-30", "2027/01/31", "31.01.2027", "3 months", "20270131")),
        *((K.PARAMETERS, v) for v in ("amount", "amount:", ": at most 5", "amount up to 5000 minor units", "a b: at most 5",
                                      "amount: small", "amount: 9 to 1", "x: one of ,", "x: {}", "x: {not json",
                                      'x: {"maximum": 5}', 'x: {"type": "number", "format": "int32"}', 'x: {"type": "any"}',
                                      'x: {"type": "string", "pattern": "["}', 'x: {"type": "array", "items": {}}',
                                      "x: [1]", "x..y: at most 5", 'x: {"type": "number", "maximum": NaN}')),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_is_refused_with_what_to_write(kind, value):
    with pytest.raises(NotTyped) as caught:
        read_terms(kind, value)
    assert str(caught.value)
    assert caught.value.remedy
    assert terms(Condition(kind, value)) is None


@pytest.mark.parametrize(
    ("value", "passes", "fails"),
    [
        ("limit: at most 100", [{"limit": 100}, {"limit": -1}], [{"limit": 101}, {"limit": "5"}, {}, {"limit": None}]),
        ("limit: 1 to 5", [{"limit": 1}, {"limit": 5}], [{"limit": 0}, {"limit": 6}, {"limit": True}]),
        ("currency: one of EUR, USD", [{"currency": "EUR"}], [{"currency": "eur"}, {"currency": "GBP"}, {}]),
        ("force: not sent", [{}, {"other": 1}], [{"force": False}, {"force": None}]),
        ("filter.limit: at most 5", [{"filter": {"limit": 5}}], [{"filter": {"limit": 6}}, {"filter": {}}, {"filter": 3}, {}]),
        ("filter.all: not sent", [{}, {"filter": {}}], [{"filter": {"all": True}}]),
    ],
)  # fmt: skip
def test_the_schema_of_a_limit_takes_what_is_within_it_alone(value, passes, fails):
    limit = read_terms(K.PARAMETERS, value)
    assert isinstance(limit, ParameterLimit)
    schema = limit.argument_schema()
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    assert [each for each in passes if not validator.is_valid(each)] == []
    assert [each for each in fails if validator.is_valid(each)] == []


@given(st.sampled_from(list(ConditionKind)), st.text(max_size=60))
def test_any_text_is_read_or_refused(kind, value):
    found = terms(Condition(kind, value))
    assert found is None or json.loads(json.dumps(terms_data(found))) == terms_data(found)
