"""Classes of data by field name, and the one table that makes a risk of type and data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.assess import TABLE, assess
from analysis.assess.sensitivity.confidentiality import DATA_LEVELS
from analysis.assess.sensitivity.data_classes import class_lists
from analysis.assess.sensitivity.data_classifier import DataClassifier
from analysis.assess.sensitivity.risk import risk_of
from analysis.model import (
    Confidentiality,
    DataHit,
    FlowRole,
    FlowRoleSignal,
    Parameter,
    Risk,
    SourceId,
    Tool,
    ToolId,
    ToolType,
)


@pytest.fixture(scope="module")
def classes():
    return DataClassifier()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("email", "personal"), ("billingEmail", "personal"), ("BILLING_EMAIL", "personal"), ("home-address-zip", "personal"),
        ("fullName", "personal"), ("name", "naming"), ("bucketName", ""), ("emailCount", ""), ("email_verified", ""), ("ssn", "personal"),
        ("password", "secret"), ("newPassword", "secret"), ("passwordHint", ""), ("clientSecret", "secret"),
        ("apiKey", "secret"), ("access_token", "secret"), ("token", "access"), ("nextToken", ""), ("tokenCount", ""),
        ("cardNumber", "card"), ("cvv", "card"), ("pan", "card"), ("company", ""), ("japan", ""),
        ("iban", "financial"), ("accountBalance", "financial"), ("balanceSheet", ""),
        ("lat", "location"), ("flat", ""), ("geoLocation", "location"),
        ("diagnosis", "health"), ("bloodType", "health"),
        ("PasswordHash", "secret"), ("Mobile", "personal"), ("IDCard", "personal"), ("firstname", "personal"), ("DATEOFBIRTH", "personal"),
        ("phone-number", "personal"), ("nexttoken", ""), ("bankaccount", "financial"), ("nickname", "naming"),
        ("Vorname", "personal"), ("geburtsdatum", "personal"), ("kontonummer", "financial"), ("date_de_naissance", "personal"),
        ("prénom", "personal"), ("motDePasse", "secret"), ("correo", "personal"), ("contraseña", "secret"), ("saldo", "financial"),
        ("telefone", "personal"), ("senha", "secret"), ("codiceFiscale", "personal"), ("Straße", "personal"), ("achternaam", "personal"),
        ("imię", "personal"), ("hasło", "secret"), ("\u0444\u0430\u043c\u0438\u043b\u0438\u044f", "personal"), ("\u5bc6\u7801", "secret"),
        ("\u96fb\u8a71\u756a\u53f7", "personal"), ("\uc774\uba54\uc77c", "personal"),
        ("addressLine1", "personal"), ("cvv2", "card"), ("icd10", "health"),
        ("", ""), ("\u4e2d\u6587", ""),
    ],
)  # fmt: skip
def test_class_of_a_field_name(classes, name, data):
    assert classes.of_name(name) == data


def test_every_ending_of_the_lists_is_found(classes):
    dead = [end for end, kind in class_lists().ends.items() if classes.of_name(end.replace(" ", "_")) != kind]
    assert dead == []


def tool(near=(), request=(), reached=(), parameters=(), **more):
    """A tool that returns `near` itself and leads on to `reached`."""
    return Tool(
        ToolId("s:t"), SourceId("s"), "getThing", "GET", "/thing", "getThing", "", "", "0" * 64, "",
        request_fields=request, response_fields=(*near, *reached), shallow_fields=near, parameters=parameters, **more,
    )  # fmt: skip


def test_returned_received_and_referenced_data_are_distinguished():
    said = assess(tool(near=("email", "iban", "id"), request=("password", "phone"), reached=("lat", "phone")))
    assert said.data == (
        DataHit("financial", "response", ("iban",)),
        DataHit("personal", "response", ("email",)),
        DataHit("personal", "request", ("phone",)),
        DataHit("secret", "request", ("password",)),
        DataHit("location", "deeper", ("lat",)),
    )
    assert [(r.where, r.matched, r.says) for r in said.reasons if r.says.endswith(" data")] == [
        ("response", "iban", "returns financial data"),
        ("response", "email", "returns personal data"),
        ("request", "phone", "receives personal data"),
        ("request", "password", "receives secret data"),
        ("deeper", "lat", "references location data"),
    ]


def test_a_dense_schema_keeps_some_fields_of_each_class():
    fields = tuple(f"a{n}_email" for n in range(40))
    (hit,) = assess(tool(near=fields)).data
    assert hit.fields == tuple(sorted(fields)[:12])


# --- risk ----------------------------------------------------------------------------------------------

EXPECTED = """
                ordinary  confidential  restricted
read-only       low       medium        high
side-effect     medium    medium        high
critical        high      high          high
administrative  high      high          high
billing         high      high          high
"""


def test_the_risk_table():
    _, heads, *rows = EXPECTED.splitlines()
    for row in rows:
        kind, *risks = row.split()
        for level, risk in zip(heads.split(), risks, strict=True):
            assert risk_of((ToolType(kind),), Confidentiality(level)) == Risk(risk), (kind, level)
    assert len(rows) == len(TABLE) == len(ToolType)


@pytest.mark.parametrize(
    ("role", "least"),
    [
        (FlowRole.CODE_EXECUTION, Risk.HIGH),
        (FlowRole.EXFILTRATION_SINK, Risk.MEDIUM),
        (FlowRole.UNTRUSTED_CONTENT, Risk.LOW),
    ],
)
def test_a_flow_role_is_a_lower_bound(role, least):
    signal = FlowRoleSignal(role, "parameters", "sql", "")
    assert risk_of((ToolType.READ,), Confidentiality.ORDINARY, (signal,)) is least
    assert risk_of((ToolType.CRITICAL,), Confidentiality.ORDINARY, (signal,)) is Risk.HIGH


def test_every_class_that_weighs_has_a_level_or_is_personal():
    assert set(DATA_LEVELS) | {"personal", "location"} == class_lists().weighty


@pytest.mark.parametrize(
    ("fields", "lists", "risk"),
    [
        (("colour",), False, Risk.LOW),
        ((), False, Risk.MEDIUM),  # not known
        (("email",), False, Risk.LOW),
        (("email",), True, Risk.MEDIUM),
        (("lat",), True, Risk.LOW),
        (("iban",), False, Risk.MEDIUM),
        (("cvv",), False, Risk.HIGH),
        (("password_hash",), False, Risk.HIGH),
        (("diagnosis",), False, Risk.HIGH),
    ],
)
def test_fields_raise_the_risk_of_a_read(fields, lists, risk):
    assert assess(tool(near=fields, returns_array=lists)).risk is risk


@pytest.mark.parametrize("direction", [{"request": ("password",)}, {"reached": ("password",)}])
def test_data_that_is_not_returned_does_not_raise_the_risk(direction):
    assert assess(tool(near=("colour",), **direction)).risk is Risk.LOW


TYPES = st.lists(st.sampled_from(ToolType), min_size=1, max_size=4).map(tuple)
LEVELS = st.sampled_from(Confidentiality)


@given(TYPES, TYPES, LEVELS, LEVELS)
def test_more_types_and_a_higher_level_never_lower_the_risk(types, more_types, level, other):
    higher = max(level, other, key=lambda each: each.rank)
    assert risk_of(types + more_types, higher).rank >= risk_of(types, level).rank


# --- lists and size --------------------------------------------------------------------------------------


def parameters(*names):
    return tuple(Parameter(name, "query", required=False, type="string", description="") for name in names)


@pytest.mark.parametrize(
    "name", ["limit", "per_page", "perPage", "pageSize", "cursor", "after", "nextToken", "maxResults"]
)
def test_page_parameters(name):
    assert assess(tool(parameters=parameters("filter", name))).page_parameters == (name,)


@pytest.mark.parametrize("name", ["filter", "limited", "page_title", "sort"])
def test_no_page_parameters(name):
    assert assess(tool(parameters=parameters(name))).page_parameters == ()


@pytest.mark.parametrize(
    ("method", "name", "array", "lists"),
    [
        ("GET", "listThings", False, True),
        ("GET", "searchThings", False, True),
        ("GET", "getThing", False, False),
        ("GET", "getThing", True, True),
        ("POST", "createThings", True, False),
        ("", "list_things", False, True),
        ("", "find_thing", False, True),
    ],
)
def test_what_returns_a_collection(method, name, array, lists):
    plain = Tool(
        ToolId("s:t"), SourceId("s"), name, method, "/x" if method else "", name if method else "", "", "", "", "",
        returns_array=array,
    )  # fmt: skip
    assert assess(plain).lists is lists


@pytest.mark.parametrize(("size", "tokens"), [(0, 0), (1, 1), (4, 1), (5, 2), (4_000, 1_000)])
def test_tokens_are_estimated_upwards(size, tokens):
    assert assess(tool(size=size)).tokens == tokens
