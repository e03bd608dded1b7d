"""Prompt injection signals in a text, each with its weight; see `injection.yaml`.

A signal of weight 3 has no legitimate use in a definition. The others also occur in legitimate texts, one at a time, so
they are added up, each kind once. A pattern runs only on texts with one of its words, which keeps large documents fast.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any, Final

from analysis.rules.scan.look import LEET, patterns_at_first_sight, traits_at_first_sight
from analysis.rules.scan.token_facts import DISGUISED, IMITATING, SINGLE
from analysis.text_folded import is_spaced, plain_marks, respelled, unhidden, unleeted, unspaced
from analysis.yaml_tables import load_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Minimum total weight of a finding.
MIN_WEIGHT: Final = 3
_PART: Final = re.compile(r"\{([A-Z]+)\}")
_GAP: Final = re.compile(r"\{GAP (\d+)\}")
#: The kind of the signals in other languages than English.
_TRANSLATED: Final = "translated"
_LATIN_WORD: Final = re.compile("[a-z]{2}")
_LATIN_LETTERS: Final = frozenset(ascii_lowercase)
#: Different letters without accents that are in every match of words of Latin letters in another language than English.
_MIN_LETTERS: Final = 3


@dataclass(frozen=True, slots=True)
class InjectionSignal:
    """One kind of signal: weight, pattern, description.

    One of `words` or `marks` must be present, and one of `also` and of `signs` each where there are any.
    """

    kind: str
    weight: int
    words: frozenset[str]
    marks: tuple[str, ...]
    signs: tuple[str, ...]
    also: frozenset[str]
    patterns: tuple[str, ...]
    says: str

    def search(self, lower: str, *, latin: bool = True) -> str:
        """Return the first match of any of its patterns; of several that begin at one place, that of the first.

        Without `latin` those that have words of Latin letters are not asked.
        """
        patterns = self.patterns if latin else [each for each in self.patterns if not _LATIN_WORD.search(each)]
        found = [match for pattern in patterns if (match := compiled(pattern).search(lower))]
        return min(found, key=re.Match.start).group() if found else ""


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern ready for use: compiling all of them takes longer than reading a small document."""
    return re.compile(pattern)


@dataclass(frozen=True, slots=True)
class SignalMatch:
    """A matched signal and the matching text."""

    signal: InjectionSignal
    matched: str


@dataclass(frozen=True, slots=True)
class _Table:
    """All signals: heavy ones, light ones that count only with a heavy one, and the words of the heavy ones."""

    heavy: tuple[InjectionSignal, ...]
    light: tuple[InjectionSignal, ...]
    words: frozenset[str]
    marks: tuple[str, ...]
    of_word: Mapping[str, frozenset[int]]  # word -> positions of its heavy signals
    non_ascii: frozenset[int]  # positions of the signals tested on every non-ASCII text
    patterns: tuple[tuple[InjectionSignal, str], ...]  # of the heavy signals, in the order of their needs


@cache
def signal_table() -> _Table:
    """Return the signals, loaded on first use: most runs of the program need none."""
    loaded = load_table("analysis.rules.detect", "injection.yaml")
    parts = {name: f"(?:{'|'.join(listed)})" for name, listed in loaded["parts"].items()}
    found = [_signal(entry, parts) for entry in loaded["signals"]]
    heavy = tuple(signal for signal in found if signal.weight > 1)
    light = tuple(signal for signal in found if signal.weight == 1)
    selected: dict[str, set[int]] = {word: set() for word in _LONE}
    for at, signal in enumerate(heavy):
        for word in (*(word.translate(_WORDS) for word in signal.words), *signal.marks):
            selected.setdefault(word, set()).add(at)
    of_word = {word: frozenset(places) for word, places in selected.items()}
    marks = tuple(sorted({mark for signal in heavy for mark in signal.marks}))
    non_ascii = frozenset(at for at, signal in enumerate(heavy) if signal.kind == _TRANSLATED)
    patterns = tuple((signal, pattern) for signal in heavy for pattern in signal.patterns)
    return _Table(heavy, light, frozenset(of_word), marks, of_word, non_ascii, patterns)


def _signal(loaded: dict[str, Any], parts: dict[str, str]) -> InjectionSignal:
    patterns = [_PART.sub(lambda found: parts[found[1]], pattern) for pattern in loaded["patterns"]]
    patterns = [_GAP.sub(lambda found: rf"(?:[^\s.!?]{{1,40}} ){{0,{found[1]}}}?", pattern) for pattern in patterns]
    words, marks, signs = (loaded.get(each, ()) for each in ("words", "marks", "signs"))
    also = frozenset(word.translate(_WORDS) for word in loaded.get("also", ()))
    needs = (frozenset(words), tuple(marks), tuple(signs), also)
    return InjectionSignal(loaded["kind"], loaded["weight"], *needs, tuple(patterns), loaded["says"])


_EMPHASIS: Final = ("IMPORTANT", "CRITICAL", "URGENT", "ATTENTION", "MANDATORY", "IGNORE", "BYPASS", "OVERRIDE")


#: Lower case, with a blank for every separator. ASCII to ASCII is the fast path of `translate`. Digits become the letters
#: they imitate, here and in the words of the signals.
_ASCII: Final = "".join(map(chr, range(128)))
_FOLDED: Final = _ASCII.lower().translate(str.maketrans("013457", "oieast"))
_WORDS: Final = str.maketrans(
    _ASCII, "".join(to if of.isalnum() else " " for of, to in zip(_ASCII, _FOLDED, strict=True))
)
#: What every such text contains, and is found sooner.
_LEET_END: Final = re.compile(r"[0134578$!@][a-z]")
#: Single letters of a word whose letters are spaced out; legitimate texts rarely contain them alone.
_LONE: Final = frozenset("grluoh")
_NO_WORDS: Final[frozenset[str]] = frozenset()
_BETWEEN: Final = re.compile(r"[\W_]+")


def _words(plain: str) -> list[str]:
    return (plain if plain.isascii() else _BETWEEN.sub(" ", plain)).translate(_WORDS).split()


@lru_cache(maxsize=32_768)
def injection_signals(text: str) -> tuple[SignalMatch, ...]:
    """Return the signals in a text, heavy ones first; light ones only together with a heavy one."""
    plain = plain_marks(text)
    non_ascii = not plain.isascii()
    if not non_ascii and not _may_match(plain):
        return ()
    if non_ascii and (shown := unhidden(plain)) != plain:
        plain = f"{plain} . {shown}"
    known = signal_table()
    words = _words(plain)
    selecting = known.words.intersection(words)
    marks = [mark for mark in known.marks if mark in plain]
    if not selecting and not marks and not non_ascii:
        return ()
    lower = " ".join(plain.lower().split())
    disguised = non_ascii or not _LONE.isdisjoint(selecting) or (_LEET_END.search(lower) and LEET.search(lower))
    if disguised and (spelled := unleeted(unspaced(lower))) != lower:
        lower = f"{lower} . {spelled}"
        words = _words(lower)
        selecting = known.words.intersection(words)
    selected = frozenset[int]().union(*[known.of_word[word] for word in (*selecting, *marks)])
    if non_ascii:
        selected |= known.non_ascii
    also = _NO_WORDS if non_ascii else frozenset(words)
    latin = not non_ascii or len(_LATIN_LETTERS.intersection(lower)) >= _MIN_LETTERS
    heavy = _matches([known.heavy[at] for at in sorted(selected)], lower, also, latin=latin)
    return (*heavy, *_matches(known.light, lower, _NO_WORDS)) if heavy else ()


def _may_match(text: str) -> bool:
    """Whether a heavy signal may be in an ASCII text: one of its patterns matches, of those that the words of the text allow."""
    possible, traits = patterns_at_first_sight(text), traits_at_first_sight(text)
    if not possible and not traits & DISGUISED:
        return False
    lower = " ".join(text.lower().split())
    if traits & DISGUISED and (traits & SINGLE or " a a a " in f" {lower} ") and is_spaced(lower):
        return True
    if traits & DISGUISED and (possible or traits & IMITATING) and (spelled := respelled(lower)):
        possible = patterns_at_first_sight(text, spelled)
        lower = f"{lower} . {unleeted(lower)}" if possible else lower
    patterns = signal_table().patterns
    while possible:
        lowest = possible & -possible
        possible ^= lowest
        signal, pattern = patterns[lowest.bit_length() - 1]
        if (not signal.signs or _any_in(lower, signal.signs)) and compiled(pattern).search(lower):
            return True
    return False


def _matches(
    selected: Iterable[InjectionSignal], lower: str, words: frozenset[str], *, latin: bool = True
) -> list[SignalMatch]:
    """Return the matches of signals; without `words` none is asked for."""
    matches = []
    for signal in selected:
        if words and signal.also and words.isdisjoint(signal.also):
            continue
        if (not signal.signs or _any_in(lower, signal.signs)) and (
            found := signal.search(lower, latin=latin or signal.kind != _TRANSLATED)
        ):
            matches.append(SignalMatch(signal, found))
    return matches


def _any_in(text: str, signs: tuple[str, ...]) -> bool:
    for sign in signs:  # noqa: SIM110 - a generator is slower
        if sign in text:
            return True
    return False


def injection_weight(text: str) -> int:
    """Return the total weight of the signals in a text, each kind once."""
    return sum(match.signal.weight for match in injection_signals(text))


def is_injection(text: str) -> bool:
    """Whether the signals of a text reach the minimum weight of a finding."""
    return injection_weight(text) >= MIN_WEIGHT


def emphasis_word(text: str) -> str:
    """Return the first emphasis word in capitals, or an empty string."""
    return next((word for word in _EMPHASIS if word in text), "") if _any_in(text, _EMPHASIS) else ""
