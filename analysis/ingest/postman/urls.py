"""Addresses of Postman requests: variables filled in where the collection gives them, others as parameters."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Mapping

_VARIABLE: Final = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
#: A variable of a path: `/orders/:id`, but not the action of `/orders:close`.
_PATH_VARIABLE: Final = re.compile(r"(?<=/):([A-Za-z_][\w.-]*)")
_SERVER: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://[^/?#]*)(.*)", re.DOTALL)
#: A first part of an address without a scheme: a host, or a variable for one.
_HOST: Final = re.compile(
    r"((?:\{\{[^{}]+\}\}|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+|localhost)(?::\d+)?)(?=[/?#]|$)(.*)", re.DOTALL
)
#: Maximum number of replacements inside the value of a variable.
_MAX_STEPS: Final = 5
_MAX_URL: Final = 4_000


@dataclass(frozen=True, slots=True)
class Address:
    """Server and path template of a request, and its variables and query fields with their descriptions."""

    server: str
    path: str
    variables: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)


def variables_of(node: dict[str, Any]) -> dict[str, str]:
    """Return the values of the variables that a collection or folder states."""
    stated = node.get("variable")
    found: dict[str, str] = {}
    for each in stated if isinstance(stated, list) else ():
        name = (each.get("key") or each.get("id")) if isinstance(each, dict) else None
        if isinstance(name, str) and isinstance(each.get("value"), str) and each["value"]:
            found[name] = each["value"]
    return found


def address_of(url: Any, known: Mapping[str, str]) -> Address | None:
    """Return the address of a request, or None when it has none."""
    stated = {"raw": url} if isinstance(url, str) else url
    if not isinstance(stated, dict):
        return None
    text = _raw(stated)
    if not text:
        return None
    server, rest = _split(_filled(text, known))
    path, _, query = rest.partition("#")[0].partition("?")
    path = _PATH_VARIABLE.sub(r"{\1}", path) or "/"
    path = _VARIABLE.sub(lambda found: f"{{{found[1]}}}", path)
    path = path if path.startswith("/") else f"/{path}"
    names = re.findall(r"\{([^{}]+)\}", path)
    described = _described(stated.get("variable"))
    return Address(
        _VARIABLE.sub(lambda found: f"{{{found[1]}}}", server),
        path,
        {name: described.get(name, "") for name in names},
        _query(stated, query),
    )


def _raw(stated: dict[str, Any]) -> str:
    """Return an address as one text; format 2.1 also states it in parts."""
    if isinstance(stated.get("raw"), str) and stated["raw"].strip():
        return str(stated["raw"]).strip()
    host = _joined(stated.get("host"), ".")
    path = _joined(stated.get("path"), "/")
    scheme = f"{stated['protocol']}://" if isinstance(stated.get("protocol"), str) and host else ""
    return f"{scheme}{host}/{path}" if host or path else ""


def _joined(parts: Any, sign: str) -> str:
    if isinstance(parts, list):
        texts = (
            part if isinstance(part, str) else part.get("value") if isinstance(part, dict) else None for part in parts
        )
        return sign.join(text for text in texts if isinstance(text, str))
    return parts if isinstance(parts, str) else ""


def _filled(text: str, known: Mapping[str, str]) -> str:
    """Return a text with the values of known variables; values may contain variables."""
    for _ in range(_MAX_STEPS):
        filled = _VARIABLE.sub(lambda found: known.get(found[1], found[0]), text)
        if filled == text or len(filled) > _MAX_URL:
            return text
        text = filled
    return text


def _split(text: str) -> tuple[str, str]:
    """Return server and rest of an address; a variable at its beginning is the server."""
    for pattern in (_SERVER, _HOST):
        found = pattern.match(text)
        if found:
            return found[1], found[2]
    return "", text


def _described(stated: Any) -> dict[str, str]:
    return dict(_pairs(stated))


def _query(stated: dict[str, Any], query: str) -> dict[str, str]:
    """Return the fields of a query with their descriptions; a switched-off field can be sent too."""
    fields = dict(_pairs(stated.get("query")))
    for pair in query.split("&"):
        name = unquote(pair.partition("=")[0])
        if name:
            fields.setdefault(name, "")
    return fields


def _pairs(stated: Any) -> list[tuple[str, str]]:
    found = []
    for each in stated if isinstance(stated, list) else ():
        if isinstance(each, dict) and isinstance(each.get("key"), str) and each["key"]:
            text = each.get("description")
            text = text.get("content") if isinstance(text, dict) else text
            found.append((each["key"], text if isinstance(text, str) else ""))
    return found
