"""GitHub Copilot: `permissions` of the organisation's settings, and apart from them the `tools` list of each server.

Run against the real program. With the organisation's permissions, a tool that no rule allows is not called unless a person
says so, `--allow-all-tools` or not; an empty list allows none. A rule that it cannot read makes it refuse every server. The
`tools` list hides all others; a server without that list offers all of its tools. Calls of what it lists may run without a
person, so it has no tool that one has to confirm.
"""

from __future__ import annotations

import re
from typing import Final

from analysis.output.allowlist.exposure import (
    GATEWAY,
    PLAIN_NAME,
    Consumer,
    asked_at_client,
    exposure,
    kept_nowhere,
    plain_names,
)
from analysis.output.allowlist.target import ExportTarget, TargetExport, TargetInput
from analysis.output.allowlist.written import json_bytes, notice

#: Names of the files.
MANAGED: Final = "managed-settings.json"
SERVERS: Final = "mcp-config.json"
README: Final = "README.txt"
#: Characters of `SERVER-TOOL`; the rest is cut off.
_LONGEST: Final = 64
_MANAGED_PLACE: Final = {
    MANAGED: "merge into /etc/github-copilot/managed-settings.json (Linux), or the organisation's managed settings"
}
_SERVERS_PLACE: Final = {
    SERVERS: "merge each list into that server in ~/.copilot/mcp-config.json, or in the repository settings of the cloud agent"
}
_REWRITTEN: Final = re.compile(r"[^A-Za-z0-9_-]", re.ASCII)


def _spelled(server: str, name: str) -> str:
    return _REWRITTEN.sub("-", f"{server}-{name}")[:_LONGEST]


_RULES: Final = Consumer(spelled=_spelled, refuses=plain_names(_LONGEST - len("-")), keeps=asked_at_client)
_LISTS: Final = Consumer(spelled=_spelled, refuses=plain_names(_LONGEST - len("-")), keeps=kept_nowhere)


def render_rules(given: TargetInput) -> TargetExport:
    """Return the settings of the organisation. Those of a draft allow nothing."""
    exposed = exposure(given, _RULES)
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
    files = {
        MANAGED: json_bytes({"permissions": permissions}),
        README: notice(given, "MCP tools approved for GitHub Copilot.", _MANAGED_PLACE, exposed.left_out),
    }
    return TargetExport(files, exposed.left_out)


def render_lists(given: TargetInput) -> TargetExport:
    """Return the list of tools of each server. Those of a draft are empty, which offers none."""
    exposed = exposure(given, _LISTS)
    reached = {"type": "http", "url": given.settings.gateway} if given.settings.gateway else {}
    servers = {
        server: {**(reached if server == GATEWAY else {}), "tools": [tool.name for tool in tools.allowed]}
        for server, tools in exposed.servers.items()
    }
    files = {
        SERVERS: json_bytes({"mcpServers": servers}),
        README: notice(given, "MCP tools approved for GitHub Copilot.", _SERVERS_PLACE, exposed.left_out),
    }
    return TargetExport(files, exposed.left_out)


def _rule(server: str, name: str) -> str:
    return f"MCP({server}/{name})"


_TESTED: Final = "GitHub Copilot CLI 1.0.102"
RULES: Final = ExportTarget(
    name="copilot",
    title="GitHub Copilot, settings of the organisation",
    tested=_TESTED,
    carries="MCP tools to allow, to ask for (approval by one person) and to deny; no other one is called without a person",
    cannot="hiding: every tool is offered, and refused at the call; API operations without the gateway; other conditions; "
    "names that it rewrites or cuts",
    render=render_rules,
)
LISTS: Final = ExportTarget(
    name="copilot-tools",
    title="GitHub Copilot, tools of each server",
    tested=f"{_TESTED}; the cloud agent was not run",
    carries="exact list of MCP tools for each server, an empty one offers none",
    cannot="any condition; API operations without the gateway; names that it rewrites or cuts; the CLI's file belongs to the "
    "user (see lock)",
    render=render_lists,
)
