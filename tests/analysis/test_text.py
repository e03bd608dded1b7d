"""Untrusted text: whatever goes in, nothing that acts comes out."""

import re
import sys
import unicodedata
from collections import Counter
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from analysis.text import (
    csv_cell,
    decode_tags,
    file_name,
    has_hidden,
    hidden_characters,
    hidden_counts,
    html,
    markdown,
    markdown_code,
    slug,
    visible,
    visible_lines,
    without_surrogates,
)

UNSAFE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
SELECTORS = {*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), 0x180B, 0x180C, 0x180D}

#: Any code point at all, lone surrogates and unassigned ones included.
ANYTHING = st.text(st.characters(exclude_categories=()))

ZWSP, ZWNJ, ZWJ, RLO, PDF, SHY, VS16 = "\u200b", "\u200c", "\u200d", "\u202e", "\u202c", "\xad", "\ufe0f"


def tags(sentence):
    return "".join(chr(0xE0000 + ord(c)) for c in sentence)


def acting(text, allowed=""):
    """The characters of a text that must not reach a screen."""
    return {
        f"U+{ord(c):04X}"
        for c in set(text)
        if c not in allowed and (unicodedata.category(c) in UNSAFE or ord(c) in SELECTORS)
    }


# --- visible -----------------------------------------------------------------------------------------


def test_no_code_point_gets_through():
    """The planes that hold characters and the tag block whole, of the empty and the private planes every 97th."""
    codes = [*range(0x34000), *range(0xE0000, 0xE1000), *range(0x34000, sys.maxunicode + 1, 97)]
    everything = "".join(map(chr, codes))
    assert acting(visible(everything)) == set()
    assert acting(visible_lines(everything, limit=len(everything)), allowed="\n") == set()


@given(ANYTHING, st.none() | st.integers(1, 40))
def test_visible_is_one_safe_line(text, limit):
    shown = visible(text, limit)
    assert acting(shown) == set()
    assert shown.splitlines() in ([shown], [])
    assert shown == shown.strip()


@given(ANYTHING)
def test_visible_lines_keeps_line_feeds_only(text):
    assert acting(visible_lines(text), allowed="\n") == set()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("  two\n words\t\there ", "two words here"),
        ("a\r\nb", "a b"),
        ("\x1b[31mred", "⟨U+001B⟩[31mred"),
        (f"{RLO}drowssap{PDF}", "⟨U+202E⟩drowssap⟨U+202C⟩"),
        ("a\u2028b", "a ⟨U+2028⟩ b"),
        (f"ig{ZWSP}nore", "ig⟨U+200B⟩nore"),
        ("\ud800", "⟨U+D800⟩"),
        ("\U000e0041", "⟨U+E0041⟩"),
        ("\x00\x7f\x9b", "⟨U+0000⟩⟨U+007F⟩⟨U+009B⟩"),
        ("Zoë \u4e2d\u6587 \U0001f600", "Zoë \u4e2d\u6587 \U0001f600"),
        ("[bold]kept[/]", "[bold]kept[/]"),  # markup is the business of the widget, not lost here
    ],
)
def test_visible_examples(text, shown):
    assert visible(text) == shown


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("exactly ten"[:10], 10, "exactly te"),
        ("abcdefghijk", 10, "abcdefghij…+1"),
        ("x" * 2_000, 10, "x" * 10 + "…+1,990"),
        ("a  b", 3, "a b"),  # folded first, measured then
        ("", 5, ""),
    ],
)
def test_visible_says_what_was_cut(text, limit, shown):
    assert visible(text, limit) == shown


@given(ANYTHING, st.integers(1, 40))
def test_the_limit_holds_and_nothing_is_cut_in_silence(text, limit):
    shown = visible(text, limit)
    whole = visible(text)
    if shown == whole:
        assert len(shown) <= limit
    else:
        head, mark, count = shown.rpartition("…+")
        assert mark
        assert len(head) <= limit
        assert int(count.replace(",", "")) >= 1
        assert whole.startswith(head)


def test_visible_lines_examples():
    assert visible_lines("a\r\nb\rc\td") == "a\nb\nc    d"
    assert visible_lines("\x1b]0;title\x07") == "⟨U+001B⟩]0;title⟨U+0007⟩"
    assert visible_lines("abcdef", limit=4) == "abcd\n…+2"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("e" + "\u0301" * 8, "e" + "\u0301" * 8),
        ("e" + "\u0301" * 9, "e⟨9 combining marks⟩"),
        ("na" + "\u0300\u20dd" * 600 + "me", "na⟨1,200 combining marks⟩me"),
        ("e\u0301" * 20, "e\u0301" * 20),
    ],
)
def test_a_stack_of_combining_marks_is_a_token(text, shown):
    assert visible(text) == shown
    assert visible_lines(text) == shown


# --- hidden characters -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("plain text\twith\r\nbreaks", [], id="white space"),
        pytest.param("Zoë, \u4e2d\u6587", [], id="letters"),
        pytest.param(f"{tags('hi')}!", [(0, 0xE0068), (1, 0xE0069)], id="tag block"),
        pytest.param(f"a{RLO}b{PDF}", [(1, 0x202E), (3, 0x202C)], id="bidi override"),
        pytest.param("a\u2066b\u2069", [(1, 0x2066), (3, 0x2069)], id="bidi isolate"),
        pytest.param(f"ig{ZWSP}nore", [(2, 0x200B)], id="zero-width space"),
        pytest.param(f"ig{ZWJ}nore", [(2, 0x200D)], id="joiner between Latin letters"),
        pytest.param("a\ufeffb\u2060c", [(1, 0xFEFF), (3, 0x2060)], id="no-break, word joiner"),
        pytest.param(f"soft{SHY}hyphen", [(4, 0xAD)], id="soft hyphen"),
        pytest.param("\ue000\U000f0000", [(0, 0xE000), (1, 0xF0000)], id="private use"),
        pytest.param("\x1b[2J", [(0, 0x1B)], id="escape"),
        pytest.param("a\x9bb", [(1, 0x9B)], id="C1"),
        pytest.param("\u2028", [(0, 0x2028)], id="line separator"),
        pytest.param("\ud800", [(0, 0xD800)], id="lone surrogate"),
        pytest.param("\u0378", [(0, 0x378)], id="unassigned"),
        pytest.param(f"\U0001f468{ZWJ}\U0001f469{ZWJ}\U0001f467", [], id="emoji family"),
        pytest.param(f"\U0001f3f3{VS16}{ZWJ}\U0001f308", [], id="emoji with selector and joiner"),
        pytest.param(f"\u2714{VS16} done", [], id="emoji selector"),
        pytest.param(f"1{VS16}\u20e3", [], id="keycap"),
        pytest.param("\u845b\U000e0100\u98fe", [], id="ideographic variant"),
        pytest.param(f"\u0645\u06cc{ZWNJ}\u062e\u0648\u0627\u0647\u0645", [], id="Persian"),
        pytest.param(f"\u0915\u094d{ZWJ}\u0937", [], id="Devanagari"),
        pytest.param(f"\U0001f600{ZWJ}{ZWJ}{ZWJ}{ZWJ}", [(3, 0x200D), (4, 0x200D)], id="a run of joiners"),
        pytest.param("a\u034fb", [(1, 0x34F)], id="grapheme joiner between letters"),
        pytest.param("\u05d1\u05b7\u034f\u05bc", [], id="grapheme joiner between Hebrew points"),
        pytest.param("\u3164\uffa0", [(0, 0x3164), (1, 0xFFA0)], id="Hangul fillers as blanks"),
        pytest.param("a\u115fb\u1160c", [(1, 0x115F), (3, 0x1160)], id="fillers of Jamo among Latin letters"),
        pytest.param("\u1112\u1160\u11ab", [], id="filler in an old syllable"),
        pytest.param("\u1780\u17b4\u17b5", [(1, 0x17B4), (2, 0x17B5)], id="inherent vowels of Khmer"),
        pytest.param("a\u180f", [(1, 0x180F)], id="Mongolian selector behind a Latin letter"),
        pytest.param("\u1820\u180b", [], id="Mongolian selector behind a Mongolian letter"),
        pytest.param("a\u2800b", [(1, 0x2800)], id="empty Braille cell among Latin letters"),
        pytest.param("\u2813\u2800\u280a", [], id="Braille"),
        pytest.param("a\U0001d159b", [(1, 0x1D159)], id="empty notehead"),
        pytest.param("a\u2065\ufff0\U000e0080", [(1, 0x2065), (2, 0xFFF0), (3, 0xE0080)], id="reserved ignorables"),
    ],
)
def test_hidden_characters(text, found):
    assert hidden_characters(text) == found


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("ok" + "".join(chr(0xE0100 + b) for b in b"drop it"), id="supplement"),
        pytest.param("\U0001f600" + "".join(chr(0xFE00 + b % 16) for b in b"drop it"), id="run after an emoji"),
        pytest.param("".join(c + chr(0xFE00 + n) for n, c in enumerate("ListsOrders")), id="one behind each letter"),
    ],
)
def test_bytes_smuggled_in_variation_selectors_are_hidden_characters(text):
    assert hidden_characters(text)


@given(ANYTHING)
def test_hidden_characters_are_counted_as_they_are_found(text):
    codes = [code for _, code in hidden_characters(text)]
    assert [*hidden_counts(text).items()] == [*Counter(codes).items()]
    assert has_hidden(text) == bool(codes)


@given(ANYTHING)
def test_hidden_characters_are_those_that_visible_marks(text):
    """Whatever is reported as hidden is replaced on every screen."""
    for offset, code in hidden_characters(text):
        assert ord(text[offset]) == code
        assert f"⟨U+{code:04X}⟩" in visible(text)


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)), st.text())
def test_decode_tags_reads_the_planted_sentence(planted, cover):
    assert decode_tags(tags(planted)) == planted
    assert decode_tags(cover[:3] + tags(planted)) == decode_tags(cover[:3]) + planted


# --- Markdown ----------------------------------------------------------------------------------------

#: What begins or ends something in Markdown, HTML or a linkifier, mixed with anything.
PIECES = st.sampled_from([
    "*", "**", "_", "__", "~~", "`", "``", "```", "[a](b)", "![a](http://x.example/y.png)", "[a][b]", "[a]: b", "<b>",
    "</td>", "<img src=x onerror=y>", "<!--", "-->", "<https://x.example>", "https://x.example/a", "www.x.example",
    "mailto:a@b.example", "a@b.example", "# ", "- ", "+ ", "1. ", "2) ", "> ", "---", "===", "|", "\\", "\\|", "&lt;",
    "&#42;", "&amp;", "&", ";", "\n", "\n\n", "\t", "    ", " ", "x", "7", "$", "{", "}", ":", "^", "\u202e", "\xa0",
    "javascript:alert(1)", "[x](javascript:alert(1))", "[^1]", "==", "\u3000", "\ufeff", "e\u0301",
])  # fmt: skip
MARKED_UP = st.lists(PIECES | ANYTHING, max_size=8).map("".join)

READERS = [
    pytest.param(MarkdownIt("gfm-like", {"html": True}), id="gfm-like"),
    pytest.param(MarkdownIt("commonmark", {"html": True}).enable("table"), id="commonmark"),
]
CONTEXTS = {
    "paragraph": ("{}", {"paragraph_open", "paragraph_close", "inline"}),
    "sentence": ("see {} there", {"paragraph_open", "paragraph_close", "inline"}),
    "list": (
        "- {}",
        {"bullet_list_open", "list_item_open", "paragraph_open", "inline", "paragraph_close", "list_item_close",
         "bullet_list_close"},
    ),
    "table": (
        "| h | i |\n|---|---|\n| {} | x |",
        {"table_open", "thead_open", "tr_open", "th_open", "inline", "th_close", "tr_close", "thead_close",
         "tbody_open", "td_open", "td_close", "tbody_close", "table_close"},
    ),
}  # fmt: skip


def tokens(reader, source):
    """The kinds of block and inline tokens, and the text of each inline one."""
    blocks = reader.parse(source)
    inline = [block.children for block in blocks if block.type == "inline"]
    kinds = {child.type for children in inline for child in children}
    texts = ["".join(child.content for child in children) for children in inline]
    return {block.type for block in blocks}, kinds, texts


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("context", CONTEXTS)
@given(text=MARKED_UP)
@example(text="[a](javascript:alert(1))")
@example(text="a|b\\|c\\\\|")
@example(text="1986. A great year")
def test_markdown_is_inert(reader, context, text):
    pattern, blocks = CONTEXTS[context]
    found, kinds, texts = tokens(reader, pattern.format(markdown(text)))
    assert found <= blocks
    assert kinds <= {"text"}
    shown = " ".join(visible(text).split())
    assert any(t.strip() in (shown, f"see {shown} there".replace("  ", " ")) for t in texts) or not shown


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("context", CONTEXTS)
@given(text=MARKED_UP)
@example(text="`")
@example(text="``|``")
def test_markdown_code_is_one_code_span(reader, context, text):
    pattern, blocks = CONTEXTS[context]
    found, kinds, texts = tokens(reader, pattern.format(markdown_code(text)))
    assert found <= blocks
    assert kinds <= {"text", "code_inline"}
    shown = visible(text).replace("|", "¦")
    assert any(shown in t for t in texts) or not shown


@given(MARKED_UP, st.integers(1, 12))
def test_a_cut_does_not_open_markdown(text, limit):
    reader = MarkdownIt("commonmark", {"html": True})
    assert tokens(reader, markdown(text, limit))[1] <= {"text"}
    assert tokens(reader, markdown_code(text, limit))[1] <= {"code_inline"}


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("plain words", "plain words"),
        ("a*b_c", r"a\*b\_c"),
        ("<b> & co", "&lt;b&gt; &amp; co"),
        ("&lt;", r"&amp;lt\;"),
        ("a|b", r"a\|b"),
    ],
)
def test_markdown_examples(text, source):
    assert markdown(text) == source


@pytest.mark.parametrize(
    ("text", "source"),
    [("id", "`id`"), ("a`b", "``a`b``"), ("`a`", "`` `a` ``"), ("a|b", "`a¦b`"), ("", ""), (" \n ", "")],
)
def test_markdown_code_examples(text, source):
    assert markdown_code(text) == source


# --- HTML --------------------------------------------------------------------------------------------


class Listener(HTMLParser):
    """Notes every tag with its attributes, and all text."""

    def __init__(self):
        super().__init__()
        self.tags, self.text = [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, attrs))

    def handle_data(self, data):
        self.text += data


@given(MARKED_UP)
@example("</p><script>alert(1)</script>")
@example("\" onclick='x'")
def test_html_is_text_in_an_element_and_in_an_attribute(text):
    listener = Listener()
    listener.feed(f'<p title="{html(text)}">{html(text)}</p>')
    listener.close()
    assert listener.tags == [("p", [("title", visible(text))])]
    assert listener.text == visible(text)


# --- spreadsheets, file names, identifiers -----------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("|cmd", "'|cmd"),
        ("%0a", "'%0a"),
        ("\t=1", "'=1"),
        ("\r\n=1", "'=1"),
        ("\uff1d1", "'\uff1d1"),
        ("plain", "plain"),
        ("a=b", "a=b"),
        ("", ""),
    ],
)
def test_csv_cell(text, cell):
    assert csv_cell(text) == cell


@given(st.lists(st.sampled_from("=+-@|%\t\r\n \xa0\u3000\uff1d'\"") | ANYTHING).map("".join))
def test_no_cell_is_calculated(text):
    cell = csv_cell(text)
    assert not cell.lstrip().startswith(("=", "+", "-", "@", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20"))
    assert "\n" not in cell


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Review of Shop.md", "Review-of-Shop.md"),
        ("../../etc/passwd", "etc-passwd"),
        ("..", "unnamed"),
        (".hidden", "hidden"),
        ("-rf", "rf"),
        ("a/b\\c:d*e?f", "a-b-c-d-e-f"),
        ("j.doe@shop.example", "j.doe@shop.example"),
        ("\u4e2d\u6587", "unnamed"),
        ("", "unnamed"),
        ("x" * 100, "x" * 60),
    ],
)
def test_file_name(text, name):
    assert file_name(text) == name


@given(ANYTHING | st.text("a.-/ ", max_size=90))
@example("a" * 59 + ".b")
def test_a_file_name_is_portable(text):
    name = file_name(text)
    assert re.fullmatch(r"[A-Za-z0-9_@][A-Za-z0-9._@-]{0,59}", name)
    assert not name.endswith("."), "Windows drops a last dot, so two names could become one"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Customer Management API", "customer-management-api"),
        ("  A & B  ", "a-b"),
        ("--", "source"),
        ("", "source"),
        ("x" * 39 + " yz", "x" * 39),
        ("Acme's API", "acmes-api"),
        ("x" * 50, "x" * 40),
        ("customer management interface for subscriptions", "customer-management-interface-for"),
    ],
)
def test_slug(text, name):
    assert slug(text) == name


@given(ANYTHING)
def test_a_slug_is_an_identifier(text):
    assert re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?", slug(text))


@given(ANYTHING)
@example("\ud83d\ude00")  # a pair written as two surrogates is one character
@example("\ufeffa")
@example("a\ud800")
def test_without_surrogates_can_be_encoded(text):
    clean = without_surrogates(text)
    clean.encode("utf-8")
    assert without_surrogates(clean) == clean
    if not re.search("[\ud800-\udfff]", text):
        assert clean == text


def test_without_surrogates_examples():
    assert without_surrogates("\ud83d\ude00") == "\U0001f600"
    assert without_surrogates("a\ud800b") == "a\ufffdb"
    assert without_surrogates("\udfff") == "\ufffd"
