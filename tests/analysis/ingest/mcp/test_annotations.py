"""Hints in every spelling that servers and SDKs write; null is no statement."""

import pytest

from analysis.ingest.mcp.annotations import hints_of


@pytest.mark.parametrize(
    ("body", "hints"),
    [
        ({"annotations": {"readOnlyHint": True}}, {"readOnlyHint": True}),
        ({"annotations": {"read_only_hint": True, "destructive_hint": None}}, {"readOnlyHint": True}),
        ({"annotations": {"open-world-hint": False}}, {"openWorldHint": False}),
        ({"annotations": {"annotations": {"destructiveHint": True}}}, {"destructiveHint": True}),
        ({"metadata": {"annotations": {"idempotentHint": True}}}, {"idempotentHint": True}),
        ({"destructive_hint": True}, {"destructiveHint": True}),
        ({"annotations": {"readOnlyHint": True}, "readOnlyHint": False}, {"readOnlyHint": True}),
        ({"annotations": {"readOnlyHint": "true"}}, {}),
        ({"annotations": None}, {}),
        ({"annotations": {"title": "x", "colour": True}}, {}),
    ],
)
def test_hints(body, hints):
    assert dict(hints_of(body)) == hints


def test_the_most_specific_object_counts():
    assert hints_of({"annotations": {"readOnlyHint": False}}, {"annotations": {"readOnlyHint": True}}) == (
        ("readOnlyHint", False),
    )
    assert hints_of(None, []) == ()
