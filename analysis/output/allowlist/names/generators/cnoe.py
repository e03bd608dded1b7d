"""CNOE openapi-mcp-codegen: its naming functions, read at a commit. Duplicates get the method in front, and no more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from analysis.output.allowlist.names.generator import GivenName, NoTool
from analysis.output.allowlist.names.ordering import all_listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.output.allowlist.document.operations import ApiOperation

_MAX_NAME: Final = 64
_WANTED: Final = 30
_SOME_PARTS: Final = 3
_METHODS: Final = {"GET": "get", "POST": "post", "PUT": "put", "PATCH": "patch", "DELETE": "del"}
_VERBS: Final = ("get_", "post_", "put_", "patch_", "del_", "delete_", "head_", "opts_", "options_")
#: In the order in which they are replaced, inside of words too.
_SHORT_FORMS: Final = (
    ("service", "svc"), ("account", "acct"), ("permissions", "perms"), ("configuration", "cfg"), ("template", "tpl"),
    ("templates", "tpls"), ("namespace", "ns"), ("workflow", "wf"), ("workflows", "wfs"), ("archived", "arch"),
    ("cluster", "clust"), ("selector", "sel"), ("metadata", "meta"), ("artifact", "art"), ("artifacts", "arts"),
    ("event_source", "evt_src"), ("event_sources", "evt_srcs"), ("cron_workflow", "cron_wf"),
    ("cron_workflows", "cron_wfs"), ("sensor", "sns"), ("sensors", "snss"), ("retrieve", "get"), ("terminate", "term"),
    ("resubmit", "resub"), ("suspend", "susp"), ("resume", "res"), ("delete", "del"), ("create", "new"),
    ("update", "upd"), ("list", "ls"),
)  # fmt: skip
_CONNECTORS: Final = ("_all_", "_by_", "_with_", "_and_", "_from_", "_using_")
_REPEATED: Final = re.compile("_+")
_CAPITAL_WORD: Final = re.compile(r"(.)([A-Z][a-z]+)")
_CAPITAL: Final = re.compile(r"([a-z0-9])([A-Z])")


def given_names(operations: Sequence[ApiOperation]) -> Mapping[str, GivenName]:
    """Return the names that its functions give. What it does without an operationId depends on its files: no name."""
    used: set[str] = set()
    made: dict[str, GivenName] = {}
    for operation in operations:
        if operation.method not in _METHODS:
            made[operation.key] = GivenName(None, NoTool.METHOD)
        elif not operation.operation_id:
            made[operation.key] = GivenName(None, NoTool.NOT_STATED)
        else:
            made[operation.key] = _given(operation, used)
    return all_listed(made, first_runs=False)


def _given(operation: ApiOperation, used: set[str]) -> GivenName:
    whole = _snake(operation.operation_id.replace(" ", "_")).replace("{", "").replace("}", "")
    short = whole
    for word, form in _SHORT_FORMS:
        short = short.replace(word, form)
    for connector in _CONNECTORS:
        short = short.replace(connector, "_")
    short = _REPEATED.sub("_", short).strip("_")
    parts = short.split("_")
    dropped = len(short) > _WANTED and len(parts) > _SOME_PARTS
    if dropped:
        kept = parts[:2] + parts[-1:]
        short = _REPEATED.sub("_", "_".join(kept)).strip("_")
    name = short
    if not name.startswith(_VERBS) or name in used:
        prefix = _METHODS[operation.method]
        room = _MAX_NAME - len(prefix) - 1
        name = f"{prefix}_{short[:room].rstrip('_') if len(short) > room else short}"
    cut = dropped or len(short) > _MAX_NAME
    name = name[:_MAX_NAME].rstrip("_") if len(name) > _MAX_NAME else name
    used.add(name)
    return GivenName(name, None, name, cut, operation.key)


def _snake(text: str) -> str:
    if text.isupper():
        return "_".join(text).lower()
    spaced = _CAPITAL_WORD.sub(r"\1_\2", text)
    return _REPEATED.sub("_", _CAPITAL.sub(r"\1_\2", spaced).lower())
