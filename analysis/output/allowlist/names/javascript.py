"""Text as JavaScript sees it: in units of UTF-16, so that one sign of an emoji counts and is replaced as two."""

from __future__ import annotations


def units(text: str) -> str:
    """Return a text with each sign outside the basic plane as two placeholders of one unit each."""
    if text.isascii():
        return text
    return "".join(character if ord(character) <= 0xFFFF else "\ud800\udc00" for character in text)


def length(text: str) -> int:
    """Return the length of a text in units of UTF-16."""
    return len(text) + sum(ord(character) > 0xFFFF for character in text)


def utf8_of(text: str) -> bytes:
    """Return a text in UTF-8 as Node encodes it: a lone surrogate becomes U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode("utf-8")
