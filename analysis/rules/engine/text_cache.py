"""Cache of test results: each distinct text is looked at and tested once, however many tools contain it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from analysis.model import TextSpans

    Test = Callable[[str], object]
    #: A test, and the trait (`scan`) that all texts have which it may match.
    TextTest = tuple[Test, int]


_NO_TEXTS: Final[Mapping[str, object]] = {}


class _TestResults:
    """The texts that match one test, and the number tested so far."""

    __slots__ = ("found", "tested")

    def __init__(self) -> None:
        self.found: dict[str, None] = {}
        self.tested = 0

    def extend(self, test: Test, texts: Mapping[str, object]) -> None:
        """Test the new texts. A text on which the test raises counts as a match, so that its tools report the error."""
        new = [*islice(texts, self.tested, None)]
        try:
            found = [*filter(test, new)]
        except Exception:  # noqa: BLE001 - one text must not silence a rule for other tools
            found = [text for text in new if _matches(test, text)]
        self.found.update(dict.fromkeys(found))
        self.tested = len(texts)


def _matches(test: Test, text: str) -> bool:
    try:
        return bool(test(text))
    except Exception:  # noqa: BLE001 - as above
        return True


def _traits(texts: Iterable[str]) -> Iterator[int]:
    from analysis.rules.scan.look import ALL_TRAITS, traits_of  # noqa: PLC0415 - most commands look at no text

    for text in texts:
        try:
            yield traits_of(text)
        except Exception:  # noqa: BLE001 - as above
            yield ALL_TRAITS


@dataclass(frozen=True, slots=True)
class TextResults:
    """Results of tests on the texts of a cache, without the texts.

    `traits` has the traits of each text in bits; `found` has the places of the texts that match, for each test.
    """

    traits: tuple[int, ...]
    found: tuple[tuple[int, ...], ...]


class TextCache:
    """The distinct texts of many definitions, with the results of tests on them."""

    def __init__(self, parts: Iterable[TextSpans] = ()) -> None:
        self._new = list(parts)
        self._texts: dict[str, None] = {}
        self._by_trait: dict[int, dict[str, None]] = {}
        self._looked_at = 0
        self._results: dict[Test, _TestResults] = {}

    def add(self, part: TextSpans) -> None:
        """Add the texts of one more definition."""
        self._new.append(part)

    def matching_texts(self, test: Test, among: Test | int | None = None) -> Mapping[str, object]:
        """Return the texts that match a test.

        `among`: a cheaper test that matches wherever this one does and runs first, or a trait (`scan`) that all such texts have.
        """
        if isinstance(among, int):
            texts = self._with_trait(among)
        else:
            texts = self._all() if among is None else self.matching_texts(among)
        results = self._results.get(test)
        if results is None:
            results = self._results[test] = _TestResults()
        if results.tested < len(texts):
            results.extend(test, texts)
        return results.found

    def _with_trait(self, trait: int) -> Mapping[str, object]:
        texts = self._all()
        if self._looked_at < len(texts):
            new = [*islice(texts, self._looked_at, None)]
            self._take_traits(new, _traits(new))
        return self._by_trait.get(trait, _NO_TEXTS)

    def _take_traits(self, new: Sequence[str], found: Iterable[int]) -> None:
        by_trait = self._by_trait
        for text, each in zip(new, found, strict=True):
            traits = each
            while traits:
                lowest = traits & -traits
                traits ^= lowest
                if lowest in by_trait:
                    by_trait[lowest][text] = None
                else:
                    by_trait[lowest] = {text: None}
        self._looked_at += len(new)

    def results(self, tests: Sequence[TextTest]) -> TextResults:
        """Make tests, and return their results for a cache of the same texts."""
        self._with_trait(0)  # looks at all of them, whatever the tests ask
        places = {text: place for place, text in enumerate(self._all())}
        found = tuple(tuple(map(places.__getitem__, self.matching_texts(*test))) for test in tests)
        traits = [0] * len(places)
        for trait, texts in self._by_trait.items():
            for text in texts:
                traits[places[text]] |= trait
        return TextResults(tuple(traits), found)

    def take(self, tests: Sequence[TextTest], results: TextResults) -> None:
        """Take results of tests that were made on the same texts, unless this cache has looked at texts already."""
        texts = [*self._all()]
        if self._looked_at or self._results or len(results.traits) != len(texts):
            return
        self._take_traits(texts, results.traits)
        for (test, among), found in zip(tests, results.found, strict=True):
            known = self._results[test] = _TestResults()
            known.found = dict.fromkeys(texts[place] for place in found)
            known.tested = len(self._with_trait(among))

    def _all(self) -> Mapping[str, object]:
        if self._new:
            for part in self._new:
                self._texts.update(dict.fromkeys(part.strings))
            self._new.clear()
        return self._texts
