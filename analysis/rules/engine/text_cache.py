"""Texts that are searched together: each distinct one is tested once, however many tools it stands in."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from analysis.model import TextSpans

    Test = Callable[[str], object]


class _Asked:
    """The texts in which a test has found something, and how many it was asked of."""

    __slots__ = ("found", "upto")

    def __init__(self) -> None:
        self.found: dict[str, None] = {}
        self.upto = 0

    def go_on(self, test: Test, texts: Mapping[str, object]) -> None:
        """Ask of the texts that are new. One on which the test fails counts: whoever holds it is to meet the fault."""
        for text in islice(texts, self.upto, None):
            try:
                found = test(text)
            except Exception:  # noqa: BLE001 - one text must not silence a rule for tools that do not hold it
                found = True
            if found:
                self.found[text] = None
        self.upto = len(texts)


class Texts:
    """The distinct texts of many parts of definitions, and what tests have found in them."""

    def __init__(self, parts: Iterable[TextSpans] = ()) -> None:
        self._new = list(parts)
        self._texts: dict[str, None] = {}
        self._asked: dict[Test, _Asked] = {}

    def add(self, part: TextSpans) -> None:
        """Take in the texts of one more part."""
        self._new.append(part)

    def holding(self, test: Test, among: Test | None = None) -> Mapping[str, object]:
        """Return the texts in which a test finds something.

        `among`: a cheap test that finds something wherever this one does, and is asked first.
        """
        texts = self._all() if among is None else self.holding(among)
        asked = self._asked.get(test)
        if asked is None:
            asked = self._asked[test] = _Asked()
        if asked.upto < len(texts):
            asked.go_on(test, texts)
        return asked.found

    def _all(self) -> Mapping[str, object]:
        if self._new:
            for part in self._new:
                self._texts.update(dict.fromkeys(part.strings))
            self._new.clear()
        return self._texts
