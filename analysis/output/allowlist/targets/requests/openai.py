"""OpenAI Responses API: the MCP tools of a request, with the tools that may be used and those that need an approval."""

from __future__ import annotations

from typing import Any, Final

from analysis.output.allowlist.exposure import GATEWAY, Consumer, ExposedTool, asked_at_client, exposure, plain_names
from analysis.output.allowlist.target import ExportTarget, TargetExport, TargetInput
from analysis.output.allowlist.written import json_bytes, notice

#: Names of the files.
FILE: Final = "tools.json"
README: Final = "README.txt"
_PLACES: Final = {FILE: "the entries belong into `tools` of a request; without --gateway, add the server_url of each"}
_OPENAI: Final = Consumer(
    spelled=lambda server, name: f"{server}.{name}", refuses=plain_names(2 * 64), keeps=asked_at_client
)


def render(given: TargetInput) -> TargetExport:
    """Return the entries. A server of which nothing is allowed has none: the request then has no tool of it."""
    exposed = exposure(given, _OPENAI)
    entries = [
        _entry(server, tools.allowed, given.settings.gateway if server == GATEWAY else "")
        for server, tools in exposed.servers.items()
        if tools.allowed
    ]
    files = {
        FILE: json_bytes({"tools": entries}),
        README: notice(
            given, "MCP tools approved for requests to the OpenAI Responses API.", _PLACES, exposed.left_out
        ),
    }
    return TargetExport(files, exposed.left_out)


def _entry(server: str, tools: tuple[ExposedTool, ...], url: str) -> dict[str, Any]:
    asked = [tool.name for tool in tools if tool.asked]
    rest = [tool.name for tool in tools if not tool.asked]
    lists = {"always": asked, "never": rest}
    return {
        "type": "mcp",
        "server_label": server,
        **({"server_url": url} if url else {}),
        "allowed_tools": {"tool_names": [tool.name for tool in tools]},
        "require_approval": {key: {"tool_names": names} for key, names in lists.items() if names},
    }


TARGET: Final = ExportTarget(
    name="openai",
    title="OpenAI Responses API",
    tested="the request types of openai 3.57.0; no hosted model was asked",
    carries="exact list of MCP tools for each server; approval by one person",
    cannot="API operations without the gateway; other conditions",
    render=render,
)
