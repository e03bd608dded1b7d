"""OpenCode: `permission` of its configuration. The last rule that matches decides, so the order of the keys is meaning.

Run against the real program: `SERVER_*: deny` hides every tool of a server, and a later `allow` or `ask` offers one.
"""

from __future__ import annotations

import re
from typing import Any, Final

from analysis.output.allowlist.exposure import GATEWAY, Consumer, asked_at_client, exposure, plain_names
from analysis.output.allowlist.target import ExportTarget, TargetExport, TargetInput
from analysis.output.allowlist.written import json_bytes, notice

#: Names of the files.
FILE: Final = "opencode.json"
README: Final = "README.txt"
#: Characters of `SERVER_TOOL` that every large model API accepts, without the sign between.
_MAX: Final = 64 - len("_")
_REWRITTEN: Final = re.compile(r"[^A-Za-z0-9_-]", re.ASCII)
_PLACES: Final = {FILE: "merge into opencode.json of a project or ~/.config/opencode; keep the order of the keys"}


def _spelled(server: str, name: str) -> str:
    return f"{_REWRITTEN.sub('_', server)}_{_REWRITTEN.sub('_', name)}"


_OPENCODE: Final = Consumer(spelled=_spelled, refuses=plain_names(_MAX), keeps=asked_at_client)


def render(given: TargetInput) -> TargetExport:
    """Return the file. A draft denies every reviewed server."""
    exposed = exposure(given, _OPENCODE)
    # Every wildcard before any tool: `a_*` matches the tools of a server `a_b` as well.
    permission = {_spelled(server, "") + "*": "deny" for server in exposed.servers}
    permission |= {tool.spelled: "ask" if tool.asked else "allow" for tool in exposed.allowed}
    config: dict[str, Any] = {"permission": permission}
    if given.settings.gateway:
        config["mcp"] = {GATEWAY: {"type": "remote", "url": given.settings.gateway}}
    files = {
        FILE: json_bytes(config),
        README: notice(given, "MCP tools approved for OpenCode.", _PLACES, exposed.left_out),
    }
    return TargetExport(files, exposed.left_out)


TARGET: Final = ExportTarget(
    name="opencode",
    title="OpenCode",
    tested="OpenCode 1.18.33",
    carries="exact list of MCP tools for each server; approval by one person",
    cannot="API operations without the gateway; other conditions; names that it rewrites; a rule of the user that comes later",
    render=render,
)
