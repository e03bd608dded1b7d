"""What is written for consumers is ASCII, whatever a source or a person has named."""

from __future__ import annotations

import json
import tomllib

from analysis.output.allowlist.target import LeftOut
from analysis.output.allowlist.written import can_be_written, json_bytes, leftovers, text_bytes, toml_string


def test_a_toml_string_reads_back_as_it_was(review_snapshots):
    for text in ("plain", 'a"b\\c', "größe\U0001f600", "\x00\x1b\x7f\n\r\t\u2028", *review_snapshots.HOSTILE):
        written = toml_string(text)
        assert written.isascii()
        assert "\n" not in written
        assert tomllib.loads(f"x = {written}")["x"] == (
            text if can_be_written(text) else text.replace("\ud800", "\ufffd")
        )


def test_keys_of_json_keep_their_order():
    assert list(json.loads(json_bytes({"b_*": 1, "a": "größe"}))) == ["b_*", "a"]
    assert json_bytes({"a": "größe"}).isascii()


def test_a_reason_stays_on_its_line():
    lines = list(leftovers([LeftOut("a\nb", 'x"\u2028y')]))
    assert lines[1:] == ['  "a\\U0000000ab": "x\\"\\U00002028y"']
    assert list(leftovers([])) == []
    assert text_bytes(["a", "b"]) == b"a\nb\n"
