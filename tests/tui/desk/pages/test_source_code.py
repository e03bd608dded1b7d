"""Source lines in four inks, with the matched words marked, made safe before they are coloured."""

from __future__ import annotations

import pytest

from tui.desk.pages.source_code import source_lines
from tui.desk.styles.ink import LOOKS

YAML = [
    (7, "      post:"), (8, "        summary: Refund a payment # soon"), (9, "        required: true"),
    (10, "        schema:"), (11, "          $ref: '#/components/schemas/Refund'"),
]  # fmt: skip
JSON = [(3, '  "post": {'), (4, '    "summary": "Refund a payment",'), (5, '    "$ref": "#/x"'), (6, "  }")]


def inks(lines):
    """Return the style of each word that is not blank."""
    return {text.strip(): style for line in lines for text, style in line.parts[3:] if text.strip()}


def texts(lines):
    return ["".join(text for text, _ in line.parts) for line in lines]


def test_names_strings_and_references_of_yaml_have_their_inks():
    found = inks(source_lines(YAML))
    assert found["summary"] == found["post"] == "name"
    assert found["Refund a payment"] == found["true"] == "string"
    assert found["# soon"] == "dim"
    assert found["$ref"] == found["'#/components/schemas/Refund'"] == "reference"


def test_names_strings_and_references_of_json_have_their_inks():
    found = inks(source_lines(JSON))
    assert found['"summary"'] == "name"
    assert found['"Refund a payment"'] == "string"
    assert found['"$ref"'] == found['"#/x"'] == "reference"


@pytest.mark.parametrize("document", [YAML, JSON], ids=["yaml", "json"])
def test_no_letter_is_lost_and_the_indent_is_that_of_the_document(document):
    margin = min(len(text) - len(text.lstrip()) for _, text in document)
    for (number, text), shown in zip(document, texts(source_lines(document)), strict=True):
        assert shown.split(maxsplit=1)[0] == str(number)
        assert shown.endswith(text[margin:])
    assert all(style in LOOKS for line in source_lines(document) for _, style in line.parts)


def test_matched_words_are_marked_also_across_parts_and_case():
    found = source_lines([(1, '"refund": "A REFUND"')], ["refund", 'refund": "A'])
    marked = [text for line in found for text, style in line.parts if style == "mark"]
    assert "".join(marked) == 'refund": "AREFUND'


def test_the_line_of_a_finding_has_a_bar():
    bars = [line.parts[1][0].strip() for line in source_lines(YAML, at=9)]
    assert [bool(bar) for bar in bars] == [False, False, True, False, False]


def test_hidden_characters_are_shown_before_anything_is_coloured():
    (shown,) = texts(source_lines([(1, 'summary: "a\u202eb\x1b[31m"')]))
    assert "\u202e" not in shown
    assert "\x1b" not in shown


def test_nothing_is_no_line():
    assert source_lines([]) == []
