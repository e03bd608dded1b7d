"""Documents are written back as they were read."""

import json

import pytest
import yaml

from analysis.output.allowlist.document.document_tree import (
    SourceDocument,
    branch_of,
    flag_of,
    plain_data,
    read_tree,
    text_of,
    write_tree,
)

YAML = """\
openapi: 3.1.0
info: {title: Norway, version: 1.0}
x-answers: [no, off, 'no', 012, 1e3, 0x1F, ~, "", 2020-01-01, 12:30:45, .inf]
200: plain
'404': quoted
text: |
  two
  lines
folded: >-
  one
  line
shared: &shared {a: 1}
again: *shared
more:
  <<: *shared
  b: 2
"""


def test_yaml_scalars_keep_their_meaning_for_every_reader():
    document = read_tree(YAML.encode())
    assert document.yaml
    written = write_tree(document)
    for loader in (yaml.SafeLoader, yaml.BaseLoader):  # YAML 1.1, and text alone
        before, after = (yaml.load(text, Loader=loader) for text in (YAML, written))
        if loader is yaml.BaseLoader:
            before["more"] = {"b": "2", "a": "1"}  # merge keys are written out
        assert after == before


def test_json_stays_json_in_order():
    raw = (
        b'{"openapi": "3.0.0", "b": {"z": 1, "a": [1.5, 10, "\\ud83d\\ude42", null, true]}, "n": 123456789012345678901}'
    )
    document = read_tree(raw)
    written = write_tree(document)
    assert not document.yaml
    assert json.loads(written) == json.loads(raw)
    assert list(json.loads(written)["b"]) == ["z", "a"]
    assert written.isascii()


@pytest.mark.parametrize("raw", ["\ufeffopenapi: 3.0.0", '\ufeff{"openapi": "3.0.0"}'])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_byte_order_marks_are_no_part_of_the_first_key(raw, encoding):
    assert text_of(read_tree(raw.encode(encoding)).root["openapi"]) == "3.0.0"


@pytest.mark.parametrize("raw", [
    b"", b"[1]", b"just text", b"\xff\xfe\x00", b"{'a': ", b"a: &x [*x]", b"? [a]\n: b", b"\x00", b"a: [", b"[" * 10_000,
])  # fmt: skip
def test_what_cannot_be_read_is_a_value_error(raw):
    with pytest.raises(ValueError, match=r".+"):
        read_tree(raw)


def test_numbers_beyond_a_double_stay_json():
    written = write_tree(read_tree(b'{"a": 1e999, "b": -1e999}'))
    assert json.loads(written)["a"] > 1e308
    assert b"Infinity" not in written


def test_scalars_by_the_rules_of_json():
    root = read_tree(b"a: yes\nb: true\nc: 'true'\nd: 5\ne: '5'\nf:\ng: [1]\nh: no\n").root
    assert [text_of(root[key]) for key in "abcdefgh"] == ["yes", "", "true", "", "5", "", "", "no"]
    assert [flag_of(root[key]) for key in "abch"] == ["yes", True, "true", "no"]
    assert plain_data(root) == {
        "a": "yes", "b": True, "c": "true", "d": 5, "e": "5", "f": None, "g": [1], "h": "no",
    }  # fmt: skip


def test_new_keys_are_quoted_in_yaml():
    document = read_tree(b"a: 1\n")
    made = SourceDocument(document.root.with_items([*document.root.items(), ("no", branch_of(None))]), yaml=True)
    assert yaml.safe_load(write_tree(made)) == {"a": 1, "no": {}}
