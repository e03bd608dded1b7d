"""Anthropic Messages API: the MCP toolset of a request, in which every tool is off unless it is named.

Without `default_config.enabled: false` a toolset offers every tool of its server, so each has it, the empty one too.
"""

from __future__ import annotations

from typing import Any, Final

from analysis.output.allowlist.exposure import GATEWAY, Consumer, exposure, kept_nowhere, plain_names
from analysis.output.allowlist.target import ExportTarget, TargetExport, TargetInput
from analysis.output.allowlist.written import json_bytes, notice

#: Names of the files.
FILE: Final = "request.json"
README: Final = "README.txt"
#: Header that turns the connector on.
BETA: Final = "mcp-client-2025-11-20"
_PLACES: Final = {
    FILE: f"parts of a request with the header anthropic-beta: {BETA}; without --gateway, name each server in mcp_servers"
}
_ANTHROPIC: Final = Consumer(
    spelled=lambda server, name: f"{server}.{name}", refuses=plain_names(2 * 64), keeps=kept_nowhere
)


def render(given: TargetInput) -> TargetExport:
    """Return the toolset of each server. That of a draft has every tool off."""
    exposed = exposure(given, _ANTHROPIC)
    toolsets = [
        {
            "type": "mcp_toolset",
            "mcp_server_name": server,
            "default_config": {"enabled": False},
            "configs": {tool.name: {"enabled": True} for tool in tools.allowed},
        }
        for server, tools in exposed.servers.items()
        if tools.allowed or not given.settings.gateway or server == GATEWAY
    ]
    request: dict[str, Any] = {"tools": toolsets}
    if given.settings.gateway:
        request = {"mcp_servers": [{"type": "url", "name": GATEWAY, "url": given.settings.gateway}], **request}
    files = {
        FILE: json_bytes(request),
        README: notice(
            given, "MCP tools approved for requests to the Anthropic Messages API.", _PLACES, exposed.left_out
        ),
    }
    return TargetExport(files, exposed.left_out)


TARGET: Final = ExportTarget(
    name="anthropic",
    title="Anthropic Messages API (MCP connector)",
    tested="the request types of anthropic 2.14.0; no hosted model was asked",
    carries="exact list of MCP tools for each server",
    cannot="API operations without the gateway; any condition: the calls run without the program that sent the request",
    render=render,
)
