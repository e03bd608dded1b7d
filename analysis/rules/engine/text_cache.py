"""Cache of test results: each distinct text is looked at and tested once, however many tools contain it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from analysis.rules.scan.look import ALL_TRAITS, traits_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from analysis.model import TextSpans

    Test = Callable[[str], object]


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


def _traits(text: str) -> int:
    try:
        return traits_of(text)
    except Exception:  # noqa: BLE001 - as above
        return ALL_TRAITS


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
            by_trait = self._by_trait
            for text in islice(texts, self._looked_at, None):
                traits = _traits(text)
                while traits:
                    lowest = traits & -traits
                    traits ^= lowest
                    if lowest in by_trait:
                        by_trait[lowest][text] = None
                    else:
                        by_trait[lowest] = {text: None}
            self._looked_at = len(texts)
        return self._by_trait.get(trait, _NO_TEXTS)

    def _all(self) -> Mapping[str, object]:
        if self._new:
            for part in self._new:
                self._texts.update(dict.fromkeys(part.strings))
            self._new.clear()
        return self._texts
