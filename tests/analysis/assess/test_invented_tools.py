"""Invented tools of many trades with judged labels, as floors: no act is called a read, little confidential is low."""

import re
from pathlib import Path

import pytest

from analysis.assess import assess_all
from analysis.model import Effect, FlowRole, Parameter, Risk, SourceId, Tool, ToolId

FILE = Path(__file__).parents[2] / "fixtures" / "invented_tools.txt"
LABELS = ("effect", "confidential", "sink", "untrusted")


def parameters(named, place):
    for each in filter(None, named):
        name, _, values = each.partition(":")
        yield Parameter(name, place, True, "string", "", tuple(filter(None, values.split("|"))))


def tool(head, text, number):
    source = SourceId(f"s{number}")  # each by itself: a sibling must not help
    if " " in head:
        method, path = head.split(" ")
        inputs = tuple(parameters(re.findall(r"{(\w+)}", path), "path"))
        return Tool(ToolId(head), source, head, method, path, "", text, "", "0" * 64, "", parameters=inputs)
    name, _, given = head.rstrip(")").partition("(")
    inputs = tuple(parameters(given.split(","), "argument"))
    return Tool(ToolId(head), source, name, "", "", "", "", text, "0" * 64, "", parameters=inputs)


@pytest.fixture(scope="module")
def judged():
    lines = [line for line in FILE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    rows = [re.fullmatch(r"(.+?) :: (.*) => (.+)", line).groups() for line in lines]
    tools = [tool(head, text, number) for number, (head, text, _) in enumerate(rows)]
    labels = [dict(zip(LABELS, told.split(" "), strict=True)) for *_, told in rows]
    return list(zip(labels, assess_all(tools), strict=True))


def share(outcomes):
    outcomes = list(outcomes)
    assert len(outcomes) > 50
    return sum(outcomes) / len(outcomes)


def plays(said, role):
    return not {role, FlowRole.CODE_EXECUTION}.isdisjoint(signal.flow_role for signal in said.flow_roles)


def test_no_act_is_called_a_read(judged):
    assert [said.reasons for label, said in judged if label["effect"] == "W" and said.effect is Effect.READ] == []


def test_most_reads_are_found(judged):
    assert share(said.effect is Effect.READ for label, said in judged if label["effect"] == "R") >= 0.88


def test_hardly_anything_confidential_is_low(judged):
    assert share(said.risk is Risk.LOW for label, said in judged if label["confidential"] == "1") <= 0.02


def test_hardly_anything_open_is_called_confidential(judged):
    assert share(bool(said.confidential) for label, said in judged if label["confidential"] == "0") <= 0.05


@pytest.mark.parametrize(
    ("label", "role", "recall", "false"),
    [("sink", FlowRole.EXFILTRATION_SINK, 0.94, 0.02), ("untrusted", FlowRole.UNTRUSTED_CONTENT, 0.9, 0.03)],
)
def test_flow_roles(judged, label, role, recall, false):
    assert sum(plays(said, role) for told, said in judged if told[label] == "1") >= recall * sum(
        told[label] == "1" for told, _ in judged
    )
    assert share(plays(said, role) for told, said in judged if told[label] == "0") <= false
