"""JSON output."""

import json

import pytest

from tui.cli.common import output


@pytest.mark.parametrize(
    "data", [{}, [], None, 3, {"a": []}, {"b": [1, {"x": [2]}], "a": {"k": {"z": "\u202e"}}}, [[], {}]]
)
def test_json_round_trips_any_data(data, capsys):
    output.put_json(data)
    text = capsys.readouterr().out
    assert text.isascii()
    assert json.loads(text) == data


def test_json_has_a_line_for_each_entry(capsys):
    output.put_json({"tools": [{"id": "b", "a": 1}, {"id": "a"}], "n": 2})
    assert capsys.readouterr().out == '{\n  "n": 2,\n  "tools": [\n    {"a": 1, "id": "b"},\n    {"id": "a"}\n  ]\n}\n'


def test_ascii_is_cut_and_filled_as_wide_characters_are():
    rows = [["abcdef", "x"], ["abc", "x"], ["abcdefg", "x"], ["日本", "x"], ["日本語日本", "x"]]
    expected = ["abcdef  x", "abc     x", "abcde…  x", "日本    x", "日本 …  x"]
    assert output.columns(rows, [6, 0]) == expected
    with_wide = output.columns([[f"{text}é", end] for text, end in rows[:3]], [6, 0])
    assert with_wide == ["abcde…  x", "abcé    x", "abcde…  x"]
