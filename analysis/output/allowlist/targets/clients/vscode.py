"""Visual Studio Code: a custom agent with a list of tools, and the gateway as its server. Nothing here has been run.

The list holds for that agent alone, and which agent is used is up to the person. What an organisation can enforce is which
servers may be reached: see the target `lock`.
"""

from __future__ import annotations

from typing import Any, Final

from analysis.output.allowlist.exposure import GATEWAY, Consumer, exposure, kept_nowhere, plain_names
from analysis.output.allowlist.target import ExportTarget, TargetExport, TargetInput
from analysis.output.allowlist.written import json_bytes, notice, text_bytes, toml_string

#: Names of the files.
AGENT: Final = "approved.agent.md"
SERVERS: Final = "mcp.json"
README: Final = "README.txt"
#: Characters of `SERVER_TOOL` that every large model API accepts, without the sign between.
_MAX: Final = 64 - len("_")
_PLACES: Final = {
    AGENT: ".github/agents/ of a repository; an empty list of tools means none, and a missing one all",
    SERVERS: ".vscode/mcp.json of a repository",
}
_VSCODE: Final = Consumer(
    spelled=lambda server, name: f"{server}/{name}", refuses=plain_names(_MAX), keeps=kept_nowhere
)


def render(given: TargetInput) -> TargetExport:
    """Return the agent, and the entry of the gateway where there is one. The agent of a draft has no tools."""
    exposed = exposure(given, _VSCODE)
    tools = ", ".join(toml_string(tool.spelled) for tool in exposed.allowed)
    agent = (
        "---",
        "description: Uses the approved MCP tools alone",
        f"tools: [{tools}]",
        "---",
        "Use the tools listed above.",
    )
    files: dict[str, bytes] = {AGENT: text_bytes(agent)}
    places: dict[str, str] = {AGENT: _PLACES[AGENT]}
    if given.settings.gateway:
        servers: dict[str, Any] = {GATEWAY: {"type": "http", "url": given.settings.gateway}}
        files[SERVERS] = json_bytes({"servers": servers})
        places[SERVERS] = _PLACES[SERVERS]
    files[README] = notice(given, "MCP tools approved for Visual Studio Code.", places, exposed.left_out)
    return TargetExport(files, exposed.left_out)


TARGET: Final = ExportTarget(
    name="vscode",
    title="Visual Studio Code",
    tested="not run: it needs a screen and an account",
    carries="the list of MCP tools of one custom agent",
    cannot="enforcement: the person chooses the agent; API operations without the gateway; any condition",
    render=render,
)
