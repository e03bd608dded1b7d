"""One recorded call: from a log record in one of many formats to a `Call`."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from functools import lru_cache
from sys import intern
from typing import Any, Final
from urllib.parse import urlsplit

from analysis.text import without_surrogates
from analysis.traffic.secrets import body_of, compact, pairs_of, parse_json, value_of, without_secrets

#: Required fields of an audit record: who did what, when, with which outcome.
AUDIT_FIELDS: Final = ("user", "agent", "tool", "parameters", "time", "outcome")

# Field names in order of preference, without case and punctuation, including those of MCP (JSON-RPC), of the
# OpenTelemetry conventions for HTTP and generative AI, and of common access logs.
# fmt: off
_USER: Final = ("user", "userid", "username", "useremail", "enduser", "enduserid", "actor", "actorid", "actorname",
                "subject", "sub", "principal", "principalid", "onbehalfof", "initiator")
_AGENT: Final = ("agent", "agentid", "agentname", "genaiagentname", "genaiagentid", "client", "clientid", "clientname",
                 "assistant", "model", "modelname", "genairequestmodel", "app", "application")
_TOOL: Final = ("tool", "toolname", "toolid", "genaitoolname", "function", "functionname", "operation", "operationid",
                "name")
_ARGUMENTS: Final = ("arguments", "args", "parameters", "params", "input", "toolinput", "toolarguments",
                     "toolparameters", "genaitoolcallarguments")
_TIME: Final = ("timestamp", "time", "ts", "datetime", "date", "at", "eventtime", "startedat", "createdat")
_METHOD: Final = ("httpmethod", "httprequestmethod", "requestmethod", "method", "verb")
_URL: Final = ("url", "requestline", "urlfull", "httpurl", "requesturl", "requesturi", "uri", "urlpath", "path", "requestpath",
               "httptarget", "endpoint", "route")
_STATUS: Final = ("statuscode", "httpstatus", "httpstatuscode", "httpresponsestatuscode", "responsestatus", "status")
_OUTCOME: Final = ("outcome", "status", "iserror", "error", "success", "ok", "result", "decision")
#: Members in which some loggers nest the fields of a call.
_NESTED_KEYS: Final = ("request", "http", "call", "toolcall", "function", "message", "event", "details", "params")
# fmt: on
_IDENTITY: Final = ("id", "email", "name", "username", "login", "sub", "upn")
_PUNCTUATION: Final = re.compile(r"[^a-z0-9]+")
_SCHEME: Final = re.compile(r"https?://", re.IGNORECASE)
_METHOD_NAME: Final = re.compile(r"[A-Za-z]{2,20}\Z")
#: An outcome is a word; anything longer is the result of the tool and is not kept.
_WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _.-]{0,39}\Z")
_MAX_NAME: Final = 200
_NO_BODY: Final = frozenset({"GET", "HEAD", "DELETE", "OPTIONS", "TRACE"})
#: The JSON-RPC method of a tool call.
_MCP_CALL: Final = "tools/call"


@dataclass(frozen=True, slots=True)
class Call:
    """One recorded call. Names of secrets are kept, their values are replaced by `secrets.DROPPED`.

    `number` is the line of the log or the entry of the HAR, from 1. `path` is as sent, without host and query.
    `arguments`, `request` and `response` are JSON or form text; None when the record has none, or it is not kept.
    `missing` names the audit fields that the record lacks.
    """

    number: int
    time: str = ""
    user: str = ""
    agent: str = ""
    tool: str = ""
    method: str = ""
    host: str = ""
    path: str = ""
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    arguments: str | None = None
    status: int = 0
    outcome: str = ""
    request: str | None = None
    request_type: str = ""
    response: str | None = None
    response_type: str = ""
    missing: tuple[str, ...] = ()


def call_of_record(record: dict[str, Any], number: int, depth: int) -> Call | None:
    """Return the call of one object of a log; None for a protocol message other than a tool call. Raises `TooDeep`."""
    layers = _layers(record)
    method = _plain(_first(layers, _METHOD))
    protocol = any("jsonrpc" in layer for layer in layers)
    if method != _MCP_CALL and ("/" in method or protocol):
        return None
    stated, tool = _first(layers, _ARGUMENTS), _first(layers, _TOOL)
    if method == _MCP_CALL:  # name and arguments are in the innermost object
        stated, tool = _first(layers[::-1], ("arguments",)), _first(layers[::-1], ("name",))
    sent = _first(layers, ("requestbody", "body", "postdata"))
    method, host, path, query = _target(method, _plain(_first(layers, _URL)))
    answer = record.get("response")
    answers = [_normal(answer)] if isinstance(answer, dict) else []
    returned = _first([*answers, *layers], ("responsebody",)) or _first(answers, ("body",))
    return _call(
        number,
        time=_plain(_first(layers, _TIME)),
        user=_identity(_first(layers, _USER)),
        agent=_identity(_first(layers, _AGENT)),
        tool=_identity(tool),
        method=method,
        host=host,
        path=path,
        query=query,
        arguments=_arguments(stated, depth),
        status=_status([*answers, *layers]),
        outcome=_outcome([*layers, *answers]),
        request=body_of(sent, "", depth),
        response=body_of(returned, "", depth),
        has_input=stated is not None or sent is not None,
    )


def call_of_entry(entry: dict[str, Any], number: int, depth: int, largest: int) -> Call:
    """Return the call of an entry of a HAR file (1.2); bodies longer than `largest` characters are not kept.

    A HAR has no fields for user and agent; the custom fields `_user` and `_agent` are read. Raises `TooDeep`.
    """
    layer = _normal(entry)
    request, response = _object(entry.get("request")), _object(entry.get("response"))
    sent, content = _object(request.get("postData")), _object(response.get("content"))
    sent_type, content_type = _media(sent.get("mimeType")), _media(content.get("mimeType"))
    method, host, path, query = _target(_plain(request.get("method")), _plain(request.get("url")))
    return _call(
        number,
        time=_plain(entry.get("startedDateTime")),
        user=_identity(_first([layer], _USER)),
        agent=_identity(_first([layer], _AGENT)),
        tool=_identity(_first([layer], ("tool", "toolname"))),
        method=method,
        host=host,
        path=path,
        query=query,
        headers=_headers(request.get("headers")),
        status=_code(response.get("status")),
        outcome="",
        request=body_of(_body_text(sent, largest), sent_type or "unknown", depth),
        request_type=sent_type,
        response=body_of(_body_text(content, largest), content_type or "unknown", depth),
        response_type=content_type,
        has_input=True,
    )


def _call(number: int, *, has_input: bool, **facts: Any) -> Call:
    """Return the call with shortened, interned names and its missing fields. `has_input`: parameters are recorded."""
    for name in ("user", "agent", "tool", "host"):
        facts[name] = intern(facts[name][:_MAX_NAME])
    facts["time"] = facts["time"][:40]
    facts["outcome"] = intern(str(facts["status"]) if facts["status"] else facts["outcome"])
    if not (facts["method"] and facts["path"]):
        facts["method"] = facts["path"] = ""
    has_input = has_input or bool(facts["query"]) or (facts["method"] in _NO_BODY and bool(facts["path"]))
    has = (facts["user"], facts["agent"], facts["tool"] or facts["path"], has_input, facts["time"], facts["outcome"])
    missing = tuple(field for field, value in zip(AUDIT_FIELDS, has, strict=True) if not value)
    return Call(number, missing=missing, **facts)


# fields of a record ------------------------------------------------------------------------


@lru_cache(maxsize=4_096)
def _normal_key(key: str) -> str:
    return _PUNCTUATION.sub("", key[:60].lower())


def _normal(record: dict[str, Any]) -> dict[str, Any]:
    return {_normal_key(key): value for key, value in record.items() if value is not None}


def _layers(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the record and its nested objects with fields of the call, outermost first."""
    layers = [_normal(record)]
    for layer in layers[:]:
        for key in _NESTED_KEYS:
            inner = layer.get(key)
            if isinstance(inner, dict):
                layers.append(_normal(inner))
                deeper = inner.get("params")  # the call inside a JSON-RPC message inside a record
                if isinstance(deeper, dict):
                    layers.append(_normal(deeper))
    return layers


def _first(layers: list[dict[str, Any]], keys: tuple[str, ...]) -> Any:
    """Return the value of the first of the names, from the outermost object that has it."""
    for key in keys:
        for layer in layers:
            if key in layer:
                return layer[key]
    return None


def _object(node: Any) -> dict[str, Any]:
    return node if isinstance(node, dict) else {}


def _plain(value: Any) -> str:
    """Return a text or number as text; for anything else an empty one."""
    if isinstance(value, str):
        return without_surrogates(value) if not value.isascii() else value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _identity(value: Any) -> str:
    """Return the identity given by a text or an object."""
    if isinstance(value, dict):
        return next((text for key in _IDENTITY if (text := _plain(value.get(key)))), "")
    return _plain(value)


def _target(method: str, url: str) -> tuple[str, str, str, tuple[tuple[str, str], ...]]:
    """Return (method, host, path, query) of a method and a URL, path, or request line."""
    line = url.split(" ")
    if len(line) > 1 and _METHOD_NAME.match(line[0]):
        method, url = line[0], line[1]
    named = method.upper() if _METHOD_NAME.match(method) else ""
    if not _SCHEME.match(url):
        path, _, query = url.partition("#")[0].partition("?")
        return named, "", path if path.startswith("/") else "", pairs_of(query)
    try:
        parts = urlsplit(url)
    except ValueError:
        return named, "", "", ()
    return named, parts.netloc.rpartition("@")[2].lower(), parts.path or "/", pairs_of(parts.query)


def _headers(listed: Any) -> tuple[tuple[str, str], ...]:
    found = [_object(header) for header in (listed[:200] if isinstance(listed, list) else ())]
    pairs = ((_plain(header.get("name")), _plain(header.get("value"))) for header in found)
    return tuple((name.lower(), value_of(name, value)) for name, value in pairs if name and not name.startswith(":"))


def _media(stated: Any) -> str:
    return intern(_plain(stated).strip().lower()[:_MAX_NAME])


def _body_text(content: dict[str, Any], largest: int) -> str | None:
    """Return the text of a HAR body; None if it is missing, too long, or not text."""
    text = content.get("text")
    if not isinstance(text, str) or len(text) > largest:
        return None
    if content.get("encoding") != "base64":
        return text
    try:
        return base64.b64decode(text, validate=True).decode()
    except ValueError:
        return None


def _arguments(stated: Any, depth: int) -> str | None:
    """Return the arguments as JSON text of an object; some loggers write them as text, or as a list of objects."""
    if isinstance(stated, str):
        try:
            stated = parse_json(stated)
        except (ValueError, RecursionError):
            return None
    return compact(without_secrets(stated, depth)) if isinstance(stated, dict) else None


# outcome -----------------------------------------------------------------------------------------


def _code(value: Any) -> int:
    """Return an HTTP status, or 0."""
    if isinstance(value, str) and len(value) == 3 and value.isascii() and value.isdigit():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 100 <= value <= 599 else 0


def _status(layers: list[dict[str, Any]]) -> int:
    for layer in layers:
        for key in _STATUS:
            if key in layer and (code := _code(layer[key])):
                return code
    return 0


def _outcome(layers: list[dict[str, Any]]) -> str:
    """Return the outcome of a call as a word; longer values are results, and are not kept."""
    for key in _OUTCOME:
        for layer in layers:
            if key not in layer:
                continue
            value = layer[key]
            if isinstance(value, dict) and isinstance(value.get("isError"), bool):  # the result of an MCP tool
                return "error" if value["isError"] else "ok"
            if key in {"error", "iserror"}:
                return "error" if value else "ok"
            if isinstance(value, bool):
                return "ok" if value else "error"
            if value == "":
                continue
            return value.lower() if isinstance(value, str) and _WORD.match(value) else "answered"
    return ""
