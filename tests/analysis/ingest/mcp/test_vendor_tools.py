"""Hosted tools in the lists of model vendors: none vanishes, and those that run code are executors."""

import json

import pytest

from analysis.assess import assess_all
from analysis.ingest import read
from analysis.model import FlowRole, Level, Risk

DESCRIBED = {"type": "function", "function": {"name": "list_bees", "parameters": {"type": "object", "properties": {}}}}


def reading(*tools):
    return read(json.dumps({"tools": list(tools)}).encode(), uri="hive.json")


def one(entry):
    found = reading(DESCRIBED, entry)
    _, tool = found.inventory.tools
    return tool, assess_all([tool])[0], [p for p in found.problems if p.pointer == "/tools/1"]


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        ({"type": "code_interpreter", "container": {"type": "auto"}}, "code_interpreter"),
        ({"type": "local_shell"}, "local_shell"),
        ({"type": "bash_20250124", "name": "bash"}, "bash"),
        ({"type": "computer_use_preview", "display_width": 800}, "computer_use_preview"),
        ({"code_execution": {}}, "code_execution"),
    ],
)
def test_a_hosted_tool_that_runs_code_is_an_executor(entry, name):
    tool, assessment, problems = one(entry)
    assert tool.name == name
    assert FlowRole.CODE_EXECUTION in {signal.flow_role for signal in assessment.flow_roles}
    assert assessment.risk is Risk.HIGH
    assert [problem.level for problem in problems] == [Level.NOTE]


@pytest.mark.parametrize(
    "entry", [{"type": "web_search_20260101", "name": "web_search"}, {"googleSearch": {}}, {"type": "web_search"}]
)
def test_a_search_of_the_web_brings_untrusted_content(entry):
    _, assessment, _ = one(entry)
    assert {FlowRole.UNTRUSTED_CONTENT, FlowRole.EXFILTRATION_SINK} == {s.flow_role for s in assessment.flow_roles}
    assert (assessment.effect.value, assessment.risk) == ("read-only", Risk.MEDIUM)


def test_the_tools_of_another_server_are_missing_and_that_is_an_error():
    tool, assessment, problems = one(
        {"type": "mcp", "server_label": "bees", "server_url": "https://bees.example.test", "require_approval": "never"}
    )
    assert tool.name == "mcp bees"
    assert assessment.risk is Risk.HIGH
    (problem,) = problems
    assert problem.level is Level.ERROR
    assert "no person confirms" in problem.what


def test_an_unknown_hosted_tool_is_unclear_and_of_high_risk():
    _, assessment, _ = one({"type": "hive_mind_20270101"})
    assert (assessment.unclear, assessment.risk, assessment.confidence) == (True, Risk.HIGH, 0.0)


@pytest.mark.parametrize(
    "entry",
    [
        {"type": "custom", "name": "note", "description": "Writes a note."},
        {"type": "rest", "name": "note", "description": "Writes a note.", "inputSchema": {"type": "object"}},
    ],
)
def test_a_described_tool_is_not_hosted(entry):
    tool, _, _ = one(entry)
    assert (tool.name, tool.hosted) == ("note", "")


def test_a_list_of_typed_things_is_no_list_of_tools():
    assert read(json.dumps([{"type": "heading"}, {"type": "list"}]).encode()).inventory is None
    assert len(read(json.dumps([{"type": "code_interpreter"}, {"type": "file_search"}]).encode()).inventory.tools) == 2
