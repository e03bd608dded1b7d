"""OpenAI Codex CLI: `enabled_tools` for each MCP server of its `config.toml`.

Run against the real program: the list is exact and names tools as the server does, an empty list offers none, and
`approval_mode = "prompt"` has a person confirm each call. Other conditions cannot be expressed there. Tools without a
read-only hint are refused where no person can be asked, unless their approval mode is `approve`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.output.allowlist.exposure import GATEWAY, PLAIN_NAME, Consumer, asked_at_client, exposure
from analysis.output.allowlist.target import ExportTarget, TargetExport, TargetInput
from analysis.output.allowlist.written import can_be_written, leftovers, provenance, text_bytes, toml_string

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.output.allowlist.exposure import ExposedTool

#: Name of the file.
FILE: Final = "config.toml"
_HEADER: Final = (
    "MCP tools approved for OpenAI Codex CLI. Merge each table into the table of that server in config.toml; a table of a",
    "server that is not configured there belongs nowhere. Resources and prompts of a server are not part of the list.",
    "enabled_tools is the whole list: every tool that it does not name is refused.",
)


def _refuses(server: str, name: str) -> str:
    if not PLAIN_NAME.fullmatch(server):
        return "Codex does not start a server of this name"
    return "" if can_be_written(name) else "its name cannot be written"


_CODEX: Final = Consumer(spelled=lambda server, name: f"{server}\0{name}", refuses=_refuses, keeps=asked_at_client)


def render(given: TargetInput) -> TargetExport:
    """Return the tables for each server of an allowlist. A draft enables nothing."""
    exposed = exposure(given, _CODEX)
    remarks = [*_HEADER, *provenance(given), *leftovers(exposed.left_out)]
    lines = [f"# {line}" for line in remarks]
    for server, tools in exposed.servers.items():
        if not can_be_written(server):  # Codex starts no such server, and two of them might be written in one way
            continue
        lines += _tables(server, tools.allowed, given.settings.gateway if server == GATEWAY else "")
    return TargetExport({FILE: text_bytes(lines)}, exposed.left_out)


TARGET: Final = ExportTarget(
    name="codex",
    title="OpenAI Codex CLI",
    tested="Codex CLI 0.171.0",
    carries="exact list of MCP tools for each server, an empty one offers none; approval by one person",
    cannot="API operations without the gateway, other conditions; config.toml belongs to the user (see lock)",
    render=render,
)


def _tables(server: str, enabled: Sequence[ExposedTool], url: str) -> Iterator[str]:
    table = f"mcp_servers.{toml_string(server)}"
    yield from ("", f"[{table}]")
    if url:
        yield f"url = {toml_string(url)}"
    yield from ('default_tools_approval_mode = "approve"', "enabled_tools = [")
    yield from (f"  {toml_string(tool.name)}," for tool in enabled)
    yield "]"
    for tool in enabled:
        if tool.asked:
            yield from ("", f"[{table}.tools.{toml_string(tool.name)}]", 'approval_mode = "prompt"')
