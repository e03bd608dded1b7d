"""Lines of JSON objects in any layout, compared with the lines at which the test wrote them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.ingest import read
from analysis.ingest.document.json_located import parse_located
from analysis.ingest.document.loading import Limits
from analysis.ingest.document.reader import parse_document

KEYS = st.text(max_size=6) | st.sampled_from(["a", "{", '"', "\\", "]\n", "é"])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
TREES = st.dictionaries(
    KEYS, st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3))
)
BLANKS = st.text(" \t\r\n", max_size=4)


class Writer:
    """Writes JSON with blanks of any kind wherever they are allowed; remembers the line of objects near the root."""

    def __init__(self, draw):
        self.draw = draw
        self.text = ""
        self.lines = {}

    def blank(self):
        self.text += self.draw(BLANKS)

    def value(self, node, way=()):
        if isinstance(node, dict):
            if len(way) <= 3:
                self.lines[way] = self.text.count("\n") + 1
            self.members("{}", [(key, node[key]) for key in node], way)
        elif isinstance(node, list):
            self.members("[]", list(enumerate(node)), way)
        else:
            self.text += json.dumps(node, ensure_ascii=self.draw(st.booleans()))

    def members(self, brackets, members, way):
        self.text += brackets[0]
        self.blank()
        for number, (key, inner) in enumerate(members):
            if number:
                self.text += ","
                self.blank()
            if brackets == "{}":
                self.text += json.dumps(key, ensure_ascii=self.draw(st.booleans()))
                self.blank()
                self.text += ":"
                self.blank()
            self.value(inner, (*way, key))
            self.blank()
        self.text += brackets[1]


def at(node, way):
    for step in way:
        node = node[step]
    return node


def lines(text):
    return parse_located(text, json.JSONDecoder(object_pairs_hook=dict))


@given(TREES, st.data())
def test_an_object_begins_on_its_line_in_any_layout(tree, data):
    writer = Writer(data.draw)
    writer.blank()
    writer.value(tree)
    writer.blank()
    parsed, found = lines(writer.text)
    assert repr(parsed) == repr(json.loads(writer.text))
    assert found == {id(at(parsed, way)): line for way, line in writer.lines.items()}


def outcome(parse_it):
    try:
        return repr(parse_it())
    except ValueError as error:
        return str(error)


@given(TREES, st.data())
def test_a_damaged_text_is_refused_as_the_standard_parser_does(tree, data):
    writer = Writer(data.draw)
    writer.value(tree)
    place = data.draw(st.integers(0, len(writer.text) - 1))
    damaged = (
        writer.text[:place] + data.draw(st.sampled_from(["", ",", "]", "}", ":", '"', "x"])) + writer.text[place + 1 :]
    )
    assert outcome(lambda: lines(damaged)[0]) == outcome(lambda: json.loads(damaged))


def test_lists_that_share_lines():
    """By the indentation of its line, the second element would stand one line higher."""
    data, found = lines('[\n [5,\n {},\n 6], {"a": 1}, 8\n]')
    assert found[id(data[1])] == 4


def test_a_repeated_key_has_the_line_of_the_one_that_won():
    data, found = lines('{\n"a": {"b": {}, "c": {}},\n"a": {"b": {}}}')
    assert [found[id(each)] for each in (data, data["a"], data["a"]["b"])] == [1, 3, 3]


def test_half_a_character_moves_no_line():
    parsed = parse_document(b'{\n"\\ud800": {\n"b": {"c": "\\udfff"}}}', Limits())
    assert [parsed.lines[id(each)] for each in (parsed.data, parsed.data["\ufffd"], parsed.data["\ufffd"]["b"])] == [
        1,
        2,
        3,
    ]


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("size", [0, 1_000_000], ids=["small", "large"])
def test_a_tool_has_its_line(bom, size):
    item = {"get": {"x-note": "x" * size}, "put": {}}
    document = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/é": item}}
    (get, put) = read(bom + json.dumps(document, indent=2).encode()).inventory.tools
    assert (get.line, put.line) == (9, 12)
