"""Sources and their tools as defined, before any assessment."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NewType

#: Identity of a tool: source, method and path template (parameter names do not matter) or MCP name.
ToolId = NewType("ToolId", str)
#: Identity of a source inside a review, chosen once and kept over re-imports.
SourceId = NewType("SourceId", str)
#: Identity of a finding: rule, subject and evidence; never its text or position.
FindingId = NewType("FindingId", str)


class SourceKind(StrEnum):
    """The kinds of source."""

    OPENAPI = "openapi"
    DISCOVERY = "google-discovery"
    POSTMAN = "postman"
    MCP = "mcp"


class CapabilityKind(StrEnum):
    """What an agent can reach. Each is in the inventory, assessed, and decided under the same rules."""

    TOOL = "tool"
    RESOURCE = "resource"  # data of a server, under a fixed URI
    RESOURCE_TEMPLATE = "resource-template"  # data of a server, under a URI with variables that the model fills in
    PROMPT = "prompt"  # text of a server that is put into the conversation
    INSTRUCTIONS = "instructions"  # text of a server that a model reads in every session
    CLIENT_REQUEST = "client-request"  # what a server asks of the client: sampling, elicitation, roots

    @property
    def label(self) -> str:
        """The kind in words, for people."""
        return _LABELS.get(self, self.value)


_LABELS: Final = {
    CapabilityKind.RESOURCE_TEMPLATE: "resource template",
    CapabilityKind.INSTRUCTIONS: "server instructions",
    CapabilityKind.CLIENT_REQUEST: "request to the client",
}


class Level(StrEnum):
    """The severity of a problem in the input."""

    REFUSED = "refused"  # nothing can be read from the source
    ERROR = "error"  # a part of the inventory is wrong, missing or ambiguous
    NOTE = "note"  # worth knowing; the inventory is complete


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem of the input. `pointer` is a JSON pointer, `line` counts from 1."""

    level: Level
    what: str
    pointer: str = ""
    line: int | None = None
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A check that did not run, and why. Shown wherever a result could be read as clean."""

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
    limits: tuple[tuple[str, str], ...] = ()  # declared bounds: maximum, maxLength, pattern ...; `open`: any content
    #: Fields inside it that tell the variants of a union apart, each with the values a caller chooses from.
    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class TextSpan:
    """A string that a model can read, with its JSON pointer.

    `is_value`: it belongs to a default, an enumeration or an example, where no sentences are expected.
    """

    pointer: str
    text: str
    is_value: bool = False


class TextSpans:
    """The texts of one part of a definition: searched together, located only where something was found.

    A large document holds some hundred thousand strings, and hardly any of them is ever located.
    """

    __slots__ = ("_strings", "_texts")

    def __init__(
        self,
        strings: Callable[[], Sequence[str]],
        texts: Callable[[], Iterable[TextSpan]],
    ) -> None:
        self._strings: Callable[[], Sequence[str]] | Sequence[str] = strings
        self._texts = texts

    @classmethod
    def of(cls, *texts: TextSpan) -> TextSpans:
        """Return the given texts."""
        strings = [text_span.text for text_span in texts]
        return cls(lambda: strings, lambda: texts)

    @property
    def strings(self) -> Sequence[str]:
        """The texts one by one, without their pointers."""
        if callable(self._strings):
            self._strings = self._strings()
        return self._strings

    def __iter__(self) -> Iterator[TextSpan]:
        return iter(self._texts())

    def among(self, texts: Mapping[str, object]) -> list[TextSpan]:
        """Return the text spans whose text is one of these."""
        if not texts or texts.keys().isdisjoint(self.strings):
            return []
        return [text_span for text_span in self if text_span.text in texts]


NO_TEXT_SPANS = TextSpans.of()


@dataclass(frozen=True, slots=True)
class SchemeUse:
    """One security scheme as a tool requires it."""

    name: str
    kind: str  # apiKey-PLACE, http-bearer, http-basic, oauth2, openIdConnect, mutualTLS, unknown
    scopes: tuple[str, ...]
    flows: tuple[str, ...] = ()  # of oauth2, by the names of OpenAPI 3: implicit, password, clientCredentials ...


@dataclass(frozen=True, slots=True)
class Tool:
    """One capability as its source states it: an API operation, an MCP tool, or another `kind` of thing.

    Of a resource `path` is its URI; of other kinds except operations it is empty. `hosted` is the type of a tool that a
    model vendor defines and runs (`code_interpreter`); its definition is not in the source.
    `security` is the list of alternatives, each a tuple of schemes needed together; an empty alternative
    means that a call needs no credential. None means that the source does not say: an MCP tool list, or a document
    without any `security` entry, which `mentions_credentials` all the same in its schemes or its prose.
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
    request_fields: Collection[str] = ()  # sorted, mostly as a set that tools share: `analysis.field_names`
    response_fields: Collection[str] = ()  # all reachable fields
    shallow_fields: Collection[str] = ()  # those within a few references of the response
    #: (field, its schema's name, its description) of near fields, where the source states more than a name.
    field_notes: tuple[tuple[str, str, str], ...] = field(default=(), metadata={"stored": False})
    returns_array: bool = False
    returns: str = ""  # nothing; described; undescribed: a response without declared fields
    security: tuple[tuple[SchemeUse, ...], ...] | None = None
    mentions_credentials: bool = False
    servers: tuple[str, ...] = ()
    hints: tuple[tuple[str, bool], ...] = ()
    # Used by rules only; it can be read again from the stored source.
    text_spans: TextSpans = field(default=NO_TEXT_SPANS, compare=False, metadata={"stored": False})
    referenced_schemas: tuple[str, ...] = field(default=(), metadata={"stored": False})
    size: int = 0  # characters of name, description and input definition, shared schemas counted once
    kind: CapabilityKind = CapabilityKind.TOOL
    hosted: str = ""

    @property
    def call(self) -> str:
        """How it is reached, in words: `GET /orders`, `MCP tool`, `resource file:///etc/hosts`."""
        return call_label(self.kind, self.method, self.path)


def kinds_in_words(kinds: Mapping[CapabilityKind, int]) -> str:
    """Return how many capabilities there are of each kind, in words: `48 tools, 2 resources, 1 prompt`."""
    counted = [(kind, kinds.get(kind, 0)) for kind in CapabilityKind]
    found = [f"{count:,} {_plural(kind, count)}" for kind, count in counted if count]
    return ", ".join(found) or "0 tools"


def _plural(kind: CapabilityKind, count: int) -> str:
    label = kind.label
    if kind is CapabilityKind.INSTRUCTIONS or count == 1:
        return label
    return label.replace("request ", "requests ") if kind is CapabilityKind.CLIENT_REQUEST else f"{label}s"


def call_label(kind: CapabilityKind, method: str, path: str) -> str:
    """Return how a capability is reached, in words. The path is text of the source: escape it before it is shown."""
    if kind is CapabilityKind.TOOL:
        return f"{method} {path}".strip() or "MCP tool"
    return f"{kind.label} {path}".strip()


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """Facts of a source as a whole. `sha256` is over its bytes, or over its file list."""

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
    facts: tuple[tuple[str, str], ...] = ()  # how it was read: protocol and label of the credential, unusual limits
    not_callable: tuple[str, ...] = ()  # webhooks and callbacks, listed separately


@dataclass(frozen=True, slots=True)
class DefinitionParts:
    """Parts of a source that definitions share and that refer to one another: (address, canonical text), sorted.

    `below` are the digests of the parts outside that they refer to, sorted. The digest of a part is the SHA-256 of two
    digests in a row: the SHA-256 of its text, and that of the group, which is taken over `address + SHA-256 of the text`
    of every part, sorted, and then `below`, with zero bytes between.
    """

    texts: tuple[tuple[str, str], ...]
    below: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DefinitionTexts:
    """The canonical texts behind the digests of a source: definitions by digest (SHA-256 of the text), shared parts."""

    source: SourceId
    definitions: Mapping[str, str]
    parts: tuple[DefinitionParts, ...]


@dataclass(frozen=True, slots=True)
class Inventory:
    """A source and all its capabilities, in document order. `text_spans` holds the texts that they share."""

    source: SourceInfo
    tools: tuple[Tool, ...]
    text_spans: Mapping[str, TextSpans] = field(default_factory=dict)
    not_checked: tuple[Skipped, ...] = ()  # what the source may offer, and its file does not hold
