"""The lock: one file of the organisation for each client, which lets it reach the address of the gateway alone.

Run against the real programs, in a private copy of `/etc`: the gateway is used, every other server is refused, and the file
of a draft refuses all. What the gateway offers, under which conditions, is decided by `clearance enforce`.
"""

from __future__ import annotations

import re
from typing import Any, Final

from analysis.errors import UsageError
from analysis.output.allowlist.exposure import GATEWAY
from analysis.output.allowlist.target import ExportTarget, TargetExport, TargetInput
from analysis.output.allowlist.written import json_bytes, notice, provenance, text_bytes, toml_string
from analysis.text import visible

#: Names of the files.
CODEX: Final = "codex-requirements.toml"
CLAUDE: Final = "claude-code-managed-settings.json"
CLAUDE_SERVERS: Final = "claude-code-managed-mcp.json"
COPILOT: Final = "copilot-managed-settings.json"
GEMINI: Final = "gemini-clearance-lock.toml"
README: Final = "README.txt"
_PLACES: Final = {
    CODEX: "/etc/codex/requirements.toml, or the requirements of the organisation's cloud",
    CLAUDE: "/etc/claude-code/managed-settings.json; merge it with what is there",
    CLAUDE_SERVERS: "/etc/claude-code/managed-mcp.json; it is the whole list of servers",
    COPILOT: "/etc/github-copilot/managed-settings.json (Copilot CLI, and Visual Studio Code, which was not run)",
    GEMINI: "/etc/gemini-cli/policies/, where only root may write",
}
#: An address that no client reads as a pattern or in parts of its own.
_ADDRESS: Final = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~/-]*)?", re.ASCII)
#: Priorities of the lock: below the files for single tools, above all rules of users.
_DENY: Final = 952
_ALLOW: Final = 955


def render(given: TargetInput) -> TargetExport:
    """Return the file of each client. Raises `UsageError` without the address of the gateway."""
    gateway = given.settings.gateway
    if not gateway:
        raise UsageError(
            "the target lock needs the address of the gateway", remedy="add: --gateway https://gateway.example/mcp"
        )
    if not _ADDRESS.fullmatch(gateway):
        raise UsageError(
            "the address of the gateway is not one that every client compares in the same way",
            place=visible(gateway, 200),
            remedy="write http or https, host, port and path, without wildcards, user, query or fragment",
        )
    reach = [] if given.draft else [{"serverUrl": gateway}]
    claude: dict[str, Any] = {"allowedMcpServers": reach, "allowManagedMcpServersOnly": True}
    if not given.draft:
        claude["permissions"] = {"allow": [f"mcp__{GATEWAY}"]}  # whom to ask is decided by the gateway
    servers = {} if given.draft else {GATEWAY: {"type": "http", "url": gateway}}
    files = {
        CODEX: text_bytes(_codex(given)),
        CLAUDE: json_bytes(claude),
        CLAUDE_SERVERS: json_bytes({"mcpServers": servers}),
        COPILOT: json_bytes({"allowedMcpServers": reach}),
        GEMINI: text_bytes(_gemini(given)),
        README: notice(given, "One file for each client: it reaches the gateway alone.", _PLACES, ()),
    }
    return TargetExport(files)


def _codex(given: TargetInput) -> list[str]:
    lines = [
        f"# {line}" for line in ("Codex reaches the MCP server of this name and address alone.", *provenance(given))
    ]
    if given.draft:
        return [*lines, "", "[mcp_servers]"]
    return [*lines, "", f"[mcp_servers.{GATEWAY}.identity]", f"url = {toml_string(given.settings.gateway)}"]


def _gemini(given: TargetInput) -> list[str]:
    """Return the rules; they know names of servers, not addresses, so the name has to be configured by the organisation."""
    remarks = (
        "Gemini CLI uses the MCP server of this name alone. Rules know no addresses: put the server into the system's",
        f"settings.json as mcpServers.{GATEWAY}.httpUrl = {toml_string(given.settings.gateway)}.",
        *provenance(given),
    )
    lines = [f"# {line}" for line in remarks]
    lines += ["", "[[rule]]", 'mcpName = "*"', 'toolName = "*"', 'decision = "deny"', f"priority = {_DENY}"]
    if not given.draft:
        lines += [
            "",
            "[[rule]]",
            f'mcpName = "{GATEWAY}"',
            'toolName = "*"',
            'decision = "allow"',
            f"priority = {_ALLOW}",
        ]
    return lines


TARGET: Final = ExportTarget(
    name="lock",
    title="Locks to the gateway (Codex, Claude Code, Copilot, Gemini CLI)",
    tested="Codex CLI 0.171.0, Claude Code 2.1.332, GitHub Copilot CLI 1.0.102, Gemini CLI 0.61.0; not run: Visual Studio Code",
    carries="which MCP server is reached: the gateway, which carries every decision and condition",
    cannot="clients not named; for Gemini CLI the address, as its rules know names of servers alone",
    render=render,
)
