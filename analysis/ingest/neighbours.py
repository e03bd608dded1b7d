"""Formats that are close to the ones that are read: recognised by name, with the way to convert them.

A person who names one learns what it is and what to do, instead of only what it is not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from analysis.ingest.document.loading import decode, refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.model import Problem

#: Characters of a file that are looked at: the marks of a format are at its beginning.
_MAX_HEAD: Final = 20_000


@dataclass(frozen=True, slots=True)
class _Format:
    """A format: how it is recognised, by data or by text, its name, why it cannot be reviewed, and what to do."""

    name: str
    why: str
    remedy: str
    data: Callable[[dict[str, Any]], bool] | None = None
    text: re.Pattern[str] | None = None


def _has(*keys: str) -> Callable[[dict[str, Any]], bool]:
    return lambda data: all(key in data for key in keys)


def _introspects(data: dict[str, Any]) -> bool:
    inner = data.get("data")
    return "__schema" in data or (isinstance(inner, dict) and "__schema" in inner)


def _server_card(data: dict[str, Any]) -> bool:
    schema = str(data.get("$schema"))
    return "server.schema.json" in schema or ("name" in data and ("remotes" in data or _packaged(data)))


def _packaged(data: dict[str, Any]) -> bool:
    packages = data.get("packages")
    return isinstance(packages, list) and any(isinstance(each, dict) and "registryType" in each for each in packages)


def is_bundle(data: Any) -> bool:
    """Whether data is the manifest of an MCP bundle, whose `tools` are names without definitions."""
    if not isinstance(data, dict):
        return False
    server = data.get("server")
    versioned = "manifest_version" in data or "mcpb_version" in data or "dxt_version" in data
    return versioned and isinstance(server, dict)


def _agent_card(data: dict[str, Any]) -> bool:
    return isinstance(data.get("skills"), list) and "name" in data and ("url" in data or "protocolVersion" in data)


def _client_config(data: dict[str, Any]) -> bool:
    servers: dict[str, Any] = next(
        (data[key] for key in ("mcpServers", "servers", "mcp_servers") if isinstance(data.get(key), dict)), {}
    )
    return any(isinstance(each, dict) and ("command" in each or "url" in each) for each in servers.values())


def _json_schema(data: dict[str, Any]) -> bool:
    return "json-schema.org" in str(data.get("$schema"))


def _har(data: dict[str, Any]) -> bool:
    log = data.get("log")
    return isinstance(log, dict) and isinstance(log.get("entries"), list)


def _kubernetes(data: dict[str, Any]) -> bool:
    return isinstance(data.get("apiVersion"), str) and isinstance(data.get("kind"), str)


_LIST_TOOLS: Final = "start the server through `mcp:CONFIG#NAME`, or save the result of its tools/list"
_FORMATS: Final = (
    _Format(
        "an OpenAPI Overlay",
        "it changes another document and describes no API itself",
        "apply it, for example with `speakeasy overlay apply`, and name the resulting OpenAPI document",
        data=_has("overlay", "actions"),
        text=re.compile(r"(?m)^overlay:\s*['\"]?\d"),
    ),
    _Format(
        "an Arazzo description",
        "it describes workflows over the operations of other documents",
        "name the OpenAPI documents of its `sourceDescriptions`; they hold what an agent can call",
        data=_has("arazzo"),
        text=re.compile(r"(?m)^arazzo:\s*['\"]?\d"),
    ),
    _Format(
        "an AsyncAPI document",
        "it describes messages on channels, which no HTTP client calls",
        "name the OpenAPI document or the tool list of the service that offers them to the agent",
        data=_has("asyncapi"),
        text=re.compile(r"(?m)^asyncapi:\s*['\"]?\d"),
    ),
    _Format(
        "a GraphQL introspection result",
        "GraphQL has one operation, and its fields are not listed as tools",
        "save the tool list of the MCP server that offers the API, or generate OpenAPI with `sofa-api`",
        data=_introspects,
    ),
    _Format(
        "an OpenRPC document",
        "JSON-RPC methods are not read",
        "save the tool list of the MCP server that offers them to the agent",
        data=_has("openrpc", "methods"),
    ),
    _Format(
        "an MCP bundle manifest",
        "it describes how a server is installed; the tools it names have no definitions",
        _LIST_TOOLS,
        data=is_bundle,
    ),
    _Format(
        "an MCP server card",
        "it says where a server is, not which tools it offers",
        _LIST_TOOLS,
        data=_server_card,
    ),
    _Format("an A2A agent card", "it describes an agent and its skills, not callable tools",
            "save the tool list of the agent's MCP servers, which are what it can call", data=_agent_card),
    _Format(
        "a configuration of MCP clients",
        "it names servers, and holds none of their tools",
        "name one of its servers as the source: mcp:FILE#NAME",
        data=_client_config,
    ),
    _Format("a HAR file", "it records calls that were made", "check it against a review with `clearance traffic`", data=_har),
    _Format(
        "an Insomnia export",
        "its requests are not read",
        "export the design document as OpenAPI, or the collection in the format of Postman",
        data=lambda data: data.get("_type") == "export" or str(data.get("type", "")).startswith("collection.insomnia"),
        text=re.compile(r"(?m)^type:\s*(?:collection|spec)\.insomnia\.rest"),
    ),
    _Format("a JSON Schema", "it describes data, not operations", "name the OpenAPI document that uses it", data=_json_schema),
    _Format("a Kubernetes object", "it describes a state of a cluster", "name the OpenAPI document of the API server: kubectl get --raw /openapi/v2",
            data=_kubernetes),
    _Format(
        "a Protocol Buffers definition",
        "gRPC services are not read",
        "convert it with `protoc --openapi_out`, or `buf generate` with an OpenAPI plugin, and name the result",
        text=re.compile(r"(?m)^\s*syntax\s*=\s*[\"']proto[23][\"']|^\s*(?:service|message)\s+\w+\s*\{[^}]*(?:\brpc\b|=\s*\d+\s*;)"),
    ),
    _Format(
        "a GraphQL schema",
        "GraphQL has one operation, and its fields are not listed as tools",
        "save the tool list of the MCP server that offers the API, or generate OpenAPI with `sofa-api`",
        text=re.compile(r"(?m)^\s*(?:extend\s+)?(?:type|interface|input|schema|scalar|enum|union|directive)\b[^:=\n]*[{@=]|^\s*scalar\s+\w+\s*$"),
    ),
    _Format(
        "a RAML document",
        "RAML is not read",
        "convert it to OpenAPI, for example with `oas-raml-converter` or the export of its design tool",
        text=re.compile(r"\A#%RAML"),
    ),
    _Format(
        "an API Blueprint",
        "API Blueprint is not read",
        "convert it to OpenAPI, for example with `apib2swagger`",
        text=re.compile(r"\A\s*FORMAT:\s*1A"),
    ),
    _Format(
        "a WSDL document",
        "SOAP services are not read",
        "name the OpenAPI document or tool list of the gateway that offers the service to the agent",
        text=re.compile(r"<(?:\w+:)?definitions\b[^>]*(?:wsdl|soap)|<(?:\w+:)?description\b[^>]*ns/wsdl", re.IGNORECASE),
    ),
    _Format(
        "a WADL document",
        "WADL is not read",
        "convert it to OpenAPI with the tools of its service",
        text=re.compile(r"<(?:\w+:)?application\b[^>]*wadl", re.IGNORECASE),
    ),
    _Format(
        "a TypeSpec definition",
        "TypeSpec is not read",
        "compile it with `tsp compile --emit @typespec/openapi3`, and name the result",
        text=re.compile(r"(?m)^\s*import\s+\"@typespec/"),
    ),
    _Format(
        "a Smithy model",
        "Smithy is not read",
        "convert it with `smithy build` and the plugin `openapi`, and name the result",
        text=re.compile(r"(?m)^\s*\$version\s*:\s*\"[12]"),
    ),
    _Format(
        "a skill file",
        "it is text that instructs an agent, and no list of tools",
        "read it as you read a prompt; name the tool lists of the servers that its `allowed-tools` mention",
        text=re.compile(r"\A---\s*\n(?=(?:[^\n]*\n){0,40}?name:)(?=(?:[^\n]*\n){0,40}?description:)(?:[^\n]*\n){1,60}?---\s*(?:\n|\Z)"),
    ),
    _Format(
        "an HTML page",
        "it is a page for people",
        "name the document that it shows: often /openapi.json, /swagger.json or /v3/api-docs",
        text=re.compile(r"\A\s*(?:<!doctype html|<html)", re.IGNORECASE),
    ),
)  # fmt: skip


def neighbour(data: Any, raw: bytes) -> Problem | None:
    """Return the refusal of a file in a known format that is not read, or None. `data` is None for text that is no data."""
    text = (decode(raw[:_MAX_HEAD])[0] or "") if data is None else ""
    for each in _FORMATS:
        by_data = isinstance(data, dict) and each.data is not None and each.data(data)
        by_text = bool(text) and each.text is not None and each.text.search(text) is not None
        if by_data or by_text:
            return refused(f"this is {each.name}: {each.why}", each.remedy)
    return None
