"""From the name of a field, and what else its source says of it, to the class of data it shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from analysis.words import split_words

if TYPE_CHECKING:
    from collections.abc import Mapping

#: So much of a description is looked at: it says first what a field holds, and then how it is used.
_READ: Final = 240
#: What a description says counts within so many words of its beginning.
_LEAD: Final = r"(?:[\w'\u2019./-]+ ){0,5}?"


@dataclass(frozen=True, slots=True)
class FieldClass:
    """A class of data, what showed it in words for people, and whether the class can raise a risk."""

    data: str
    shown_by: str
    weighs: bool


@dataclass(frozen=True, slots=True)
class ClassLists:
    """The word lists of `data_classes.yaml`. An ending maps to its class, or to an empty string if it shows none."""

    ends: Mapping[str, str]
    end_words: frozenset[str]  # the last words of all endings
    whole: Mapping[str, str]
    schemas: Mapping[str, str]
    described: tuple[tuple[str, re.Pattern[str]], ...]
    described_at_all: re.Pattern[str]  # matches wherever one of `described` does
    weighty: frozenset[str]
    flag_words: frozenset[str]
    plain_words: frozenset[str]
    plain_description: re.Pattern[str]
    fault_words: frozenset[str]


@cache
def class_lists() -> ClassLists:
    """Return the word lists that ship with the product."""
    import yaml  # noqa: PLC0415 - only an import or an inspection needs it

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = resources.files("analysis.assess").joinpath("data_classes.yaml").read_text("utf-8")
    stated = yaml.load(text, Loader=loader)  # noqa: S506 - a safe loader, the fast one where there is one
    found: dict[str, dict[str, Any]] = stated["classes"]

    def listed(part: str) -> dict[str, str]:
        return {word: kind for kind, entry in found.items() for word in entry.get(part, ())}

    ends = {
        tool_words(end): kind for end, kind in (listed("ends") | dict.fromkeys(stated["plain"]["ends"], "")).items()
    }
    return ClassLists(
        ends=ends,
        end_words=frozenset(end.rpartition(" ")[2] for end in ends),
        whole=listed("whole"),
        schemas=listed("schemas"),
        described=tuple(
            (kind, re.compile(f"{_LEAD}((?:{'|'.join(entry['described'])}))", re.IGNORECASE))
            for kind, entry in found.items()
            if "described" in entry
        ),
        described_at_all=re.compile(
            f"{_LEAD}(?:{'|'.join(each for entry in found.values() for each in entry.get('described', ()))})",
            re.IGNORECASE,
        ),
        weighty=frozenset(kind for kind, entry in found.items() if entry.get("weighs")),
        flag_words=frozenset(stated["flags"]["words"]),
        plain_words=frozenset(stated["plain-last-words"]["words"]),
        plain_description=re.compile("|".join(stated["plain-descriptions"]["begins"]), re.IGNORECASE),
        fault_words=frozenset(stated["fault-schemas"]["words"]),
    )


def tool_words(name: str) -> str:
    """Return a name as its words, the one spelling in which endings are compared: `addressLine1` -> address line 1."""
    return " ".join(split_words(name))


class _NameSays(NamedTuple):
    """What a name says by itself, whatever schema it stands in."""

    shown: FieldClass | None
    decides: bool  # it shows a class, or that there is none
    plain: bool  # its last word holds no data, whatever its schema is called


class FieldClassifier:
    """Tells the classes of fields. Remembers names and schemas: documents use few of them, again and again."""

    def __init__(self, lists: ClassLists) -> None:
        self._lists = lists
        self._names: dict[str, _NameSays] = {}
        self._schemas: dict[str, FieldClass | bool] = {}
        self._texts: dict[str, FieldClass | bool] = {"": False}

    def classify(self, name: str, schema: str = "", description: str = "") -> FieldClass | None:
        """Return the class of data a field shows, or None.

        A name that is unmistakable decides alone. Where it is not, the schema's name and the first words of the
        description help, if the source gives them: both are empty where only names are known.
        """
        says = self._names.get(name) or self._of_name(name)
        if (says.shown and says.shown.weighs) or not (schema or description):
            return says.shown
        about = self._schemas.get(schema)
        if about is None:
            about = self._of_schema(schema)
        if about is True:
            return None
        if says.decides:
            return says.shown
        told = self._texts.get(description)
        if told is None:
            told = self._of_text(description)
        if told is True:
            return None
        return (about if about and not says.plain else told) or None

    def _of_text(self, description: str) -> FieldClass | bool:
        """Return the class that a description begins with; True if it says that there is none, False if it says nothing."""
        text = description[:_READ].lstrip()
        plain = self._lists.plain_description.match(text) is not None
        found = self._texts[description] = plain or _by_description(text, self._lists) or False
        return found

    def _of_name(self, name: str) -> _NameSays:
        words, known = split_words(name), self._lists
        shown = _of_words(words, known)
        plain = bool(words) and words[-1] in known.plain_words
        end = _ending(words, known)
        silent = (end != "" and known.ends[end] == "") or not known.flag_words.isdisjoint(words)
        found = self._names[name] = _NameSays(shown, shown is not None or silent, plain)
        return found

    def _of_schema(self, schema: str) -> FieldClass | bool:
        """Return the class that a schema's name gives to its fields; True if it is that of faults, False if there is none."""
        words, known = split_words(schema), self._lists
        if not known.fault_words.isdisjoint(words):
            found: FieldClass | bool = True
        else:
            kinds = (
                FieldClass(known.schemas[w], f"is part of a {w}", weighs=False) for w in words if w in known.schemas
            )
            found = next(kinds, False)
        self._schemas[schema] = found
        return found


def classify_field(name: str, schema: str = "", description: str = "") -> FieldClass | None:
    """Return the class of data one field shows by the lists that ship, or None."""
    return FieldClassifier(class_lists()).classify(name, schema, description)


def _of_words(words: tuple[str, ...], known: ClassLists) -> FieldClass | None:
    """Return what a name alone shows: the longest ending that any list holds decides."""
    if not known.flag_words.isdisjoint(words):
        return None
    if len(words) == 1 and words[0] in known.whole:
        return FieldClass(known.whole[words[0]], f"is called {words[0]}", weighs=False)
    end = _ending(words, known)
    kind = known.ends.get(end, "")
    return FieldClass(kind, f"ends in {end}", kind in known.weighty) if kind else None


def _ending(words: tuple[str, ...], known: ClassLists) -> str:
    if not words or words[-1] not in known.end_words:
        return ""
    tails = (" ".join(words[at:]) for at in range(len(words)))
    return next((tail for tail in tails if tail in known.ends), "")


def _by_description(text: str, known: ClassLists) -> FieldClass | None:
    for kind, pattern in known.described if known.described_at_all.match(text) else ():
        found = pattern.match(text)
        if found:
            return FieldClass(kind, f"is described as {found.group(1).strip().lower()}", weighs=False)
    return None
