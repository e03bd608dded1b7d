"""One API operation to one tool."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from analysis.ingest.contents import UNREAD, sha256
from analysis.ingest.inputs import InputReader
from analysis.ingest.schemas import field_names
from analysis.ingest.texts import canonical, child
from analysis.model import Level, Parameter, SchemeUse, Tool, ToolId

if TYPE_CHECKING:
    from analysis.ingest.contents import Definition
    from analysis.ingest.library import Library
    from analysis.ingest.units import Units
    from analysis.model import SourceId

_FLOWS_V2: Final = {"application": "clientCredentials", "accessCode": "authorizationCode"}
#: What a call returns is as well known as its best described success; something beats nothing.
_RETURNS: Final = ("", "nothing", "undescribed", "described")
_TEMPLATE: Final = re.compile(r"\{[^{}]*\}")


@dataclass(slots=True)
class Draft:
    """An operation whose own facts are read; what it reaches is added when all units are known."""

    method: str
    path: str
    node: dict[str, Any]
    file: str
    pointer: str  # of the operation, inside its file
    address: str  # the pointer people are shown
    common: dict[str, Any]  # what the path says for all its operations: summary, description, parameters
    servers: tuple[str, ...]
    parameters: list[Parameter]
    request: tuple[dict[str, Any], list[int]]
    response: tuple[dict[str, Any], list[int]]
    success: tuple[dict[str, Any], list[int]]  # the part of the response that comes when all went well
    returns_array: bool
    returns: str
    operation_id: str
    security: tuple[tuple[SchemeUse, ...], ...]
    tags: tuple[str, ...]
    schemes: dict[str, str]  # security scheme to the digest of its definition


#: Of one response: field names, units where more come from, whether it is an array, how well it is described.
_Response: TypeAlias = tuple[dict[str, Any], list[int], bool, str]


def _described(names: dict[str, Any], refs: list[str], top: Any) -> str:
    """Return whether a schema says what comes back. Bytes and text without form say nothing of their content."""
    if names or refs:
        return "described"
    stated = top.get("type") if isinstance(top, dict) else None
    plain = any(kind in ("integer", "number", "boolean") for kind in (stated if isinstance(stated, list) else [stated]))
    return "described" if plain or (isinstance(top, dict) and top.get("enum")) else "undescribed"


def normal_path(path: str) -> str:
    """Return a path template with its parameters' names taken out: `/users/{id}` -> `/users/{}`."""
    return _TEMPLATE.sub("{}", path)


class OperationReader:
    """Reads operations of one document. `doc_version` is `2.0`, `3.0`, `3.1` or `3.2`."""

    def __init__(self, library: Library, units: Units, doc: dict[str, Any], doc_version: str) -> None:
        self.library = library
        self.units = units
        self.doc = doc
        self.version = doc_version
        schemes = doc.get("securityDefinitions")
        if doc_version != "2.0":
            components = doc.get("components")
            schemes = components.get("securitySchemes") if isinstance(components, dict) else None
        self.schemes: dict[str, Any] = schemes if isinstance(schemes, dict) else {}
        self._unknown_schemes: set[str] = set()
        self._scheme_digests: dict[str, str] = {}
        self._shared_responses: dict[tuple[str, str], _Response] = {}
        self.inputs = InputReader(library, units, doc_version)

    def draft(
        self,
        method: str,
        path: str,
        node: dict[str, Any],
        file: str,
        pointer: str,
        common: dict[str, Any],
        servers: tuple[str, ...],
        address: str,
    ) -> Draft:
        """Read what the operation states itself and number the units its fields come from."""
        shared: list[Any] = common["parameters"]
        parameters = self.inputs.parameters(node, file, pointer, shared)
        request = self.inputs.request(parameters, node, file, pointer, shared)
        names, edges, array, returns = dict[str, Any](), set[int](), False, ""
        good, good_edges = dict[str, Any](), set[int]()
        for code, response in self._responses(node, pointer):
            found = self._response(response, file, child(child(pointer, "responses"), code))
            names |= found[0]
            edges |= set(found[1])
            if code[:1] == "2" or code == "default":
                good |= found[0]
                good_edges |= set(found[1])
                array = array or found[2]
                returns = max(returns, found[3], key=_RETURNS.index)
        security = self._security(node, address)
        return Draft(
            method, path, node, file, pointer, address, common, servers,
            parameters, request, (names, sorted(edges)), (good, sorted(good_edges)), array, returns or "nothing",
            self._operation_id(node, address), security, self._tags(node, address),
            {use.name: self._scheme_digest(use.name) for uses in security for use in uses},
        )  # fmt: skip

    def _responses(self, node: dict[str, Any], pointer: str) -> list[tuple[str, Any]]:
        responses = node.get("responses", {})
        if not isinstance(responses, dict):
            self.library.report(Level.ERROR, "`responses` is not an object", pointer)
            return []
        return [(code, response) for code, response in responses.items() if not code.startswith("x-")]

    def _response(self, raw: Any, file: str, pointer: str) -> _Response:
        """Return (field names, units where more come from, whether it is an array, how well it is described).

        A shared response is read once.
        """
        ref = raw.get("$ref") if isinstance(raw, dict) else None
        if not isinstance(ref, str):
            return self._read_response(raw, file, pointer)
        if (file, ref) not in self._shared_responses:
            self._shared_responses[file, ref] = self._read_response(raw, file, pointer)
        return self._shared_responses[file, ref]

    def _read_response(self, raw: Any, file: str, pointer: str) -> _Response:
        response, where, place = self.library.resolve(raw, file, pointer)
        if not isinstance(response, dict):
            self.library.report(Level.ERROR, "a response is not an object", pointer)
            return {}, [], False, "undescribed"
        body = {"content": response.get("content"), "schema": response.get("schema")}
        names, refs = field_names(body, siblings=self.units.siblings)
        schema = response.get("schema")
        for media in (response.get("content") or {}).values() if isinstance(response.get("content"), dict) else []:
            schema = media.get("schema") if schema is None and isinstance(media, dict) else schema
        top, _, _ = self.library.resolve(schema, where, place) if isinstance(schema, dict) else ({}, "", "")
        array = isinstance(top, dict) and top.get("type") == "array"
        returns = "nothing" if schema is None and not response.get("content") else _described(names, refs, top)
        return names, self.units.edges(refs, where, body, place), array, returns

    def tool(self, draft: Draft, source: SourceId, definition: Definition, *, literal_path: bool) -> Tool:
        """Return the tool, after `units.close()`. `literal_path`: two templates differ by parameter names only."""
        node = draft.node
        path = draft.path if literal_path else normal_path(draft.path)
        text = str(node.get("description") or "")
        return Tool(
            id=ToolId(f"{source}:{draft.method} {path}"),
            source=source,
            name=draft.operation_id or f"{draft.method} {draft.path}",
            method=draft.method,
            path=draft.path,
            operation_id=draft.operation_id,
            summary=str(node.get("summary") or ""),
            description=text,
            digest=definition.digest,
            pointer=draft.address,
            line=self.library.line(draft.file, node),
            tags=draft.tags,
            deprecated=node.get("deprecated") is True,
            parameters=tuple(draft.parameters),
            request_fields=self.units.names(*draft.request),
            response_fields=self.units.names(*draft.response),
            near_fields=self.units.near_names(*draft.success),
            field_notes=self.units.near_notes(*draft.success) if definition is not UNREAD else (),
            returns_array=draft.returns_array,
            returns=draft.returns,
            security=draft.security,
            servers=draft.servers,
            passages=definition.passages,
            reaches=definition.reaches,
            size=len(draft.operation_id) + len(text or str(node.get("summary") or "")) + definition.input_size,
        )

    def _tags(self, node: dict[str, Any], pointer: str) -> tuple[str, ...]:
        tags = node.get("tags", [])
        if isinstance(tags, list):
            return tuple(str(tag) for tag in tags)
        self.library.report(Level.ERROR, "`tags` is not a list", pointer, "write the tags as a list")
        return ()

    def _operation_id(self, node: dict[str, Any], pointer: str) -> str:
        stated = node.get("operationId", "")
        if isinstance(stated, str):
            return stated
        self.library.report(Level.ERROR, "`operationId` is not text", pointer, "write it as text")
        return ""

    def _security(self, node: dict[str, Any], pointer: str) -> tuple[tuple[SchemeUse, ...], ...]:
        """Return the alternatives in force; unreadable ones count as "no credential needed"."""
        stated = node["security"] if "security" in node else self.doc.get("security")
        if stated is None:
            return ()
        if not isinstance(stated, list):
            self.library.report(Level.ERROR, "`security` is not a list", pointer)
            return ()
        alternatives: list[tuple[SchemeUse, ...]] = []
        for requirement in stated:
            uses = []
            if not isinstance(requirement, dict):
                self.library.report(Level.ERROR, "a security requirement is not an object", pointer)
                alternatives.append(())  # what cannot be read protects nothing
                continue
            for name, scopes in requirement.items():
                listed = tuple(str(scope) for scope in scopes) if isinstance(scopes, list) else ()
                uses.append(SchemeUse(name, self._scheme_kind(name, pointer), listed, self._flows(name)))
            alternatives.append(tuple(uses))
        return tuple(alternatives)

    def _scheme_digest(self, name: str) -> str:
        """Return the digest of a scheme's definition: who issues a token, and how, belongs to what was decided."""
        if name not in self._scheme_digests:
            scheme, _, _ = self.library.resolve(self.schemes.get(name), self.library.entry, "")
            self._scheme_digests[name] = sha256(canonical(scheme)).hex()
        return self._scheme_digests[name]

    def _flows(self, name: str) -> tuple[str, ...]:
        """Return the OAuth flows a scheme offers, by the names of OpenAPI 3 whatever the version."""
        scheme, _, _ = self.library.resolve(self.schemes.get(name), self.library.entry, "")
        if not isinstance(scheme, dict) or scheme.get("type") != "oauth2":
            return ()
        if self.version == "2.0":
            flow = str(scheme.get("flow", ""))
            return (_FLOWS_V2.get(flow, flow),)
        flows = scheme.get("flows")
        return tuple(flows) if isinstance(flows, dict) else ()

    def _scheme_kind(self, name: str, pointer: str) -> str:
        scheme, _, _ = self.library.resolve(self.schemes.get(name), self.library.entry, pointer)
        if not isinstance(scheme, dict) or not scheme:
            if name not in self._unknown_schemes:
                self._unknown_schemes.add(name)
                self.library.report(Level.ERROR, f"the security scheme {name[:80]!r} is not defined", pointer)
            return "unknown"
        kind = str(scheme.get("type", "unknown"))
        if kind == "http":
            return f"http-{str(scheme.get('scheme', 'unknown')).lower()}"
        if kind == "apiKey":
            return f"apiKey-{scheme.get('in', 'unknown')}"
        return "http-basic" if kind == "basic" else kind
