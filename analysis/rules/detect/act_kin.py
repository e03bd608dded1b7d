"""Tools that a text names: whether they are tools at all, of the same server, and whether they do more than read."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.rules.detect.act_words import ActWords

_PARTS: Final = re.compile(r"[A-Z]?[a-z]+")
#: Letters of a word that can be the thing two tools are about.
_MIN_THING: Final = 4


@lru_cache(maxsize=8_192)
def named_things(name: str) -> frozenset[str]:
    """Return the things in the name of a tool: its words without the first, which is its verb, in the singular."""
    parts = [part.lower() for part in _PARTS.findall(name.partition("(")[0])][1:]
    return frozenset(part.removesuffix("s") for part in parts if len(part) >= _MIN_THING)


def relate(words: list[str], bits: list[int], known: ActWords, own: str, siblings: frozenset[str]) -> None:
    """Tell the tools that a text names by their place and kinship, and take out what the tool itself is about.

    A compound name in no place of a tool is an argument. A tool of the same server, or on the same thing, is kin. A tool
    for messages or commands may speak of them: its own domain is not beyond the call.
    """
    bit, lists = known.bit, known.lists
    tool_name, kin, called = bit["TOOL_NAME"], bit["KIN"], bit["CALL"] | bit["USE"] | bit["RUN"] | bit["TOOL"]
    things = named_things(own) if own else frozenset()
    domain = 0
    for part in _PARTS.findall(own):
        domain |= known.words.get(part.lower(), 0)
        if part.lower() in lists["talk_names"]:
            domain |= bit["CONVERSATION"] | bit["SYSTEM_PROMPT"] | bit["MODEL"]
    if own:
        domain |= _summary(bits, bit)
    domain &= (
        bit["SYSTEM_PROMPT"]
        | bit["MODEL"]
        | bit["CONVERSATION"]
        | bit["COMMAND"]
        | bit["HOST"]
        | bit["LOCAL"]
        | bit["FILE"]
    )
    touched = domain | tool_name | bit["JOINED"]
    for at, each in enumerate(bits):
        if not each & touched:
            continue
        bits[at] &= ~domain
        word = words[at]
        if not each & (tool_name | bit["JOINED"]):
            continue
        if word.partition("(")[0] in siblings or not things.isdisjoint(named_things(word)):
            bits[at] = each & ~tool_name | kin
        elif each & tool_name and not _is_placed(words, bits, at, called, known):
            bits[at] = each & ~tool_name | bit["NAME"]
        elif each & tool_name and _does_more_than_read(word, lists):
            bits[at] = each | bit["ACTING"]


def _summary(bits: list[int], bit: Mapping[str, int]) -> int:
    """Return the bits of the first sentence, unless it orders something."""
    found = 0
    for each in bits[1:]:
        if each & (bit["MUST"] | bit["PLEASE"] | bit["ADDRESSED"] | bit["SESSION"]):
            return 0
        found |= each
        if each & bit["ENDS_SENTENCE"]:
            break
    return found


def _does_more_than_read(name: str, lists: Mapping[str, frozenset[str]]) -> bool:
    """Whether the tool of a name changes something, or reads what is private."""
    parts = [part.lower() for part in _PARTS.findall(name)]
    return not parts or parts[0] not in lists["readers"] or not lists["private"].isdisjoint(parts)


def _is_placed(words: list[str], bits: list[int], at: int, called: int, known: ActWords) -> bool:
    """Whether a name is where a tool is named: called, before or after something, in a chain, or next to the word "tool"."""
    lists, colon = known.lists, known.bit["COLON"]
    if words[at].partition("_")[0] in lists["argument_starts"] or bits[at] & colon:
        return False
    if "_" not in words[at] and "(" not in words[at]:  # capitals inside: a field, mostly
        near = (*bits[max(0, at - 2) : at], *bits[at + 1 : at + 2])
        return any(one & (known.bit["CALL"] | known.bit["TOOL"]) for one in near)
    if (
        "(" in words[at]
        or any(one & called for one in bits[max(0, at - 4) : at])
        or any(one & called for one in bits[at + 1 : at + 3])
    ):
        return True
    if at and words[at - 1] in lists["before_tool"] and words[at - 1] != "param":
        return True
    return at + 1 < len(words) and words[at + 1] in lists["after_tool"]


def chain_bit(words: list[str], bits: list[int], known: ActWords) -> int:
    """Return whether a sentence names two other tools."""
    tool_name = known.bit["TOOL_NAME"]
    named = {word for word, each in zip(words, bits, strict=True) if each & tool_name}
    return known.bit["CHAIN"] if len(named) > 1 else 0
