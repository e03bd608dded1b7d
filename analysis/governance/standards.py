"""The standards that controls and rules refer to: pinned editions, ids and titles, and who covers which id.

The registry is data, in `standards.yaml` beside this page. A reference is written `key:edition/id`; without the
edition it would point to another text after the next revision.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from analysis.errors import UsageError
from analysis.words import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Standard:
    """One standard in one edition; `ids` gives each id its title, `note` says what to know before relying on it."""

    key: str
    edition: str
    title: str
    ids: Mapping[str, str]
    note: str = ""

    @property
    def prefix(self) -> str:
        """What every reference to it begins with."""
        return f"{self.key}:{self.edition}/"


@dataclass(frozen=True, slots=True)
class Covered:
    """One id of a standard, and the names of what refers to it; none is a statement too."""

    id: str
    title: str
    names: tuple[str, ...]


@cache
def _all() -> Mapping[str, Standard]:
    import yaml  # noqa: PLC0415 - only the coverage of standards needs it

    text = resources.files("analysis.governance").joinpath("standards.yaml").read_text("utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    rows = yaml.load(text, Loader=loader)  # noqa: S506 - a safe loader, the fast one where there is one
    return {row["key"]: Standard(**row) for row in rows}


def standards() -> tuple[Standard, ...]:
    """Return all standards of the registry, in its order."""
    return tuple(_all().values())


def standard(key: str) -> Standard:
    """Return one standard; an unknown key is a `UsageError` that names the nearest."""
    found = _all().get(key)
    if found is None:
        near = nearest(key, list(_all()))
        remedy = f"did you mean {near}?" if near else f"known are {', '.join(_all())}"
        raise UsageError(f"no standard is called {key!r}", remedy=remedy)
    return found


def title_of(reference: str) -> str | None:
    """Return the title that a reference `key:edition/id` stands for, or None when the registry does not know it."""
    key, _, _ = reference.partition(":")
    found = _all().get(key)
    if found is None or not reference.startswith(found.prefix):
        return None
    return found.ids.get(reference.removeprefix(found.prefix))


def coverage(wanted: Standard, referring: Iterable[tuple[str, Sequence[str]]]) -> tuple[Covered, ...]:
    """Return every id of a standard with the names of what refers to it, given (name, references) each."""
    listed = list(referring)
    return tuple(
        Covered(each, title, tuple(name for name, refers in listed if f"{wanted.prefix}{each}" in refers))
        for each, title in wanted.ids.items()
    )
