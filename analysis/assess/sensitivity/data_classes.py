"""Data class of a field, from its name, its schema and its description."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from analysis.words import split_words
from analysis.yaml_tables import load_table

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Maximum characters read of a description: its beginning says what the field holds.
_MAX_DESCRIPTION: Final = 240
#: Letters without a decomposition into a plain letter and a mark, and the German umlauts as they are written in names.
_LETTERS: Final = str.maketrans(
    {
        "\u00df": "ss",
        "\u00f8": "o",
        "\u00d8": "O",
        "\u0142": "l",
        "\u0141": "L",
        "\u0131": "i",
        "\u00e6": "ae",
        "\u0153": "oe",
    }
)
#: Words before the match in a description, five at most.
_LEAD: Final = r"(?:[\w'\u2019./-]+ ){0,5}?"


@dataclass(frozen=True, slots=True)
class FieldClass:
    """A data class, its evidence in words, and whether the class can raise a risk."""

    data: str
    shown_by: str
    weighs: bool


@dataclass(frozen=True, slots=True)
class DataClassLists:
    """The word lists of `data_classes.yaml`. An ending maps to its class, or to an empty string for none."""

    ends: Mapping[str, str]
    end_words: frozenset[str]  # the last words of all endings
    joined: Mapping[str, str]  # endings of several words as one: `firstname`
    native: Mapping[str, str]
    whole: Mapping[str, str]
    schemas: Mapping[str, str]
    described: tuple[tuple[str, str], ...]
    described_at_all: re.Pattern[str]  # matches wherever a pattern of `described` does
    weighty: frozenset[str]
    flag_words: frozenset[str]
    switch_words: frozenset[str]  # a first word that makes of any thing a yes or no about it
    plain_words: frozenset[str]
    plain_description: re.Pattern[str]
    error_words: frozenset[str]


@cache
def class_lists() -> DataClassLists:
    """Return the built-in word lists."""
    loaded = load_table("analysis.assess.sensitivity", "data_classes.yaml")
    found: dict[str, dict[str, Any]] = loaded["classes"]

    def listed(part: str) -> dict[str, str]:
        return {word: kind for kind, entry in found.items() for word in entry.get(part, ())}

    ends = {
        spelled_words(end): kind for end, kind in (listed("ends") | dict.fromkeys(loaded["plain"]["ends"], "")).items()
    }
    return DataClassLists(
        ends=ends,
        end_words=frozenset(end.rpartition(" ")[2] for end in ends),
        joined={end.replace(" ", ""): end for end in ends if " " in end},
        native=listed("native"),
        whole=listed("whole"),
        schemas=listed("schemas"),
        described=tuple(
            (kind, f"{_LEAD}((?:{'|'.join(entry['described'])}))")
            for kind, entry in found.items()
            if "described" in entry
        ),
        described_at_all=re.compile(
            f"{_LEAD}(?:{'|'.join(each for entry in found.values() for each in entry.get('described', ()))})",
            re.IGNORECASE,
        ),
        weighty=frozenset(kind for kind, entry in found.items() if entry.get("weighs")),
        flag_words=frozenset(loaded["flags"]["words"]),
        switch_words=frozenset(loaded["switches"]["words"]),
        plain_words=frozenset(loaded["plain-last-words"]["words"]),
        plain_description=re.compile("|".join(loaded["plain-descriptions"]["begins"]), re.IGNORECASE),
        error_words=frozenset(loaded["error-schemas"]["words"]),
    )


def spelled_words(name: str) -> str:
    """Return a name as space-separated words, the form in which endings are compared: `addressLine1` -> address line 1."""
    return " ".join(split_words(name))


class _NameClass(NamedTuple):
    """Data class of a name, independent of its schema."""

    shown: FieldClass | None
    decides: bool  # the name alone is conclusive
    plain: bool  # its last word holds no data, whatever the schema


class FieldClassifier:
    """Classifier of fields. Caches names, schemas and texts, which documents repeat."""

    def __init__(self, lists: DataClassLists) -> None:
        self._lists = lists
        self._names: dict[str, _NameClass] = {}
        self._same: dict[_NameClass, _NameClass] = {}  # few differ, however many names there are
        self._schemas: dict[str, FieldClass | bool] = {}
        self._texts: dict[str, FieldClass | bool] = {"": False}

    def classify(self, name: str, schema: str = "", description: str = "") -> FieldClass | None:
        """Return the data class of a field, or None.

        An unmistakable name decides alone. Otherwise the schema name and the beginning of the description count, where
        the source has them.
        """
        named = self._names.get(name) or self._read_name(name)
        if (named.shown and named.shown.weighs) or not (schema or description):
            return named.shown
        about = self._schemas.get(schema)
        if about is None:
            about = self._of_schema(schema)
        if about is True:
            return None
        if named.decides:
            return named.shown
        described = self._texts.get(description)
        if described is None:
            described = self._of_text(description)
        if described is True:
            return None
        return (about if about and not named.plain else described) or None

    def of_name(self, name: str) -> str:
        """Return the data class that a name shows alone, or an empty string."""
        shown = (self._names.get(name) or self._read_name(name)).shown
        return shown.data if shown else ""

    def _of_text(self, description: str) -> FieldClass | bool:
        """Return the class of a description; True for explicitly no data, False for no evidence."""
        text = description[:_MAX_DESCRIPTION].lstrip()
        plain = self._lists.plain_description.match(text) is not None
        found = self._texts[description] = plain or _by_description(text, self._lists) or False
        return found

    def _read_name(self, name: str) -> _NameClass:
        known = self._lists
        words = _words_of(name, known)
        shown = _of_words(words, known) if name.isascii() else _of_words(words, known) or _of_script(name, known)
        plain = bool(words) and words[-1] in known.plain_words
        end = _ending(words, known)
        silent = (end != "" and known.ends[end] == "") or not known.flag_words.isdisjoint(words)
        found = _NameClass(shown, shown is not None or silent, plain)
        found = self._names[name] = self._same.setdefault(found, found)
        return found

    def _of_schema(self, schema: str) -> FieldClass | bool:
        """Return the class that a schema name gives to its fields; True for an error schema, False for no evidence."""
        words, known = split_words(schema), self._lists
        if not known.error_words.isdisjoint(words):
            found: FieldClass | bool = True
        else:
            kinds = (
                FieldClass(known.schemas[w], f"is part of a {w}", weighs=False) for w in words if w in known.schemas
            )
            found = next(kinds, False)
        self._schemas[schema] = found
        return found


def _words_of(name: str, known: DataClassLists) -> tuple[str, ...]:
    """Return the words of a field name, without accents, and with those of a compound apart: `firstname`, `contraseña`."""
    words = split_words(name if name.isascii() else _without_accents(name))
    if len(words) == 1 and words[0] in known.joined and words[0] not in known.ends:
        return tuple(known.joined[words[0]].split(" "))
    return words


def _without_accents(name: str) -> str:
    plain = name.translate(_LETTERS)
    return "".join(each for each in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(each))


def _of_script(name: str, known: DataClassLists) -> FieldClass | None:
    """Return the class of a name in a script without capitals, or None."""
    lowered = name.lower()
    found = next((word for word in known.native if word in lowered), "")
    return FieldClass(known.native[found], f"contains {found}", known.native[found] in known.weighty) if found else None


def classify_field(name: str, schema: str = "", description: str = "") -> FieldClass | None:
    """Return the data class of one field by the built-in lists, or None."""
    return FieldClassifier(class_lists()).classify(name, schema, description)


def _of_words(words: tuple[str, ...], known: DataClassLists) -> FieldClass | None:
    """Return the class of a name alone: the longest known ending decides."""
    if not known.flag_words.isdisjoint(words):
        return None
    if len(words) == 1 and words[0] in known.whole:
        return FieldClass(known.whole[words[0]], f"is called {words[0]}", weighs=False)
    if len(words) > 1 and words[0] in known.switch_words:
        return None  # `expirePassword` says whether
    end = _ending(words, known)
    kind = known.ends.get(end, "")
    return FieldClass(kind, f"ends in {end}", kind in known.weighty) if kind else None


def _ending(words: tuple[str, ...], known: DataClassLists) -> str:
    if not words or words[-1] not in known.end_words:
        return ""
    tails = (" ".join(words[at:]) for at in range(len(words)))
    return next((tail for tail in tails if tail in known.ends), "")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compiled when a text first needs it."""
    return re.compile(pattern, re.IGNORECASE)


def _by_description(text: str, known: DataClassLists) -> FieldClass | None:
    for kind, pattern in known.described if known.described_at_all.match(text) else ():
        found = _compiled(pattern).match(text)
        if found:
            return FieldClass(kind, f"is described as {found.group(1).strip().lower()}", weighs=False)
    return None
