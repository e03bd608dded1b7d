"""Hints as the reviewers see them."""

import pytest

from analysis.model import FlowRole
from analysis.output.corrected_hints import corrected_hints, differing_hints, json_patch

READ = {"effect": "read-only", "reversibility": "read-only", "roles": [], "unclear": False, "hints": {}}
WRITE = READ | {"effect": "side-effect", "reversibility": "reversible"}
DELETE = READ | {"effect": "critical", "reversibility": "irreversible"}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (READ, {"readOnlyHint": True}),
        (READ | {"hints": {"destructiveHint": True}}, {"readOnlyHint": True}),
        (WRITE, {"readOnlyHint": False}),
        (
            WRITE | {"hints": {"readOnlyHint": True, "destructiveHint": False}},
            {"readOnlyHint": False, "destructiveHint": False},
        ),
        (WRITE | {"method": "PUT"}, {"readOnlyHint": False, "idempotentHint": True}),
        (WRITE | {"method": "POST"}, {"readOnlyHint": False, "idempotentHint": False}),
        (WRITE | {"reversibility": "unknown"}, {"readOnlyHint": False, "destructiveHint": True}),
        (DELETE | {"hints": {"destructiveHint": False}}, {"readOnlyHint": False, "destructiveHint": True}),
    ],
)
def test_hints_follow_effect_and_reversibility(facts, expected):
    assert corrected_hints(facts) == expected


def test_a_tool_that_reaches_outside_says_so():
    found = corrected_hints(READ | {"roles": [FlowRole.UNTRUSTED_CONTENT.value], "hints": {"openWorldHint": False}})
    assert found["openWorldHint"] is True


def test_what_is_unclear_is_neither_promised_nor_accused():
    unclear = WRITE | {"unclear": True, "hints": {"readOnlyHint": True}}
    assert corrected_hints(unclear) == {"readOnlyHint": True}
    assert corrected_hints(WRITE | {"unclear": True}) == {}
    by_person = unclear | {"overrides": {"type": {"to": "side-effect"}}}
    assert corrected_hints(by_person) == {"readOnlyHint": False}


def test_no_warning_is_taken_back_because_nothing_was_found():
    declared = {"destructiveHint": True, "openWorldHint": True}
    found = corrected_hints(WRITE | {"hints": declared})
    assert {name: found[name] for name in declared} == declared


def test_only_what_means_something_else_differs():
    assert differing_hints({}, {"readOnlyHint": False, "destructiveHint": True}) == {}
    assert differing_hints({"readOnlyHint": True}, {"readOnlyHint": False}) == {"readOnlyHint": False}
    assert differing_hints({}, {"readOnlyHint": True}) == {"readOnlyHint": True}


def test_the_patch_adds_replaces_and_makes_annotations():
    changed = {"readOnlyHint": False, "destructiveHint": True}
    assert json_patch("/tools/3", {"readOnlyHint": True}, changed, has_annotations=True) == [
        {"op": "replace", "path": "/tools/3/annotations/readOnlyHint", "value": False},
        {"op": "add", "path": "/tools/3/annotations/destructiveHint", "value": True},
    ]
    assert json_patch("/tools/3", {}, changed, has_annotations=False) == [
        {"op": "add", "path": "/tools/3/annotations", "value": changed}
    ]
