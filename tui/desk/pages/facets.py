"""Ways to narrow the list that need no typing: saved views, and facets with counts, each a filter one could have typed."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from analysis.model import Risk, ToolType
from analysis.review import queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tui.desk.shell.session import Session

    _Seen = tuple[Risk, ToolType, tuple[ToolType, ...], str, str]

#: Views that every review has, before anybody saves one.
VIEWS: Final = {
    "High risk, undecided": "risk:high is:undecided",
    "Undecided": "is:undecided",
    "Money": "class:billing",
    "Administration": "class:administrative",
    "Personal data": "data:personal",
    "Unclear": "is:unclear is:undecided",
    "Changed since decided": "is:stale",
    "Reviewers differ": "is:conflict",
    "Mine": "is:mine",
}
#: What facets look at. Few tools differ in all of it, so that tools are counted by it first and by each facet then.
_SEEN: Final = attrgetter("risk", "type", "row.types", "status", "row.method")
#: Field of the filter language -> the values of it in what is seen of a tool, and their order where there is one.
_FACETS: Final[dict[str, tuple[Callable[[_Seen], Iterable[str]], Sequence[str]]]] = {
    "risk": (lambda seen: (seen[0],), tuple(reversed(Risk))),
    "class": (lambda seen: {seen[1], *seen[2]}, tuple(ToolType)),
    "is": (lambda seen: (seen[3],), ("undecided", "approved", "conditional", "blocked")),
    "method": (lambda seen: (seen[4],), ()),
}
_TITLES: Final = {"risk": "Risk", "class": "Type", "is": "Decision", "method": "Method"}
_WORD: Final = re.compile(r"[A-Za-z]{1,12}")
#: A filter that is more than words side by side is left as it is.
_JOINED: Final = re.compile(r'["()]|(?:^|\s)OR(?:\s|$)')


@dataclass(frozen=True, slots=True)
class FacetChoice:
    """One way to narrow the list: under which title, its label, how many shown tools it keeps, the filter it leads to."""

    title: str
    label: str
    count: int | None
    query: str
    used: bool = False


def views_of(session: Session) -> dict[str, str]:
    """Return the views of a review by name: what people have saved, then those that every review has."""
    saved = queries.saved_views(session.review)
    return saved | {name: query for name, query in VIEWS.items() if name not in saved}


def choices(session: Session) -> Iterator[FacetChoice]:
    """Yield views, then facets: every value that some tool has, counted among those that are shown."""
    for name, query in views_of(session).items():
        yield FacetChoice("Views", name, None, query, session.query == query)
    tools = session.review.tools()
    every = Counter(map(_SEEN, tools))
    whole = len(session.shown) == len(tools)
    shown = every if whole else Counter(map(_SEEN, map(session.review.tool, session.shown)))
    for field, (values, order) in _FACETS.items():
        there, counts = _counted(every, values), _counted(shown, values)
        for value in order or sorted(value for value in there if _WORD.fullmatch(value)):
            term = f"{field}:{value}"
            if there[value]:
                query = narrowed(session.query, term)
                yield FacetChoice(_TITLES[field], value, counts[value], query, has(session.query, term))


def _counted(seen: Counter[_Seen], values: Callable[[_Seen], Iterable[str]]) -> Counter[str]:
    """Return how many tools have each value of a facet."""
    counts: Counter[str] = Counter()
    for each, count in seen.items():
        for value in values(each):
            counts[value] += count
    return counts


def has(query: str, term: str) -> bool:
    """Whether a filter asks for a facet already."""
    return term in query.split() if _JOINED.search(query) is None else query.endswith(f") {term}")


def narrowed(query: str, term: str) -> str:
    """Return a filter narrowed by a facet: in place of another value of it; widened, where it is asked for already."""
    field = term.partition(":")[0]
    if _JOINED.search(query) is None:
        rest = [word for word in query.split() if not word.startswith(f"{field}:")]
        return " ".join(rest if has(query, term) else [*rest, term])
    if has(query, term):
        return query.removesuffix(f" {term}")
    return f"({query}) {term}"
