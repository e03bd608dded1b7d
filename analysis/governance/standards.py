"""Registry of standards that controls and rules refer to: pinned editions, ids, titles and coverage.

The registry is data, in `standards.yaml`. A reference is written `key:edition/id`; the edition pins its text across
revisions.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from analysis.errors import UsageError
from analysis.words import nearest
from analysis.yaml_tables import load_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Standard:
    """One standard in one edition; `ids` gives each id its title, `note` is a caveat."""

    key: str
    edition: str
    title: str
    ids: Mapping[str, str]
    note: str = ""

    @property
    def prefix(self) -> str:
        """Prefix of references to it."""
        return f"{self.key}:{self.edition}/"


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One id of a standard with the names of the controls and rules that refer to it."""

    id: str
    title: str
    names: tuple[str, ...]


@cache
def _all() -> Mapping[str, Standard]:
    return {row["key"]: Standard(**row) for row in load_table("analysis.governance", "standards.yaml")}


def standards() -> tuple[Standard, ...]:
    """Return all standards of the registry, in its order."""
    return tuple(_all().values())


def standard(key: str) -> Standard:
    """Return one standard. Raises `UsageError` for an unknown key, with the nearest known one."""
    found = _all().get(key)
    if found is None:
        near = nearest(key, list(_all()))
        remedy = f"did you mean {near}?" if near else f"standards are {', '.join(_all())}"
        raise UsageError(f"unknown standard {key!r}", remedy=remedy)
    return found


def reference_title(reference: str) -> str | None:
    """Return the title of a reference `key:edition/id`, or None for an unknown one."""
    key, _, _ = reference.partition(":")
    found = _all().get(key)
    if found is None or not reference.startswith(found.prefix):
        return None
    return found.ids.get(reference.removeprefix(found.prefix))


def coverage(wanted: Standard, referring: Iterable[tuple[str, Sequence[str]]]) -> tuple[CoverageRow, ...]:
    """Return every id of a standard with the names that refer to it. `referring` is (name, references) pairs."""
    listed = list(referring)
    return tuple(
        CoverageRow(each, title, tuple(name for name, refers in listed if f"{wanted.prefix}{each}" in refers))
        for each, title in wanted.ids.items()
    )
