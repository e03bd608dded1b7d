"""Views and facets: filters to choose instead of typing, with counts."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from analysis.model import CapabilityKind, Risk, ToolType
from analysis.review import queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from analysis.model import DecisionState
    from tui.desk.shell.session import Session

    _Combination = tuple[Risk, ToolType, tuple[ToolType, ...], DecisionState, str, CapabilityKind]

#: Built-in views of every review.
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
#: The attributes that facets use. Tools share few combinations of them: tools are counted by combination first.
_ATTRIBUTES: Final = attrgetter("risk", "type", "row.types", "decision_state.simple", "row.method", "row.kind")
#: Field of the filter language -> its values in a combination, and their order, if any.
_FACETS: Final[dict[str, tuple[Callable[[_Combination], Iterable[str]], Sequence[str]]]] = {
    "risk": (lambda values: (values[0],), tuple(reversed(Risk))),
    "class": (lambda values: {values[1], *values[2]}, tuple(ToolType)),
    "is": (lambda values: (values[3],), ("undecided", "approved", "conditional", "blocked")),
    "method": (lambda values: (values[4],), ()),
    "kind": (lambda values: (values[5],), tuple(CapabilityKind)),
}
_TITLES: Final = {"risk": "Risk", "class": "Type", "is": "Decision", "method": "Method", "kind": "Kind"}
_WORD: Final = re.compile(r"[A-Za-z]{1,12}")
#: A filter with quotes, brackets or OR is kept as it is.
_COMPOUND: Final = re.compile(r'["()]|(?:^|\s)OR(?:\s|$)')


@dataclass(frozen=True, slots=True)
class FacetChoice:
    """A view or facet: title of its group, label, number of shown tools that it keeps, the filter it leads to."""

    title: str
    label: str
    count: int | None
    query: str
    used: bool = False


def views_of(session: Session) -> dict[str, str]:
    """Return the views of a review by name: the saved ones, then the built-in ones."""
    saved = queries.saved_views(session.review)
    return saved | {name: query for name, query in VIEWS.items() if name not in saved}


def choices(session: Session) -> Iterator[FacetChoice]:
    """Yield views, then facets: every value of some tool, counted among the shown tools."""
    for name, query in views_of(session).items():
        yield FacetChoice("Views", name, None, query, session.query == query)
    tools = session.review.tools()
    every = Counter(map(_ATTRIBUTES, tools))
    whole = len(session.shown) == len(tools)
    shown = every if whole else Counter(map(_ATTRIBUTES, map(session.review.tool, session.shown)))
    for field, (values, order) in _FACETS.items():
        present, counts = _counted(every, values), _counted(shown, values)
        if field == "kind" and len(present) < 2:
            continue
        for value in order or sorted(value for value in present if _WORD.fullmatch(value)):
            term = f"{field}:{value}"
            if present[value]:
                query = narrowed(session.query, term)
                yield FacetChoice(_TITLES[field], value, counts[value], query, has(session.query, term))


def _counted(combinations: Counter[_Combination], values: Callable[[_Combination], Iterable[str]]) -> Counter[str]:
    """Return the number of tools with each value of a facet."""
    counts: Counter[str] = Counter()
    for each, count in combinations.items():
        for value in values(each):
            counts[value] += count
    return counts


def has(query: str, term: str) -> bool:
    """Whether a facet is in force in a filter."""
    return term in query.split() if _COMPOUND.search(query) is None else query.endswith(f") {term}")


def narrowed(query: str, term: str) -> str:
    """Return a filter with a facet added, in place of its other value; or removed, if it is in force."""
    field = term.partition(":")[0]
    if _COMPOUND.search(query) is None:
        rest = [word for word in query.split() if not word.startswith(f"{field}:")]
        return " ".join(rest if has(query, term) else [*rest, term])
    if has(query, term):
        return query.removesuffix(f" {term}")
    return f"({query}) {term}"
