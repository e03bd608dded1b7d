"""review.html: one file that runs nothing, loads nothing, and means nothing a source wants it to mean."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.output.packet.document.review_document import document
from analysis.output.packet.render import html
from tests.fixtures.examples import share

UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
SHAPE = {"class", "x", "y", "width", "height", "d", "cx", "cy", "r", "text-anchor"}
#: Every element of the template with the attributes it may carry.
TEMPLATE = {
    "html": {"lang"}, "head": set(), "meta": {"http-equiv", "content", "charset", "name"}, "title": set(), "style": set(),
    "body": set(), "header": set(), "main": set(), "section": {"class", "aria-labelledby"}, "nav": {"aria-labelledby"},
    "div": {"class", "aria-hidden"}, "h1": {"class"}, "h2": {"id"}, "h3": set(), "p": {"class"}, "ol": {"class"}, "li": set(),
    "dl": {"class"}, "dt": set(), "dd": set(), "b": set(), "a": {"href"}, "bdi": set(), "code": set(), "span": {"class"},
    "i": set(), "wbr": set(), "table": {"class"}, "caption": {"class"}, "colgroup": set(), "col": {"class"}, "thead": set(),
    "tbody": set(), "tr": {"class"}, "th": {"scope", "class"}, "td": {"class", "data-l", "colspan"}, "figure": set(),
    "figcaption": set(), "details": set(), "summary": set(), "time": set(),
    "svg": {"viewbox", "class", "aria-hidden", "aria-label", "role"}, "rect": SHAPE, "path": SHAPE, "circle": SHAPE, "text": SHAPE,
    "tspan": set(),
}  # fmt: skip
EMPTY = {"meta", "wbr", "col"}


def rendered(doc):
    return "".join(html.render(doc))


class Reader(HTMLParser):
    """Collects the elements of a page and checks that they close in order."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.shape, self.open, self.links, self.alien, self.text = [], [], [], [], []

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        if tag not in TEMPLATE or not set(names) <= TEMPLATE[tag]:
            self.alien.append((tag, names))
        self.links += [value for name, value in attrs if name in {"href", "src"}]
        # Breaks inside an identifier follow from its characters; they mean nothing.
        if tag != "wbr":
            # The length of the sentence sets its size, and the policy has the digest of the style.
            self.shape.append((tag, tuple(attrs) if tag not in {"meta", "h1"} else ()))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)

    def handle_comment(self, data):
        self.alien.append(("comment", data))

    def handle_pi(self, data):
        self.alien.append(("pi", data))

    def unknown_decl(self, data):
        self.alien.append(("decl", data))


def read(page):
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert not reader.open
    return reader


def shape_of(review_snapshots, word):
    page = rendered(document(review_snapshots.hostile((word,))))
    reader = read(page)
    assert not reader.alien
    assert all(link.startswith("#") for link in reader.links)
    assert all(c == "\n" or unicodedata.category(c) not in UNSEEN for c in page)
    return reader.shape


@pytest.fixture(scope="module")
def calm(review_snapshots):
    """The skeleton of the page when every word is harmless."""
    return shape_of(review_snapshots, "calm")


def test_hostile_text_adds_no_element(review_snapshots, calm):
    for word in review_snapshots.HOSTILE:
        assert shape_of(review_snapshots, word) == calm, repr(word)


def test_a_mixture_of_hostile_texts_adds_no_element(hostile):
    assert not read(rendered(document(hostile))).alien


@share(3 / 4)
@given(word=st.text(st.sampled_from("<>&\"'/=-!a \u202e\x1b\n;#[]"), max_size=30))
def test_any_text_is_inert(review_snapshots, calm, word):
    assert shape_of(review_snapshots, f"a{word}") == calm


def test_the_policy_comes_first_and_fits_the_style(plain):
    page = rendered(document(plain))
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    start = '<!DOCTYPE html>\n<html lang="en"><head><meta http-equiv="Content-Security-Policy" content="'
    assert page.startswith(f'{start}{policy}">')
    assert page.index('charset="utf-8"') < 1024


def test_nothing_is_run_or_loaded(plain):
    page = rendered(document(plain))
    assert not re.search(r"<script|javascript:|\son\w+=|style=|url\(|@import|src=|http://|https://", page)


def test_every_link_of_the_table_of_contents_has_a_target(plain):
    page = rendered(document(plain))
    reader = read(page)
    ids = {value for _, attrs in reader.shape for name, value in attrs if name == "id"}
    assert reader.links
    assert {link.removeprefix("#") for link in reader.links} <= ids
    assert len(ids) == page.count(" id=")


def test_the_foot_of_a_printed_page_cannot_leave_its_string(review_snapshots):
    title = '"; } body { display: none } /* \\ </style><script>'
    page = rendered(document(review_snapshots.plain(title=title)))
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    foot = re.search(r'@bottom-left \{ content: "([^"]*)"; \}', style)[1]
    assert re.fullmatch(r"(?:[A-Za-z0-9 ]|\\[0-9a-f]{6} )*", foot)
    shown = re.sub(r"\\([0-9a-f]{6}) ", lambda found: chr(int(found[1], 16)), foot)
    assert f"Tool access review · {title}" in shown


def test_a_chapter_is_numbered_and_an_appendix_has_a_letter(plain):
    page = rendered(document(plain))
    numbers = re.findall(r'<h2 id="[^"]*"><span class="no">(\w+)</span>', page)
    assert numbers == [*map(str, range(1, 19)), "A", "B", "C"]


def test_a_bar_says_that_something_can_be_called(review_snapshots):
    """Nothing allowed, no bar."""
    page = rendered(document(review_snapshots.plain()))
    rows = re.findall(
        r"<tr><td><span>(\S+)</span></td>(.*?)</tr>", page.partition('class="mx"')[2].partition("</table>")[0]
    )
    assert {name: "<svg" in cells for name, cells in rows} == {
        "read-only": True, "side-effect": True, "critical": False, "administrative": False, "billing": True,
    }  # fmt: skip


def test_a_state_is_never_colour_alone(plain):
    """Every mark and every gap has its word; shapes come from the style sheet."""
    page = rendered(document(plain))
    marks = re.findall(r'<span class="(?:mark|miss)[^"]*">(.*?)</span>', page)
    assert len(marks) > 20
    assert all(re.sub(r"<[^>]*>", "", mark).strip() for mark in marks)


def test_a_draft_is_stamped_on_every_page(review_snapshots):
    page = rendered(document(review_snapshots.plain(open_gates=("2 of 5 tools undecided",))))
    assert "<title>DRAFT: " in page
    assert '<div class="watermark" aria-hidden="true">DRAFT</div>' in page
    assert "<b>DRAFT · allows nothing</b>" in page
    assert (
        page.count("DRAFT\\00002c  allows nothing") == 1
    )  # the foot of a printed page, as a string of the style sheet
    final = rendered(document(review_snapshots.plain()))
    assert "DRAFT" not in final
    assert "<span>FINAL · as of " in final


def test_the_direction_of_text_from_outside_is_isolated(review_snapshots):
    page = rendered(document(review_snapshots.plain(title="\u05e9\u05dc\u05d5\u05dd")))
    assert "<bdi>\u05e9\u05dc\u05d5\u05dd</bdi>" in page
