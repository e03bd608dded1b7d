"""Text for the typefaces of the PDF: letters they have, and places where a long word may be divided.

PDF/UA refuses a document with a letter that its typefaces lack, and typst lets a word that is wider than its column run
into the next one. Both would give a third party's text power over the page.
"""

from __future__ import annotations

import struct
import unicodedata
from typing import TYPE_CHECKING, Final

from analysis import text

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A place where a line may end, without width.
_BREAK: Final = "\u200b"
#: After these an identifier is best divided.
_SEPARATORS: Final = frozenset("/._-:=,;?&|")
#: Width of a wide character, in those of a usual one.
_WIDE: Final = 1.6
_WIDE_LETTERS: Final = frozenset("mw%@&…—")
#: The table of a font file that maps characters to glyphs, and the Unicode encodings of it that are read.
_CMAP: Final = b"cmap"
_UNICODE: Final = frozenset({(0, 3), (0, 4), (3, 1), (3, 10)})


class Lettering:
    """Writes texts with the characters of one typeface."""

    def __init__(self, covered: frozenset[int]) -> None:
        self._covered = covered

    def words(self, value: str, room: int, limit: int | None = None) -> str:
        """Return text from outside on one line; a word with more characters than `room` may be divided anywhere."""
        return " ".join(divided(word, room) for word in self.letters(text.visible(value, limit)).split(" "))

    def code(self, value: str, room: int, limit: int | None = None) -> str:
        """Return an identifier on one line, which may be divided after each slash, and elsewhere if it is long."""
        return self.words(value, room, limit).replace("/", f"/{_BREAK}").replace(f"{_BREAK}{_BREAK}", _BREAK)

    def letters(self, shown: str) -> str:
        """Return a line in which every character that the typeface lacks is its code point, as `⟨U+4E2D⟩`; a blank, a blank."""
        if shown.isascii():
            return shown
        return "".join(map(self._letter, unicodedata.normalize("NFC", shown)))

    def _letter(self, character: str) -> str:
        if ord(character) in self._covered:
            return character
        return " " if unicodedata.category(character) == "Zs" else f"⟨U+{ord(character):04X}⟩"


def divided(word: str, room: int) -> str:
    """Return a word that fits into `room` characters unchanged; one that does not gets places for the end of a line."""
    if _width(word) <= room:
        return word
    return _BREAK.join(part if _width(part) <= room else _BREAK.join(part) for part in _parts(word))


def _parts(word: str) -> Iterator[str]:
    """Yield the parts of an identifier, each with the separator that ends it."""
    start = 0
    for at, character in enumerate(word, 1):
        if character in _SEPARATORS:
            yield word[start:at]
            start = at
    if start < len(word):
        yield word[start:]


def _width(word: str) -> float:
    return sum(_WIDE if c.isupper() or c in _WIDE_LETTERS or ord(c) > 0x2E7F else 1 for c in word)


def covered_characters(font: bytes) -> frozenset[int]:
    """Return the code points that an OpenType font has a glyph for: its character map of format 4 or 12."""
    (tables,) = struct.unpack_from(">H", font, 4)
    records = (struct.unpack_from(">4sIII", font, 12 + 16 * at) for at in range(tables))
    start = next(offset for tag, _, offset, _ in records if tag == _CMAP)
    (maps,) = struct.unpack_from(">H", font, start + 2)
    found: set[int] = set()
    for at in range(maps):
        platform, encoding, offset = struct.unpack_from(">HHI", font, start + 4 + 8 * at)
        if (platform, encoding) in _UNICODE:
            found.update(_mapped(font, start + offset))
    return frozenset(found)


def _mapped(font: bytes, start: int) -> Iterator[int]:
    """Yield the code points of one character map; the segments of the two formats that fonts of today have."""
    (form,) = struct.unpack_from(">H", font, start)
    if form == 12:
        (groups,) = struct.unpack_from(">I", font, start + 12)
        for at in range(groups):
            first, last, _ = struct.unpack_from(">III", font, start + 16 + 12 * at)
            yield from range(first, last + 1)
    elif form == 4:
        (double,) = struct.unpack_from(">H", font, start + 6)
        ends = struct.unpack_from(f">{double // 2}H", font, start + 14)
        starts = struct.unpack_from(f">{double // 2}H", font, start + 16 + double)
        for first, last in zip(starts, ends, strict=True):
            yield from range(first, min(last, 0xFFFE) + 1)
