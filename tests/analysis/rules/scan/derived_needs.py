"""Derive what every text has that a pattern matches: groups of pieces (see `analysis/rules/scan/word_pieces.py`), one of each group.

A pattern is walked once. As long as it can only match few texts these are kept whole (`exact`); where it leaves something
open, they are cut into pieces, and one piece of each makes a group. An edge of a word is known where the pattern has one,
or a character that belongs to no word.
"""

import re
from re import _constants, _parser  # type: ignore[attr-defined]  # not in the stubs

from analysis.rules.detect.injection import signal_table

EDGE = "\x01"
#: Maximum number of texts kept whole, and of pieces in a group; groups of a pattern.
MAX_EXACT, MAX_PIECES, MAX_GROUPS = 64, 260, 4
#: Words that are in most texts: a group that needs one says little.
COMMON = frozenset(
    [
        "the",
        "and",
        "for",
        "any",
        "all",
        "you",
        "your",
        "this",
        "that",
        "with",
        "from",
        "have",
        "has",
        "not",
        "are",
        "use",
        "used",
        "its",
        "can",
        "will",
        "when",
        "get",
        "set",
        "one",
        "data",
        "user",
        "users",
        "api",
        "request",
        "response",
        "name",
        "type",
        "value",
        "field",
        "fields",
        "function",
    ]
)
_REPEATS = {_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT}
_LOOKS = {_constants.ASSERT, _constants.ASSERT_NOT}
_WORD = re.compile(r"[a-z0-9]+")
_MARK = re.compile(r"[a-z\[\]<>|#!~@_+]+")
_SIGNS = frozenset("[]<>|#!~@_+")


class Part:
    """What a part of a pattern shows: the texts it matches where they are few, and the groups of what it needs."""

    def __init__(self, exact=None, groups=(), first=None):
        self.exact, self.groups, self.first = exact, list(groups), first


def cost(piece):
    """Return how little a piece says: about the share of texts that have it."""
    letters = piece.strip("*")
    if letters in COMMON:
        return 0.3
    if not _SIGNS.isdisjoint(letters.strip("_")) or not letters.strip("_"):
        return 3.0 ** -(len(letters) + 2)
    return 3.0 ** -len(letters) * (1 + 3 * piece.count("*"))


def total(group):
    """Return how little a group says, and the group itself, so that no two are equal."""
    return round(sum(map(cost, sorted(group))), 9), sorted(group)


def pieces(text):
    """Yield the pieces of a text that a pattern matches."""
    for found in _WORD.finditer(text):
        word, starts, ends = found.group(), found.start() > 0, found.end() < len(text)
        if (len(word) > 2 or (len(word) == 2 and starts and ends)) and not word.isdigit():
            yield f"{'' if starts else '*'}{word}{'' if ends else '*'}"
    for found in _MARK.finditer(text):
        mark = found.group()
        if not mark.replace("_", "a").isalnum() or not mark.strip("_"):
            yield mark


def cut(texts):
    """Return groups of pieces of texts: the ones that say most, and further ones."""
    listed = [sorted(pieces(text), key=lambda piece: (cost(piece), piece)) for text in texts if text.isascii()]
    if not all(listed):
        return []
    groups = []
    for place in range(3):
        group = frozenset(each[min(place, len(each) - 1)] for each in listed)
        if group not in groups and len(group) <= MAX_PIECES:
            groups.append(group)
    return groups


def _edge(kind, value, side):
    """Whether a part of a pattern ends (`side` -1) or begins (0) with an edge, or a character that is in no word."""
    if kind is _constants.AT:
        return True
    if kind is _constants.LITERAL:
        return not chr(value).isalnum()
    if kind is _constants.IN:
        return all(one is _constants.LITERAL and not chr(code).isalnum() for one, code in value)
    if kind is _constants.BRANCH:
        return all(branch and _edge(branch[side][0], branch[side][1], side) for branch in value[1])
    if kind is _constants.SUBPATTERN or (kind in _REPEATS and value[0] > 0):
        inner = list(value[-1])
        return bool(inner) and _edge(inner[side][0], inner[side][1], side)
    return False


def _keeps_edge(kind, value, side):
    """Whether an edge on one side of a part that may be absent is one on the other side too."""
    if kind in _LOOKS:
        return True
    inner = list(value[-1]) if kind in _REPEATS and not value[0] else []
    return bool(inner) and _edge(inner[side][0], inner[side][1], side)


def walk(parsed, left=False, right=False):
    """Return what a sequence shows; `left`, `right`: an edge is before it, and behind it."""
    items = list(parsed)
    before, edge = [], left
    for kind, value in items:
        before.append(edge)
        edge = _edge(kind, value, -1) or (edge and _keeps_edge(kind, value, -1))
    behind, edge = [], right
    for kind, value in reversed(items):
        behind.append(edge)
        edge = _edge(kind, value, 0) or (edge and _keeps_edge(kind, value, 0))
    behind.reverse()
    exact, groups, pure = {EDGE if left else ""}, [], True
    for at, (kind, value) in enumerate(items):
        part = step(kind, value, before[at], behind[at])
        if part.exact is not None and len(exact) * len(part.exact) <= MAX_EXACT:
            exact = {start + end for start in exact for end in part.exact}
            continue
        pure = False
        if part.exact is not None:
            groups += cut(exact)
            exact = {(EDGE if before[at] else "") + end for end in part.exact}
            continue
        if part.first is not None and len(exact) * len(part.first) <= MAX_EXACT:
            exact = {start + end for start in exact for end in part.first}
        if (part.first is None and _edge(kind, value, 0)) or (
            part.first is None and behind[at] and _keeps_edge(kind, value, 0)
        ):
            exact = {text + EDGE for text in exact}
        groups += [*cut(exact), *part.groups]
        exact = {EDGE if at + 1 < len(items) and before[at + 1] else ""}
    exact = {text + EDGE for text in exact} if right else exact
    return Part(exact) if pure else Part(None, [*groups, *cut(exact)])


def step(kind, value, left, right):
    """Return what one part of a pattern shows."""
    if kind is _constants.LITERAL:
        return Part({chr(value)})
    if kind is _constants.AT or kind in _LOOKS:
        return Part({EDGE if kind is _constants.AT else ""})
    if kind is _constants.SUBPATTERN:
        return walk(value[-1], left, right)
    if kind is _constants.BRANCH:
        return either([walk(branch, left, right) for branch in value[1]])
    if kind in _REPEATS:
        return repeated(value, left, right)
    few = kind is _constants.IN and len(value) <= 4 and all(one is _constants.LITERAL for one, _ in value)
    return Part({chr(code) for _, code in value} if few else None)


def repeated(value, left, right):
    """Return what a repeat shows: all of it where it is there once or not at all, else its first time."""
    least, most, inner = value
    if least == most == 1:
        return walk(inner, left, right)
    part = walk(inner, left)
    if least:
        return Part(None, part.groups, part.exact)
    few = most == 1 and part.exact is not None and len(part.exact) <= 16
    return Part(part.exact | {""}) if few else Part()


def either(parts):
    """Return what one of several parts shows."""
    if all(part.exact is not None for part in parts):
        exact = set().union(*(part.exact for part in parts))
        if len(exact) <= MAX_PIECES:
            return Part(exact)
    listed = [sorted(part.groups if part.exact is None else cut(part.exact), key=total) for part in parts]
    if not all(listed):
        return Part()
    groups = []
    for place in range(3):
        group = frozenset().union(*(each[min(place, len(each) - 1)] for each in listed))
        if group not in groups and len(group) <= MAX_PIECES:
            groups.append(group)
    return Part(None, groups)


def general(group):
    """Return a group without the pieces that others of it imply."""
    return frozenset(piece for piece in group if not any(_implies(other, piece) for other in group if other != piece))


def _implies(other, piece):
    """Whether `other` is in every word that has `piece`."""
    letters, within = other.strip("*"), piece.strip("*")
    if not (letters.isalnum() and within.isalnum()) or letters == other or letters not in within:
        return False
    starts, ends = not other.startswith("*"), not other.endswith("*")
    if starts and (piece.startswith("*") or not within.startswith(letters)):
        return False
    return not ends or not (piece.endswith("*") or not within.endswith(letters))


def needs(pattern, *more):
    """Return the groups of a pattern that say most; `more` are groups known otherwise."""
    part = walk(_parser.parse(pattern))
    found = [*part.groups, *(cut(part.exact) if part.exact is not None else ()), *map(frozenset, more)]
    kept = []
    for group in sorted(map(general, found), key=total):
        if total(group)[0] < 0.9 and not any(other <= group for other in kept):
            kept.append(group)
    return kept[:MAX_GROUPS]


def all_needs():
    """Return what the patterns of each heavy signal need, by its kind."""
    return {
        signal.kind: [[sorted(group) for group in needs(pattern, *_stated(signal))] for pattern in signal.patterns]
        for signal in signal_table().heavy
    }


def _stated(signal):
    """Yield the groups that the table states of a signal, each of which every match has."""
    if signal.signs:
        yield from cut(set(signal.signs))[:1]
    if signal.also:
        yield signal.also
    yield signal.words | set(signal.marks)
