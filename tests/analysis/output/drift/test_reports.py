"""Drift as JSON data, SARIF and lines."""

import json

from analysis.output.drift.records import ChangeDirection, ChangeGroup, Drift, DriftKind
from analysis.output.drift.reports import drift_data, drift_lines, drift_sarif

RAISED = Drift(
    DriftKind.CHANGED, "s:a", "a", "inputSchema.n.maximum", 5, 50, substance=True, group=ChangeGroup.CONTRACT,
    direction=ChangeDirection.WIDENED,
)  # fmt: skip
WORDED = Drift(DriftKind.CHANGED, "s:b", "b", "description", "x", "y\x1b", substance=False, group=ChangeGroup.WORDING)


def test_a_difference_as_data_has_the_fields_of_the_contract():
    data = drift_data(RAISED, "allow")
    assert {name: data[name] for name in ("kind", "tool", "field", "before", "after", "substance")} == {
        "kind": "changed", "tool": "s:a", "field": "inputSchema.n.maximum", "before": 5, "after": 50, "substance": True
    }  # fmt: skip
    assert (data["direction"], data["group"], data["decision"]) == ("widened", "contract", "allow")


def test_sarif_places_each_difference_at_its_tool():
    log = drift_sarif([WORDED, RAISED], "api.yaml", {"s:a": 12})
    (run,) = log["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["drift/changed"]
    levels = {each["logical"]: each["level"] for each in map(_brief, run["results"])}
    assert levels == {"s:b/description": "note", "s:a/inputSchema.n.maximum": "error"}
    assert [_brief(each)["line"] for each in run["results"]] == [1, 12]
    assert "\x1b" not in json.dumps(log, ensure_ascii=False)
    assert len({each["partialFingerprints"]["drift/v1"] for each in run["results"]}) == 2


def _brief(result):
    (place,) = result["locations"]
    return {
        "level": result["level"],
        "line": place["physicalLocation"]["region"]["startLine"],
        "logical": place["logicalLocations"][0]["fullyQualifiedName"],
    }


def test_equal_differences_of_several_tools_are_one_line_and_substance_comes_first():
    other = Drift(
        DriftKind.CHANGED, "s:c", "c", *("description", "x", "y\x1b"), substance=False, group=ChangeGroup.WORDING
    )
    lines = list(drift_lines([WORDED, other, RAISED], {"s:a": "allow"}))
    assert len(lines) == 4
    assert lines[0] == "changed   s:a  [allow]"
    assert "5 -> 50  (substance: widened, contract)" in lines[1]
    assert lines[2] == "changed   s:b, s:c"
    assert "\x1b" not in "".join(lines)
