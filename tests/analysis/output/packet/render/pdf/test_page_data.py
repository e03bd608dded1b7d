"""The blocks as data for the template: whole, and with nothing but strings where a text from outside is."""

from __future__ import annotations

import json
from importlib import resources
from itertools import pairwise

import pytest

from analysis.output.packet.chapters.blocks import Heading
from analysis.output.packet.chapters.outline import outline
from analysis.output.packet.render.pdf.lettering import Lettering, covered_characters
from analysis.output.packet.render.pdf.page_data import page_data
from analysis.output.packet.render.pdf.print_style import print_style

RENDER = resources.files("analysis.output.packet.render")
STYLE = print_style(RENDER.joinpath("review.css").read_text(encoding="utf-8"))
COVERED = covered_characters(RENDER.joinpath("pdf", "fonts", "SourceSans3-Regular.otf").read_bytes())
LETTERING = Lettering(COVERED)


@pytest.fixture
def data(plain_document):
    return page_data(plain_document, STYLE, LETTERING)


def blocks(data, kind):
    return [block for section in data["sections"] for block in section["blocks"] if block["is"] == kind]


def shape(value):
    """The data without its texts, in which a list of pieces may have any length."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items() if key not in {"svg", "text", "width"}}
    if isinstance(value, list):
        return [shape(each) for each in value if not isinstance(each, str)]
    return type(value).__name__


def strings(value):
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from strings(each)
    elif isinstance(value, str):
        yield value


def test_every_text_is_of_letters_that_the_typeface_has(hostile_document):
    data = page_data(hostile_document, STYLE, LETTERING)
    assert "⟨U+202E⟩evil" in " ".join(strings(data))
    assert {c for text in strings(data) for c in text if ord(c) not in COVERED} == set()


def test_no_level_of_a_heading_is_skipped(data):
    depths = [heading["depth"] for heading in blocks(data, "heading")]
    assert depths[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(depths))


def test_the_contents_name_every_chapter_with_its_number(data, plain_document):
    (contents,) = blocks(data, "contents")
    chapters = [block for block in outline(plain_document) if isinstance(block, Heading) and block.level == 2]
    assert [row["anchor"] for row in contents["rows"]] == [chapter.anchor for chapter in chapters]
    numbers = [row["number"] for row in contents["rows"]]
    assert numbers[:3] == ["1", "2", "3"]
    assert numbers[-1].isalpha()
    assert [h["number"] for h in blocks(data, "heading") if h["level"] == 2] == numbers


def test_contents_and_forced_chapters_begin_a_page(data, plain_document):
    first, second, *_ = data["sections"]
    assert (first["page"], second["page"]) == (False, True)
    forced = {block.anchor for block in outline(plain_document) if isinstance(block, Heading) and block.page}
    assert {part["blocks"][0]["anchor"] for part in data["sections"][2:] if part["page"]} == forced


def test_a_picture_says_what_it_shows(data):
    pictures = [block["picture"] for block in blocks(data, "question")]
    pictures += [item["picture"] for block in blocks(data, "drawings") for item in block["items"]]
    assert len(pictures) > 6
    assert all(picture["alt"].strip(": ") for picture in pictures)
    assert all(picture["svg"].startswith('<svg viewBox="0 0 ') and "<style>" in picture["svg"] for picture in pictures)


def test_a_row_that_fits_is_kept_on_one_page_and_a_long_one_is_not(data, hostile_document):
    rows = [row for table in blocks(data, "table") for row in table["rows"] if "cells" in row]
    assert all(row["whole"] for row in rows)
    long = page_data(hostile_document, STYLE, LETTERING)
    assert not all(row["whole"] for table in blocks(long, "table") for row in table["rows"] if "cells" in row)


def test_every_cell_has_a_column(data):
    for table in blocks(data, "table"):
        for row in table["rows"]:
            assert "group" in row or len(row["cells"]) == len(table["head"]) == len(table["widths"])


def test_a_text_from_outside_is_a_string_in_its_place(review_snapshots):
    from analysis.output import files

    def made(word):
        document = files.PacketContent(review_snapshots.hostile((word,))).document
        return page_data(document, STYLE, LETTERING)

    usual, hostile = made("a b"), made('"}], #read("/etc/passwd")')
    assert shape(json.loads(json.dumps(hostile))) == shape(usual)
