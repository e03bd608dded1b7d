"""The word lists of confidential content: built in as two YAML files, each kind with its reason and an example."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.model import Confidentiality
from analysis.yaml_tables import load_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


#: Scripts that write no blanks between words.


class ContentKind(NamedTuple):
    """A kind of confidential content, as a word of the lists shows it."""

    name: str
    level: Confidentiality
    data: str
    many: bool  # only where a call returns several


@dataclass(frozen=True, slots=True)
class ConfidentialLists:
    """The word lists of `confidential.yaml` and `protected.yaml`: endings and whole names of resources, and the words that go with them."""

    ends: Mapping[str, ContentKind]
    whole: Mapping[str, ContentKind]
    ordinary: frozenset[str]  # names that end so are open to anyone
    end_words: frozenset[str]
    neutral: frozenset[str]
    less: frozenset[str]
    still_less: frozenset[str]  # those of them that are a figure even of a person
    holders: frozenset[str]  # fields that hold content and do not say what it is
    envelope: frozenset[str]  # fields that come with them
    plain_fields: frozenset[str]  # last words of fields of any record
    public: frozenset[str]
    general: frozenset[str]
    choosing: frozenset[str]
    mentioned: re.Pattern[str]
    included: re.Pattern[str]
    needles: tuple[str, ...]  # a text without any of them mentions nothing of these two
    foreign: tuple[tuple[ContentKind, tuple[str, ...]], ...]  # patterns of what other languages call it
    subjects: frozenset[str]  # people of whom something is kept
    owners: frozenset[str]  # those of whom no record is ordinary
    deeds: frozenset[str]  # what people have done, and what is not for everybody, in texts
    topics: frozenset[str]  # of which hardly anything is for everybody
    open_heads: frozenset[str]  # last words that make it a subject of a catalogue
    goods: frozenset[str]  # things that are about no person
    untaken: frozenset[str]  # before a thing that is still to be had
    bookable: frozenset[str]  # what is still to be had where it is available
    containers: frozenset[str]  # what content lies in
    computing: frozenset[str]  # verbs of what is computed from the arguments
    named_by: frozenset[str]  # arguments that name a person, a card or a line of one
    sought_by: frozenset[str]  # arguments by which one person is looked for
    row_people: frozenset[str]  # fields by which a row is about a person, or holds a remark
    personal: re.Pattern[str]
    quiet: re.Pattern[str]
    secrets: ContentKind
    logs: ContentKind
    people: ContentKind
    data: Mapping[str, str]  # kind -> data class that a call returns with it


@cache
def confidential_lists() -> ConfidentialLists:
    """Return the built-in word lists."""
    loaded, protected = _load("confidential.yaml"), _load("protected.yaml")
    ends: dict[str, ContentKind] = {}
    whole: dict[str, ContentKind] = {}
    foreign: dict[ContentKind, list[str]] = {}
    for name, entry in (*protected["kinds"].items(), *loaded["kinds"].items()):
        kind = ContentKind(name, Confidentiality(entry["level"]), entry.get("data", ""), many=False)
        ends |= dict.fromkeys(entry.get("many", ()), kind._replace(many=True)) | dict.fromkeys(entry["ends"], kind)
        whole |= dict.fromkeys(entry.get("whole", ()), kind)
        if "anywhere" in entry:
            foreign[kind] = entry["anywhere"]
    ordinary = frozenset(protected["ordinary"]["words"])
    words = {
        part: frozenset(loaded[part]["words"])
        for part in (
            "neutral",
            "less",
            "public",
            "mentioned",
            "quiet",
            "general",
            "choosing",
            "included",
            "personal",
            "still-less",
            "holders",
            "envelope",
            "plain-fields",
        )
    }
    return ConfidentialLists(
        ends=ends,
        whole=whole,
        ordinary=ordinary,
        end_words=frozenset(end.rpartition(" ")[2] for end in (*ends, *whole, *ordinary)),
        neutral=words["neutral"],
        less=words["less"],
        still_less=words["still-less"],
        holders=words["holders"],
        envelope=words["envelope"],
        plain_fields=words["plain-fields"],
        public=words["public"],
        general=words["general"],
        choosing=words["choosing"],
        mentioned=_any_of(words["mentioned"]),
        needles=_shortest((*words["mentioned"], *words["included"], *words["personal"])),
        foreign=tuple((kind, tuple(stems)) for kind, stems in foreign.items()),
        subjects=frozenset(protected["subjects"]["words"]),
        deeds=frozenset(protected["deeds"]["words"]),
        topics=frozenset(protected["topics"]["words"]),
        open_heads=frozenset(protected["open-heads"]["words"]),
        goods=frozenset(protected["goods"]["words"]),
        untaken=frozenset(protected["untaken"]["words"]),
        bookable=frozenset(protected["bookable"]["words"]),
        containers=frozenset(protected["containers"]["words"]),
        computing=frozenset(protected["computing"]["words"]),
        named_by=frozenset(protected["subjects"]["words"]) | frozenset(protected["named-by"]["words"]),
        sought_by=frozenset(protected["sought-by"]["words"]),
        row_people=frozenset((*protected["row-people"]["words"], *protected["row-remarks"]["words"])),
        owners=frozenset(protected["protected-owners"]["words"]),
        included=_any_of(words["included"]),
        personal=re.compile(rf"\b(?:with|includ\w+|together)\b[^;.]{{0,60}}{_any_of(words['personal']).pattern}"),
        quiet=_any_of(words["quiet"]),
        secrets=ends["secret"],
        logs=ends["log"],
        people=ends["member"],
        data={kind.name: kind.data for kind in ends.values() if kind.data},
    )


def _load(file: str) -> dict[str, Any]:
    loaded: dict[str, Any] = load_table("analysis.assess.sensitivity", file)
    return loaded


def _shortest(words: Iterable[str]) -> tuple[str, ...]:
    """Return the words that contain no other of them, so that a text without these has none at all."""
    listed = set(words)
    return tuple(sorted(word for word in listed if not any(each != word and each in word for each in listed)))


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    listed = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"\b(?:{listed})\b")
