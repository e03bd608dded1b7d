"""@ivotoby/openapi-mcp-server (npm), with its abbreviations on, as by default.

Tools are kept by an id made of method and path, names are only listed: several tools may have one name, and a call runs
the first of them. Ids of paths that differ in signs the id leaves out are one, and the later tool takes the place.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from analysis.output.allowlist.document.operations import Behind
from analysis.output.allowlist.names.generator import GivenName, NoTool
from analysis.output.allowlist.names.javascript import length, utf8_of
from analysis.output.allowlist.names.ordering import all_listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.output.allowlist.document.operations import ApiOperation

_METHODS: Final = frozenset({"get", "post", "put", "patch", "delete", "options", "head"})
_MAX_NAME: Final = 64
_LONG_PART: Final = 5
_MARK: Final = 4
_NAMELESS_MARK: Final = 8

#: Words that it leaves out of names.
_LEFT_OUT: Final = frozenset({
    "controller", "api", "operation", "handler", "endpoint", "action", "perform", "execute", "retrieve", "specify",
    "for", "and", "the", "with", "from", "into", "onto", "out",
})  # fmt: skip
#: Words that it abbreviates.
_SHORT_FORMS: Final = {
    "service": "svc", "services": "svcs", "user": "usr", "users": "usrs", "management": "mgmt", "manager": "mgr",
    "manage": "mng", "authority": "auth", "authorities": "auths", "group": "grp", "groups": "grps", "update": "upd",
    "updating": "upd", "updated": "upd", "delete": "del", "deleting": "del", "deleted": "del", "create": "crt",
    "creating": "crt", "created": "crt", "get": "get", "getting": "get", "list": "lst", "listing": "lst", "post": "pst",
    "put": "put", "patch": "ptch", "request": "req", "response": "resp", "parameter": "param", "parameters": "params",
    "config": "cfg", "configuration": "config", "configure": "cfg", "resource": "res", "resources": "resrcs",
    "identity": "id", "identifier": "id", "identification": "id", "identifiers": "ids", "application": "app",
    "account": "acct", "information": "info", "notification": "notif", "description": "desc", "summary": "summ",
    "version": "ver", "value": "val", "values": "vals", "authentication": "authn", "authorization": "authz",
    "specification": "spec", "document": "doc", "documents": "docs", "repository": "repo", "repositories": "repos",
    "experimental": "exp", "deprecated": "depr", "query": "qry",
}  # fmt: skip
_KEPT_WHOLE: Final = frozenset(_SHORT_FORMS.values())

_OTHER: Final = re.compile(r"[^a-zA-Z0-9_]")
_FINAL: Final = re.compile(r"[^a-z0-9-]")
_HYPHENS: Final = re.compile("-+")
_VOWELS: Final = re.compile("[aeiouAEIOU]")
_STEPS: Final = (
    (re.compile(r"([A-Z]+)"), r" \1"),
    (re.compile(r"([A-Z][a-z])"), r" \1"),
    (re.compile(r"([a-z])([0-9])"), r"\1 \2"),
    (re.compile(r"([0-9])([A-Za-z])"), r"\1 \2"),
)
#: Text in which no step changes anything: small letters and digits that do not touch.
_ONE_WORD: Final = re.compile(r"-*(?:(?:[a-z]+|[0-9]+)(?:-+|\Z))*")
#: The word that every object of its language has.
_EVERY_OBJECT: Final = "constructor"
_PARAMETER: Final = re.compile(r"\{([^}]+)\}")
_NOT_IN_ID: Final = re.compile(r"[^A-Za-z0-9_.-]")
_SLASHES: Final = re.compile("/+")
_LONG_LINES: Final = re.compile("_{3,}")
_LONG_DASHES: Final = re.compile("-{4,}")
#: White space that JavaScript trims.
_BLANKS: Final = " \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"


def given_names(operations: Sequence[ApiOperation]) -> Mapping[str, GivenName]:
    """Return the names of the served tools."""
    if any(_breaks(operation) for operation in operations):
        return {operation.key: GivenName(None, NoTool.FAILS) for operation in operations}
    made: dict[str, GivenName] = {}
    by_id: dict[str, str] = {}
    for operation in operations:
        if operation.method.lower() not in _METHODS:
            made[operation.key] = GivenName(None, NoTool.METHOD)
        elif operation.behind is Behind.PATH_ITEM:
            made[operation.key] = GivenName(None, NoTool.REFERENCE)
        else:
            identity = _tool_id(operation)
            if identity in by_id:
                made[by_id[identity]] = GivenName(None, NoTool.OVERWRITTEN)
            by_id[identity] = operation.key  # a dict keeps the place of a key that is set again, as a Map does
            made[operation.key] = _given(operation)
    in_place = {key: made[key] for key in by_id.values()}
    return {key: made[key] for key in made} | all_listed(in_place, first_runs=True)


def _tool_id(operation: ApiOperation) -> str:
    path = _SLASHES.sub("/", operation.path.removeprefix("/"))
    path = _PARAMETER.sub(r"---\1", path).replace("/", "__")
    path = _LONG_LINES.sub("__", _NOT_IN_ID.sub("", path))
    return f"{operation.method}::{_LONG_DASHES.sub('---', path).strip('_-')}"


def _given(operation: ApiOperation) -> GivenName:
    name, cut = _abbreviated(_stated(operation))
    return GivenName(name, None, name, cut, operation.key)


def _stated(operation: ApiOperation) -> str:
    plain = operation.behind is Behind.NOTHING
    stated = (operation.operation_id or operation.summary) if plain else ""
    return stated or f"{operation.method} {operation.path}"


def _abbreviated(stated: str) -> tuple[str, bool]:
    """Return the name, and whether characters were lost to its length."""
    if not stated.strip(_BLANKS):
        return "unnamed-tool", False
    clean = _clean(stated)
    if not clean:
        return f"tool-{_hash(stated, _NAMELESS_MARK)}", False
    was_long = length(stated) > _MAX_NAME
    name = "-".join(_short_form(word) for word in _words(clean) if word.lower().rstrip("-") not in _LEFT_OUT)
    cut = was_long or len(name) > _MAX_NAME
    if len(name) > _MAX_NAME:
        name = "-".join(_without_vowels(part) for part in name.split("-"))
    name = _HYPHENS.sub("-", name).strip("-")
    if was_long or len(name) > _MAX_NAME:
        base = _MAX_NAME - _MARK - 1
        name = name[:base].rstrip("-") if len(name) > base else name
        name = f"{name}-{_hash(stated, _MARK)}"
    name = _HYPHENS.sub("-", _FINAL.sub("-", name.lower())).strip("-")
    name = name[:_MAX_NAME].rstrip("-") if len(name) > _MAX_NAME else name
    return name or f"tool-{_hash(stated, _NAMELESS_MARK)}", cut


def _clean(stated: str) -> str:
    return _HYPHENS.sub("-", _OTHER.sub("-", stated)).strip("-")


def _breaks(operation: ApiOperation) -> bool:
    """Whether a name makes the whole generator fail: it looks a word up that every object of its language has."""
    stated = _stated(operation)
    if _EVERY_OBJECT not in stated.lower() or operation.method.lower() not in _METHODS:
        return False
    return any(word.lower() == _EVERY_OBJECT for word in _words(_clean(stated)))


def _words(name: str) -> list[str]:
    words = []
    for part in name.split("_"):
        if part and _ONE_WORD.fullmatch(part):
            words.append(part)
            continue
        spaced = part
        for pattern, replacement in _STEPS:
            spaced = pattern.sub(replacement, spaced)
        words += [word for word in spaced.split(" ") if word]
    return words


def _short_form(word: str) -> str:
    # In lower or upper case: the end of the way brings all names to lower case, and only lengths count before.
    return _SHORT_FORMS.get(word.lower(), word)


def _without_vowels(part: str) -> str:
    if len(part) <= _LONG_PART or part.lower() in _KEPT_WHOLE:
        return part
    shorter = part[0] + _VOWELS.sub("", part[1:])
    return shorter if 1 < len(shorter) < len(part) else part


def _hash(text: str, characters: int) -> str:
    return hashlib.sha256(utf8_of(text)).hexdigest()[:characters]
