"""The tools of a review in document order, brought up to date by what was touched: nothing looks at all of them anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.review.reading import ReviewReader


class DerivedView:
    """A list of tools for indexes. What is kept on it says in `moved` which places have changed."""

    def __init__(self, review: ReviewReader) -> None:
        self.tools = review.tools()
        self.ids = [tool.row.id for tool in self.tools]
        self.places = {tool: place for place, tool in enumerate(self.ids)}
        self._touched = review.touched
        self._taken = len(self._touched)

    def moved(self, places: set[int]) -> None:
        """Bring up to date what is kept on the tools at some places."""
        raise NotImplementedError

    def follow(self, review: ReviewReader) -> bool:
        """Take in what was said of tools meanwhile; return False where everything was read anew."""
        if review.touched is not self._touched:
            return False
        places = {self.places[tool] for tool in self._touched[self._taken :]}
        self._taken = len(self._touched)
        for place in places:
            self.tools[place] = review.tool(self.ids[place])
        if places:
            self.moved(places)
        return True


K = TypeVar("K", bound=DerivedView)


class PerReviewCache(Generic[K]):
    """One thing that follows each review; it goes with the review."""

    def __init__(self, make: Callable[[ReviewReader], K]) -> None:
        self._make = make
        self._of: WeakKeyDictionary[ReviewReader, K] = WeakKeyDictionary()

    def of(self, review: ReviewReader) -> K:
        """Return what is kept on a review, as it stands."""
        kept = self._of.get(review)
        if kept is None or not kept.follow(review):
            self._of[review] = kept = self._make(review)
        return kept
