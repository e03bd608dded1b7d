"""JSON from a packet: what is accepted up to each limit, and refused one step behind it."""

from __future__ import annotations

import json

import pytest

from analysis.output.packet.folder import Unreadable
from analysis.output.packet.strict_json import MAX_DEPTH, MAX_DIGITS, strict_json


def nested(depth):
    """Return an object of so many levels."""
    return b'{"a":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"


def number(digits):
    return b'{"a":' + b"9" * digits + b"}"


@pytest.mark.parametrize("data", [
    b"{}", b' {"a": [1, -2.5e3, true, null, "\\u20ac", "\xe2\x82\xac", "\\ud83d\\ude00"]}\n', nested(MAX_DEPTH), number(MAX_DIGITS),
])  # fmt: skip
def test_unambiguous_json_is_accepted(data):
    assert strict_json(data) == json.loads(data)


@pytest.mark.parametrize("data", [nested(MAX_DEPTH + 1), nested(5000), number(MAX_DIGITS + 1), number(5000)])
def test_json_beyond_a_limit_is_refused(data):
    with pytest.raises(Unreadable, match="more than"):
        strict_json(data)


def test_the_caller_sets_the_maximum_size():
    assert strict_json(b'{"a":1}', 7) == {"a": 1}
    with pytest.raises(Unreadable, match="larger than"):
        strict_json(b'{"a":1}', 6)
