"""GitHub Copilot CLI: `permissions` of the organisation's settings, and the `tools` list of each server.

Run against the real program: with the organisation's permissions, a tool that no rule allows is not called unless a person
says so, `--allow-all-tools` or not; an empty list allows none. A rule that it cannot read makes it refuse every server. The
`tools` list hides all others; a server without that list offers all of its tools.
"""

from __future__ import annotations

import re
from typing import Final

from analysis.output.allowlist.exposure import GATEWAY, PLAIN_NAME, Consumer, exposure, one_person, plain_names
from analysis.output.allowlist.target import ExportTarget, TargetExport, TargetInput
from analysis.output.allowlist.written import json_bytes, notice

#: Names of the files.
MANAGED: Final = "managed-settings.json"
SERVERS: Final = "mcp-config.json"
README: Final = "README.txt"
#: Characters of `SERVER-TOOL`; the rest is cut off.
_LONGEST: Final = 64
_PLACES: Final = {
    MANAGED: "merge into /etc/github-copilot/managed-settings.json (Linux), or the organisation's managed settings",
    SERVERS: "merge each list into that server in ~/.copilot/mcp-config.json; the repository settings of the coding agent "
    "have the same list",
}
_REWRITTEN: Final = re.compile(r"[^A-Za-z0-9_-]", re.ASCII)


def _spelled(server: str, name: str) -> str:
    return _REWRITTEN.sub("-", f"{server}-{name}")[:_LONGEST]


_COPILOT: Final = Consumer(spelled=_spelled, refuses=plain_names(_LONGEST - len("-")), keeps=one_person)


def render(given: TargetInput) -> TargetExport:
    """Return both files. A draft allows nothing."""
    exposed = exposure(given, _COPILOT)
    denied = []
    for server, tools in exposed.servers.items():
        if not PLAIN_NAME.fullmatch(server):  # a rule that cannot be read would turn every server off
            continue
        names = [name for name in tools.denied_names if PLAIN_NAME.fullmatch(name)]
        denied += [_rule(server, name) for name in names] if tools.allowed else [f"MCP({server})"]
    permissions = {
        "allow": [_rule(tool.server, tool.name) for tool in exposed.allowed if not tool.asked],
        "ask": [_rule(tool.server, tool.name) for tool in exposed.allowed if tool.asked],
        "deny": denied,
        "disableBypassPermissionsMode": "disable",
    }
    servers = {
        server: {
            **({"type": "http", "url": given.settings.gateway} if server == GATEWAY and given.settings.gateway else {}),
            "tools": [tool.name for tool in tools.allowed],
        }
        for server, tools in exposed.servers.items()
    }
    files = {
        MANAGED: json_bytes({"permissions": permissions}),
        SERVERS: json_bytes({"mcpServers": servers}),
        README: notice(given, "MCP tools approved for GitHub Copilot CLI.", _PLACES, exposed.left_out),
    }
    return TargetExport(files, exposed.left_out)


def _rule(server: str, name: str) -> str:
    return f"MCP({server}/{name})"


TARGET: Final = ExportTarget(
    name="copilot",
    title="GitHub Copilot CLI",
    tested="GitHub Copilot CLI 1.0.102",
    carries="exact list of MCP tools for each server; as organisation, tools to allow, to ask for (approval by one person) "
    "and to deny",
    cannot="API operations without the gateway; other conditions; names that it rewrites or cuts; hiding by the organisation "
    "(the lists of servers belong to the user)",
    render=render,
)
