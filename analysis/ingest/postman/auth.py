"""Authorization of Postman requests as security schemes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

#: Types of authorization that are schemes of HTTP, by their name there.
_HTTP = {"bearer": "bearer", "basic": "basic", "digest": "digest", "hawk": "hawk", "ntlm": "ntlm", "jwt": "bearer"}


@dataclass(frozen=True, slots=True)
class Authorization:
    """How a request is authorized. Without a scheme it needs no credential."""

    name: str
    scheme: dict[str, Any] = field(default_factory=dict)


def authorization(stated: Any) -> Authorization | None:
    """Return the authorization that an object states; None when it is silent, or leaves it to its folder."""
    kind = stated.get("type") if isinstance(stated, dict) else None
    if not isinstance(kind, str) or kind in {"", "inherit"}:
        return None
    if kind == "noauth":
        return Authorization(kind)
    if kind in _HTTP:
        return Authorization(kind, {"type": "http", "scheme": _HTTP[kind]})
    if kind == "apikey":
        settings = _settings(stated.get(kind))
        name, place = settings.get("key") or "api key", settings.get("in") or "header"
        return Authorization(f"apikey {place} {name}", {"type": "apiKey", "in": place, "name": name})
    if kind == "oauth2":
        scope = _settings(stated.get(kind)).get("scope", "")
        return Authorization(kind, {"type": "oauth2", "flows": {}, "description": scope})
    return Authorization(kind, {"type": kind})


def _settings(stated: Any) -> dict[str, str]:
    """Return the settings of a type: a list of pairs in format 2.1, an object in 2.0."""
    if isinstance(stated, dict):
        return {key: value for key, value in stated.items() if isinstance(value, str)}
    pairs = [each for each in stated if isinstance(each, dict)] if isinstance(stated, list) else []
    return {
        each["key"]: each["value"]
        for each in pairs
        if isinstance(each.get("key"), str) and isinstance(each.get("value"), str)
    }
