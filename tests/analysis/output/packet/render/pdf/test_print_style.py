"""Colours and drawing rules of the PDF come from the style sheet of the page, and are literal."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from analysis.output.packet.render.pdf.print_style import print_style

SHEET = resources.files("analysis.output.packet.render").joinpath("review.css").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def style():
    return print_style(SHEET)


def test_the_colours_are_those_of_the_light_page(style):
    assert (style.tokens["ink"], style.tokens["paper"], style.tokens["crit"]) == ("#18202b", "#ffffff", "#8c1c13")
    assert style.tokens["face"] == '"Source Sans 3"'


def test_a_drawing_has_every_rule_and_no_property_of_a_page(style):
    assert "var(" not in style.drawing
    assert ".ok { fill: #154f7d; }" in style.drawing
    assert ".box.dash { stroke: #525c69; }" in style.drawing
    wanted = re.findall(r"^svg (\.[\w.]+) \{", SHEET, re.MULTILINE)
    assert len(wanted) > 20
    assert [rule for rule in wanted if f"{rule} {{" not in style.drawing] == []


def test_semibold_is_the_weight_of_the_one_face_that_is_there(style):
    assert "font-weight: 600" in style.drawing
    assert "650" not in style.drawing


def test_the_style_is_one_line(style):
    assert style.drawing.isprintable()
