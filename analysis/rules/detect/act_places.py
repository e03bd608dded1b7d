"""What follows from the place of a word in a sentence: a stated reason, a destination, a command line, a heading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from analysis.rules.detect.act_words import ActWords

#: What the place of messages may be for them to be a talk's, or the tool's own argument.
_OF_A_TALK: Final = tuple("CONVERSATION SYSTEM_PROMPT PARAMETER CODE NAME USER YOU MODEL THIS OWN WHOLE".split())  # noqa: SIM905


def mark_places(words: list[str], bits: list[int], known: ActWords) -> None:
    """Add what follows from the place of a word: a stated reason, an address as destination, a model that is addressed."""
    bit, lists = known.bit, known.lists
    pretext, address, model, tool_name = bit["PRETEXT"], bit["ADDRESS"], bit["MODEL"], bit["TOOL_NAME"]
    tool, gone = bit["TOOL"] | bit["COMMAND"], bit["DEAD"] | bit["BAD"]
    placed = tool_name | pretext | address | model | tool | gone | bit["PATH"]
    base, purpose, obliging = bit["BASE"], bit["PURPOSE"], bit["MUST"] | bit["SHOULD"]
    for at, each in enumerate(bits):
        if each & base and at and words[at - 1] == "to":
            bits[at] |= purpose
        if words[at] in lists["utterances"] and _is_said_by_user(words, bits, at, bit["WHOLE"]):
            bits[at] |= bit["CONVERSATION"]
        elif words[at] == "messages" and each & bit["CONVERSATION"] and _is_kept_elsewhere(words, bits, at, known):
            bits[at] &= ~bit["CONVERSATION"]
        if not each & placed:
            continue
        if each & gone and _is_of_tool(words, bits, at, known):
            bits[at] |= bit["DEAD_TOOL"]
        if each & tool_name and at and words[at - 1] in lists["towards"]:
            bits[at] |= bit["TOWARDS_TOOL"]
        if each & pretext and not _is_reason(words, bits, at, known):
            bits[at] &= ~pretext
        if each & bit["PATH"] and at and words[at - 1] in lists["methods"]:
            bits[at] &= ~(bit["PATH"] | bit["SECRET_PATH"])
        to = not lists["to"].isdisjoint(words[max(0, at - 4) : at])
        if each & address and at and (to or bits[at - 1] & bit["SEND"]):
            bits[at] |= bit["DESTINATION"]
        if each & tool and at:
            bits[at] |= _other_tools(words, bits, at, known)
        if each & model and _is_addressed(words, bits, at, obliging):
            bits[at] |= bit["ADDRESSED"]


def _is_reason(words: list[str], bits: list[int], at: int, known: ActWords) -> bool:
    """Whether a quality such as "integrity" is given as the reason of an order, before it or after it."""
    lists, colon = known.lists, known.bit["COLON"]
    if not lists["reason_before"].isdisjoint(words[max(0, at - 6) : at]):
        return True
    after = not lists["reason_after"].isdisjoint(words[at + 1 : at + 4])
    return after or any(one & colon for one in bits[at : at + 4])


def _is_said_by_user(words: list[str], bits: list[int], at: int, whole: int) -> bool:
    """Whether messages are those of the user: "the user's last ten messages"."""
    first = max(0, at - 5)
    return any(word.startswith("user'") for word in words[first:at]) and any(one & whole for one in bits[first:at])


def _is_kept_elsewhere(words: list[str], bits: list[int], at: int, known: ActWords) -> bool:
    """Whether messages are those of a named store and not of a talk: "all messages in a queue"."""
    after = words[at + 1 : at + 3]
    if len(after) < 2 or after[0] not in known.lists["within"] or after[1] not in known.lists["articles"]:
        return False
    named = bits[at + 3 : at + 6]
    return bool(named) and not any(one & known.mask(_OF_A_TALK) for one in named)


def _other_tools(words: list[str], bits: list[int], at: int, known: ActWords) -> int:
    """Return whether the word "tool" is one of others: "the old tools", "the `x` tool", "the payment tool"."""
    bit, lists = known.bit, known.lists
    before = bits[at - 1]
    found = bit["OTHERS"] if any(one & bit["OTHER"] for one in bits[max(0, at - 3) : at]) else 0
    if not bits[at] & bit["TOOL"] or before & (bit["OWN"] | bit["THIS"] | bit["OTHER"] | bit["ALWAYS"]):
        return found
    named = before & (bit["TOOL_NAME"] | bit["NAME"] | bit["CODE"]) and not before & bit["KIN"]
    article = at > 1 and words[at - 2] in lists["the"] and words[at] not in {"tools", "functions"}
    ordinary = words[at - 1] in lists["no_tool"] or before & (bit["NUMBER"] | bit["LEAD"] | bit["PAST"])
    return found | bit["OTHER_TOOL"] if named or (article and not ordinary) else found


def _is_of_tool(words: list[str], bits: list[int], at: int, known: ActWords) -> bool:
    """Whether a tool is said to be outdated or unsafe: "x is retired", "replaces x"; not under a condition."""
    bit = known.bit
    tools = bit["TOOL_NAME"] | bit["KIN"] | bit["NAME"] | bit["OTHERS"] | bit["OTHER_TOOL"] | bit["TOOL"] | bit["CODE"]
    for place in range(at - 1, max(-1, at - 8), -1):
        if bits[place] & tools:
            sure = bits[place] & (bit["TOOL_NAME"] | bit["KIN"] | bit["OTHERS"] | bit["OTHER_TOOL"] | bit["TOOL"])
            linked = not known.lists["linking"].isdisjoint(words[place + 1 : at + 1 if sure else place + 2])
            conditional = any(one & bit["WHEN"] for one in bits[max(0, place - 3) : place])
            mine = any(one & (bit["OWN"] | bit["THIS"]) for one in bits[max(0, place - 4) : place + 1])
            return linked and not conditional and not mine and not bits[place] & bit["PARAMETER"]
        if bits[place] & (bit["WHEN"] | bit["ENDS_CLAUSE"]):
            break
    return words[at] in known.lists["replacing"] and any(one & tools for one in bits[at + 1 : at + 5])


def _is_addressed(words: list[str], bits: list[int], at: int, obliging: int) -> bool:
    """Whether a model is told to do something: "the assistant must", "by the agent"."""
    return any(one & obliging for one in bits[at + 1 : at + 4]) or (at > 0 and words[at - 1] in {"by", "dear"})


def shell_bit(words: list[str], bits: list[int], known: ActWords) -> int:
    """Return whether a sentence holds a command line: a program followed by an option, path, address or operator."""
    bit = known.bit
    follows = bit["OPTION"] | bit["PATH"] | bit["SECRET_PATH"] | bit["ADDRESS"] | bit["OPERATOR"]
    for at, each in enumerate(bits[:-1]):
        after = bits[at + 1] | (bits[at + 2] if at + 2 < len(bits) else 0)
        if each & bit["PROGRAM"] and words[at] in known.lists["plain_programs"]:
            run = any(one & bit["RUN"] for one in bits[:at])
            if at and bits[at - 1] & bit["RUN"] and bits[at - 1] & bit["BASE"] and not _is_noun(words, at - 1, known):
                return bit["SHELL"]
            if (each & bit["CODE"] and (run or after & follows)) or bits[at + 1] & (bit["OPTION"] | bit["OPERATOR"]):
                return bit["SHELL"]
        elif each & bit["PROGRAM"] and (after & follows or (each & bit["DANGER"] and after & bit["PROGRAM"])):
            return bit["SHELL"]
    return 0


def _is_noun(words: list[str], at: int, known: ActWords) -> bool:
    """Whether a word that may be an order follows a preposition or an article: "in run history"."""
    return at > 0 and any(words[at - 1] in known.lists[name] for name in ("articles", "within", "before_noun"))


def span_bit(bits: list[int], known: ActWords) -> int:
    """Return whether a sentence has several words in code marks, one of which is an option, a path or an operator."""
    bit = known.bit
    opened = -1
    for at, each in enumerate(bits):
        if each & bit["CODE"] and not each & bit["CLOSES"] and opened < 0:
            opened = at
        elif opened >= 0 and each & bit["CODE"]:
            if any(
                one & (bit["OPTION"] | bit["PATH"] | bit["OPERATOR"] | bit["PROGRAM"]) for one in bits[opened : at + 1]
            ):
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
