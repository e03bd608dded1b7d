"""Vizioz Swagger-MCP: its naming function, read at a commit; tools are generated one by one, on request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from analysis.output.allowlist.names.generator import GivenName
from analysis.output.allowlist.names.ordering import all_listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.output.allowlist.document.operations import ApiOperation

_MAX_NAME: Final = 64
_VERBS: Final = {"GET": "get", "POST": "create", "PUT": "update", "PATCH": "update", "DELETE": "delete"}
_SHORT_VERBS: Final = {"GET": "get", "POST": "crt", "PUT": "upd", "PATCH": "upd", "DELETE": "del"}
_SHORT_FORMS: Final = {
    "organization": "org", "organizations": "orgs", "generate": "gen", "information": "info", "application": "app",
    "applications": "apps", "identification": "id", "parameter": "param", "parameters": "params", "report": "rpt",
    "configuration": "config", "administrator": "admin", "authentication": "auth", "authorization": "authz",
    "notification": "notice", "notifications": "notices", "document": "doc", "documents": "docs", "category": "cat",
    "categories": "cats", "subscription": "sub", "subscriptions": "subs", "preference": "pref", "preferences": "prefs",
    "message": "msg", "messages": "msgs", "profile": "prof", "profiles": "profs", "setting": "set", "settings": "sets",
}  # fmt: skip
_ENDING: Final = re.compile(r"\.[^/.]+$")
_VERSION: Final = re.compile(r"v\d+", re.ASCII)


def given_names(operations: Sequence[ApiOperation]) -> Mapping[str, GivenName]:
    """Return the names that its function gives."""
    return all_listed({operation.key: _given(operation) for operation in operations}, first_runs=True)


def _given(operation: ApiOperation) -> GivenName:
    stated = operation.operation_id
    if stated and "_" not in stated and "." not in stated:
        return GivenName(stated[:_MAX_NAME], None, stated[:_MAX_NAME], len(stated) > _MAX_NAME, operation.key)
    segments = [part for part in _ENDING.sub("", operation.path).split("?")[0].split("/") if part]
    words = [_word(part, last=number == len(segments) - 1) for number, part in enumerate(segments)]
    method = operation.method
    whole = _VERBS.get(method, method.lower()) + "".join(words)
    if len(whole) <= _MAX_NAME:
        return GivenName(whole, None, whole, cut=False, runs=operation.key)
    name = _SHORT_VERBS.get(method, method.lower())
    for word in words:
        if len(name + word) > _MAX_NAME:
            break
        name += word
    return GivenName(name, None, name, cut=True, runs=operation.key)


def _word(segment: str, *, last: bool) -> str:
    if segment.lower() == "api" or _VERSION.fullmatch(segment):
        return ""
    if segment.startswith("{") and segment.endswith("}"):
        return segment[1:2].upper() + segment[2:-1]
    if last and segment.endswith("s"):
        segment = f"{segment[:-3]}y" if segment.endswith("ies") else segment[:-1]
    short = _SHORT_FORMS.get(segment.lower(), segment)
    return short[:1].upper() + short[1:]
