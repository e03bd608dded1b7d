"""Whether two names say different things: opposite acts, opposite directions, and different states of the same thing.

Words are compared without their inflection. The tables hold pairs that are opposites whatever the API; prefixes cover
the regular ones (`activate`, `deactivate`; `upload`, `download`).
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from analysis.rules.detect.parameter_names import name_set

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Groups of words of which no two in different halves mean the same.
_PAIRS: Final = (
    ("approve accept allow permit grant admit confirm whitelist allowlist enable",
     "restrict deny reject decline refuse revoke forbid block ban cancel blacklist denylist disable withdraw"),
    ("create add insert attach append join register subscribe follow install provision mount link assign enroll invite",
     "delete remove detach leave unregister unsubscribe unfollow uninstall destroy unlink revoke kick drop purge"),
    ("restore recover undelete", "copy delete archive backup trash discard"),
    ("open unlock release resume start begin launch wake boot show reveal expand",
     "close lock hold pause stop end suspend kill sleep shutdown halt hide conceal collapse finish terminate"),
    ("before pre previous prior earlier oldest first since", "after post next later newest last until"),
    ("source origin from sender inbound incoming input read get pull fetch receive import",
     "target destination to recipient outbound outgoing output write set push send export"),
    ("increase raise up upgrade promote credit deposit increment grow",
     "decrease lower down downgrade demote debit withdraw decrement shrink"),
    ("buy charge", "sell refund"),
    ("publish", "unpublish retract draft"),
    ("mute silence", "unmute notify"),
    ("merge combine", "split separate"),
    ("ascending asc", "descending desc"),
    ("checkin arrive", "checkout depart"),
    ("login signin", "logout signout"),
    ("true yes on", "false no off"),
    ("left top north east max maximum high upper start", "right bottom south west min minimum low lower end"),
    ("parent ancestor", "child descendant"),
    ("like upvote", "dislike downvote"),
    ("commit", "rollback"),
    ("encode encrypt compress", "decode decrypt decompress extract"),
    ("favorite star pin flag bookmark", "unfavorite unstar unpin unflag"),
)  # fmt: skip
#: Prefixes that turn a word into its opposite, or into another act.
_NEGATIVE: Final = ("un", "de", "dis", "non", "in", "im", "ir", "il", "mis", "anti", "re")
#: Prefixes that are opposites before the same rest.
_PREFIXES: Final = (
    ("in", "out"), ("in", "ex"), ("im", "ex"), ("in", "de"), ("en", "de"), ("en", "dis"), ("at", "de"), ("up", "down"),
    ("pre", "post"), ("sub", "super"), ("over", "under"), ("maxi", "mini"), ("max", "min"), ("a", "de"), ("inter", "exter"),
    ("on", "off"), ("fore", "back"),
)  # fmt: skip
_MIN_REST: Final = 3
_NEGATIONS: Final = name_set("not non no un without except never")
#: Words for a state or an extent, not counting the participles on -ed: with and without them, names say different things.
_STATES: Final = name_set(
    "active inactive open public private pending hidden visible draft paid unpaid live dead past future upcoming current "
    "previous next first last latest recent read unread sent incoming outgoing inbound outbound internal external online "
    "offline valid invalid free busy available unavailable healthy primary secondary local global remote lost won sold "
    "held frozen broken taken known unknown running stale dry all bulk batch every any own mine self default empty full "
    "partial single multiple temporary permanent raw admin owner guest anonymous"
)
_NO_PARTICIPLES: Final = name_set("feed need seed speed embed breed shed bed red led deed weed bleed proceed exceed")
_DIRECTIONS: Final = name_set("to from into onto before after")
_INFLECTION: Final = re.compile(r"(?:ing|ied|ies|ed|es|s|d)\Z")


@lru_cache(maxsize=65_536)
def _forms(word: str) -> frozenset[str]:
    """Return a word with the base forms it may be an inflection of."""
    forms = {word}
    if found := _INFLECTION.search(word):
        base = word[: found.start()]
        forms |= {base, f"{base}e", f"{base}y" if found.group() in {"ied", "ies"} else base}
        if len(base) > _MIN_REST and base[-1] == base[-2]:
            forms.add(base[:-1])
    return frozenset(forms)


_HALVES: Final[dict[str, set[tuple[int, int]]]] = {}
for _at, _pair in enumerate(_PAIRS):
    for _side, _words in enumerate(_pair):
        for _word in _words.split():
            _HALVES.setdefault(_word, set()).add((_at, _side))


def _prefixed(one: str, other: str) -> bool:
    """Whether two words differ by a prefix that makes them opposites."""
    if any(one == prefix + other or other == prefix + one for prefix in _NEGATIVE):
        return True
    return any(
        one.startswith(a)
        and other.startswith(b)
        and one[len(a) :] == other[len(b) :]
        and len(one) >= len(a) + _MIN_REST
        for first, second in _PREFIXES
        for a, b in ((first, second), (second, first))
    )


@lru_cache(maxsize=65_536)
def are_opposites(one: str, other: str) -> bool:
    """Whether two words, in lower case, are opposites."""
    forms, others = _forms(one), _forms(other)
    if forms & others:
        return False
    sides = {side for form in forms for side in _HALVES.get(form, ())}
    other_sides = {side for form in others for side in _HALVES.get(form, ())}
    if any((at, 1 - side) in other_sides for at, side in sides):
        return True
    return any(_prefixed(a, b) for a in forms for b in others)


@lru_cache(maxsize=65_536)
def is_state(word: str) -> bool:
    """Whether a word, in lower case, names a state, a choice or an extent: `approved`, `pending`, `all`."""
    participle = word.endswith("ed") and len(word) > _MIN_REST + 1 and word not in _NO_PARTICIPLES
    return participle or word in _STATES or word in _NEGATIONS


def say_different_things(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the words of two names differ by opposites, by a negation or state, or by the direction of an act.

    The first word is the act, so that `read` is no state there.
    """
    counts, others = Counter(one), Counter(other)
    only, only_other = counts - others, others - counts
    if any(are_opposites(a, b) for a in only for b in only_other):
        return True
    later, other_later = Counter(one[1:]) - others, Counter(other[1:]) - counts
    if any(map(is_state, (*later, *other_later))):
        return True
    return not only and not only_other and list(one) != list(other) and not _DIRECTIONS.isdisjoint(one)
