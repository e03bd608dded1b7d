"""The JSON text of a value is that of its data, however often its parts recur."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.field_names import field_set
from analysis.model import DataHit, Effect, Parameter, Skipped
from analysis.review.sources.importing import examine_source, source_rows
from analysis.workspace import to_plain
from analysis.workspace.json_texts import JsonTexts
from tests.analysis.workspace.test_codec import KINDS


def of_data(value: Any) -> str:
    return json.dumps(to_plain(value), ensure_ascii=True, separators=(",", ":"))


@pytest.mark.repeats
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_a_text_is_that_of_the_data(kind, data):
    values = data.draw(st.lists(st.from_type(kind), max_size=3))
    texts = JsonTexts(len)
    assert texts.text(values) == of_data(values)
    assert texts.text(tuple(values)) == of_data(values)
    assert [texts.text(each) for each in values] == [of_data(each) for each in values]


@pytest.mark.parametrize(
    "value",
    ['a"\\\u2028é\ud800', 0, -7, 1.0, 1e300, 0.1, True, False, None, Effect.READ, (), [], {}, {"é": (1, [None])}],
)
def test_plain_values(value):
    assert JsonTexts(len).text(value) == of_data(value)


def test_equal_parts_are_written_once(monkeypatch):
    written = []
    real = JsonTexts._fields

    def fields(self: JsonTexts, value: Any) -> str:
        written.append(value)
        return real(self, value)

    monkeypatch.setattr(JsonTexts, "_fields", fields)
    hits = [(DataHit("contact", "response", ("email",)), DataHit("contact", "response", ("email",)))] * 50
    assert JsonTexts(len).text(hits) == of_data(hits)
    assert len(written) == 1


def test_parts_that_differ_in_a_field_are_not_taken_for_equal():
    one = Parameter("a", "query", required=True, type="string", description="")
    other = Parameter("a", "query", required=False, type="string", description="")
    assert JsonTexts(len).text((one, other, one)) == of_data((one, other, one))


def test_a_set_of_names_is_its_number():
    assert JsonTexts(len).text((field_set(("a", "b")), ())) == "[2,[]]"


def test_a_field_may_be_left_empty():
    assert JsonTexts(len).text_without(Skipped("rules", "none"), "reason") == '{"check":"rules","reason":[]}'


def test_the_rows_of_a_source_are_the_texts_of_its_data():
    result = examine_source("sample_data/customer-management.yaml")
    rows = source_rows(result)
    assert [json.loads(text) for _, text in rows.findings] == [to_plain(each) for each in result.findings]
    for (tool, assessment), (_, _, heavy) in zip(result.tools, rows.tools, strict=True):
        known, parameters = heavy.split("\n")
        data = json.loads(known)
        assert data["tool"].pop("parameters") == []
        data["tool"]["parameters"] = json.loads(parameters)
        assert data["assessment"] == json.loads(json.dumps(to_plain(assessment)))
        sets = {"request_fields", "response_fields", "shallow_fields"}
        expected = {name: value for name, value in to_plain(tool).items() if name not in sets}
        assert {name: value for name, value in data["tool"].items() if name not in sets} == json.loads(
            json.dumps(expected)
        )
