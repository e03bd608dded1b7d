"""Agents written in Python: the approved tools as JSON, and the few lines with which two frameworks keep to them.

Run against the real frameworks: what is not in the list is not offered, and an empty list offers nothing.
"""

from __future__ import annotations

from typing import Final

from analysis.output.allowlist.exposure import Consumer, asked_at_client, exposure
from analysis.output.allowlist.target import ExportTarget, TargetExport, TargetInput
from analysis.output.allowlist.written import can_be_written, json_bytes, notice

#: Names of the files.
FILE: Final = "approved.json"
PROGRAM: Final = "approved_tools.py"
README: Final = "README.txt"
_PLACES: Final = {FILE: f"next to {PROGRAM}", PROGRAM: "import it where the servers of the agent are made"}
_PROGRAM: Final = b'''\
"""The approved MCP tools of approved.json, for OpenAI Agents and PydanticAI."""

import json
from pathlib import Path

SERVERS = json.loads(Path(__file__).with_name("approved.json").read_text("utf-8"))["servers"]
NOTHING = {"allowed": [], "asked": []}


def openai_agents(server):
    """Options of a server: MCPServerStreamableHttp(params=..., **openai_agents("crm"))."""
    from agents.mcp import create_static_tool_filter

    tools = SERVERS.get(server, NOTHING)
    return {
        "tool_filter": create_static_tool_filter(allowed_tool_names=tools["allowed"]),
        "require_approval": {name: "always" for name in tools["asked"]},
    }


def pydantic_ai(server, toolset):
    """A toolset with the approved tools alone: pydantic_ai("crm", MCPToolset(url))."""
    tools = SERVERS.get(server, NOTHING)
    allowed, asked = frozenset(tools["allowed"]), frozenset(tools["asked"])
    return toolset.filtered(lambda ctx, tool: tool.name in allowed).approval_required(
        lambda ctx, tool, arguments: tool.name in asked
    )
'''
_AGENTS: Final = Consumer(
    spelled=lambda server, name: f"{server}\0{name}",
    refuses=lambda server, name: "" if can_be_written(server + name) else "its name cannot be written",
    keeps=asked_at_client,
)


def render(given: TargetInput) -> TargetExport:
    """Return the list and the program. A draft allows nothing; a server that is not listed offers nothing."""
    exposed = exposure(given, _AGENTS)
    servers = {
        server: {
            "allowed": [tool.name for tool in tools.allowed],
            "asked": [tool.name for tool in tools.allowed if tool.asked],
        }
        for server, tools in exposed.servers.items()
    }
    files = {
        FILE: json_bytes({"servers": servers}),
        PROGRAM: _PROGRAM,
        README: notice(given, "MCP tools approved for agents written in Python.", _PLACES, exposed.left_out),
    }
    return TargetExport(files, exposed.left_out)


TARGET: Final = ExportTarget(
    name="python-agents",
    title="OpenAI Agents and PydanticAI",
    tested="openai-agents 0.24.0, pydantic-ai-slim 2.68.0",
    carries="exact list of MCP tools for each server; approval by one person",
    cannot="API operations without the gateway; other conditions; calls that a program makes past the toolset",
    render=render,
)
