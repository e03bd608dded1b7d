"""What a form of conditions offers: each value is one that a gateway can check."""

import json

import pytest

from analysis.model import ConditionKind, Intake
from analysis.model.terms import read_terms
from analysis.review import commands
from analysis.review.queries.decision_support.condition_choices import (
    condition_choices,
    parameter_names,
    shared_parameters,
)
from analysis.review.session import Review
from analysis.review.sources.importing import examine_source

AT = "2026-03-02T09:00:00Z"
FIELDS = {
    "count": {"type": "integer", "maximum": 9},
    "size": {"type": "string", "enum": ["small", "large"]},
    "gift": {"type": "boolean"},
    "lines": {"type": "array", "items": {"type": "string"}, "maxItems": 3},
    "remark": {"type": "string", "maxLength": 80},
}


def served(name, fields):
    schema = {"type": "object", "properties": fields, "required": ["count"]}
    return {"name": name, "description": "Packs a box", "inputSchema": schema}


@pytest.fixture
def packing(tmp_path):
    """A review of two tools, of which the second has only some parameters of the first."""
    (tmp_path / "tools.json").write_text(
        json.dumps({"tools": [served("pack", FIELDS), served("wrap", {"count": FIELDS["count"]})]})
    )
    source = examine_source(str(tmp_path / "tools.json"))
    review = Review.create(tmp_path / "r.clearance", [source], actor="ann", at=AT)
    yield review
    review.close()


def ids(review, *names):
    return [tool.row.id for tool in review.tools() if tool.row.name in names]


def test_the_parameters_of_a_tool_become_limits(packing):
    offered = condition_choices(packing, ids(packing, "pack"), "ann")[ConditionKind.PARAMETERS]
    assert offered[:2] == ("count: at most 9", "count: 1 to 9")
    assert {"size: one of small, large", "size: exactly small", "gift: exactly false", "lines: at most 3 items",
            "remark: at most 80 characters", "remark: not sent"} <= set(offered)  # fmt: skip
    assert "count: not sent" not in offered  # it is required


def test_several_tools_share_what_all_of_them_have(packing):
    both = ids(packing, "pack", "wrap")
    assert [each.name for each in shared_parameters(packing, both)] == ["count"]
    assert shared_parameters(packing, []) == []
    assert set(parameter_names(packing, both[0])) == set(FIELDS)


def test_the_access_request_comes_first(packing):
    request = Intake(environment="staging", audience=("support", "eve@corp"), owner="payments", purpose="p")
    commands.record_intake(packing, request, actor="ann", at=AT)
    offered = condition_choices(packing, [], "ann")
    assert offered[ConditionKind.ENVIRONMENT][0] == "staging"
    assert offered[ConditionKind.USER][0] == "eve@corp"
    assert offered[ConditionKind.GROUP][0] == "support"
    assert offered[ConditionKind.OWNER] == ("payments", "ann")
    assert offered[ConditionKind.APPROVAL][:2] == ("one person of support", "one person of eve@corp")


def test_whatever_is_offered_can_be_checked(packing):
    offered = condition_choices(packing, ids(packing, "pack"), "ann")
    assert offered[ConditionKind.EXPIRES][0] == "2026-05-31"
    for kind, values in offered.items():
        for value in values:
            assert read_terms(kind, value) is not None, (kind, value)
