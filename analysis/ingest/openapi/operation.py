"""One API operation to one tool."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from analysis.ingest.openapi.definitions import UNREAD
from analysis.ingest.openapi.operation_draft import OperationDraft
from analysis.ingest.openapi.operation_inputs import InputReader
from analysis.ingest.openapi.responses import ResponseReader
from analysis.ingest.openapi.security import SecurityReader
from analysis.model import Level, Tool, ToolId

if TYPE_CHECKING:
    from analysis.ingest.document.references import DocumentSet
    from analysis.ingest.json_schema.ref_graph import RefGraph
    from analysis.ingest.openapi.definitions import DefinitionText
    from analysis.ingest.openapi.operation_inputs import PathLevel
    from analysis.model import SourceId

_TEMPLATE: Final = re.compile(r"\{[^{}]*\}")


def normal_path(path: str) -> str:
    """Return a path template without the names of its parameters: `/users/{id}` -> `/users/{}`."""
    return _TEMPLATE.sub("{}", path)


class OperationReader:
    """Reads operations of one document. `doc_version` is `2.0`, `3.0`, `3.1` or `3.2`."""

    def __init__(self, documents: DocumentSet, graph: RefGraph, doc: dict[str, Any], doc_version: str) -> None:
        self.documents = documents
        self.graph = graph
        self.inputs = InputReader(documents, graph, doc_version)
        self.responses = ResponseReader(documents, graph)
        self.security = SecurityReader(documents, doc, doc_version)

    def draft(
        self,
        method: str,
        path: str,
        node: dict[str, Any],
        file: str,
        pointer: str,
        level: PathLevel,
        servers: tuple[str, ...],
        address: str,
    ) -> OperationDraft:
        """Read the facts of the operation itself, and add the parts it refers to to the graph."""
        inputs = self.inputs.read(node, file, pointer, level)
        response, success = self.responses.responses(node, file, pointer)
        security = self.security.security(node, address)
        return OperationDraft(
            method, path, node, file, pointer, address, level.pointer, level.common, servers, inputs, response, success,
            self._operation_id(node, address), security.alternatives, security.schemes, self._tags(node, address),
        )  # fmt: skip

    def tool(self, draft: OperationDraft, source: SourceId, definition: DefinitionText, *, path: str) -> Tool:
        """Return the tool, after `RefGraph.close`. `path` is its path in the identity, usually without parameter names."""
        node, success = draft.node, draft.success
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
            line=self.documents.line(draft.file, node),
            tags=draft.tags,
            deprecated=node.get("deprecated") is True,
            parameters=draft.inputs.parameters,
            request_fields=self.graph.names(draft.inputs.mask, draft.inputs.edges),
            response_fields=self.graph.names(draft.response.mask, draft.response.edges),
            shallow_fields=self.graph.shallow_names(success.mask, success.edges),
            field_notes=self.graph.shallow_notes(success.names, success.edges) if definition is not UNREAD else (),
            returns_array=success.array,
            returns=success.returns or "nothing",
            security=draft.security if self.security.has_entry else None,
            mentions_credentials=not self.security.has_entry and self.security.mentions_credentials,
            servers=draft.servers,
            text_spans=definition.text_spans,
            referenced_schemas=definition.referenced_schemas,
            size=len(draft.operation_id) + len(text or str(node.get("summary") or "")) + definition.input_size,
        )

    def _tags(self, node: dict[str, Any], pointer: str) -> tuple[str, ...]:
        tags = node.get("tags", [])
        if isinstance(tags, list):
            return tuple(str(tag) for tag in tags)
        self.documents.report(Level.ERROR, "`tags` is not a list", pointer, "write the tags as a list")
        return ()

    def _operation_id(self, node: dict[str, Any], pointer: str) -> str:
        stated = node.get("operationId", "")
        if isinstance(stated, str):
            return stated
        self.documents.report(Level.ERROR, "`operationId` is not text", pointer, "write it as text")
        return ""
