"""Resources, resource templates, prompts, server instructions and requests to the client as capabilities.

Their digests cover all that a client or a model is shown of them. A kind is part of the digest and of the identity, so
that a decision on one kind is never one on another.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from analysis.ingest.document.canonical_json import canonical_json, text_spans
from analysis.model import NO_TEXT_SPANS, CapabilityKind, Level, Parameter, Tool, ToolId

if TYPE_CHECKING:
    from analysis.ingest.document.references import DocumentSet
    from analysis.ingest.mcp.entries import McpEntry
    from analysis.model import SourceId

_TEMPLATES: Final = ("uriTemplate", "uri_template")
#: Variables of a URI template (RFC 6570): `{path}`, `{+path}`, `{?page,limit}`, `{name:3}`, `{list*}`.
_EXPRESSION: Final = re.compile(r"\{[+#./;?&]?([^{}]+)\}")
_QUERY: Final = re.compile(r"\{[?&]([^{}]+)\}")
_MISSING: Final = {
    CapabilityKind.RESOURCE: ("a resource", "it has no URI"),
    CapabilityKind.RESOURCE_TEMPLATE: ("a resource template", "it has no URI template"),
    CapabilityKind.PROMPT: ("a prompt", "it has no name"),
}


def capability_of(documents: DocumentSet, entry: McpEntry, kind: CapabilityKind, source: SourceId) -> Tool | None:
    """Return the capability of an entry of a list; None after reporting that it is none."""
    body = entry.body
    if body is None or entry.name is None:
        what, why = _MISSING[kind]
        documents.report(
            Level.ERROR,
            f"an entry of the list is not {what}: {why}",
            entry.pointer,
            "save the list as the server sent it",
        )
        return None
    if kind is CapabilityKind.PROMPT:
        return made(documents, kind, source, entry.name, body, entry.pointer, parameters=_prompt_arguments(body))
    template = next((body[key] for key in _TEMPLATES if isinstance(body.get(key), str)), None)
    if template is not None and not isinstance(body.get("uri"), str):
        kind = CapabilityKind.RESOURCE_TEMPLATE
    parameters = _variables(entry.name) if kind is CapabilityKind.RESOURCE_TEMPLATE else ()
    name = body.get("name")
    shown = name if isinstance(name, str) and name else entry.name
    return made(documents, kind, source, shown, body, entry.pointer, uri=entry.name, parameters=parameters)


def made(
    documents: DocumentSet,
    kind: CapabilityKind,
    source: SourceId,
    name: str,
    node: dict[str, Any],
    pointer: str,
    *,
    uri: str = "",
    parameters: tuple[Parameter, ...] = (),
) -> Tool:
    """Return a capability of a kind other than tool. Its definition is the whole node."""
    dump = canonical_json(node)
    description = str(node.get("description") or "")
    return Tool(
        id=ToolId(f"{source}:{kind.value} {uri or name}"),
        source=source,
        name=name,
        method="",
        path=uri,
        operation_id="",
        summary=str(node.get("title") or ""),
        description=description,
        digest=documents.definition_digest(canonical_json({"kind": kind.value, "definition": node})) if node else "",
        pointer=pointer,
        line=documents.line(documents.entry, node),
        parameters=parameters,
        request_fields=tuple(parameter.name for parameter in parameters),
        returns="undescribed",
        security=None,
        text_spans=text_spans(dump, (node, pointer)) if node else NO_TEXT_SPANS,
        size=len(name) + len(uri) + len(description),
        kind=kind,
    )


def _prompt_arguments(body: dict[str, Any]) -> tuple[Parameter, ...]:
    stated = body.get("arguments")
    found: dict[str, Parameter] = {}
    for each in stated if isinstance(stated, list) else ():
        if isinstance(each, dict) and isinstance(each.get("name"), str):
            text = str(each.get("description") or "")
            found.setdefault(
                each["name"], Parameter(each["name"], "argument", each.get("required") is True, "string", text)
            )
    return tuple(found.values())


def _variables(template: str) -> tuple[Parameter, ...]:
    """Return the variables of a URI template. Those of a query are optional."""
    optional = {name for part in _QUERY.findall(template) for name in _names(part)}
    names = dict.fromkeys(name for part in _EXPRESSION.findall(template) for name in _names(part))
    return tuple(Parameter(name, "argument", name not in optional, "string", "") for name in names)


def _names(expression: str) -> list[str]:
    return [name.strip().partition(":")[0].rstrip("*") for name in expression.split(",") if name.strip()]
