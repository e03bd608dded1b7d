"""Plain scalars are what JSON says, alone and in a document."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.ingest.document.loading import Limits
from analysis.ingest.document.reader import parse_document
from analysis.ingest.document.yaml_scalars import scalar


@pytest.mark.parametrize(
    ("written", "value"),
    [
        # words
        ("", None), ("~", None), ("null", None), ("Null", None), ("NULL", None),
        ("true", True), ("True", True), ("TRUE", True), ("false", False),
        # YAML 1.1 would make booleans of these
        ("on", "on"), ("off", "off"), ("yes", "yes"), ("NO", "NO"), ("y", "y"), ("nUll", "nUll"),
        # JSON's numbers
        ("0", 0), ("12", 12), ("-3", -3), ("1.5", 1.5), ("1e3", 1000.0), ("1E+2", 100.0), ("3e-05", 3e-05),
        # YAML 1.1 would make numbers of these
        ("18:00", "18:00"), ("0777", "0777"), ("012", "012"), ("0o17", "0o17"), ("0x1F", "0x1F"), ("1_000", "1_000"),
        ("+1", "+1"), (".5", ".5"), ("1.", "1."), ("0b11", "0b11"), (".inf", ".inf"), (".nan", ".nan"),
        ("090", "090"), ("012345678912345678", "012345678912345678"),
        # and dates of these
        ("2024-01-31", "2024-01-31"), ("2024-01-31T10:00:00Z", "2024-01-31T10:00:00Z"),
        # digits of other scripts are no JSON digits
        ("1\u0663", "1\u0663"), ("1.\u0663", "1.\u0663"),
        # text
        ("=", "="), ("a b", "a b"), ("<<", "<<"),
    ],
)  # fmt: skip
def test_plain_scalars(written, value):
    read = scalar(written)
    assert (read, type(read)) == (value, type(value))
    if written:
        parsed = parse_document(f"a: {written}\n".encode(), Limits())
        assert (parsed.data, parsed.problems) == ({"a": value}, ())


@given(st.text("0123456789.eE+-_xo:", min_size=1, max_size=8))
def test_a_plain_scalar_is_a_number_exactly_when_json_says_so(written):
    try:
        number = json.loads(written)
    except ValueError:
        number = written
    read = scalar(written)
    assert read == number
    assert isinstance(read, str) or math.isfinite(read) or "e" in written.lower()
