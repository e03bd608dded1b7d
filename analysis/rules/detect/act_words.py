"""Words of orders as bits: the vocabulary of `acts.yaml`, and what a token shows by its shape alone.

A token is a run without blanks. Each has a set of classes, as bits of one integer: what it means (`MUST`, `SEND`), what
form a verb has, and what it looks like (an address, a path, the name of a tool, a shell operator).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Final

from analysis.yaml_tables import load_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

#: Classes that come from the shape of a token or its place, not from a list.
SHAPES: Final = (
    "BASE", "PAST", "THIRD", "GERUND", "IMPERATIVE", "STARTS", "ENDS_CLAUSE", "ENDS_SENTENCE", "CAPITALS", "COLON", "QUOTE",
    "TOOL_NAME", "NAME", "ADDRESS", "PATH", "SECRET_PATH", "PROGRAM", "OPERATOR", "OPTION", "DANGER", "NUMBER", "CODE", "BE", "TO", "LEAD",
    "OPENS", "OWN", "SHELL", "LABEL", "YOU", "ADDRESSED", "DESTINATION", "SELF", "CLOSES", "OTHER_TOOL", "FILE_NAME", "PHRASE", "TOWARDS_TOOL", "PARTICIPLE",
    "KIN", "MAILBOX", "CHAIN", "ACTING", "OTHERS", "DEAD_TOOL", "CODE_SPAN", "JOINED", "ID_NAME",
)  # fmt: skip
#: Distance from the bit of an act to the bit of that act in a form that can be an order.
ORDERABLE: Final = 128
#: A phrase by two of its words: the place of the first of them in it, the place of its anchor, its words, its bits.
Phrase = tuple[int, int, tuple[str, ...], int]


@dataclass(frozen=True, slots=True)
class ActWords:
    """The vocabulary: word -> bits, phrases by their longest word, parts of unspaced scripts, and the masks of groups of classes."""

    bit: Mapping[str, int]
    words: Mapping[str, int]
    phrases: Mapping[
        tuple[str, str], tuple[Phrase, ...]
    ]  # anchor and the word before it, or after it if it is the first
    anchored: Mapping[str, int]  # anchor -> bits of all its phrases
    next_to_anchors: Mapping[
        str, int
    ]  # word that some phrases have next to their anchor, as in `phrases` -> their bits
    pairs: Mapping[
        tuple[str, str], int
    ]  # the runs of letters where an anchor and the word next to it meet -> bits of phrases
    parts: tuple[tuple[str, int], ...]
    lists: Mapping[str, frozenset[str]]
    acts: int  # all acts
    orderable: int  # forms of a verb that can be an order

    def mask(self, classes: Iterable[str]) -> int:
        """Return the bits of classes."""
        found = 0
        for name in classes:
            found |= self.bit[name]
        return found


@cache
def act_words() -> ActWords:
    """Return the vocabulary, loaded on first use."""
    loaded = load_table("analysis.rules.detect", "acts.yaml")
    names = [*loaded["verbs"], *(name for name in loaded["words"] if name not in loaded["verbs"]), *SHAPES]
    bit = {name: 1 << at for at, name in enumerate(dict.fromkeys(names))}
    lists = {name: frozenset(listed) for name, listed in loaded["lists"].items()}
    words: dict[str, int] = {}
    phrases: dict[str, list[tuple[int, tuple[str, ...], int]]] = {}
    for word, bits in _single(loaded, bit):
        words[word] = words.get(word, 0) | bits
    for name, entry in ((name, str(entry)) for name, listed in loaded["words"].items() for entry in listed):
        whole = tuple(entry.split())
        if len(whole) > 1:
            anchor = max(range(len(whole)), key=lambda at: (whole[at] not in lists["common"], len(whole[at])))
            phrases.setdefault(whole[anchor], []).append((anchor, whole, bit[name]))
        else:
            words[entry] = words.get(entry, 0) | bit[name]
    next_to_anchors: dict[str, int] = {}
    pairs: dict[tuple[str, str], int] = {}
    by_pair: dict[tuple[str, str], list[Phrase]] = {}
    for place, whole, bits in (phrase for listed in phrases.values() for phrase in listed):
        first = max(0, place - 1)
        before, after = whole[first : first + 2]
        by_pair.setdefault((before, after), []).append((first, place, whole, bits))
        other = after if first == place else before
        next_to_anchors[other] = next_to_anchors.get(other, 0) | bits
        joint = _joint(before, after)
        pairs[joint] = pairs.get(joint, 0) | bits
    anchored = {word: reduce(or_, (bits for _, _, bits in listed)) for word, listed in phrases.items()}
    for word in phrases:
        words[word] = words.get(word, 0) | bit["PHRASE"]
    return ActWords(
        bit=bit,
        words=words,
        phrases={pair: tuple(listed) for pair, listed in by_pair.items()},
        anchored=anchored,
        next_to_anchors=next_to_anchors,
        pairs=pairs,
        parts=tuple((part, bit[name]) for name, listed in loaded["parts"].items() for part in listed),
        lists=lists,
        acts=reduce(or_, (bit[act] for act in loaded["verbs"])),
        orderable=bit["BASE"] | bit["PAST"] | bit["IMPERATIVE"],
    )


def _joint(before: str, after: str) -> tuple[str, str]:
    """Return the last run of letters and digits of a word, and the first one of the next."""
    return re.findall(r"[a-z0-9]+", before)[-1], re.findall(r"[a-z0-9]+", after)[0]


def _single(loaded: dict[str, Any], bit: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """Yield the forms of verbs, and the words that have a class for their grammar, with their bits."""
    for act, verbs in loaded["verbs"].items():
        for verb in verbs:
            yield from ((form, bit[act] | bit[shape]) for form, shape in _forms(verb))
    for section, shape in (("orders", "IMPERATIVE"), ("participles", "PAST")):
        for act, forms in loaded[section].items():
            yield from ((form, bit[act] | bit[shape]) for form in forms)
    for forms in loaded["participles"].values():
        yield from ((form, bit["PARTICIPLE"]) for form in forms)
    for name, shape in (("be", "BE"), ("leads", "LEAD"), ("you", "YOU")):
        yield from ((word, bit[shape]) for word in loaded["lists"][name])


def _forms(entry: str) -> Iterable[tuple[str, str]]:
    """Yield the forms of an English verb: base, third person, past, gerund; irregular ones follow the base."""
    base, *irregular = entry.split("/")
    stem = base.removesuffix("e")
    yield base, "BASE"
    yield (
        (
            base[:-1] + "ies"
            if base.endswith("y") and base[-2] not in "aeiou"
            else base + ("es" if base.endswith(("s", "x", "ch", "sh")) else "s")
        ),
        "THIRD",
    )
    yield stem + "ing", "GERUND"
    yield stem + "ed", "PAST"
    for form in irregular:
        yield form, "GERUND" if form.endswith("ing") else "THIRD" if form.endswith("ies") else "PAST"
        if form.endswith("ed") and not form.endswith("ied"):
            yield form[:-2] + "ing", "GERUND"
