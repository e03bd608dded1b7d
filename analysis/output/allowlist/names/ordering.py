"""Orders in which generators walk through a document, and what happens to tools of one name."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from analysis.output.allowlist.names.generator import GivenName, NoTool

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from analysis.output.allowlist.document.operations import ApiOperation


def by_method(operations: Sequence[ApiOperation], methods: Sequence[str]) -> Iterator[ApiOperation]:
    """Yield the operations path by path, those of a path in an order of methods; other methods last."""
    place = {method: number for number, method in enumerate(methods)}
    for _, same_path in groupby(operations, key=lambda operation: operation.path):
        yield from sorted(same_path, key=lambda operation: place.get(operation.method.lower(), len(place)))


def last_one_stays(given: Mapping[str, GivenName]) -> dict[str, GivenName]:
    """Return the names of tools that are kept by name: the last one of a name takes the place of those before."""
    last = {each.name: key for key, each in given.items() if each.name is not None}
    return {
        key: each if each.name is None or last[each.name] == key else each._replace(name=None, why=NoTool.OVERWRITTEN)
        for key, each in given.items()
    }


def all_listed(given: Mapping[str, GivenName], *, first_runs: bool) -> dict[str, GivenName]:
    """Return the names of tools that are all listed, with the operation a call runs: the first or last of its name."""
    runs: dict[str, str] = {}
    for key, each in given.items():
        if each.name is not None and not (first_runs and each.name in runs):
            runs[each.name] = key
    return {
        key: each if each.name is None or each.runs == runs[each.name] else each._replace(runs=runs[each.name])
        for key, each in given.items()
    }


def shared(given: Mapping[str, GivenName]) -> frozenset[str]:
    """Return the keys of operations whose wanted name another operation wants too."""
    count = Counter(each.wanted for each in given.values() if each.wanted or each.name is not None)
    return frozenset(
        key for key, each in given.items() if (each.wanted or each.name is not None) and count[each.wanted] > 1
    )
