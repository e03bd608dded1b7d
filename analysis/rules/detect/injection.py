"""Signals that a text works on a model instead of informing people, each with its weight; see `signals.yaml`.

A single signal of weight 3 has no honest use in a definition. The others are met in honest texts too, one at a time:
they count together, each kind once. A signal is asked only where its words stand, which is what makes the scan of a
large document cheap.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from analysis.text_folded import unhidden, unleeted, unspaced

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Weights that add up to so much are a finding.
ENOUGH: Final = 3
_PART: Final = re.compile(r"\{([A-Z]+)\}")
_GAP: Final = re.compile(r"\{GAP (\d+)\}")


@dataclass(frozen=True, slots=True)
class InjectionSignal:
    """One kind of influence: its weight, the words or marks (one) and signs (one) it needs, its pattern, what it says."""

    kind: str
    weight: int
    words: frozenset[str]
    marks: tuple[str, ...]
    signs: tuple[str, ...]
    pattern: re.Pattern[str]
    says: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A signal that was met, and the words it was met in."""

    signal: InjectionSignal
    matched: str


@dataclass(frozen=True, slots=True)
class _Table:
    """All signals: those that can be a finding, those that only count beside one, and the words of the former."""

    heavy: tuple[InjectionSignal, ...]
    light: tuple[InjectionSignal, ...]
    words: frozenset[str]
    marks: tuple[str, ...]
    of_word: Mapping[str, frozenset[int]]  # word -> the places of its signals among the heavy ones
    foreign: frozenset[int]  # the places of those that are asked of every text with foreign letters


@cache
def table() -> _Table:
    """Return the signals. Read and compiled when the first definition is: most runs of the program read none."""
    import yaml  # noqa: PLC0415 - likewise

    text = resources.files("analysis.rules.detect").joinpath("injection.yaml").read_text("utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    stated = yaml.load(text, Loader=loader)  # noqa: S506 - a safe loader, the fast one where there is one
    parts = {name: f"(?:{'|'.join(listed)})" for name, listed in stated["parts"].items()}
    found = [_signal(entry, parts) for entry in stated["signals"]]
    heavy = tuple(signal for signal in found if signal.weight > 1)
    light = tuple(signal for signal in found if signal.weight == 1)
    asked: dict[str, set[int]] = {word: set() for word in _LONE}
    for at, signal in enumerate(heavy):
        for word in (*(word.translate(_WORDS) for word in signal.words), *signal.marks):
            asked.setdefault(word, set()).add(at)
    of_word = {word: frozenset(places) for word, places in asked.items()}
    marks = tuple(sorted({mark for signal in heavy for mark in signal.marks}))
    foreign = frozenset(at for at, signal in enumerate(heavy) if signal.kind == "translated")
    return _Table(heavy, light, frozenset(of_word), marks, of_word, foreign)


def _signal(stated: dict[str, Any], parts: dict[str, str]) -> InjectionSignal:
    pattern = _PART.sub(lambda found: parts[found[1]], "|".join(stated["patterns"]))
    pattern = _GAP.sub(lambda found: rf"(?:[^\s.!?]{{1,40}} ){{0,{found[1]}}}?", pattern)
    words, marks, signs = (stated.get(each, ()) for each in ("words", "marks", "signs"))
    needs = (frozenset(words), tuple(marks), tuple(signs))
    return InjectionSignal(stated["kind"], stated["weight"], *needs, re.compile(pattern), stated["says"])


_SHOUT: Final = ("IMPORTANT", "CRITICAL", "URGENT", "ATTENTION", "MANDATORY", "IGNORE", "BYPASS", "OVERRIDE")


#: Lower case, and a blank for whatever stands between words or joins them. ASCII to ASCII is the fast way through
#: `translate`. Digits are read as the letters they stand for, in the words that are looked for as well.
_ASCII: Final = "".join(map(chr, range(128)))
_FOLDED: Final = _ASCII.lower().translate(str.maketrans("013457", "oieast"))
_WORDS: Final = str.maketrans(
    _ASCII, "".join(to if of.isalnum() else " " for of, to in zip(_ASCII, _FOLDED, strict=True))
)
_TYPOGRAPHY: Final = str.maketrans("’‘“”–—…•·\u00a0→×", "''\"\"--..- >x")
#: A digit between letters.
_LEET: Final = re.compile(r"(?<![a-z0-9_])[a-z]*[0134578$!@]+[a-z][a-z0-9]")
#: What is left of a word whose letters were pulled apart; letters that honest texts hardly use alone.
_LONE: Final = frozenset("grluoh")
_BETWEEN: Final = re.compile(r"[\W_]+")


def _words(plain: str) -> list[str]:
    return (plain if plain.isascii() else _BETWEEN.sub(" ", plain)).translate(_WORDS).split()


@lru_cache(maxsize=32_768)
def signals(text: str) -> tuple[Seen, ...]:
    """Return the signals met in a text, the heavier ones first; light ones only count beside a heavier one."""
    plain = text if text.isascii() else text.translate(_TYPOGRAPHY)
    foreign = not plain.isascii()
    if foreign:
        plain = f"{plain} . {unhidden(plain)}"
    known = table()
    words = known.words.intersection(_words(plain))
    marks = [mark for mark in known.marks if mark in plain]
    if not words and not marks and not foreign:
        return ()
    lower = " ".join(plain.lower().split())
    if foreign or not _LONE.isdisjoint(words) or _LEET.search(lower):
        lower = f"{lower} . {unleeted(unspaced(lower))}"
        words = known.words.intersection(_words(lower))
    words = words.union(marks)
    asked = frozenset[int]().union(*[known.of_word[word] for word in words])
    heavy = _met([known.heavy[at] for at in sorted(asked | known.foreign if foreign else asked)], lower)
    return (*heavy, *_met(known.light, lower)) if heavy else ()


def _met(asked: Iterable[InjectionSignal], lower: str) -> list[Seen]:
    seen = []
    for signal in asked:
        if not signal.signs or _any_in(lower, signal.signs):
            found = signal.pattern.search(lower)
            if found:
                seen.append(Seen(signal, found.group()))
    return seen


def _any_in(text: str, signs: tuple[str, ...]) -> bool:
    for sign in signs:  # noqa: SIM110 - a generator costs more than the search
        if sign in text:
            return True
    return False


def weight(text: str) -> int:
    """Return how heavily the signals of a text weigh together, each kind once."""
    return sum(seen.signal.weight for seen in signals(text))


def is_injection(text: str) -> bool:
    """Whether a text carries a signal without honest use, or several others together."""
    return weight(text) >= ENOUGH


def has_emphasis(text: str) -> str:
    """Return the first word in capitals that asks for attention, or an empty string."""
    return next((word for word in _SHOUT if word in text), "") if _any_in(text, _SHOUT) else ""
