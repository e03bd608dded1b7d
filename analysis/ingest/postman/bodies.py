"""Bodies of Postman requests: fields of forms, and schemas inferred from examples in JSON."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, Final

#: A variable that is a value of its own, outside quotes: `{"amount": {{amount}}}`.
_BARE: Final = re.compile(r"(?<![\"\w])\{\{[^{}]*\}\}(?![\"\w])")
_COMMENT: Final = re.compile(r"^\s*//[^\n]*$", re.MULTILINE)
_MAX_DEPTH: Final = 20
#: Maximum number of items of a list whose fields are collected.
_MAX_ITEMS: Final = 20


@dataclass(frozen=True, slots=True)
class RequestBody:
    """A body by media type, as OpenAPI states it, and what was not understood of it."""

    content: dict[str, Any] = field(default_factory=dict)
    problem: str = ""


_NO_BODY: Final = RequestBody()
_FORMS: Final = {"urlencoded": "application/x-www-form-urlencoded", "formdata": "multipart/form-data"}


def request_body(stated: Any) -> RequestBody:
    """Return the body of a request in any of the modes of Postman."""
    mode = stated.get("mode") if isinstance(stated, dict) else None
    if not isinstance(mode, str) or stated.get("disabled") is True:
        return _NO_BODY
    if mode in _FORMS:
        return RequestBody({_FORMS[mode]: {"schema": _form(stated.get(mode))}})
    if mode == "raw":
        return _raw(stated.get("raw"))
    if mode == "graphql":
        return RequestBody({"application/json": {"schema": _graphql(stated.get("graphql"))}})
    if mode == "file":
        return RequestBody({"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}})
    return RequestBody(problem=f"the body mode {mode[:40]!r} is not known; its fields are not in the inventory")


def _form(stated: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for each in stated if isinstance(stated, list) else ():
        if isinstance(each, dict) and isinstance(each.get("key"), str) and each["key"]:
            text = each.get("description")
            text = text.get("content") if isinstance(text, dict) else text
            schema: dict[str, Any] = {"type": "string"}
            schema |= {"format": "binary"} if each.get("type") == "file" else {}
            schema |= {"description": text} if isinstance(text, str) and text else {}
            schema |= {"example": each["value"]} if isinstance(each.get("value"), str) and each["value"] else {}
            fields[each["key"]] = schema
    return {"type": "object", "properties": fields}


def _raw(text: Any) -> RequestBody:
    if not isinstance(text, str) or not text.strip():
        return _NO_BODY
    for candidate in (text, _COMMENT.sub("", _BARE.sub("0", text))):
        try:
            data = json.loads(candidate)
        except (ValueError, RecursionError):
            continue
        return RequestBody({"application/json": {"schema": inferred(data)}})
    looks_like_json = text.lstrip()[:1] in {"{", "["}
    problem = "the body is not valid JSON; its fields are not in the inventory" if looks_like_json else ""
    return RequestBody({"text/plain": {"schema": {"type": "string", "example": text}}}, problem)


def _graphql(stated: Any) -> dict[str, Any]:
    query = stated.get("query") if isinstance(stated, dict) else None
    variables = stated.get("variables") if isinstance(stated, dict) else None
    try:
        given = json.loads(variables) if isinstance(variables, str) and variables.strip() else {}
    except (ValueError, RecursionError):
        given = {}
    text = {"example": query} if isinstance(query, str) else {}
    return {"type": "object", "properties": {"query": {"type": "string"} | text, "variables": inferred(given)}}


def inferred(value: Any, depth: int = _MAX_DEPTH) -> dict[str, Any]:
    """Return the schema that an example shows. Beyond the maximum depth anything is possible."""
    if not depth:
        return {}
    if isinstance(value, dict):
        return {"type": "object", "properties": {str(key): inferred(inner, depth - 1) for key, inner in value.items()}}
    if isinstance(value, list):
        return {"type": "array", "items": _merged([inferred(item, depth - 1) for item in value[:_MAX_ITEMS]])}
    if isinstance(value, bool):
        return {"type": "boolean"}
    if isinstance(value, int | float):
        return {"type": "number"}
    return {"type": "string", "example": value} if isinstance(value, str) and value else {"type": "string"}


def _merged(schemas: list[dict[str, Any]]) -> dict[str, Any]:
    """Return one schema for the items of a list: the fields of all objects, else the first."""
    fields: dict[str, Any] = {}
    for schema in schemas:
        fields |= {name: each for name, each in schema.get("properties", {}).items() if name not in fields}
    return {"type": "object", "properties": fields} if fields else schemas[0] if schemas else {}
