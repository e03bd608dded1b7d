"""Google API discovery documents (`discovery#restDescription`): every method one tool."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeGuard

from analysis.ingest.document.canonical_json import child
from analysis.ingest.translation import Operation, Translation, read_translated
from analysis.model import Level, SourceKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.ingest.document.loading import Options
    from analysis.ingest.document.references import DocumentSet
    from analysis.model import Inventory, SourceId

_KIND: Final = "discovery#restDescription"
_SCHEME: Final = "oauth2"
#: Keys of a method that have a place in the translated operation.
_TRANSLATED: Final = frozenset({"id", "description", "parameters", "request", "response", "scopes", "deprecated"})
#: Keys of a parameter that are not part of its schema.
_OUTSIDE: Final = frozenset({"location", "required", "repeated", "description"})
#: Parameters that all methods of all Google APIs share; they select a format or identify the caller.
_STANDARD: Final = frozenset(
    {"alt", "fields", "key", "access_token", "oauth_token", "callback", "prettyPrint", "quotaUser", "userIp", "uploadType",
     "upload_protocol", "$.xgafv", "bearer_token", "pp"}
)  # fmt: skip
#: Variables of a path: `{name}`, and `{+name}`, which may contain slashes.
_RESERVED: Final = re.compile(r"\{\+")
#: Maximum depth of resources inside resources.
_MAX_DEPTH: Final = 30


def is_discovery(data: Any) -> TypeGuard[dict[str, Any]]:
    """Whether data is a Google API discovery document."""
    if not isinstance(data, dict):
        return False
    described = isinstance(data.get("resources"), dict) or isinstance(data.get("methods"), dict)
    return data.get("kind") == _KIND or (isinstance(data.get("discoveryVersion"), str) and described)


def read_discovery(
    documents: DocumentSet, data: dict[str, Any], source: SourceId, uri: str, raw: bytes, options: Options
) -> Inventory:
    """Return the inventory of a discovery document; faults are in `documents.problems`."""
    return read_translated(documents, translated_discovery(documents, data), source, uri, raw, options)


def translated_discovery(documents: DocumentSet, data: dict[str, Any]) -> Translation:
    """Return a discovery document as operations of OpenAPI."""
    reader = _Reader(documents, data)
    root = str(data.get("rootUrl") or data.get("baseUrl") or "")
    stated = data.get("schemas")
    schemas = {name: _schema(node) for name, node in stated.items()} if isinstance(stated, dict) else {}
    return Translation(
        kind=SourceKind.DISCOVERY,
        format=f"Google Discovery {data.get('discoveryVersion') or 'v1'}",
        title=str(data.get("title") or data.get("canonicalName") or data.get("name") or ""),
        version=str(data.get("version") or ""),
        operations=tuple(reader.operations(data, "", _MAX_DEPTH)),
        servers=(root,) if root else (),
        security_schemes={_SCHEME: _scheme(data)},
        schemas=schemas,
    )


def _scheme(data: dict[str, Any]) -> dict[str, Any]:
    auth = data.get("auth")
    oauth2 = auth.get("oauth2") if isinstance(auth, dict) else None
    scopes = oauth2.get("scopes") if isinstance(oauth2, dict) else None
    described = {
        name: str(scope.get("description") or "") if isinstance(scope, dict) else ""
        for name, scope in (scopes.items() if isinstance(scopes, dict) else ())
    }
    return {"type": "oauth2", "flows": {"authorizationCode": {"scopes": described}}}


class _Reader:
    """Reads the methods of one document."""

    def __init__(self, documents: DocumentSet, data: dict[str, Any]) -> None:
        self._documents = documents
        self._base = f"/{str(data.get('servicePath') or '').strip('/')}".rstrip("/")
        stated = data.get("parameters")
        common = stated if isinstance(stated, dict) else {}
        self._common = {name: node for name, node in common.items() if name not in _STANDARD}

    def operations(self, node: dict[str, Any], pointer: str, depth: int) -> Iterator[Operation]:
        """Yield the methods of a resource and of the resources inside it."""
        methods, place = node.get("methods"), child(pointer, "methods")
        for name, method in methods.items() if isinstance(methods, dict) else ():
            if isinstance(method, dict) and isinstance(method.get("httpMethod"), str):
                yield self._operation(name, method, child(place, name))
            else:
                what = f"the method {name[:80]!r} has no `httpMethod`; it is not in the inventory"
                self._documents.report(Level.ERROR, what, child(place, name), "export the document again")
        inner, place = node.get("resources"), child(pointer, "resources")
        for name, resource in inner.items() if isinstance(inner, dict) else ():
            if isinstance(resource, dict) and depth:
                yield from self.operations(resource, child(place, name), depth - 1)
            else:
                what = f"the resource {name[:80]!r} was not read; its methods are not in the inventory"
                self._documents.report(Level.ERROR, what, child(place, name), "export the document again")

    def _operation(self, name: str, method: dict[str, Any], pointer: str) -> Operation:
        path = str(method.get("flatPath") or method.get("path") or "")
        shown = f"{self._base}/{_RESERVED.sub('{', path).lstrip('/')}"
        stated = method.get("parameters")
        parameters = stated if isinstance(stated, dict) else {}
        flat = {} if _variables(shown) <= parameters.keys() else _flat_parameters(shown, parameters)
        listed = [_parameter(key, node) for key, node in {**parameters, **flat}.items()]
        listed += [_parameter(key, node) for key, node in self._common.items() if key not in parameters]
        scopes = method.get("scopes")
        identity = str(method.get("id") or name)
        operation: dict[str, Any] = {
            "operationId": identity,
            "description": str(method.get("description") or ""),
            "parameters": listed,
            "responses": {"200": _body(method.get("response"))},
            "x-discovery": {key: value for key, value in method.items() if key not in _TRANSLATED},
        }
        if isinstance(method.get("request"), dict):
            operation["requestBody"] = _body(method["request"])
        if method.get("deprecated") is True:
            operation["deprecated"] = True
        if isinstance(scopes, list) and scopes:
            # A token with any one of the scopes is enough.
            operation["security"] = [{_SCHEME: [scope]} for scope in scopes]
        places = [(f"/parameters/{number}", child("/parameters", key)) for number, key in enumerate(parameters)]
        places += [
            ("/requestBody", "/request"),
            ("/responses/200", "/response"),
            ("/x-discovery", ""),
            ("/operationId", "/id"),
        ]
        return Operation(
            method["httpMethod"].upper(), shown, operation, method, pointer, tuple(places), identity,
            states_security="security" in operation,
        )  # fmt: skip


def _variables(path: str) -> set[str]:
    return set(re.findall(r"\{([^{}]*)\}", path))


def _flat_parameters(path: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """Return the variables of a flat path, which spell out a parameter that contains slashes."""
    return {
        name: {"type": "string", "location": "path", "required": True}
        for name in sorted(_variables(path) - parameters.keys())
    }


def _parameter(name: str, node: Any) -> dict[str, Any]:
    stated = node if isinstance(node, dict) else {}
    schema = _schema({key: value for key, value in stated.items() if key not in _OUTSIDE})
    if stated.get("repeated") is True:
        schema = {"type": "array", "items": schema}
    made = {"name": name, "in": str(stated.get("location") or "query"), "schema": schema}
    if stated.get("required") is True:
        made["required"] = True
    if isinstance(stated.get("description"), str):
        made["description"] = stated["description"]
    return made


def _body(stated: Any) -> dict[str, Any]:
    """Return a body whose schema is the one that a method refers to by name."""
    if not isinstance(stated, dict) or not stated:
        return {"description": ""}
    return {"description": "", "content": {"application/json": {"schema": _schema(stated)}}}


def _schema(node: Any) -> Any:
    """Return a schema with references as JSON pointers: a discovery document refers to schemas by name."""
    if isinstance(node, list):
        return [_schema(item) for item in node]
    if not isinstance(node, dict):
        return node
    made = {key: _schema(value) for key, value in node.items()}
    ref = node.get("$ref")
    if isinstance(ref, str) and "/" not in ref:
        made["$ref"] = "#" + child("/schemas", ref.removeprefix("#"))
    return made
