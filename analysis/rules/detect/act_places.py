"""What follows from the place of a word in a sentence: a stated reason, a destination, a command line, a heading."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.rules.detect.act_words import ActWords

_PARTS: Final = re.compile(r"[A-Z]?[a-z]+")
_MIN_THING: Final = 4


def mark_places(words: list[str], bits: list[int], known: ActWords, own: frozenset[str] = frozenset()) -> None:
    """Add what follows from the place of a word: a stated reason, an address as destination, a model that is addressed."""
    bit, lists = known.bit, known.lists
    pretext, address, model, tool = bit["PRETEXT"], bit["ADDRESS"], bit["MODEL"], bit["TOOL"]
    named = bit["TOOL_NAME"] | bit["NAME"] | bit["CODE"]
    tool_name, gone = bit["TOOL_NAME"], bit["DEAD"] | bit["BAD"]
    placed = tool_name | pretext | address | model | tool | bit["PATH"] | bit["COMMAND"]
    for at, each in enumerate(bits):
        if each & bit["BASE"] and at and words[at - 1] == "to":
            bits[at] |= bit["PURPOSE"]
        if each & gone and _is_of_tool(words, bits, at, known):
            bits[at] |= bit["DEAD_TOOL"]
        if words[at] in lists["utterances"]:
            before = bits[max(0, at - 5) : at]
            if any(word.startswith("user") for word in words[max(0, at - 5) : at]) and any(one & bit["WHOLE"] for one in before):
                bits[at] |= bit["CONVERSATION"]
        if not each & placed:
            continue
        if each & tool_name and at and words[at - 1] in lists["towards"]:
            bits[at] |= bit["TOWARDS_TOOL"]
        if each & pretext:
            reason = not lists["reason_before"].isdisjoint(words[max(0, at - 6) : at]) or not lists[
                "reason_after"
            ].isdisjoint(words[at + 1 : at + 4])
            if not reason and not any(one & bit["COLON"] for one in bits[at : at + 4]):
                bits[at] = each & ~pretext
        if each & bit["PATH"] and at and words[at - 1] in lists["methods"]:
            bits[at] = each & ~(bit["PATH"] | bit["SECRET_PATH"])
        if each & address and at and (bits[at - 1] & bit["SEND"] or not lists["to"].isdisjoint(words[max(0, at - 4) : at])):
            bits[at] |= bit["DESTINATION"]
        if each & (tool | bit["COMMAND"]) and at and any(one & bit["OTHER"] for one in bits[max(0, at - 3) : at]):
            bits[at] |= bit["OTHERS"]
        if each & tool and at and not bits[at - 1] & (bit["OWN"] | bit["THIS"] | bit["OTHER"] | bit["ALWAYS"]):
            article = at > 1 and words[at - 2] in lists["the"] and words[at] not in {"tools", "functions"}
            ordinary = words[at - 1] in lists["no_tool"] or bits[at - 1] & (bit["NUMBER"] | bit["LEAD"] | bit["PAST"])
            if (bits[at - 1] & named and not bits[at - 1] & bit["KIN"]) or (article and not ordinary and words[at - 1] not in own):
                bits[at] |= bit["OTHER_TOOL"]
        if each & model and _is_addressed(words, bits, at, bit["MUST"] | bit["SHOULD"]):
            bits[at] |= bit["ADDRESSED"]


def _is_of_tool(words: list[str], bits: list[int], at: int, known: ActWords) -> bool:
    """Whether a tool is said to be outdated or unsafe: "x is retired", "replaces x"; not under a condition."""
    bit = known.bit
    tools = bit["TOOL_NAME"] | bit["KIN"] | bit["NAME"] | bit["OTHERS"] | bit["OTHER_TOOL"] | bit["TOOL"] | bit["CODE"]
    for place in range(at - 1, max(-1, at - 8), -1):
        if bits[place] & tools:
            linked = not known.lists["linking"].isdisjoint(words[place + 1 : at + 1])
            conditional = any(one & bit["WHEN"] for one in bits[max(0, place - 3) : place])
            mine = any(one & (bit["OWN"] | bit["THIS"]) for one in bits[max(0, place - 4) : place + 1])
            return linked and not conditional and not mine and not bits[place] & bit["PARAMETER"]
        if bits[place] & (bit["WHEN"] | bit["ENDS_CLAUSE"]):
            break
    return words[at] in known.lists["replacing"] and any(one & tools for one in bits[at + 1 : at + 5])


def _is_addressed(words: list[str], bits: list[int], at: int, obliging: int) -> bool:
    """Whether a model is told to do something: "the assistant must", "by the agent"."""
    return any(one & obliging for one in bits[at + 1 : at + 4]) or (at > 0 and words[at - 1] in {"by", "dear"})


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
    domain &= bit["SYSTEM_PROMPT"] | bit["MODEL"] | bit["CONVERSATION"] | bit["COMMAND"] | bit["HOST"] | bit["LOCAL"] | bit["FILE"]
    for at, each in enumerate(bits):
        if each & domain:
            each = bits[at] = each & ~domain
        word = words[at]
        if "_" not in word and "-" not in word and not each & tool_name:
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
    """Whether a name is where a tool is named: called, before or after something, in a chain, or with a tool beside it."""
    lists, colon = known.lists, known.bit["COLON"]
    if words[at].partition("_")[0] in lists["argument_starts"] or bits[at] & colon:
        return False
    if "(" in words[at] or any(one & called for one in bits[max(0, at - 4) : at]) or any(one & called for one in bits[at + 1 : at + 3]):
        return True
    if at and words[at - 1] in lists["before_tool"] and words[at - 1] != "param":
        return True
    return at + 1 < len(words) and words[at + 1] in lists["after_tool"]


def chain_bit(words: list[str], bits: list[int], known: ActWords) -> int:
    """Return whether a sentence names two other tools."""
    tool_name = known.bit["TOOL_NAME"]
    named = {word for word, each in zip(words, bits, strict=True) if each & tool_name}
    return known.bit["CHAIN"] if len(named) > 1 else 0


def shell_bit(words: list[str], bits: list[int], known: ActWords) -> int:
    """Return whether a sentence holds a command line: a program followed by an option, path, address or operator."""
    bit = known.bit
    follows = bit["OPTION"] | bit["PATH"] | bit["SECRET_PATH"] | bit["ADDRESS"] | bit["OPERATOR"]
    for at, each in enumerate(bits[:-1]):
        after = bits[at + 1] | (bits[at + 2] if at + 2 < len(bits) else 0)
        if each & bit["PROGRAM"] and words[at] in known.lists["plain_programs"]:
            run = any(one & bit["RUN"] for one in bits[:at])
            if at and bits[at - 1] & bit["RUN"] and bits[at - 1] & bit["BASE"]:
                return bit["SHELL"]
            if (each & bit["CODE"] and (run or after & follows)) or bits[at + 1] & (bit["OPTION"] | bit["OPERATOR"]):
                return bit["SHELL"]
        elif each & bit["PROGRAM"] and (after & follows or (each & bit["DANGER"] and after & bit["PROGRAM"])):
            return bit["SHELL"]
    return 0


def span_bit(bits: list[int], known: ActWords) -> int:
    """Return whether a sentence has several words in code marks, one of which is an option, a path or an operator."""
    bit = known.bit
    opened = -1
    for at, each in enumerate(bits):
        if each & bit["CODE"] and not each & bit["CLOSES"] and opened < 0:
            opened = at
        elif opened >= 0 and each & bit["CODE"]:
            if any(one & (bit["OPTION"] | bit["PATH"] | bit["OPERATOR"] | bit["PROGRAM"]) for one in bits[opened : at + 1]):
                return bit["CODE_SPAN"]
            opened = -1
    return 0


def heading_bit(words: list[str], bits: list[int], known: ActWords) -> int:
    """Return whether a sentence begins with a heading such as `SYSTEM NOTICE:` or `Audit:`."""
    bit = known.bit
    for at, each in enumerate(bits[:6]):
        if each & bit["COLON"]:
            head = bits[: at + 1]
            authority = sum(bool(one & bit["AUTHORITY"]) for one in head)
            notes = sum(bool(one & (bit["ORDER_NOTE"] | bit["AUTHORITY"])) for one in head)
            single = len(head) == 1 and words[0] in known.lists["single_headings"]
            return bit["LABEL"] if single or (authority and notes > 1) else 0
    return 0
