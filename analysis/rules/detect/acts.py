"""Orders in a text: each sentence as its acts, with who is told, what is acted on and under which condition.

A sentence is read once, word by word. An act is a verb; it is an order if it is in the imperative or under an obligation
("must", "is to be"). Its objects are the classes of the words that follow, and of those before where it is passive.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Final

from analysis.rules.detect.act_kin import chain_bit
from analysis.rules.detect.act_places import heading_bit, mark_places, shell_bit, span_bit
from analysis.rules.detect.act_words import act_words
from analysis.rules.scan.token_bits import token_bits

if TYPE_CHECKING:
    from analysis.rules.detect.act_tokens import Tokens
    from analysis.rules.detect.act_words import ActWords

#: Words after a verb that are searched for its objects, and words before it for an obligation.
_OBJECTS: Final = 18
_NEAR: Final = 4
#: Quoted words with a colon that make a sentence a sample of data.
_MIN_KEYS: Final = 3
_OBLIGATION: Final = 7


@dataclass(frozen=True, slots=True)
class Act:
    """One verb: bits of the act, whether it is an order and negated, and the bits of its objects."""

    bits: int
    ordered: bool
    negated: bool
    objects: int
    near: int  # bits of the next four words
    place: int  # index of its word in the sentence


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: its words, all bits of it, and its acts."""

    words: tuple[str, ...]
    bits: int
    acts: tuple[Act, ...]


def sentence_at(read: Tokens, start: int, end: int) -> Sentence:
    """Return the sentence of the words from `start` to `end`, parsed."""
    return _sentence(read.words[start:end], read.bits[start:end], act_words(), first=not start)


def unspaced_sentences(text: str) -> list[Sentence]:
    """Return sentences of scripts without blanks, each as one act: their words are found as parts."""
    known = act_words()
    found = []
    for piece in re.split(r"[。！？\n]|[.!?] ", text):
        if piece.isascii():
            continue
        bits = 0
        for part, each in known.parts:
            if part in piece:
                bits |= each
        if bits & known.acts:
            ordered = True
            for raw in re.findall(r"[!-~]{3,}", piece):
                bits |= token_bits(raw, known)[1]
            if bits & known.bit["ADDRESS"]:
                bits |= known.bit["DESTINATION"]
            act = Act(bits & known.acts, ordered, bool(bits & known.bit["NOT"]), bits, bits, 0)
            found.append(Sentence((piece,), bits, (act,)))
    return found


def _sentence(words: list[str], bits: list[int], known: ActWords, *, first: bool = False) -> Sentence:
    bit = known.bit
    mark_places(words, bits, known)
    every = reduce(or_, bits, 0)
    if sum(1 for each in bits if each & bit["COLON"] and each & bit["CODE"]) >= _MIN_KEYS:
        return Sentence(tuple(words), 0, ())  # a sample of data
    if every & (bit["PROGRAM"] | bit["OPERATOR"]):
        every |= shell_bit(words, bits, known)
    if every & bit["CODE"]:
        every |= span_bit(bits, known)
    every |= heading_bit(words, bits, known)
    if every & bit["TOOL_NAME"]:
        every |= chain_bit(words, bits, known)
    acts: tuple[Act, ...] = ()
    if every & known.acts:
        summary = first and not every & (bit["MUST"] | bit["PLEASE"] | bit["SHELL"] | bit["REGARDLESS"] | bit["SHOULD"])
        acts = tuple(_acts(words, bits, known, summary=summary))
        for act in acts:
            every |= act.near & bit["TOOL_NAME"] | act.bits & bit["SELF"]
    return Sentence(tuple(words), every, acts)


def _acts(words: list[str], bits: list[int], known: ActWords, *, summary: bool) -> list[Act]:
    bit = known.bit
    ends, opens = bit["ENDS_CLAUSE"], bit["OPENS"]
    leading = (
        bit["LEAD"]
        | bit["ALWAYS"]
        | bit["PLEASE"]
        | bit["NOT"]
        | bit["BEFORE"]
        | bit["AFTER"]
        | bit["MUST"]
        | bit["SILENT"]
    )
    obliging = bit["MUST"] | bit["SHOULD"] | bit["PLEASE"]
    names = bit["NAME"] | bit["ADDRESS"] | bit["PATH"]
    around = bit["BEFORE"] | bit["AFTER"] | bit["WHEN"]
    found: list[Act] = []
    ordered_before = quoted = False
    starts = 0
    for at, each in enumerate(bits):
        if (at and bits[at - 1] & ends) or each & opens:
            starts = at
        if each & bit["QUOTE"]:
            quoted = True
        elif quoted and each & bit["CLOSES"]:
            quoted = False
        if not each & known.acts or each & names:
            continue
        obliged = bool(reduce(or_, bits[max(0, at - _OBLIGATION) : at], 0) & obliging)
        negated = bool(reduce(or_, bits[max(0, at - 4) : at], 0) & bit["NOT"])
        if each & bit["IMPERATIVE"] and not each & bit["BASE"]:
            negated = negated or bool(
                reduce(or_, bits[at + 1 : at + _OBLIGATION], 0) & bit["NOT"]
            )  # German: after the verb
        form = _form(words, bits, at, known, obliged=obliged)
        leads = at - starts <= _OBLIGATION and words[at - 1 : at] != ["to"]
        leads = leads and all(one & leading for one in bits[starts:at])
        leads = leads or (
            0 < at <= _OBLIGATION
            and bool(bits[0] & around)
            and bool(each & bit["BASE"])
            and words[at - 1] not in known.lists["no_order"]
        )
        coordinated = ordered_before and at > 0 and words[at - 1] in known.lists["and"]
        told = leads or coordinated or obliged
        if summary and not obliged and (starts == 0 or coordinated):
            told = False  # the first sentence says what the tool does, in the same form
        ordered = not quoted and (form == "order" or (form == "base" and told) or _is_assigned(words, bits, at, known))
        near = reduce(or_, bits[at + 1 : at + 1 + _NEAR], 0)
        objects = reduce(or_, bits[at + 1 + _NEAR : at + 1 + _OBJECTS], near)
        if each & bit["PAST"]:
            objects = reduce(or_, bits[max(0, at - 12) : at], objects)
            if objects & bit["TOOL"] and objects & bit["CODE"] and not objects & bit["KIN"]:
                near |= bit["TOOL_NAME"]
            near |= reduce(or_, bits[max(0, at - 5) : at], 0) & bit["TOOL_NAME"]
        near |= reduce(or_, bits[max(0, at - 3) : at], 0) & bit["SILENT"]
        what, near = _object(words, bits, at, known, near)
        found.append(Act(what, ordered, negated, objects | near & bit["TOOL_NAME"], near, at))
        ordered_before = ordered_before or ordered
    return found


def _is_assigned(words: list[str], bits: list[int], at: int, known: ActWords) -> bool:
    """Whether an act is said to be the model's: "the agent deletes", "is sent by the assistant", "we ask you to send"."""
    bit, each = known.bit, bits[at]
    before = bits[max(0, at - _NEAR) : at]
    if each & (bit["BASE"] | bit["THIRD"]) and any(one & bit["MODEL"] for one in before[-3:]):
        return known.lists["enabling"].isdisjoint(words[max(0, at - 6) : at])
    if each & bit["PAST"] and any(one & bit["BE"] for one in before):
        return any(one & bit["MODEL"] and "by" in words[at + 1 : at + 5] for one in bits[at + 1 : at + 8])
    if each & bit["GERUND"] and at and words[at - 1] in known.lists["means"]:
        return any(
            one & (bit["MUST"] | bit["PLEASE"] | bit["SHOULD"] | bit["MODEL"] | bit["IMPERATIVE"]) for one in bits[:at]
        )
    soft = at > 1 and words[at - 1] == "to" and bool(each & bit["BASE"])
    return soft and any(one & bit["PLEASE"] for one in bits[max(0, at - _OBLIGATION) : at])


def _form(words: list[str], bits: list[int], at: int, known: ActWords, *, obliged: bool) -> str:
    """Return `order` for a form that is an order by itself, `base` for one that may be, or an empty string."""
    bit = known.bit
    each = bits[at]
    to = at > 0 and words[at - 1] == "to"
    if each & bit["PAST"] and not each & bit["BASE"]:
        passive = bool(each & bit["PARTICIPLE"]) or any(
            one & bit["BE"] for one in (*bits[max(0, at - 4) : at], *bits[at + 1 : at + 2])
        )
        to_be = at > 1 and words[at - 1] in {"be", "werden"} and words[at - 2] in {"to", "must", "should", "shall"}
        return "order" if (obliged and passive) or to_be else ""
    if each & bit["BASE"]:
        return "base" if not to or (obliged and _obliges(words, at, known)) else ""
    return "order" if each & bit["IMPERATIVE"] else ""


def _object(words: list[str], bits: list[int], at: int, known: ActWords, near: int) -> tuple[int, int]:
    """Return the act and its near objects: one on the tool itself is another act, a quoted word may name a tool."""
    bit, each = known.bit, bits[at]
    if not each & (bit["CALL"] | bit["USE"] | bit["RUN"]):
        return each, near
    after = [bits[at] for at in range(at + 1, min(at + 4, len(bits))) if words[at] not in known.lists["articles"]]
    if not after or after[0] & bit["KIN"]:
        return each, near
    if after[0] & (bit["THIS"] | bit["OWN"]) or words[at + 1] == "it":
        return bit["SELF"], near & ~bit["TOOL_NAME"]
    quoted = each & bit["CALL"] and after[0] & bit["CODE"] and not after[0] & bit["QUOTE"]
    ordinary = bit["OTHER"] | bit["ALWAYS"] | bit["ANY"] | bit["NUMBER"] | bit["LEAD"]
    if quoted or (len(after) > 1 and after[1] & bit["TOOL"] and not after[0] & ordinary):
        near |= bit["TOOL_NAME"]
    return each, near


def _obliges(words: list[str], at: int, known: ActWords) -> bool:
    """Whether "to" before a verb belongs to an obligation: "has to", "needs to", "required to"."""
    return at > 1 and words[at - 2] in known.lists["obliging"]
