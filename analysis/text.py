"""Sanitising of untrusted text for screens, reports and file names. The only module that does it.

Any text of a specification or tool list may contain escape sequences, bidi controls, markup, formulas or
invisible instructions. The model keeps the original text, for digests and findings; displayed text has passed
`visible`, and text in a report the escape of its format.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from itertools import groupby
from typing import Final

#: General categories that are never displayed as such: control, format, surrogate, private use,
#: unassigned, line and paragraph separators.
_UNSAFE_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
#: Default_Ignorable_Code_Point of the Unicode Character Database 16.0 (DerivedCoreProperties.txt), as (first, last): shown as
#: nothing where a font does not support them, whatever their general category.
_DEFAULT_IGNORABLE: Final = (
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
_BRAILLE_BLANK: Final = 0x2800
#: Letters and symbols without ink, which that property does not name: an empty Braille cell and an empty notehead.
_BLANKS: Final = frozenset({_BRAILLE_BLANK, 0x1D159})
_INVISIBLE: Final = _BLANKS.union(*(range(first, last + 1) for first, last in _DEFAULT_IGNORABLE))
_MONGOLIAN_SELECTORS: Final = frozenset({0x180B, 0x180C, 0x180D, 0x180F})
#: Variation selectors change the glyph of the preceding character, and can encode hidden bytes.
_VARIATION_SELECTORS: Final = frozenset([*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), *_MONGOLIAN_SELECTORS])
_GRAPHEME_JOINER: Final = 0x034F
_HANGUL_FILLERS: Final = frozenset({0x115F, 0x1160})
_JAMO: Final = re.compile("[\u1100-\u115e\u1161-\u11ff\ua960-\ua97c\ud7b0-\ud7fb]")
_MONGOLIAN: Final = re.compile("[\u1820-\u18aa]")
_BRAILLE: Final = re.compile("[\u2801-\u28ff]")
_ZERO_WIDTH_JOINERS: Final = frozenset({0x200C, 0x200D})
#: Invisible characters that some scripts need, and how many characters before one tell.
_NEEDED_BY_SOME: Final = (
    _VARIATION_SELECTORS | _ZERO_WIDTH_JOINERS | _HANGUL_FILLERS | {_BRAILLE_BLANK, _GRAPHEME_JOINER}
)
_LOOKED_BACK: Final = 2
#: What is before and behind a text: no script needs an invisible character next to the end of a line.
_BEFORE, _BEHIND = "\n" * _LOOKED_BACK, "\n"
#: Scripts whose spelling requires the joiners (Arabic, Persian, Indic and South-East Asian blocks).
_JOINING_SCRIPTS: Final = re.compile(r"[\u0600-\u08ff\u0900-\u0dff\u0e00-\u109f\u1780-\u17ff]")
_EMOJI: Final = re.compile(r"[\u2190-\u2bff\u3030\u303d\u3297\u3299\ufe0f\U0001f000-\U0001faff]")


#: Maximum number of cached characters: more than any language uses, and a bound against hostile documents.
_MAX_CACHED: Final = 16_384


def _token(code: int) -> str:
    return f"⟨U+{code:04X}⟩"


class _VisibleTable(dict[int, str]):
    """A translation table that is filled on first use of a character."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        unsafe = code in _INVISIBLE or unicodedata.category(character) in _UNSAFE_CATEGORIES
        shown = _token(code) if unsafe else character
        if len(self) < _MAX_CACHED:
            self[code] = shown
        return shown


_ONE_LINE: Final = _VisibleTable({9: " ", 10: " ", 13: " ", 0x2028: " ⟨U+2028⟩ ", 0x2029: " ⟨U+2029⟩ "})
_MANY_LINES: Final = _VisibleTable({9: "    ", 10: "\n"})


#: Maximum combining marks in a row that are shown; no script needs more on one letter, and a stack covers other lines.
_MAX_MARKS: Final = 8
_LONG_FOREIGN: Final = re.compile(r"[^\x00-\x7f]{9,}")


def _without_stacks(text: str) -> str:
    """Return a text in which each run of more than eight combining marks is a token with their number."""
    return text if text.isascii() else _LONG_FOREIGN.sub(lambda found: _unstacked(found[0]), text)


def _unstacked(text: str) -> str:
    parts = []
    for is_mark, run in groupby(text, key=lambda character: unicodedata.category(character)[0] == "M"):
        characters = "".join(run)
        many = is_mark and len(characters) > _MAX_MARKS
        parts.append(f"⟨{len(characters):,} combining marks⟩" if many else characters)
    return "".join(parts)


def visible(text: str, limit: int | None = None) -> str:
    """Return text for one line of a screen: white space folded, each unsafe character as ⟨U+202E⟩.

    `limit` is the maximum length of the result; "…+312" is the number of characters cut.
    """
    part = text[: 4 * limit if limit else None]
    if not (part.isascii() and part.isprintable()):  # most texts have nothing to be replaced
        part = _without_stacks(part).translate(_ONE_LINE)
    shown = " ".join(part.split())
    if limit is not None and (len(shown) > limit or len(text) > 4 * limit):
        cut = len(text) - limit
        return f"{shown[:limit]}…+{max(cut, 1):,}"
    return shown


def visible_lines(text: str, limit: int = 20_000) -> str:
    """Return text for a multi-line pane: line feeds kept, tabs as blanks, the rest as in `visible`."""
    normal = text[:limit].replace("\r\n", "\n").replace("\r", "\n")
    shown = _without_stacks(normal).translate(_MANY_LINES)
    return shown if len(text) <= limit else f"{shown}\n…+{len(text) - limit:,}"


#: Characters other than printable ASCII; most texts have none, and only these are examined.
_UNUSUAL: Final = re.compile(r"[^ -~\t\n\r]")


def unusual(text: str) -> bool:
    """Whether a text can contain hidden characters: a fast pre-check."""
    return not (text.isascii() and text.isprintable()) and _UNUSUAL.search(text) is not None


def hidden_characters(text: str) -> list[tuple[int, int]]:
    """Return (offset, code point) of each character that is invisible to a reader but not to a model.

    Default-ignorable characters, blanks with the category of a letter or symbol, private use, unassigned and control
    characters count. Tab, line feed, carriage return and what a script or an emoji needs do not.
    """
    surroundings = _surroundings(text)
    if not surroundings:
        return []
    needed = {around for around in surroundings if not _is_hidden(around)}
    padded, length = f"{_BEFORE}{text}{_BEHIND}", len(_BEFORE) + 1 + len(_BEHIND)
    places = (match.start() for match in re.finditer(f"[{re.escape(_unseen_in(text))}]", text))
    return [(at, ord(text[at])) for at in places if padded[at : at + length] not in needed]


def hidden_counts(text: str) -> dict[int, int]:
    """Return how often each hidden character is in a text, by code point, in the order of their first places."""
    counts: dict[int, int] = {}
    for around, count in _surroundings(text).items():
        if _is_hidden(around):
            code = ord(around[_LOOKED_BACK])
            counts[code] = counts.get(code, 0) + count
    return counts


def has_hidden(text: str) -> bool:
    """Whether a text has a hidden character."""
    return any(map(_is_hidden, _surroundings(text)))


@lru_cache(maxsize=256)
def _surroundings(text: str) -> dict[str, int]:
    """Return each invisible character with those around it that tell whether it is needed, and how often they are so.

    In the order of their first places. Texts repeat them, and several readers ask.
    """
    unseen = _unseen_in(text)
    if not unseen:
        return {}
    if _NEEDED_BY_SOME.isdisjoint(map(ord, unseen)):
        return {f"{_BEFORE}{each}{_BEHIND}": count for each, count in Counter(text).items() if each in unseen}
    around = re.compile(f"(?=(..[{re.escape(unseen)}].))", re.DOTALL)
    return Counter(around.findall(f"{_BEFORE}{text}{_BEHIND}"))


def _unseen_in(text: str) -> str:
    """Return the distinct invisible characters of a text."""
    return "".join(character for character in set(text) if _is_unseen(character))


def _is_unseen(character: str) -> bool:
    """Whether a character other than tab and the ends of lines is invisible."""
    if character in "\t\n\r":
        return False
    return ord(character) in _INVISIBLE or unicodedata.category(character) in _UNSAFE_CATEGORIES


def _is_hidden(around: str) -> bool:
    """Whether an invisible character, with two before and one behind it, does not do there what Unicode has it for."""
    code = ord(around[_LOOKED_BACK])
    return code not in _NEEDED_BY_SOME or not _is_needed(around, code)


def _is_needed(around: str, code: int) -> bool:
    first, before, after = around[0], around[1], around[3]
    if code in _VARIATION_SELECTORS:
        return _selects(before, code)
    if code in _ZERO_WIDTH_JOINERS:
        others = first + before + after
        return bool(_JOINING_SCRIPTS.search(others) or _EMOJI.search(others))
    if code in _HANGUL_FILLERS:  # each replaces a letter that an old syllable lacks
        return bool(_JAMO.search(before + after))
    if code == _BRAILLE_BLANK:
        return bool(_BRAILLE.search(before + after))
    return code == _GRAPHEME_JOINER and all(map(unicodedata.combining, before + after))


def _selects(before: str, code: int) -> bool:
    """Whether a variation selector follows a character it can apply to; a run of selectors encodes bytes."""
    if ord(before) in _VARIATION_SELECTORS or before.isspace():
        return False
    if code in _MONGOLIAN_SELECTORS:
        return _MONGOLIAN.match(before) is not None
    if before.isascii():
        return code in {0xFE0E, 0xFE0F} and before in "0123456789#*"
    return code < 0xE0100 or before >= "\u2e80"  # the supplement is for ideographs only


_TAGS: Final = re.compile("[\U000e0020-\U000e007e]+")
_UNTAGGED: Final = {code: code - 0xE0000 for code in range(0xE0020, 0xE007F)}


def decode_tags(text: str) -> str:
    """Return the text encoded in Unicode tag characters, or an empty string."""
    return "".join(_TAGS.findall(text)).translate(_UNTAGGED)


_MARKDOWN_PUNCTUATION: Final = re.compile(r"([!\"#$%'()*+,\-./:;=?@\[\\\]^_`{|}~])")


def markdown(text: str, limit: int | None = None) -> str:
    """Return text as one line of inert Markdown: every ASCII punctuation mark escaped, `& < >` as entities."""
    shown = visible(text, limit).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    out = []
    for part in re.split(r"(&(?:amp|lt|gt);)", shown):
        out.append(part if part.startswith("&") else _MARKDOWN_PUNCTUATION.sub(r"\\\1", part))
    return "".join(out)


def markdown_code(text: str, limit: int | None = None) -> str:
    """Return text as a Markdown code span that is safe in a table cell: longer fence, pipes replaced."""
    shown = visible(text, limit).replace("|", "¦")
    if not shown:
        return ""
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def html(text: str, limit: int | None = None) -> str:
    """Return text as HTML character data, quotes escaped, on one line."""
    from html import escape  # noqa: PLC0415 - its table of all entities takes a millisecond to load

    return escape(visible(text, limit), quote=True)


_FORMULA: Final = tuple("=+-@|%\uff1d\uff0b\uff0d\uff20\uff5c\uff05")


def csv_cell(text: str) -> str:
    """Return text for a spreadsheet cell: an apostrophe before anything that a spreadsheet would evaluate."""
    shown = visible(text)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown


def file_name(text: str, fallback: str = "unnamed") -> str:
    """Return text as a portable file name of at most 60 characters from `a-z A-Z 0-9 . _ @ -`."""
    name = re.sub(r"[^A-Za-z0-9._@-]+", "-", text).strip("-.")[:60].strip("-.")
    return name or fallback


_SLUG: Final = 40


def slug(text: str, fallback: str = "source") -> str:
    """Return text as a short lower-case identifier of `a-z 0-9 -`, at most 40 characters."""
    words = re.sub(r"[^a-z0-9]+", " ", re.sub("['\u2019]", "", text.lower())).split()[:_SLUG]
    while len(words) > 1 and len("-".join(words)) > _SLUG:  # whole words: a truncated one may read as another
        words.pop()
    return "-".join(words)[:_SLUG] or fallback


def without_surrogates(text: str) -> str:
    """Return text that can be encoded: a lone surrogate becomes U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
