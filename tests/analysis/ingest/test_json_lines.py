"""Lines of JSON objects, held against the text itself."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.ingest import read
from analysis.ingest.json_lines import _token_by_token, object_lines

KEYS = st.text(max_size=6)
LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
TREES = st.dictionaries(
    KEYS, st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3))
)


def marked(node, depth=3):
    """The objects of a tree up to a depth."""
    if isinstance(node, dict):
        yield node
    if depth and isinstance(node, dict | list):
        for inner in node.values() if isinstance(node, dict) else node:
            yield from marked(inner, depth - 1)


@given(TREES, st.sampled_from([1, 2, 4, "\t"]), st.booleans())
def test_an_object_begins_on_its_line(tree, indent, ascii_only):
    for number, node in enumerate(list(marked(tree))):
        node["mark"] = f"here {number}"
    raw = json.dumps(tree, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    data = json.loads(raw)
    lines = object_lines(raw, data)
    text = raw.decode("utf-8", "surrogatepass").split("\n")
    for node in marked(data):
        line = lines[id(node)]
        assert text[line - 1].rstrip().endswith("{")
        inside = "\n".join(text[line:])
        assert f'"{node["mark"]}"' in inside


@given(TREES, st.sampled_from([1, 2, "\t"]))
def test_both_ways_of_looking_agree(tree, indent):
    raw = b"\n " + json.dumps(tree, indent=indent).encode()
    data = json.loads(raw)
    assert object_lines(raw, data) == _token_by_token(raw, data)


def test_a_mixed_layout_is_read_token_by_token():
    raw = b'{"paths": {\n "/a": {"get": {}, "put": {"x": [1, {}, "}"]}},\n\n   "/b":\n {"get":\n {}}}}'
    data = json.loads(raw)
    lines = object_lines(raw, data)
    items = data["paths"]
    found = [items["/a"]["get"], items["/a"]["put"], items["/b"], items["/b"]["get"]]
    assert [lines[id(node)] for node in found] == [2, 2, 5, 6]


def test_a_repeated_key_has_the_line_of_the_one_that_won():
    raw = b'{\n"a": {"b": {}},\n"a": {"b": {}}}'
    data = json.loads(raw)
    assert object_lines(raw, data)[id(data["a"]["b"])] == 3


def test_everything_on_one_line_and_blank_lines_before():
    raw = b'\n\n{"a": {"b": {}}}'
    data = json.loads(raw)
    assert object_lines(raw, data)[id(data["a"]["b"])] == 3


def test_a_text_that_is_not_the_data_tells_nothing():
    raw = b'{\n  "a": {\n    "b": {}\n  }\n}'
    other = {"c": {"d": {}}}
    assert id(other["c"]["d"]) not in object_lines(raw, other)


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_a_tool_has_its_line(bom):
    document = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/é": {"get": {}, "put": {}}}}
    (get, put) = read(bom + json.dumps(document, indent=2).encode()).inventory.tools
    assert (get.line, put.line) == (9, 10)
