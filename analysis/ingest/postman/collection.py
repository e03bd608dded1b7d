"""Postman collections, format 2.0 and 2.1: every request one tool, with folders, variables and inherited authorization."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeGuard

from analysis.ingest.document.canonical_json import canonical_json, child, text_spans
from analysis.ingest.postman.auth import Authorization, authorization
from analysis.ingest.postman.bodies import inferred, request_body
from analysis.ingest.postman.urls import Address, address_of, variables_of
from analysis.ingest.translation import Operation, Translation, read_translated
from analysis.model import Level, SourceKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.ingest.document.loading import Options
    from analysis.ingest.document.references import DocumentSet
    from analysis.model import Inventory, SourceId

_MARK: Final = "schema.getpostman.com"
#: Keys of a request that have a place in the translated operation.
_TRANSLATED: Final = frozenset({"method", "url", "header", "description"})
#: Headers that a client sets by itself.
_OWN_HEADERS: Final = frozenset({"content-type", "accept", "user-agent", "content-length", "host", "connection"})
_MAX_DEPTH: Final = 50
_LABEL: Final = "collection"


def is_postman(data: Any) -> TypeGuard[dict[str, Any]]:
    """Whether data is a Postman collection, also inside the object that the Postman API returns."""
    inner = _collection(data)
    if inner is None:
        return False
    info = inner.get("info")
    if not isinstance(info, dict) or not isinstance(inner.get("item"), list):
        return False
    return _MARK in str(info.get("schema")) or "_postman_id" in info


def _collection(data: Any) -> dict[str, Any] | None:
    if isinstance(data, dict) and isinstance(data.get("collection"), dict):
        data = data["collection"]
    return data if isinstance(data, dict) else None


def read_postman(
    documents: DocumentSet, data: dict[str, Any], source: SourceId, uri: str, raw: bytes, options: Options
) -> Inventory:
    """Return the inventory of a collection; faults are in `documents.problems`."""
    return read_translated(documents, translated_collection(documents, data), source, uri, raw, options)


def translated_collection(documents: DocumentSet, data: dict[str, Any]) -> Translation:
    """Return a collection as operations of OpenAPI."""
    collection = _collection(data) or {}
    root = "/collection" if collection is not data else ""
    info = collection["info"]
    reader = _Reader(documents)
    known = variables_of(collection)
    top = _Folder((), authorization(collection.get("auth")), known)
    operations = tuple(reader.items(collection["item"], child(root, "item"), top, _MAX_DEPTH))
    reader.report_scripts(root)
    about = {key: collection[key] for key in ("info", "variable", "auth") if key in collection}
    return Translation(
        kind=SourceKind.POSTMAN,
        format=f"Postman collection {_version(info)}",
        title=str(info.get("name") or ""),
        version=_text(info.get("version")),
        operations=operations,
        servers=tuple(dict.fromkeys(server for operation in operations for server in _servers(operation))),
        security_schemes=reader.schemes,
        shared={_LABEL: text_spans(canonical_json(about), (about, root))},
    )


def _version(info: dict[str, Any]) -> str:
    stated = str(info.get("schema"))
    return next((f"2.{minor}" for minor in ("1", "0") if f"/v2.{minor}" in stated), "2")


def _servers(operation: Operation) -> list[str]:
    return [server["url"] for server in operation.node.get("servers", ())]


def _text(value: Any) -> str:
    """Return a description or version, which may be an object with its content."""
    if isinstance(value, dict):
        value = value.get("content")
    return value if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class _Folder:
    """What a request inherits: names of its folders, authorization, and the values of variables."""

    names: tuple[str, ...]
    auth: Authorization | None
    variables: Mapping[str, str]


class _Reader:
    """Reads the requests of one collection, and collects their security schemes."""

    def __init__(self, documents: DocumentSet) -> None:
        self.schemes: dict[str, dict[str, Any]] = {}
        self._documents = documents
        self._scripts = 0

    def items(self, items: list[Any], pointer: str, folder: _Folder, depth: int) -> Iterator[Operation]:
        """Yield the requests of a folder and of the folders inside it."""
        for number, item in enumerate(items):
            place = child(pointer, number)
            if not isinstance(item, dict):
                self._documents.report(Level.ERROR, "an item is not an object; it is not in the inventory", place)
                continue
            self._scripts += bool(item.get("event"))
            auth = authorization(item["auth"]) if isinstance(item.get("auth"), dict) else folder.auth
            own = _Folder(folder.names, auth, {**folder.variables, **variables_of(item)})
            if isinstance(item.get("item"), list):
                if not depth:
                    what = "folders are nested too deeply; their requests are not in the inventory"
                    self._documents.report(Level.ERROR, what, place, "flatten the folders")
                    continue
                inner = _Folder((*own.names, _text(item.get("name"))), own.auth, own.variables)
                yield from self.items(item["item"], child(place, "item"), inner, depth - 1)
            elif "request" in item:
                yield from self._operation(item, place, own)
            else:
                self._documents.report(Level.ERROR, "an item is neither a request nor a folder", place)

    def report_scripts(self, pointer: str) -> None:
        """Say that scripts run in Postman only."""
        if self._scripts:
            what = f"{self._scripts:,} requests or folders have scripts; they run in Postman only and were not reviewed"
            self._documents.report(Level.NOTE, what, child(pointer, "item"))

    def _operation(self, item: dict[str, Any], pointer: str, folder: _Folder) -> Iterator[Operation]:
        stated = item["request"]
        request = {"url": stated} if isinstance(stated, str) else stated
        address = address_of(request.get("url"), folder.variables) if isinstance(request, dict) else None
        if not isinstance(request, dict) or address is None:
            what = "a request has no address; it is not in the inventory"
            self._documents.report(Level.ERROR, what, pointer, "save the request with its URL")
            return
        auth = authorization(request["auth"]) if isinstance(request.get("auth"), dict) else folder.auth
        name = _text(item.get("name"))
        body = request_body(request.get("body"))
        if body.problem:
            self._documents.report(Level.NOTE, body.problem, child(child(pointer, "request"), "body"))
        rest = {key: value for key, value in request.items() if key not in _TRANSLATED}
        operation: dict[str, Any] = {
            "summary": name,
            "description": _text(request.get("description")) or _text(item.get("description")),
            "tags": [each for each in folder.names if each],
            "parameters": [*_parameters(address), *_headers(request.get("header"))],
            "responses": _responses(item.get("response")),
            "servers": [{"url": address.server}] if address.server else [],
            "x-postman": rest,
        }
        if body.content:
            operation["requestBody"] = {"content": body.content}
        if auth is not None:
            operation["security"] = [{auth.name: []}] if auth.scheme else []
            self.schemes |= {auth.name: auth.scheme} if auth.scheme else {}
        yield Operation(
            str(request.get("method") or "GET").upper(), address.path, operation, item, pointer,
            (
                ("/summary", "/name"), ("/description", "/request/description"), ("/x-postman", "/request"),
                ("/requestBody", "/request/body"), ("/responses", "/response"), ("/parameters", "/request/url"),
            ),
            name, states_security=auth is not None,
        )  # fmt: skip


def _parameters(address: Address) -> Iterator[dict[str, Any]]:
    for place, fields in (("path", address.variables), ("query", address.query)):
        for name, description in fields.items():
            made = {"name": name, "in": place, "schema": {"type": "string"}}
            yield (
                made
                | ({"required": True} if place == "path" else {})
                | ({"description": description} if description else {})
            )


def _headers(stated: Any) -> Iterator[dict[str, Any]]:
    for header in stated if isinstance(stated, list) else ():
        if not isinstance(header, dict) or not isinstance(header.get("key"), str):
            continue
        name = header["key"]
        if name and name.lower() not in _OWN_HEADERS:
            value, description = _text(header.get("value")), _text(header.get("description"))
            schema = {"type": "string"} | ({"example": value} if value else {})
            yield {"name": name, "in": "header", "schema": schema} | (
                {"description": description} if description else {}
            )


def _responses(stated: Any) -> dict[str, Any]:
    """Return the saved responses by status, with schemas inferred from their bodies."""
    made: dict[str, Any] = {}
    for response in stated if isinstance(stated, list) else ():
        if not isinstance(response, dict):
            continue
        code = str(response.get("code") or 200)
        try:
            body = json.loads(response.get("body") or "null")
        except (ValueError, RecursionError, TypeError):
            body = None
        content = {"application/json": {"schema": inferred(body)}} if isinstance(body, dict | list) else {}
        made.setdefault(code, {"description": _text(response.get("name"))} | ({"content": content} if content else {}))
    return made
