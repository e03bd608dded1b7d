"""What a source states: tools as they are defined, before anybody judges them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

#: Identity of a tool: source, method and path template (parameter names do not matter) or MCP name.
ToolId = NewType("ToolId", str)
#: Identity of a source inside a review, chosen once and kept over re-imports.
SourceId = NewType("SourceId", str)
#: Identity of a finding: rule, subject and evidence; never its text or position.
FindingId = NewType("FindingId", str)


class SourceKind(StrEnum):
    """What a source is."""

    OPENAPI = "openapi"
    MCP = "mcp"


class Level(StrEnum):
    """How much a problem in the input matters."""

    REFUSED = "refused"  # nothing can be read from the source
    ERROR = "error"  # a part of the inventory is wrong, missing or ambiguous
    NOTE = "note"  # worth knowing; the inventory is complete


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of the input, as data. `pointer` is a JSON pointer, `line` counts from 1."""

    level: Level
    what: str
    pointer: str = ""
    line: int | None = None
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A check that did not run, and why. Shown wherever a result could be taken for clean."""

    check: str
    reason: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """One input that a caller of a tool may send, at its top level."""

    name: str
    place: str  # path, query, header, cookie, body, argument
    required: bool
    type: str
    description: str
    values: tuple[str, ...] = ()  # an enumeration, if there is one


@dataclass(frozen=True, slots=True)
class Passage:
    """A string that a model can read, with the JSON pointer where it stands."""

    pointer: str
    text: str


@dataclass(frozen=True, slots=True)
class SchemeUse:
    """One security scheme as a tool requires it."""

    name: str
    kind: str  # apiKey, http-bearer, http-basic, oauth2, openIdConnect, mutualTLS, unknown
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tool:
    """One callable thing: an API operation or an MCP tool, as its source states it.

    `security` is the list of alternatives, each a tuple of schemes needed together; an empty alternative
    means that a call needs no credential. None means that the source cannot say (MCP tool lists).
    `digest` is the SHA-256 of the canonical definition: a decision is bound to it.
    """

    id: ToolId
    source: SourceId
    name: str
    method: str
    path: str
    operation_id: str
    summary: str
    description: str
    digest: str
    pointer: str
    line: int | None = None
    tags: tuple[str, ...] = ()
    deprecated: bool = False
    parameters: tuple[Parameter, ...] = ()
    request_fields: tuple[str, ...] = ()
    response_fields: tuple[str, ...] = ()  # all that can be reached
    near_fields: tuple[str, ...] = ()  # those of them that the response states within a few references
    #: (field, its schema's name, its description) of near fields, where the source tells more than a name.
    field_notes: tuple[tuple[str, str, str], ...] = ()
    returns_array: bool = False
    security: tuple[tuple[SchemeUse, ...], ...] | None = None
    servers: tuple[str, ...] = ()
    hints: tuple[tuple[str, bool], ...] = ()
    passages: tuple[Passage, ...] = ()
    reaches: tuple[str, ...] = ()
    size: int = 0  # characters of name, description and input definition, shared schemas counted once


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What is known of a source as a whole. `sha256` is over its bytes, or over its file list."""

    id: SourceId
    kind: SourceKind
    uri: str
    sha256: str
    title: str
    version: str
    format: str  # "OpenAPI 3.1.0", "Swagger 2.0", "MCP tools/list"
    size: int
    files: tuple[tuple[str, str], ...] = ()  # (relative path, sha256) of a multi-file document
    servers: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()  # of a live listing: protocol, credential (its label), pages
    not_callable: tuple[str, ...] = ()  # webhooks and callbacks, listed apart


@dataclass(frozen=True, slots=True)
class Inventory:
    """A source and all its tools, in document order. `passages` holds the texts that tools share."""

    source: SourceInfo
    tools: tuple[Tool, ...]
    passages: Mapping[str, tuple[Passage, ...]] = field(default_factory=dict)
