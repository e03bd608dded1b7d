"""Judged labels on public documents and servers, as floors. A change that falls below one of them is no improvement."""

import json
from collections import Counter

import pytest

from analysis.assess import assess_all
from analysis.ingest import read
from analysis.model import Area, FlowRole, Risk, ToolType

RANK = {risk.value: risk.rank for risk in Risk}


def label_rows(shared):
    file = shared / "cases" / "real-labels.jsonl"
    if not file.is_file():
        pytest.skip(f"there are no judged labels at {file}")
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line]


def assessed_source(shared, name):
    folder = next(folder for folder in (shared / "specs", shared / "cases") if (folder / name).is_file())
    tools = read(str(folder / name), definitions=False).inventory.tools
    said = assess_all(tools)
    return {
        key: each
        for tool, each in zip(tools, said, strict=True)
        for key in (tool.name, f"{tool.method} {tool.path}".strip())
    }


@pytest.fixture(scope="module")
def judged(shared):
    rows = label_rows(shared)
    said = {name: assessed_source(shared, name) for name in sorted({row["source"] for row in rows})}
    return [(row, said[row["source"]][row["tool"]]) for row in rows]


def share(outcomes):
    outcomes = list(outcomes)
    return sum(outcomes) / len(outcomes)


def test_risk_is_within_the_judged_bounds(judged):
    bounds = [(row, said) for row, said in judged if row["risk_min"] or row["risk_max"]]
    within = share(
        RANK[row["risk_min"] or "low"] <= said.risk.rank <= RANK[row["risk_max"] or "high"] for row, said in bounds
    )
    assert within >= 0.96


def test_nothing_confidential_is_called_low(judged):
    assert [row["tool"] for row, said in judged if row["confidential"] and said.risk is Risk.LOW] == []


def found_types(said):
    roles = {signal.flow_role for signal in said.flow_roles}
    return {
        "executor": FlowRole.CODE_EXECUTION in roles,
        "admin": ToolType.ADMINISTRATIVE in said.types,
        "money": Area.BILLING in said.areas,
    }


@pytest.mark.parametrize("label", ["executor", "admin", "money"])
def test_kinds_of_acts(judged, label):
    counts = Counter((row[label], found_types(said)[label]) for row, said in judged if row[label] is not None)
    hits = counts[True, True]
    assert hits / (hits + counts[True, False]) >= 0.95
    assert hits / (hits + counts[False, True]) >= 0.95
