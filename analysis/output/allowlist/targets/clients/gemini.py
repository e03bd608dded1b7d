"""Gemini CLI: a file of its policy engine, which hides tools, limits parameters and has a person asked.

Run against the real program: a rule that denies every tool of a server hides them, and rules of a higher priority allow some.
`trust: true` of a server is a rule of the user with priority 200, and an "always allow" of the user one with 950: the rules
here are above both, wherever the file is put.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from analysis.model import ConditionKind
from analysis.output.allowlist.exposure import Consumer, asked_at_client, exposure
from analysis.output.allowlist.target import ExportTarget, TargetExport, TargetInput
from analysis.output.allowlist.targets.clients.gemini_arguments import arguments_pattern
from analysis.output.allowlist.written import can_be_written, leftovers, provenance, text_bytes, toml_string

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from analysis.output.allowlist.exposure import ExposedTool

#: Name of the file.
FILE: Final = "clearance.toml"
DENY_PRIORITY: Final = 960
ALLOW_PRIORITY: Final = 970
_HEADER: Final = (
    "MCP tools approved for Gemini CLI. Put this file into /etc/gemini-cli/policies (Linux), where only root may write;",
    "in ~/.gemini/policies it binds only users who keep it there.",
)
_NAME: Final = re.compile(r"[A-Za-z0-9_.:-]+", re.ASCII)
_SERVER: Final = re.compile(r"[A-Za-z0-9_.-]+", re.ASCII)
_REWRITTEN: Final = re.compile(r"[^A-Za-z0-9_.:-]", re.ASCII)
#: Characters of `mcp_SERVER_TOOL` before it is cut in the middle.
_LONGEST: Final = 63


def _spelled(server: str, name: str) -> str:
    whole = _REWRITTEN.sub("_", f"mcp_{server}_{name}")
    return whole if len(whole) <= _LONGEST else f"{whole[:30]}...{whole[-30:]}"


def _refuses(server: str, name: str) -> str:
    if not _SERVER.fullmatch(server) or server.startswith("mcp_"):
        return "Gemini CLI does not start a server of this name, or reads it differently in a rule"
    if not _NAME.fullmatch(name) or name.startswith("mcp_"):
        return "Gemini CLI rewrites its name, or reads it differently in a rule"
    return "Gemini CLI cuts its name" if len(f"mcp_{server}_{name}") > _LONGEST else ""


def _keeps(condition: Mapping[str, Any]) -> bool:
    if condition["kind"] == ConditionKind.PARAMETERS:
        return bool(arguments_pattern([condition["terms"]]))
    return asked_at_client(condition)


_GEMINI: Final = Consumer(spelled=_spelled, refuses=_refuses, keeps=_keeps)


def render(given: TargetInput) -> TargetExport:
    """Return the policy file. A draft denies every reviewed server."""
    exposed = exposure(given, _GEMINI)
    lines = [f"# {line}" for line in (*_HEADER, *provenance(given), *leftovers(exposed.left_out))]
    for server, tools in exposed.servers.items():
        if can_be_written(server):
            lines += deny_all(server)
        for tool in tools.allowed:
            lines += _allowing(tool)
    return TargetExport({FILE: text_bytes(lines)}, exposed.left_out)


def deny_all(server: str) -> Iterator[str]:
    """Yield the rule that hides every tool of a server; `*` is every server."""
    yield from ("", "[[rule]]", f"mcpName = {toml_string(server)}", 'toolName = "*"')
    yield from ('decision = "deny"', f"priority = {DENY_PRIORITY}")


def _allowing(tool: ExposedTool) -> Iterator[str]:
    yield from ("", "[[rule]]", f"mcpName = {toml_string(tool.server)}", f"toolName = {toml_string(tool.name)}")
    limits = [each["terms"] for each in tool.conditions if each["kind"] == ConditionKind.PARAMETERS]
    if limits:
        yield f"argsPattern = {toml_string(arguments_pattern(limits))}"
    yield from (f'decision = "{"ask_user" if tool.asked else "allow"}"', f"priority = {ALLOW_PRIORITY}")


TARGET: Final = ExportTarget(
    name="gemini",
    title="Gemini CLI",
    tested="Gemini CLI 0.61.0",
    carries="exact list of MCP tools for each server; approval by one person; limits of parameters to listed values and to "
    "ranges of numbers",
    cannot="API operations without the gateway; other conditions; names that it rewrites or cuts; more than the first page "
    "of a server's list",
    render=render,
)
