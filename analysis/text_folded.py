"""Text normalised for detection: hidden, imitated and encoded letters are decoded before words are searched."""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from analysis.text import decode_tags, hidden_characters, hidden_counts

if TYPE_CHECKING:
    from collections.abc import Mapping


def _replacements(characters: str, instead: str) -> dict[int, str]:
    return dict(zip(map(ord, characters), instead, strict=True))


#: Letters of other scripts that look like Latin ones (the common part of the Unicode confusables table).
_LOOKALIKES: Final = _replacements(
    "абвеёзіїјкмнорстухцѕԁԛԝһӏАВЕЗІЈКМНОРСТУХЅαεικνορτυχωγΑΒΕΖΗΙΚΜΝΟΡΤΥΧıɡɑ",
    "abbeeeiijkmhopctyxusdqwhlABEEIJKMHOPCTYXSaeikvoptuxwyABEZHIKMNOPTYXiga",
)
_DIGITS: Final = str.maketrans("013457@$!", "oieastasi")
#: Quotes, dashes and other marks of typography.
_TYPOGRAPHY: Final = _replacements("’‘“”–—…•·\u00a0→×", "''\"\"--..- >x")  # noqa: RUF001
#: Characters of other scripts with the shape of a Latin letter.
_CONFUSABLE: Final = str.maketrans("01i", "oll")
_LEET_SIGN: Final = re.compile("[0134578@$!]")
_LEET: Final = re.compile(r"\b(?=\w*[a-z])(?=\w*[0134578@$!])[\w@$!]{2,}\b")
_SPACED: Final = re.compile(r"(?<!\S)(?:\w[ ._*\-]){4,}\w(?!\S)")
_BASE64: Final = re.compile(
    r"(?<![\w+/=.-])(?=[A-Za-z0-9+/]{24})(?=[A-Z0-9+/]*[a-z])(?=[a-z0-9+/]*[A-Z])(?=[A-Za-z+/]*[\d=])"
    r"[A-Za-z0-9+/]{24,}={0,2}(?![\w-])"
)
_MIN_RUN: Final = 24
_HEX: Final = re.compile(r"(?<![0-9A-Za-z])(?:0x)?(?:[0-9a-fA-F]{2}){20,}(?![0-9A-Za-z])")
_ESCAPES: Final = re.compile(
    r"(?:\\x[0-9a-fA-F]{2}){6,}|(?:%[0-9a-fA-F]{2}){6,}|(?:\\u[0-9a-fA-F]{4}){6,}|(?:&#x?[0-9a-fA-F]+;){6,}"
)
_SCRIPT: Final = re.compile(r"^(LATIN|CYRILLIC|GREEK|ARMENIAN|CHEROKEE)")


#: Distinct characters up to which they are replaced one after the other.
_MAX_REPLACED: Final = 16
#: Maximum characters that one character is folded to. Some ligatures of whole phrases become eighteen.
_MAX_FOLDED: Final = 4


def plain_marks(text: str) -> str:
    """Return a text with the marks of ASCII for those of typography."""
    return text if text.isascii() else replaced(text, _TYPOGRAPHY)


def unhidden(text: str) -> str:
    """Return a text without hidden characters, compatibility forms and letters of the same shape, tag characters decoded."""
    if text.isascii():
        return text
    spelled = decode_tags(text)
    return replaced(_compatible(without_hidden(text)), _LOOKALIKES) + (f" {spelled}" if spelled else "")


def without_hidden(text: str) -> str:
    """Return a text without its hidden characters."""
    counts = hidden_counts(text)
    if not counts:
        return text
    present = Counter(text)
    if all(present[chr(code)] == count for code, count in counts.items()):
        return replaced(text, dict.fromkeys(counts, ""))
    offsets = [offset for offset, _ in hidden_characters(text)]  # the others of their kind are needed where they are
    starts = [0, *(offset + 1 for offset in offsets)]
    return "".join([text[start:end] for start, end in zip(starts, [*offsets, len(text)], strict=True)])


def replaced(text: str, characters: Mapping[int, str]) -> str:
    """Return what `str.translate` does where no replacement is itself replaced: ten times faster in long texts."""
    met = [character for character in set(text) if ord(character) in characters]
    if len(met) > _MAX_REPLACED:
        return text.translate(characters)
    for character in met:
        text = text.replace(character, characters[ord(character)])
    return text


def _compatible(text: str) -> str:
    """Return the compatibility form of a text; a character that would become more than four stays as it is."""
    long = {c for c in set(text) if not c.isascii() and len(unicodedata.normalize("NFKC", c)) > _MAX_FOLDED}
    if not long:
        return unicodedata.normalize("NFKC", text)
    parts = re.split(f"([{''.join(long)}])", text)
    return "".join(part if part in long else unicodedata.normalize("NFKC", part) for part in parts)


def unspaced(text: str) -> str:
    """Return a text with spaced-out letters joined: `i g n o r e` -> ignore."""
    return _SPACED.sub(lambda found: re.sub(r"[ ._*\-]", "", found.group()), text)


def is_spaced(text: str) -> bool:
    """Whether a text has spaced-out letters."""
    return _SPACED.search(text) is not None


def unleeted(text: str) -> str:
    """Return a lower-case text with digits inside words replaced by the letters they imitate: `1gn0re` -> ignore."""
    if not _LEET_SIGN.search(text):
        return text
    return _LEET.sub(lambda found: found.group().translate(_DIGITS), text)


def respelled(text: str) -> set[str]:
    """Return the runs without blanks that `unleeted` changes, as it writes them."""
    signed = {run for run in text.split() if _LEET_SIGN.search(run)}
    return {spelled for run in signed if (spelled := unleeted(run)) != run}


#: A run of characters in every base64 or hexadecimal text, and rarely elsewhere.
_PLAIN_RUN: Final = re.compile(rf"[A-Za-z0-9+/]{{{_MIN_RUN}}}")
_RUN: Final = re.compile(r"(?<!\S)\S{20}")


def has_run(text: str) -> bool:
    """Whether a text has a run without blanks that is long enough for a key or encoded data."""
    return _RUN.search(text) is not None


@lru_cache(maxsize=32_768)
def encoded(text: str) -> tuple[tuple[str, str], ...]:
    """Return (run, decoded text) of base64, hexadecimal and escaped runs; an empty text where it is binary."""
    if not ("%" in text or "\\" in text or "&#" in text or _PLAIN_RUN.search(text)):
        return ()
    long = " ".join(word for word in text.split() if len(word) >= _MIN_RUN and "://" not in word)
    if not long:
        return ()
    runs = [(found.group(), _from_base64(found.group())) for found in _BASE64.finditer(long)]
    runs += [(found.group(), _from_hex(found.group())) for found in _HEX.finditer(long)]
    runs += [(found.group(), _from_escapes(found.group())) for found in _ESCAPES.finditer(long)]
    return tuple(runs)


def _readable(raw: bytes) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    letters = sum(character.isalpha() or character.isspace() for character in text)
    return text if text.isprintable() and letters > 0.8 * len(text) else ""


def _from_base64(run: str) -> str:
    plain = run.rstrip("=")
    try:
        return _readable(base64.b64decode(plain + "=" * (-len(plain) % 4)))
    except binascii.Error:
        return ""


def _from_hex(run: str) -> str:
    return _readable(bytes.fromhex(run.removeprefix("0x")))


def _from_escapes(run: str) -> str:
    codes = re.findall(r"&#x([0-9a-fA-F]+);|&#([0-9]+);|(?:\\x|%|\\u)([0-9a-fA-F]+)", run)
    numbers = [int(x or u, 16) if x or u else int(d) for x, d, u in codes]
    return "".join(map(chr, numbers)) if all(0x20 <= n < 0xD800 for n in numbers) else ""


def scripts(name: str) -> frozenset[str]:
    """Return the scripts of a name whose letters can be confused."""
    found = (_SCRIPT.match(unicodedata.name(character, "")) for character in name if character.isalpha())
    return frozenset(match.group(1) for match in found if match)


def skeleton(name: str) -> str:
    """Return the skeleton of a name (Unicode UTS 39): names with one skeleton look the same."""
    return unhidden(name).lower().translate(_CONFUSABLE).replace("rn", "m").replace("vv", "w")
