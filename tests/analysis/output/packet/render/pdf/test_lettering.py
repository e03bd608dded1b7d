"""Text for the typefaces of the PDF: only letters that they have, and no word that is wider than its place."""

from __future__ import annotations

from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.output.packet.render.pdf.lettering import Lettering, covered_characters, divided

FONTS = resources.files("analysis.output.packet.render.pdf").joinpath("fonts")
COVERED = covered_characters(FONTS.joinpath("SourceSans3-Regular.otf").read_bytes())
LETTERING = Lettering(COVERED)
BREAK = "\u200b"


def test_the_letters_of_a_typeface_are_read_from_its_file():
    assert {ord(c) for c in "Aé\u2013\u2212…“▲Жω⟨⟩\u00a0\u200b"} <= COVERED
    assert not {ord(c) for c in "漢ع😀\u202e\x1b"} & COVERED
    assert len(COVERED) == 1614


def test_both_weights_have_the_same_letters():
    assert covered_characters(FONTS.joinpath("SourceSans3-Semibold.otf").read_bytes()) == COVERED


def test_code_is_read_too_where_its_typeface_has_another_map():
    code = covered_characters(FONTS.joinpath("SourceCodePro-Regular.otf").read_bytes())
    assert {ord(c) for c in "aZ09/{}é"} <= code
    assert 0xFFFF not in code


def test_a_letter_that_is_lacking_is_its_code_point():
    assert LETTERING.words("a 漢 b", 40) == "a ⟨U+6F22⟩ b"
    assert LETTERING.letters("1\u2002of\u30002") == "1 of 2"
    assert LETTERING.letters("e\u0301") == "é"


@given(st.text(max_size=60), st.integers(4, 30))
def test_no_text_has_a_letter_that_is_lacking_or_a_long_word(value, room):
    shown = LETTERING.words(value, room)
    assert {ord(c) for c in shown} <= COVERED
    assert all(len(part) <= room for part in shown.replace(BREAK, " ").split())


@given(st.text(st.characters(codec="ascii", exclude_categories=("C", "Z")), max_size=60), st.integers(4, 30))
def test_dividing_adds_places_and_changes_no_letter(word, room):
    assert divided(word, room).replace(BREAK, "") == word


@pytest.mark.parametrize(
    ("word", "room", "parts"),
    [
        ("deleteCustomer", 20, ["deleteCustomer"]),
        ("customers:read,customers:write", 16, ["customers:", "read,", "customers:", "write"]),
        ("aaaaaaa/bb", 5, [*"aaaaaaa/", "bb"]),
        ("WWWWWW", 6, [*"WWWWWW"]),
    ],
)
def test_an_identifier_is_divided_after_its_separators_first(word, room, parts):
    assert divided(word, room).split(BREAK) == parts


def test_a_path_may_be_divided_after_each_slash():
    assert LETTERING.code("/customers/{id}", 40) == f"/{BREAK}customers/{BREAK}{{id}}"


def test_what_is_cut_says_so():
    assert LETTERING.words("a" * 90, 100, 20) == f"{'a' * 20}…+70"
