"""Responses of an operation: the fields of all of them, and of those of successful calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from analysis.ingest.document.canonical_json import child
from analysis.ingest.json_schema.fields import field_names
from analysis.model import Level

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.ingest.document.references import DocumentSet
    from analysis.ingest.json_schema.ref_graph import RefGraph

#: How well a response is described, in ascending order; of several responses the best counts.
_RETURNS: Final = ("", "nothing", "undescribed", "described")


@dataclass(frozen=True, slots=True)
class Response:
    """One response, or several merged.

    Fields stated inline (name to schema), the same as a mask, graph nodes with further fields, whether it is an array,
    and how well it is described.
    """

    names: dict[str, Any] = field(default_factory=dict)
    mask: int = 0
    edges: tuple[int, ...] = ()
    array: bool = False
    returns: str = ""


#: Keys of a media type that describe fields by the schema only.
_MEDIA: Final = frozenset({"schema", "example", "examples"})
_NO_RESPONSE: Final = Response()


class ResponseReader:
    """Reads the responses of operations of one document; a shared one is read once."""

    def __init__(self, documents: DocumentSet, graph: RefGraph) -> None:
        self.documents = documents
        self.graph = graph
        self._shared: dict[tuple[str, str], Response] = {}
        self._of_schemas: dict[tuple[str, str], Response] = {}

    def responses(self, node: dict[str, Any], file: str, pointer: str) -> tuple[Response, Response]:
        """Return (all responses of an operation merged, those of successful calls merged)."""
        stated = node.get("responses", {})
        if not isinstance(stated, dict):
            self.documents.report(Level.ERROR, "`responses` is not an object", pointer)
            return _NO_RESPONSE, _NO_RESPONSE
        found_all, successful = [], []
        for code, raw in stated.items():
            if code.startswith("x-"):
                continue
            found = self._response(raw, file, child(f"{pointer}/responses", code))
            found_all.append(found)
            if code[:1] == "2" or code == "default":
                successful.append(found)
        return self._merged(found_all), self._merged(successful)

    def _response(self, raw: Any, file: str, pointer: str) -> Response:
        ref = raw.get("$ref") if isinstance(raw, dict) else None
        if not isinstance(ref, str):
            return self._read(raw, file, pointer)
        if (file, ref) not in self._shared:
            self._shared[file, ref] = self._read(raw, file, pointer)
        return self._shared[file, ref]

    def _read(self, raw: Any, file: str, pointer: str) -> Response:
        response, where, place = self.documents.resolve(raw, file, pointer)
        if not isinstance(response, dict):
            self.documents.report(Level.ERROR, "a response is not an object", pointer)
            return Response(returns="undescribed")
        content, schema = response.get("content"), response.get("schema")
        if content is None and schema is None:
            return Response(returns="nothing")
        ref = _only_reference(content) if schema is None else ""
        if not ref:
            return self._body(content, schema, where, place)
        if (where, ref) not in self._of_schemas:
            self._of_schemas[where, ref] = self._body(content, schema, where, place)
        return self._of_schemas[where, ref]

    def _body(self, content: Any, schema: Any, where: str, place: str) -> Response:
        """Return the body of a response, in one media type or several."""
        body = {"content": content, "schema": schema}
        names, refs = field_names(body, siblings=self.graph.siblings)
        streamed = False
        for media in content.values() if isinstance(content, dict) else []:
            streamed = streamed or (isinstance(media, dict) and "itemSchema" in media)
            schema = media.get("schema") if schema is None and isinstance(media, dict) else schema
        top, _, _ = self.documents.resolve(schema, where, place) if isinstance(schema, dict) else ({}, "", "")
        returns = "nothing" if schema is None and not content else _described(names, refs, top)
        is_array = streamed or _is_array(top)
        edges = tuple(self.graph.edges(refs, where, body, place))
        return Response(names, self.graph.mask(names), edges, is_array, returns)

    def _merged(self, found: list[Response]) -> Response:
        """Return several responses as one. Facts of a single one are not copied."""
        if len(found) < 2:
            return found[0] if found else _NO_RESPONSE
        mask = 0
        for each in found:
            mask |= each.mask
        return Response(
            self._merged_names([each.names for each in found if each.names]),
            mask,
            self._merged_edges([each.edges for each in found if each.edges]),
            any(each.array for each in found),
            max((each.returns for each in found), key=_RETURNS.index),
        )

    def _merged_names(self, stated: list[dict[str, Any]]) -> dict[str, Any]:
        if len(stated) < 2:
            return stated[0] if stated else {}
        joined: dict[str, Any] = {}
        for names in stated:
            self.documents.expansion.take(len(names))
            joined |= names
        return joined

    def _merged_edges(self, stated: list[tuple[int, ...]]) -> tuple[int, ...]:
        if len(stated) < 2:
            return stated[0] if stated else ()
        self.documents.expansion.take(sum(map(len, stated)))
        return tuple(sorted(set().union(*stated)))


def _only_reference(content: Any) -> str:
    """Return the reference if the body is nothing else: most bodies are, and many name the same schema."""
    media = next(iter(content.values())) if isinstance(content, dict) and len(content) == 1 else None
    schema = media.get("schema") if isinstance(media, dict) and media.keys() <= _MEDIA else None
    ref = schema.get("$ref") if isinstance(schema, dict) and len(schema) == 1 else None
    return ref if isinstance(ref, str) else ""


def _described(names: Iterable[str], refs: list[str], top: Any) -> str:
    """Return whether a schema describes the response. Bytes and plain text do not describe their content."""
    if names or refs:
        return "described"
    stated = top.get("type") if isinstance(top, dict) else None
    plain = any(kind in ("integer", "number", "boolean") for kind in (stated if isinstance(stated, list) else [stated]))
    return "described" if plain or (isinstance(top, dict) and top.get("enum")) else "undescribed"


def _is_array(schema: Any) -> bool:
    """Whether a schema is an array, possibly nullable."""
    stated = schema.get("type") if isinstance(schema, dict) else None
    return stated == "array" or (isinstance(stated, list) and "array" in stated)
