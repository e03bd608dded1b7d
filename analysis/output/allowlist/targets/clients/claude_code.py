"""Claude Code: `permissions` of its settings, for one person and for an organisation.

Run against the real program: a list of allowed tools hides nothing, so every other reviewed tool is in the deny list,
which hides it. Names are rewritten before rules are compared; a tool denied by its own name would be offered.
"""

from __future__ import annotations

import re
from typing import Any, Final

from analysis.output.allowlist.exposure import Consumer, Exposure, asked_at_client, exposure, plain_names
from analysis.output.allowlist.target import ExportTarget, TargetExport, TargetInput
from analysis.output.allowlist.written import json_bytes, notice

#: Names of the files.
SETTINGS: Final = "settings.json"
MANAGED: Final = "managed-settings.json"
README: Final = "README.txt"
#: Characters of `mcp__SERVER__TOOL` that the model's API accepts, without the signs between.
_MAX: Final = 128 - len("mcp____")
_REWRITTEN: Final = re.compile(r"[^A-Za-z0-9_-]", re.ASCII)
_PLACES: Final = {
    SETTINGS: "merge into .claude/settings.json of a project, or ~/.claude/settings.json",
    MANAGED: "merge into /etc/claude-code/managed-settings.json (Linux); users cannot add rules to it",
}


def _spelled(server: str, name: str) -> str:
    return f"{_server_rule(server)}__{_REWRITTEN.sub('_', name)}"


def _server_rule(server: str) -> str:
    """Return the rule for every tool of a server."""
    return f"mcp__{_REWRITTEN.sub('_', server)}"


def _refuses(server: str, name: str) -> str:
    if "__" in server:
        return "the name of its server has two underscores, which Claude Code reads as the start of a tool's name"
    return plain_names(_MAX)(server, name)


_CLAUDE: Final = Consumer(spelled=_spelled, refuses=_refuses, keeps=asked_at_client)


def render(given: TargetInput) -> TargetExport:
    """Return both settings files. A draft denies every reviewed server."""
    exposed = exposure(given, _CLAUDE)
    rules = _permissions(exposed)
    managed = {
        "permissions": {**rules, "disableBypassPermissionsMode": "disable"},
        "allowManagedPermissionRulesOnly": True,
    }
    files = {
        SETTINGS: json_bytes({"permissions": rules}),
        MANAGED: json_bytes(managed),
        README: notice(given, "MCP tools approved for Claude Code.", _PLACES, exposed.left_out),
    }
    return TargetExport(files, exposed.left_out)


def _permissions(exposed: Exposure) -> dict[str, Any]:
    """Return the three lists. A server of which nothing is allowed is denied as a whole, also what it adds later."""
    denied: list[str] = []
    for server, tools in exposed.servers.items():
        denied += tools.denied if tools.allowed else [_server_rule(server)]
    return {
        "allow": [tool.spelled for tool in exposed.allowed if not tool.asked],
        "ask": [tool.spelled for tool in exposed.allowed if tool.asked],
        "deny": denied,
    }


TARGET: Final = ExportTarget(
    name="claude-code",
    title="Claude Code",
    tested="Claude Code 2.1.332",
    carries="MCP tools to allow, to ask for (approval by one person) and, for every other reviewed tool, to deny",
    cannot="tools that a server adds after the review (they are offered, and a person is asked); API operations without the "
    "gateway; other conditions; names that it rewrites",
    render=render,
)
