"""What the review file keeps comes back as the same value, after a trip through JSON text."""

import json
from collections.abc import Collection
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.model import (
    Assessment,
    DataHit,
    Finding,
    Parameter,
    Problem,
    Reason,
    RuleNotRun,
    SchemeUse,
    Skipped,
    SourceId,
    SourceInfo,
    SourceStatus,
    TextSpan,
    Tool,
    ToolId,
    ToolRow,
)
from analysis.workspace import Store, from_plain, to_plain
from tests.fixtures.examples import share

KINDS = (
    Assessment, DataHit, Finding, Parameter, TextSpan, Problem, Reason, RuleNotRun, SchemeUse, Skipped, SourceInfo,
    SourceStatus, Tool, ToolRow,
)  # fmt: skip
st.register_type_strategy(Collection, st.lists(st.text()).map(tuple))  # those of tools hold names of fields
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))


@pytest.mark.repeats
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@share(1 / 2)
@given(data=st.data())
def test_every_value_comes_back(kind, data):
    value = data.draw(st.from_type(kind))
    kept = {field.name for field in fields(kind) if field.metadata.get("stored", True)}
    assert set(to_plain(value)) == kept
    back = from_plain(kind, json.loads(json.dumps(to_plain(value))))
    assert all(getattr(back, name) == getattr(value, name) for name in kept)


def test_what_the_sample_review_stores_decodes_and_encodes_to_the_same_data(sample_file):
    store = Store.open(sample_file, writable=False)
    stored: list[tuple[type, Any]] = [(SourceStatus, data) for data in store.sources()]
    stored += [(ToolRow, data) for data in store.rows()]
    stored += [(Finding, data) for data in store.findings()]
    for row in store.rows():
        heavy = store.record(row["id"])
        stored += [(Tool, heavy["tool"]), (Assessment, heavy["assessment"])]
    assert len(stored) > 3 * 48
    for kind, data in stored:
        assert to_plain(from_plain(kind, data)) == data
    store.close()


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (Skipped, {}),
        (Skipped, {"check": "x"}),
        (Problem, {"level": "odd", "what": "", "pointer": "", "line": None, "remedy": ""}),
        (SchemeUse, {"name": "a", "kind": "b", "scopes": None}),
        (Skipped, []),
        (Skipped, None),
        (SourceInfo, {"files": [["only one"]]}),
    ],
)
def test_data_of_another_shape_is_an_error(kind, data):
    with pytest.raises((KeyError, TypeError, ValueError)):
        from_plain(kind, data)


def test_fields_that_an_older_release_did_not_know_take_their_default():
    stored = to_plain(Tool(ToolId("s:a"), SourceId("s"), "a", "", "", "", "", "", "", ""))
    for name in ("tags", "security", "size"):
        del stored[name]
    tool = from_plain(Tool, stored)
    assert (tool.tags, tool.security, tool.size) == ((), None, 0)
