"""Names that clients refuse or change: names of many tools cost no more than the tools."""

from __future__ import annotations

from time import process_time

import pytest

from analysis.rules.engine.examples import example_tool
from analysis.rules.engine.rule_context import SourceContext
from analysis.rules.pack.quality.tool_names import refused_name


def _hits(names):
    contexts = [example_tool(name) for name in names]
    return [hit.matched for hit in refused_name(SourceContext(contexts[0].tool.source, contexts, contexts[0].shared))]


def test_equal_names_are_counted_and_others_named():
    long = "read_the_orders_" * 4
    assert _hits(["list", "list", "get"]) == ["2 tools are named list"] * 2
    assert [hit.partition(";")[0] for hit in _hits([f"{long}a", f"{long}b", f"{long}b"])] == [
        f"cut at 64 characters, as some clients do, it equals {long}{other}" for other in "baa"
    ]


@pytest.mark.repeats
def test_ten_thousand_tools_of_one_name_take_no_longer_than_they_are_many():
    one = example_tool("list")
    source = SourceContext(one.tool.source, [one] * 10_000, one.shared)
    began = process_time()
    assert len(list(refused_name(source))) == 10_000
    assert process_time() - began < 2  # each compared with each: five
