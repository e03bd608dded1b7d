"""One API operation to one tool."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from analysis.ingest.inputs import InputReader
from analysis.ingest.schemas import field_names
from analysis.ingest.units import canonical, child, passages_and_refs
from analysis.model import Level, Parameter, SchemeUse, Tool, ToolId

if TYPE_CHECKING:
    from analysis.ingest.library import Library
    from analysis.ingest.units import Units
    from analysis.model import SourceId

_TEMPLATE: Final = re.compile(r"\{[^{}]*\}")


@dataclass(slots=True)
class Draft:
    """An operation whose own text is read; what it reaches is added when all units are known."""

    method: str
    path: str
    node: dict[str, Any]
    file: str
    pointer: str
    common: dict[str, Any]  # what the path says for all its operations: summary, description, parameters
    security: Any
    servers: tuple[str, ...]
    parameters: list[Parameter]
    request: tuple[set[str], list[int]]
    response: tuple[set[str], list[int]]
    edges: list[int]
    input_edges: list[int]
    input_size: int
    returns_array: bool


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
        self.inputs = InputReader(library, units, doc_version)

    # reading ------------------------------------------------------------------------------------------

    def draft(
        self,
        method: str,
        path: str,
        node: dict[str, Any],
        file: str,
        pointer: str,
        common: dict[str, Any],
        servers: tuple[str, ...],
    ) -> Draft:
        """Read what the operation states itself and register the units it refers to."""
        shared: list[Any] = common["parameters"]
        parameters = self.inputs.parameters(node, file, pointer, shared)
        request = self.inputs.request(parameters, node, file, pointer, shared)
        names, edges = set[str](), set[int]()
        array = False
        for code, response in self._responses(node, pointer):
            found = self._response(response, file, child(child(pointer, "responses"), code))
            names |= found[0]
            edges |= set(found[1])
            array = array or (found[2] and (code[:1] == "2" or code == "default"))
        _, refs = passages_and_refs([common, node], pointer)
        stated = [{"parameters": shared}, {"parameters": node.get("parameters")}, {"b": node.get("requestBody")}]
        _, input_refs = passages_and_refs(stated, pointer)
        return Draft(
            method, path, node, file, pointer, common,
            node["security"] if "security" in node else self.doc.get("security"),
            servers,
            parameters, request, (names, sorted(edges)),
            self.units.edges(refs, file), self.units.edges(input_refs, file),
            len(canonical(stated)), array,
        )  # fmt: skip

    def _responses(self, node: dict[str, Any], pointer: str) -> list[tuple[str, Any]]:
        responses = node.get("responses", {})
        if not isinstance(responses, dict):
            self.library.report(Level.ERROR, "`responses` is not an object", pointer)
            return []
        return [(code, response) for code, response in responses.items() if not code.startswith("x-")]

    def _response(self, raw: Any, file: str, pointer: str) -> tuple[set[str], list[int], bool]:
        response, where, place = self.library.resolve(raw, file, pointer)
        if not isinstance(response, dict):
            self.library.report(Level.ERROR, "a response is not an object", pointer)
            return set(), [], False
        body = {"content": response.get("content"), "schema": response.get("schema")}
        names, refs = field_names(body, place, siblings=self.units.siblings)
        schema = response.get("schema")
        for media in (response.get("content") or {}).values() if isinstance(response.get("content"), dict) else []:
            schema = media.get("schema") if schema is None and isinstance(media, dict) else schema
        top, _, _ = self.library.resolve(schema, where, place) if isinstance(schema, dict) else ({}, "", "")
        array = isinstance(top, dict) and top.get("type") == "array"
        return names, self.units.edges(refs, where), array

    # finishing ----------------------------------------------------------------------------------------

    def tool(self, draft: Draft, source: SourceId, *, literal_path: bool) -> Tool:
        """Return the tool, after `units.close()`. `literal_path`: two templates differ by parameter names only."""
        node = draft.node
        operation_id = self._operation_id(node, draft.pointer)
        security = self._security(draft)
        texts, _ = passages_and_refs(node, draft.pointer)
        shared_texts, _ = passages_and_refs(draft.common, draft.pointer.rpartition("/")[0])
        reached = self.units.reached(draft.edges)
        path = draft.path if literal_path else normal_path(draft.path)
        tags = node.get("tags", [])
        if not isinstance(tags, list):
            self.library.report(Level.ERROR, "`tags` is not a list", draft.pointer, "write the tags as a list")
            tags = []
        return Tool(
            id=ToolId(f"{source}:{draft.method} {path}"),
            source=source,
            name=operation_id or f"{draft.method} {draft.path}",
            method=draft.method,
            path=draft.path,
            operation_id=operation_id,
            summary=str(node.get("summary") or ""),
            description=str(node.get("description") or ""),
            digest=self._digest(draft, security),
            pointer=draft.pointer,
            line=self.library.line(draft.file, node),
            tags=tuple(str(tag) for tag in tags),
            deprecated=node.get("deprecated") is True,
            parameters=tuple(draft.parameters),
            request_fields=self.units.names(*draft.request),
            response_fields=self.units.names(*draft.response),
            near_fields=self.units.near_names(*draft.response),
            returns_array=draft.returns_array,
            security=security,
            servers=draft.servers,
            passages=(*texts, *shared_texts),
            reaches=tuple(self.units.units[number].label for number in reached),
            size=len(operation_id) + len(str(node.get("description") or node.get("summary") or ""))
            + draft.input_size + self.units.size(draft.input_edges),
        )  # fmt: skip

    def _operation_id(self, node: dict[str, Any], pointer: str) -> str:
        stated = node.get("operationId", "")
        if isinstance(stated, str):
            return stated
        self.library.report(Level.ERROR, "`operationId` is not text", pointer, "write it as text")
        return ""

    def _security(self, draft: Draft) -> tuple[tuple[SchemeUse, ...], ...]:
        """Return the alternatives in force; unreadable ones count as "no credential needed"."""
        stated = draft.security
        if stated is None:
            return ()
        if not isinstance(stated, list):
            self.library.report(Level.ERROR, "`security` is not a list", draft.pointer)
            return ()
        alternatives: list[tuple[SchemeUse, ...]] = []
        for requirement in stated:
            uses = []
            if not isinstance(requirement, dict):
                self.library.report(Level.ERROR, "a security requirement is not an object", draft.pointer)
                alternatives.append(())  # what cannot be read protects nothing
                continue
            for name, scopes in requirement.items():
                listed = tuple(str(scope) for scope in scopes) if isinstance(scopes, list) else ()
                uses.append(SchemeUse(name, self._scheme_kind(name, draft), listed))
            alternatives.append(tuple(uses))
        return tuple(alternatives)

    def _scheme_kind(self, name: str, draft: Draft) -> str:
        scheme, _, _ = self.library.resolve(self.schemes.get(name), self.library.entry, draft.pointer)
        if not isinstance(scheme, dict) or not scheme:
            if name not in self._unknown_schemes:
                self._unknown_schemes.add(name)
                self.library.report(Level.ERROR, f"the security scheme {name[:80]!r} is not defined", draft.pointer)
            return "unknown"
        kind = str(scheme.get("type", "unknown"))
        if kind == "http":
            return f"http-{str(scheme.get('scheme', 'unknown')).lower()}"
        if kind == "apiKey":
            return f"apiKey-{scheme.get('in', 'unknown')}"
        return "http-basic" if kind == "basic" else kind

    def _digest(self, draft: Draft, security: tuple[tuple[SchemeUse, ...], ...]) -> str:
        definition = {
            "method": draft.method,
            "path": draft.path,
            "operation": draft.node,
            "common": draft.common,
            "security": [[[use.name, use.kind, list(use.scopes)] for use in uses] for uses in security],
            "servers": list(draft.servers),
            "refs": {self.units.units[number].label: self.units.digest(number) for number in draft.edges},
        }
        return hashlib.sha256(canonical(definition)).hexdigest()
