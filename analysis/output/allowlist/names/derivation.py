"""Names for exactly the operations that are exposed, and what is wrong with each."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from analysis.output.allowlist.names.generator import NoTool
from analysis.output.allowlist.names.ordering import shared

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from analysis.output.allowlist.document.operations import ApiOperation
    from analysis.output.allowlist.names.generator import Generator, GivenName

#: What the large model APIs accept as the name of a tool.
ACCEPTED: Final = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


class NameProblem(StrEnum):
    """What is wrong with a derived name."""

    MOVED = "moved"  # in the whole document the name denotes another operation
    COLLISION = "collision"  # another exposed operation wants the same name
    CUT = "cut"  # characters were lost to a limit
    EMPTY = "empty"
    REFUSED = "refused"  # outside of what model APIs accept
    CASE = "case"  # differs from another exposed name in case alone

    @property
    def fails(self) -> bool:
        """Whether a target that relies on the name leaves the tool out."""
        return self is not NameProblem.CASE


@dataclass(frozen=True, slots=True)
class DerivedName:
    """The name of one operation at one generator. `other` is the key of the operation that a moved name denoted."""

    generator: str
    name: str | None
    why: NoTool | None = None
    problems: tuple[NameProblem, ...] = ()
    other: str = ""

    @property
    def fault(self) -> str:
        """Why a target that relies on the name leaves the tool out, in words; empty when it does not."""
        found = [_WORDS[problem] for problem in self.problems if problem.fails]
        return "; ".join(found) if self.name is not None or found else f"no tool: {self.why}"


_WORDS: Final = {
    NameProblem.MOVED: "its name denotes another operation in the whole document",
    NameProblem.COLLISION: "another exposed operation wants the same name",
    NameProblem.CUT: "its name is cut",
    NameProblem.EMPTY: "its name is empty",
    NameProblem.REFUSED: "model APIs refuse its name",
}


def derive(
    generator: Generator, operations: Sequence[ApiOperation], exposed: Collection[str]
) -> dict[str, DerivedName]:
    """Return the name of every operation, by key: as the generator gives it when exactly `exposed` are exposed.

    The others have the name that the whole document gives them: lists that deny need it.
    """
    return compared(generator.label, operations, generator.rule(operations), _part(generator, operations, exposed))


def derived_names(
    generator: Generator, operations: Sequence[ApiOperation], exposed: Collection[str]
) -> dict[str, str | None]:
    """Return the names of `derive` alone, without what is wrong with each."""
    given = {**generator.rule(operations), **_part(generator, operations, exposed)}
    return {operation.key: given[operation.key].name for operation in operations}


def compared(
    label: str,
    operations: Sequence[ApiOperation],
    whole: Mapping[str, GivenName],
    part: Mapping[str, GivenName],
    denotes: Mapping[str, str] | None = None,
) -> dict[str, DerivedName]:
    """Return the names of operations from what a generator makes of the whole document and of the exposed part.

    `denotes` is `denoted(whole)`, for callers that compare several parts of a large document.
    """
    if denotes is None:
        denotes = denoted(whole)
    colliding = shared(part)
    names = {given.name for given in part.values() if given.name is not None}
    folded = Counter(name.casefold() for name in names)
    made = {}
    for operation in operations:
        key = operation.key
        given = part.get(key)
        if given is None:
            made[key] = DerivedName(label, whole[key].name, whole[key].why)
            continue
        problems = _problems(given, key, denotes, folded, collides=key in colliding)
        other = denotes.get(given.name or "", "") if NameProblem.MOVED in problems else ""
        made[key] = DerivedName(label, given.name, given.why, problems, other)
    return made


def denoted(whole: Mapping[str, GivenName]) -> dict[str, str]:
    """Return the key of the operation that each name of the whole document denotes."""
    return {given.name: given.runs or key for key, given in whole.items() if given.name is not None}


def _part(
    generator: Generator, operations: Sequence[ApiOperation], exposed: Collection[str]
) -> Mapping[str, GivenName]:
    return generator.rule([operation for operation in operations if operation.key in exposed])


def settled(
    generator: Generator, operations: Sequence[ApiOperation], exposed: Collection[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the names that can be relied on, by key, and why each of the other exposed operations is left out.

    Leaving one out may give its name to another, so this is repeated until nothing changes.
    """
    kept, left_out = set(exposed), dict[str, str]()
    while True:
        derived = derive(generator, operations, kept)
        faults = {key: derived[key].fault for key in kept if derived[key].fault}
        if not faults:
            return {key: derived[key].name or "" for key in derived if key in kept}, left_out
        left_out |= faults
        kept -= faults.keys()


def _problems(
    given: GivenName, key: str, denotes: Mapping[str, str], folded: Mapping[str, int], *, collides: bool
) -> tuple[NameProblem, ...]:
    name = given.name
    if name is None:
        return (NameProblem.COLLISION,) if given.why is NoTool.OVERWRITTEN else ()
    found = {
        NameProblem.MOVED: denotes.get(name, key) != key and given.runs == key,
        NameProblem.COLLISION: collides or given.runs != key or name != given.wanted,
        NameProblem.CUT: given.cut,
        NameProblem.EMPTY: not name,
        NameProblem.REFUSED: bool(name) and ACCEPTED.fullmatch(name) is None,
        NameProblem.CASE: folded[name.casefold()] > 1,
    }
    return tuple(problem for problem, holds in found.items() if holds)
