"""Changes of real definitions are reported as what they are, and changes of form not at all."""

import json
import random
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.ingest import read
from analysis.model import SourceId
from analysis.review.sources.definition_drift import source_drift
from tests.fixtures.drift_mutations import MCP, OPENAPI, pruned, reordered

SAMPLE = Path(__file__).parents[4] / "sample_data" / "customer-management.yaml"
SPECS = (
    "box-3.0.json", "discord-3.1.json", "github-3.0.json", "museum-3.1.yaml", "openai-3.1.json", "slack-2.0.json",
    "twilio-api-3.0.json", "xero-accounting-3.0.yaml",
)  # fmt: skip
SERVERS = ("chrome-devtools", "desktop-commander", "filesystem", "git", "memory", "notion", "playwright")
OWN_LIST: dict[str, Any] = {
    "instructions": "Depots keep parcels.",
    "tools": [
        {
            "name": "list_parcels", "description": "Lists the parcels of a depot, with the newest first.",
            "inputSchema": {
                "type": "object", "required": ["depot", "day"],
                "properties": {"depot": {"type": "string"}, "day": {"type": "string"}, "limit": {"type": "integer"}},
            },
            "annotations": {"readOnlyHint": True},
        },
        {
            "name": "send_parcel", "description": "Hands a parcel of a depot to the carrier that its label names.",
            "inputSchema": {"type": "object", "required": ["number"], "properties": {"number": {"type": "string"}}},
        },
        {"name": "count_parcels", "description": "Counts.", "inputSchema": {"type": "object", "properties": {}}},
    ],
}  # fmt: skip


def plain(value):
    """Return loaded YAML as JSON data: dates as text, keys as text."""
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value if isinstance(value, str | int | float | bool | type(None)) else str(value)


def loaded(path):
    text = path.read_text("utf-8")
    return json.loads(text) if path.suffix == ".json" else plain(yaml.load(text, Loader=yaml.CSafeLoader))


def reading(document, text=None):
    found = read((text or json.dumps(document)).encode(), name=SourceId("s"), texts=True)
    assert found.inventory is not None, found.problems
    return found


def says(drift, expected):
    """Whether a difference is the expected one."""
    return (
        drift.kind.value == expected.kind
        and (drift.tool.endswith(expected.tool) or not expected.tool)
        and expected.field in drift.field
        and expected.substance in (drift.substance, None)
        and expected.direction in (drift.direction.value, "")
        and expected.group in (drift.group.value, "")
    )


def check_all(document, mutators, seed):
    """Apply every mutator that fits and return (how many, those that were not reported as what they are)."""
    before, count, wrong = reading(document), 0, []
    for mutate in mutators:
        changed = deepcopy(document)
        expected = mutate(changed, random.Random(f"{seed} {mutate.__name__}"))
        if expected is None or changed == document:
            continue
        count += 1
        found = source_drift(before, reading(changed)).drift
        told = [each for each in found if says(each, expected)]
        # What has no substance must not be said to have any on the same tool.
        grave = expected.substance is False and [e for e in found if e.substance and told and e.tool == told[0].tool]
        if not told or grave:
            wrong.append((mutate.__name__, expected, [(e.kind, e.tool, e.field, e.group) for e in found[:5]]))
    return count, wrong


def check_form(document, seed):
    """Compare a document with itself in other orders and layouts, and as YAML."""
    before = reading(document)
    for number in range(3):
        other = reordered(document, random.Random(f"{seed} {number}"))
        text = yaml.safe_dump(other, sort_keys=False, width=60) if number == 1 else json.dumps(other, indent=number)
        found = source_drift(before, reading(other, text))
        assert {each.field for each in found.drift} <= {"order"}
        assert found.equal + len(found.drift) == len(before.inventory.tools)


def test_changes_of_the_sample_are_reported_as_what_they_are():
    count, wrong = check_all(pruned(loaded(SAMPLE), "sample"), OPENAPI, "sample")
    assert wrong == []
    assert count >= 20


def test_changes_of_a_tool_list_are_reported_as_what_they_are():
    count, wrong = check_all(OWN_LIST, MCP, "own")
    assert wrong == []
    assert count == len(MCP)


@pytest.mark.parametrize("document", [pruned(loaded(SAMPLE), "form"), OWN_LIST], ids=["sample", "list"])
def test_order_and_layout_and_yaml_are_no_drift(document):
    check_form(document, "form")


def test_two_hundred_changes_of_real_definitions_are_reported_as_what_they_are(shared):
    total, wrong = 0, []
    for name in SPECS:
        count, missed = check_all(pruned(loaded(shared / "specs" / name), name, paths=10), OPENAPI, name)
        total += count
        wrong += [(name, *each) for each in missed]
    for name in SERVERS:
        listed = loaded(shared / "cases" / "servers" / f"{name}.json")
        count, missed = check_all(listed.get("result", listed), MCP, name)
        total += count
        wrong += [(name, *each) for each in missed]
    assert wrong == []
    assert total >= 200


@pytest.mark.parametrize("name", SPECS)
def test_order_and_layout_of_real_documents_are_no_drift(name, shared):
    check_form(pruned(loaded(shared / "specs" / name), name, paths=10), name)


def test_wording_that_makes_a_read_a_deletion_has_substance():
    changed = deepcopy(OWN_LIST)
    changed["tools"][2] |= {"name": "count_parcels", "description": "Deletes all parcels of a depot for good."}
    found = source_drift(reading(OWN_LIST), reading(changed)).drift
    assert {each.field for each in found if each.substance} >= {"assessment.effect", "assessment.risk"}


def test_a_hint_that_contradicts_its_tool_has_substance():
    changed = deepcopy(OWN_LIST)
    changed["tools"][1] |= {"name": "send_parcel", "annotations": {"readOnlyHint": True}}
    found = source_drift(reading(OWN_LIST), reading(changed)).drift
    assert [each.substance for each in found if each.field == "annotations.readOnlyHint"] == [False]
    assert any(each.substance and each.field.startswith("finding.") for each in found)


@pytest.mark.parametrize(
    ("added", "substance"),
    [
        (" The list is mailed to the address given.", True),
        (" Also removes parcels older than a year.", True),
        (" Runs the command in `day`.", True),
        (" The driver's password is part of it.", True),
        (" Parcels of one day come in the order of their numbers.", False),
        (" At most 50 are listed; see `limit`.", False),
    ],
)
def test_a_description_that_gains_an_act_has_substance_and_a_longer_one_has_none(added, substance):
    changed = deepcopy(OWN_LIST)
    changed["tools"][0]["description"] += added
    found = source_drift(reading(OWN_LIST), reading(changed)).drift
    assert any(each.substance for each in found) is substance
    assert [each.group.value for each in found if each.field == "description"] == [
        "new text signal" if substance else "wording"
    ]


def test_a_signal_that_the_engine_did_not_see_before_has_substance():
    plain, changed = deepcopy(OWN_LIST), deepcopy(OWN_LIST)
    plain["tools"][2] |= {"name": "parcels", "description": "Parcels of a depot."}
    changed["tools"][2] |= {"name": "parcels", "description": "Registers parcels of a depot."}
    found = source_drift(reading(plain), reading(changed)).drift
    assert any(each.substance and each.field == "assessment.signals" for each in found)
