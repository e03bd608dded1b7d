"""A generator of MCP tools from an OpenAPI document, and the names it gives: the records that every rule shares."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from analysis.output.allowlist.document.operations import ApiOperation


class NoTool(StrEnum):
    """Why a generator makes no tool of an operation."""

    METHOD = "the generator does not read this method"
    NO_ID = "the generator drops operations without an operationId"
    REFERENCE = "the generator does not follow the reference of its path item"
    EXCLUDED = "an extension of the document excludes it"
    INVALID = "the generator drops names in this form"
    OVERWRITTEN = "another operation of the same name takes its place"
    FAILS = "the generator fails on this document"
    NOT_STATED = "the document does not state a name"


class GivenName(NamedTuple):
    """What a generator makes of one operation: the name of its tool, or why there is none.

    `wanted` is the name before it was told apart from others, by which collisions are found. `cut` is whether
    characters were lost to a limit on the length. `runs` is the key of the operation that a call of this name runs: not
    this one where two tools are listed under one name.
    """

    name: str | None
    why: NoTool | None = None
    wanted: str = ""
    cut: bool = False
    runs: str = ""


@dataclass(frozen=True, slots=True)
class Generator:
    """A generator at versions that share a rule: those whose rule was read and compared; others are not guessed.

    `rule` takes the operations that are exposed, in document order, and returns what is made of each, by key. `measured`
    says how it was compared.
    """

    name: str
    title: str
    versions: tuple[str, ...]
    rule: Callable[[Sequence[ApiOperation]], Mapping[str, GivenName]]
    measured: str = ""

    @property
    def version(self) -> str:
        """The newest version with this rule."""
        return self.versions[-1]

    @property
    def label(self) -> str:
        """Name and version, `NAME@VERSION`."""
        return f"{self.name}@{self.version}"
