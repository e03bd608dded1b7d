"""What follows from the place of a word in a sentence: a stated reason, a destination, a command line, a heading."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.rules.detect.act_words import ActWords

#: Words that make a quality such as "integrity" the reason of an order, before it or after it.


def mark_places(words: list[str], bits: list[int], known: ActWords) -> None:
    """Add what follows from the place of a word: a stated reason, an address as destination, a model that is addressed."""
    bit, lists = known.bit, known.lists
    pretext, address, model, tool = bit["PRETEXT"], bit["ADDRESS"], bit["MODEL"], bit["TOOL"]
    named = bit["TOOL_NAME"] | bit["NAME"] | bit["CODE"]
    tool_name = bit["TOOL_NAME"]
    placed = tool_name | pretext | address | model | tool | bit["PATH"]
    for at, each in enumerate(bits):
        if each & bit["BASE"] and at and words[at - 1] == "to":
            bits[at] |= bit["PURPOSE"]
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
        if (
            each & address
            and at
            and (
                words[at - 1] in lists["to"] or (at > 1 and words[at - 2] in lists["to"]) or bits[at - 1] & bit["SEND"]
            )
        ):
            bits[at] |= bit["DESTINATION"]
        if each & tool and at and not bits[at - 1] & (bit["OWN"] | bit["THIS"] | bit["OTHER"] | bit["ALWAYS"]):
            article = at > 1 and words[at - 2] in {"the", "das", "l", "la", "el", "il", "het"}
            if bits[at - 1] & named or (article and bits[at - 1] & (known.acts | bit["BASE"]) and words[at] != "tools"):
                bits[at] |= bit["OTHER_TOOL"]
        if each & model and _is_addressed(words, bits, at, bit["MUST"] | bit["SHOULD"]):
            bits[at] |= bit["ADDRESSED"]


def _is_addressed(words: list[str], bits: list[int], at: int, obliging: int) -> bool:
    """Whether a model is told to do something: "the assistant must", "by the agent"."""
    return any(one & obliging for one in bits[at + 1 : at + 4]) or (at > 0 and words[at - 1] in {"by", "dear"})


def shell_bit(bits: list[int], known: ActWords) -> int:
    """Return whether a sentence holds a command line: a program followed by an option, path, address or operator."""
    bit = known.bit
    follows = bit["OPTION"] | bit["PATH"] | bit["SECRET_PATH"] | bit["ADDRESS"] | bit["OPERATOR"]
    for at, each in enumerate(bits[:-1]):
        after = bits[at + 1] | (bits[at + 2] if at + 2 < len(bits) else 0)
        if each & bit["PROGRAM"] and (after & follows or (each & bit["DANGER"] and after & bit["PROGRAM"])):
            return bit["SHELL"]
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
