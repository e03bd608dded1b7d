"""Changes of prompts and of hints: by argument and by hint, with what each of them means."""

from __future__ import annotations

from copy import deepcopy

import pytest

from analysis.output.drift.records import ChangeGroup
from tests.analysis.output.drift.conftest import LIST

PROMPTS = LIST | {
    "prompts": [
        {"name": "tidy", "description": "Tidies.", "arguments": [{"name": "depot", "required": True}, {"name": "day"}]}
    ]
}


def arguments(listed):
    return lambda document: document["prompts"][0].update(arguments=listed)


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ([{"name": "day"}, {"name": "depot", "required": True}], [("order", "serialisation", "")]),
        ([{"name": "depot", "required": True}, {"name": "day"}, {"name": "hour"}], [("arguments.hour", "optional input", "widened")]),
        ([{"name": "depot", "required": True}, {"name": "day"}, {"name": "hour", "required": True}], [("arguments.hour", "contract", "")]),
        ([{"name": "depot", "required": True}], [("arguments.day", "contract", "narrowed")]),
        ([{"name": "depot"}, {"name": "day"}], [("arguments.depot.required", "contract", "widened")]),
    ],
)  # fmt: skip
def test_arguments_of_a_prompt_are_compared_by_name(changed, listed, expected):
    found = changed(PROMPTS, arguments(listed)).drift
    assert [(each.field, each.group.value, each.direction.value) for each in found] == expected


@pytest.mark.parametrize(
    ("hints", "group", "substance"),
    [
        ({"readOnlyHint": True, "destructiveHint": False, "openWorldHint": True}, ChangeGroup.HINTS_ADDED, False),
        ({"readOnlyHint": False, "destructiveHint": False}, ChangeGroup.HINTS_CHANGED, True),
        ({"destructiveHint": False}, ChangeGroup.HINTS_CHANGED, True),
    ],
)
def test_a_hint_that_flips_or_goes_has_substance_and_one_that_comes_has_none(changed, hints, group, substance):
    def change(document):
        document["tools"][0]["annotations"] = hints | {"title": "Parcels"}

    found = [each for each in changed(deepcopy(LIST), change).drift if each.field.startswith("annotations.")]
    assert {(each.group, each.substance) for each in found} == {(group, substance)}
