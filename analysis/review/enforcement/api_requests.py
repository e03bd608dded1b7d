"""Requests to an API: input schema, arguments and HTTP request of each approved operation, from the approved document.

FastMCP parses the operations and builds requests (styles, bodies, paths that stay inside their template); which operations exist is decided
here, by method and path.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from analysis.errors import CheckFailed
from analysis.ingest import Limits
from analysis.ingest.document.reader import parse_document
from analysis.output.enforce.approved_capabilities import NotServed
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analysis.model.parameter_limit import ParameterLimit
    from analysis.output.enforce.approved_capabilities import Approved

_METHODS: Final = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"})
_REMEDY: Final = "bundle it into one OpenAPI 3 document, review and sign that"


class CannotBuild(Exception):
    """Arguments from which no request can be built, with the reason."""


@dataclass(frozen=True, slots=True)
class ServedOperation:
    """One approved operation. `schema` is what callers see and arguments must meet; undeclared arguments are refused."""

    schema: Mapping[str, Any]
    description: str
    route: Any
    director: Any

    def request(self, arguments: Mapping[str, Any], base_url: str) -> Any:
        """Return the HTTP request. Raises `CannotBuild`."""
        try:
            request = self.director.build(self.route, dict(arguments), base_url)
            request.read()
        except Exception as error:  # noqa: BLE001 - the library raises what it meets
            raise CannotBuild(visible(str(error), 200)) from None
        return request

    def argument_limit(self, limit: ParameterLimit) -> ParameterLimit:
        """Return a limit on the argument that carries its parameter. Raises `CannotBuild` where several could."""
        first, dot, rest = limit.parameter.partition(".")
        named = [name for name, of in self.route.parameter_map.items() if of["openapi_name"] == first]
        if len(named) > 1:
            raise CannotBuild(f"several parameters are named {visible(first, 80)}")
        return replace(limit, parameter=f"{named[0] if named else first}{dot}{rest}")


def operations(
    files: tuple[tuple[str, bytes], ...], approved: Iterable[Approved]
) -> tuple[dict[str, ServedOperation], list[NotServed]]:
    """Return the operations by the id of their tool, and those that no request can be built for. Raises `CheckFailed`."""
    wanted = {(each.method.upper(), each.path): each for each in approved}
    if not wanted:
        return {}, []
    routes, director = _routes(_only(_document(files), set(wanted)))
    found: dict[str, ServedOperation] = {}
    for route in routes:
        each = wanted.get((str(route.method).upper(), route.path))
        if each is not None:
            schema = {
                **json.loads(json.dumps(route.flat_param_schema)),
                "type": "object",
                "additionalProperties": False,
            }
            text = "\n\n".join(part for part in (route.summary, route.description) if part)
            found[each.id] = ServedOperation(schema, text, route, director)
    absent = [each for each in wanted.values() if each.id not in found]
    return found, [NotServed(each.name, "no request can be built from its definition") for each in absent]


def _document(files: tuple[tuple[str, bytes], ...]) -> dict[str, Any]:
    if len(files) != 1:
        raise CheckFailed("the approved document has several files, which the gateway cannot serve", remedy=_REMEDY)
    data = parse_document(files[0][1], Limits()).data
    if not isinstance(data, dict) or not str(data.get("openapi", "")).startswith("3."):
        raise CheckFailed("the approved document is not OpenAPI 3, which alone the gateway serves", remedy=_REMEDY)
    plain: dict[str, Any] = json.loads(json.dumps(data, default=str))
    return plain


def _only(document: dict[str, Any], wanted: set[tuple[str, str]]) -> dict[str, Any]:
    """Return the document without the operations that are not approved: what is not there cannot be exposed."""
    paths: dict[str, Any] = {}
    for path, item in (document.get("paths") or {}).items():
        if isinstance(item, dict):
            kept = {k: v for k, v in item.items() if k.lower() not in _METHODS or (k.upper(), path) in wanted}
            if "$ref" in kept or any(key.lower() in _METHODS for key in kept):
                paths[path] = kept
    return {key: value for key, value in document.items() if key != "webhooks"} | {"paths": paths}


def _routes(document: dict[str, Any]) -> tuple[list[Any], Any]:
    from fastmcp.utilities.openapi import parse_openapi_to_http_routes  # noqa: PLC0415 - comes with the extra
    from fastmcp.utilities.openapi.director import RequestDirector  # noqa: PLC0415
    from jsonschema_path import SchemaPath  # noqa: PLC0415 - comes with openapi-core

    try:
        return parse_openapi_to_http_routes(document), RequestDirector(SchemaPath.from_dict(document))
    except Exception as error:  # noqa: BLE001 - the library raises what it meets
        why = visible(str(error), 300)
        raise CheckFailed("no requests can be built from the approved document", why=why, remedy=_REMEDY) from None
