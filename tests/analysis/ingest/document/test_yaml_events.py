"""YAML and JSON to plain data: the rule set OpenAPI allows, and refusals that name the place."""

import json

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.ingest.document import reader
from analysis.ingest.document.loading import Limits, decode, load_file
from analysis.ingest.document.reader import parse_document
from analysis.ingest.document.yaml_events import parse_yaml
from analysis.model import Level

LIMITS = Limits()


def data(text, limits=LIMITS):
    """The data of a document without faults."""
    parsed = parse_document(text.encode(), limits)
    assert parsed.problems == ()
    return parsed.data


def refusal(text, limits=LIMITS):
    """The one problem of a refused document, and its line."""
    parsed = parse_document(text if isinstance(text, bytes) else text.encode(), limits)
    assert parsed.data is None
    (problem,) = parsed.problems
    assert problem.level is Level.REFUSED
    assert problem.remedy
    return problem.what, problem.line


# --- scalars -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("'12'", "12"), ('"12"', "12"), ("'null'", "null"), ('"true"', "true"), ("'~'", "~"), ("! 12", "12"),
        ("!!str 12", "12"), ("!!str true", "true"), ("!!int '12'", 12), ("!!null ''", None), ("!!bool 'true'", True),
        ("|\n  12\n", "12\n"), (">-\n  1\n  2\n", "1 2"), ('"\\u00e9"', "\u00e9"),
    ],
)  # fmt: skip
def test_quotes_and_core_tags_decide(written, value):
    assert data(f"a: {written}\n") == {"a": value}


def test_keys_are_text_as_written():
    assert list(data("200: a\n1.10: b\noff: c\n~: d\n2024-01-01: e\nnull: f\n? g\n: h\n")) == [
        "200", "1.10", "off", "~", "2024-01-01", "null", "g",
    ]  # fmt: skip


@pytest.mark.parametrize("written", ["true", "1.10", "~", "0777"])
def test_a_key_by_alias_is_text_as_written(written):
    assert list(data(f"a: &k {written}\n*k : 1\n")) == ["a", written]


@pytest.mark.parametrize("text", ["a: {n}\n", '{{"a": {n}}}'], ids=["yaml", "json"])
def test_an_endless_number_stays_text(text):
    digits = "7" * 1_000_000
    assert data(text.format(n=digits)) == {"a": digits}
    assert data(text.format(n=2**64)) == {"a": 2**64}


# --- merge keys --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("<<: {a: 1}\na: 2", {"a": 2}, id="own key after"),
        pytest.param("a: 2\n<<: {a: 1}", {"a": 2}, id="own key before"),
        pytest.param("<<: [{a: 1}, {a: 2, b: 3}]", {"a": 1, "b": 3}, id="first of the list wins"),
        pytest.param("<<: {a: 1}\n<<: {b: 2}", {"a": 1, "b": 2}, id="two merges"),
        pytest.param("<<: &m {<<: {a: 1}, b: 2}", {"a": 1, "b": 2}, id="merge in a merge"),
        pytest.param("'<<': {a: 1}", {"<<": {"a": 1}}, id="quoted: an ordinary key"),
        pytest.param("a: <<", {"a": "<<"}, id="as a value: text"),
    ],
)
def test_merge_keys(text, value):
    assert data(text) == value


def test_merged_parts_are_not_changed_by_the_one_that_merges():
    assert data("m: &m {a: 1}\nx: {<<: *m, b: 2}\ny: {<<: *m}") == {
        "m": {"a": 1}, "x": {"a": 1, "b": 2}, "y": {"a": 1},
    }  # fmt: skip


@pytest.mark.parametrize("text", ["<<: 1", "<<: [1]", "<<: {a: 1}\n<<: x"])
def test_a_merge_of_no_mapping_is_refused(text):
    assert "needs a mapping" in refusal(text)[0]


# --- duplicate keys ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("a: 1\nb: 2\na: 3\n", "a", 3),
        ("x:\n  200: 1\n  '200': 2\n", "200", 3),
        ("{a: 1, a: 2}", "a", 1),
        ("- {a: 1}\n- a: 1\n  a: 2\n", "a", 3),
        ('{"a": 1,\n "a": 2}', "a", 2),
        ('{"x": {"a": 1, "a": 2}}', "a", 1),
    ],
)
def test_a_key_given_twice_is_reported(text, key, line):
    parsed = parse_document(text.encode(), LIMITS)
    (problem,) = parsed.problems
    assert parsed.data is not None
    assert problem.level is Level.ERROR
    assert problem.line == line
    assert f"{key!r} is defined twice" in problem.what


def test_the_same_key_in_two_mappings_is_no_duplicate():
    data("- {a: 1}\n- {a: 2}\n")
    data('[{"a": 1}, {"a": 2}]')


# --- bombs and depth ---------------------------------------------------------------------------------


def aliases(levels, width, first="[x]"):
    """Nine levels of ten: 10^9 nodes if anybody expanded them."""
    lines = [f"a0: &a0 {first}"]
    for level in range(1, levels + 1):
        lines.append(f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * width)}]")
    return "\n".join(lines)


def test_an_alias_bomb_is_refused():
    what, line = refusal(aliases(9, 10))
    assert "2,000,000 nodes once aliases are expanded" in what
    assert line in range(6, 9)


def test_honest_aliases_are_read():
    assert len(data(aliases(3, 10))["a3"]) == 10


def test_a_merge_bomb_is_refused():
    keys = ", ".join(f"k{n}: 1" for n in range(1_000))
    lines = [f"m0: &m0 {{{keys}}}"]
    for level in range(1, 7):
        lines.append(f"m{level}: &m{level} {{<<: [{', '.join([f'*m{level - 1}'] * 10)}]}}")
    assert "nodes once aliases are expanded" in refusal("\n".join(lines))[0]


@pytest.mark.parametrize("text", ["a: &a [*a]", "a: &a {b: *a}", "a: &a {b: {c: [1, *a]}}", "&a [*a]"])
def test_an_alias_of_itself_is_refused(text):
    assert refusal(text) == ("the alias *a contains itself", 1)


def test_an_alias_without_an_anchor_is_refused():
    assert refusal("a: 1\nb: *c\n") == ("the alias *c has no anchor", 2)


def test_an_anchor_may_be_given_anew():
    assert data("a: &x 1\nb: *x\nc: &x 2\nd: *x\n") == {"a": 1, "b": 1, "c": 2, "d": 2}


@pytest.mark.parametrize(("start", "again"), [("x: ", "["), ("", "["), ("x: ", "{a: "), ("", "- "), ("", "? ")])
def test_nesting_without_end_is_refused(start, again):
    assert refusal(start + again * 200_000)[0]


def test_the_depth_limit_is_exact():
    limits = Limits(depth=5)
    assert data("[" * 5 + "]" * 5, Limits()) == [[[[[]]]]]
    assert parse_yaml("[" * 5 + "]" * 5, limits)[0] == [[[[[]]]]]
    value, _, problems = parse_yaml("x:\n  [[[[[[]]]]]]", limits)
    assert value is None
    assert (problems[0].what, problems[0].line) == ("nested deeper than 5 levels", 2)


def test_the_node_limit_counts_expanded_aliases():
    ten, limits = "a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9]\n", Limits(nodes=100)
    assert parse_yaml(f"{ten}b: [{', '.join(['*a'] * 5)}]", limits)[0] is not None
    assert parse_yaml(f"{ten}b: [{', '.join(['*a'] * 10)}]", limits)[0] is None


def test_the_node_limit_counts_a_nested_node_once():
    """GitHub's description as YAML has 0.5 million nodes: far below the limit, at any depth."""
    assert parse_yaml("[" * 50 + "]" * 50, Limits(nodes=100))[0] is not None


@pytest.mark.parametrize("depth", [900, 5_000, 200_000])
def test_deep_json_is_read_or_refused(depth):
    parsed = parse_document(b'{"a": ' + b"[" * depth + b"]" * depth + b"}", LIMITS)
    assert parsed.data is not None or "deep" in parsed.problems[0].what


def test_a_mapping_as_key_is_refused_also_by_alias():
    assert refusal("? {a: 1}\n: 2") == ("a mapping key is not text", 1)
    assert refusal("? [a]\n: 2") == ("a mapping key is not text", 1)
    assert refusal("x: &x {a: 1}\n*x : 2") == ("a mapping key is not text", 2)


def test_a_deep_structure_in_the_place_of_a_key_raises_nothing():
    lines = ["a0: &a0 " + "[" * 150 + "]" * 150]
    for level in range(1, 12):
        lines.append(f"a{level}: &a{level} " + "[" * 150 + f"*a{level - 1}" + "]" * 150)
    parse_document("\n".join([*lines, "*a11 : 1"]).encode(), LIMITS)


# --- what is not one plain document ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        ("a: 1\n---\nb: 2\n", "the file holds more than one YAML document", 2),
        ("a: !!python/object/apply:os.getcwd []", "asks the reader to build an object", 1),
        ("a: 1\nb: !!python/name:os.system ''", "asks the reader to build an object", 2),
        ("a: !include x.yaml", "the tag !include asks", 1),
        ("a: !!binary aGk=", "binary asks", 1),
        ("!!set {a, b}", "set asks", 1),
        ("a:\n\t- b\n", "not valid YAML", 2),
        ("a: [1, 2\n", "not valid YAML", 2),
        ("a: b: c\n", "not valid YAML", 1),
        ("a: 'x\x07'", "not valid YAML: unacceptable character #x0007", None),
        ('{"a": 1,\n}x', "not valid JSON", 2),
        ('{"a" 1}', "not valid JSON", 1),
    ],
)
def test_refusals_say_what_and_where(text, what, line):
    message, at = refusal(text)
    assert what in message
    assert at == line


@pytest.mark.parametrize(
    ("raw", "what", "line"),
    [
        (b"", "the file is empty", None),
        (b" \r\n\t ", "the file is empty", None),
        (b"a: 1\nb: x\0y\n", "NUL character at position 9", 2),
        (b'{"a": "\0"}', "NUL character at position 7", 1),
        ("a: 1\0".encode("utf-16"), "NUL character at position 4", 1),
        (b"ab: \xff\n", "byte 4 is not UTF-8", None),
        (b"ab: \xc0\xaf\n", "byte 4 is not UTF-8", None),  # an overlong slash
        (b"ab: \xed\xa0\x80\n", "byte 4 is not UTF-8", None),  # an encoded surrogate
        (b"\xef\xbb\xbfab: \xff\n", "byte 7 is not UTF-8", None),  # counted from the start of the file
        (b"\xff\xfea\x00\x00", "byte 4 is not UTF-16", None),
        (b"\xff\xfe\x00\x00a\x00\x00\x00", "NUL character at position 0", 1),  # UTF-32
    ],
)
def test_bytes_that_are_no_text_are_refused(raw, what, line):
    message, at = refusal(raw)
    assert message.startswith(what)
    assert at == line


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("text", ["a: \u00e9\U0001f600\r\n", '{"a": "\u00e9\U0001f600"}'], ids=["yaml", "json"])
def test_encodings_that_are_read(encoding, text):
    assert parse_document(text.encode(encoding), LIMITS).data == {"a": "\u00e9\U0001f600"}


def test_utf16_of_either_order():
    assert decode(b"\xfe\xff\x00a")[0] == decode(b"\xff\xfea\x00")[0] == "a"


def test_lone_surrogates_of_json_are_replaced():
    assert data('{"a\\ud800": ["\\udfff", "\\ud83d\\ude00"]}') == {"a\ufffd": ["\ufffd", "\U0001f600"]}


@pytest.mark.parametrize(("escaped", "read"), [
    (r"\ud83d\ude00\uD83D\uDE00", "\U0001f600\U0001f600"),
    (r"\ud83d\ud83d\ude00", "\ufffd\U0001f600"),
    (r"\ud83d\ude00\ude00", "\U0001f600\ufffd"),
    (r"\ude00\ud83d", "\ufffd\ufffd"),
    (r"\\ud83d\ude00", "\\ud83d\ufffd"),
    (r"\\\ud83d\ude00", "\\\U0001f600"),
    (r"\\\\ud83d\ude00\ud83d", "\\\\ud83d\ufffd\ufffd"),
    (r"\u00d8\u0d83", "\u00d8\u0d83"),
])  # fmt: skip
def test_pairs_of_surrogates_stay_whatever_is_escaped_before_them(escaped, read):
    assert data(f'{{"a": "{escaped}"}}') == {"a": read}


def test_a_document_is_not_searched_for_lone_surrogates_where_all_are_pairs(monkeypatch):
    monkeypatch.setattr(reader, "_replace_surrogates", None)
    assert data('{"a": "\\ud83d\\ude00", "\\uD83D\\uDE01": 1}') == {"a": "\U0001f600", "\U0001f601": 1}


def test_flow_yaml_that_begins_like_json_is_read():
    assert data("{a: 1, b: [off, x]}") == {"a": 1, "b": ["off", "x"]}


# --- lines -------------------------------------------------------------------------------------------


def test_every_mapping_has_its_line():
    value, lines, _ = parse_yaml("a:\n  b: 1\n  c:\n    - d: 2\n    -\n      e: {f: 3}\n", LIMITS)
    shown = {
        "/": lines[id(value)],
        "/a": lines[id(value["a"])],
        "/a/c/0": lines[id(value["a"]["c"][0])],
        "/a/c/1": lines[id(value["a"]["c"][1])],
        "/a/c/1/e": lines[id(value["a"]["c"][1]["e"])],
    }
    assert shown == {"/": 1, "/a": 2, "/a/c/0": 4, "/a/c/1": 6, "/a/c/1/e": 6}


# --- files -------------------------------------------------------------------------------------------


def test_unreadable_files_are_refused(tmp_path):
    small = Limits(size=10)
    (tmp_path / "big").write_bytes(b"x" * 11)
    (tmp_path / "fits").write_bytes(b"x" * 10)
    assert "no such file" in load_file(tmp_path / "none", LIMITS)[1][0].what
    assert "not a regular file" in load_file(tmp_path, LIMITS)[1][0].what
    assert load_file(tmp_path / "big", small)[1][0].what == "the file has 11 bytes; the limit is 10"
    assert load_file(tmp_path / "fits", small) == (b"x" * 10, [])


# --- the same as everybody else, where YAML 1.1 sets no trap -----------------------------------------

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="0123456789"), max_size=12)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
PLAIN = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4))


@given(st.dictionaries(TEXT, PLAIN, max_size=4))
def test_plain_data_read_back_equal(value):
    """Whatever PyYAML and json write, this reads as they do; the version of an API alone stays as it was written."""
    assume(not isinstance(value.get("info"), dict))
    assert data(json.dumps(value)) == value
    for flow in (False, True):
        written = yaml.safe_dump(value, default_flow_style=flow, sort_keys=False)
        assert parse_yaml(written, LIMITS)[::2] == (yaml.safe_load(written), [])
        assert parse_yaml(written, LIMITS)[0] == value
