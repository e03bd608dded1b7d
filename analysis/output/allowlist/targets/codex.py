"""OpenAI Codex CLI: `enabled_tools` for each MCP server of its `config.toml`.

Run against Codex 0.169.0: the list is exact and names tools as the server does, an empty list offers none, and
`approval_mode = "prompt"` has a person confirm each call. Other conditions cannot be expressed there.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from analysis.model import ConditionKind
from analysis.output.allowlist.canonical import ALLOW, BLOCK
from analysis.output.allowlist.target import ExportTarget, LeftOut, TargetExport, TargetInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

#: Name of the file.
FILE: Final = "config.toml"
_HEADER: Final = (
    "# MCP tools approved for OpenAI Codex CLI. Merge each table into the table of that server in config.toml.",
    "# enabled_tools is the whole list: every tool that it does not name is refused.",
)
_DRAFT: Final = "# DRAFT: the review is not complete, so no tool is enabled."
_PLAIN: Final = re.compile(r"[ !#-\[\]-~]", re.ASCII)  # printable ASCII without the quote and the backslash
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


def render(given: TargetInput) -> TargetExport:
    """Return the tables for each server of an allowlist. A draft enables nothing."""
    allowlist, draft = given.allowlist, given.draft
    tools = allowlist["tools"]
    names = Counter((_server(entry), entry.get("mcp_name")) for entry in tools)
    servers: dict[str, list[Mapping[str, Any]]] = {_server(entry): [] for entry in tools}
    seen = {entry["source"] for entry in tools}
    servers |= {source["id"]: [] for source in allowlist["sources"] if source["id"] not in seen}
    left_out = []
    for entry in tools:
        if entry["as_decided"] == BLOCK:
            continue
        reason = _obstacle(entry, unique=names[_server(entry), entry.get("mcp_name")] == 1)
        if reason:
            left_out.append(LeftOut(entry["id"], reason))
        elif not draft:
            servers[_server(entry)].append(entry)
    lines = [*_HEADER, *_provenance(allowlist), *([_DRAFT] if draft else [])]
    for server, enabled in sorted(servers.items()):
        lines += _tables(server, enabled)
    if left_out:
        lines += ["", "# Approved, and left out because Codex cannot enforce the decision:"]
        lines += [f"# {_quoted(each.tool)}: {_quoted(each.reason)}" for each in left_out]
    return TargetExport({FILE: "".join(f"{line}\n" for line in lines).encode("ascii")}, tuple(left_out))


TARGET: Final = ExportTarget(
    name="codex",
    title="OpenAI Codex CLI",
    tested="Codex CLI 0.169.0",
    carries="exact list of MCP tools for each server, an empty one offers none; approval by one person",
    cannot="API operations, other conditions",
    render=render,
)


def _server(entry: Mapping[str, Any]) -> str:
    """Return the name of the server: as its configuration has it, else the identity of the source."""
    return str(entry.get("mcp_server") or entry["source"])


def _obstacle(entry: Mapping[str, Any], *, unique: bool) -> str:
    """Return why an approved tool cannot be enabled as decided; empty when it can."""
    name = entry.get("mcp_name")
    if "hosted" in entry:
        return "a hosted tool: its vendor runs it, and no server lists it"
    if name is None:
        return "an API operation: the server that is generated from the document names its tool"
    if not name or _SURROGATE.search(name):
        return "its name cannot be written"
    if not unique:
        return "several tools of the server have its name"
    for condition in entry["conditions"]:
        if not _expressible(condition):
            return f"condition {condition['kind']}={condition['value']}"
    return ""


def _expressible(condition: Mapping[str, Any]) -> bool:
    if condition["kind"] == ConditionKind.APPROVAL:
        return bool(condition["terms"] == {"persons": 1, "approvers": []})
    return bool(condition["kind"] == ConditionKind.OWNER)  # names who answers for the tool; there is nothing to enforce


def _provenance(allowlist: Mapping[str, Any]) -> Iterator[str]:
    yield f"# Review {_quoted(allowlist['review']['workspace_id'])}, as of {_quoted(allowlist['generated_at'])}"
    yield f"# Status {allowlist['status'].upper()}, inventory sha256 {allowlist['inventory_sha256']}"


def _tables(server: str, enabled: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    table = f"mcp_servers.{_quoted(server)}"
    yield from ("", f"[{table}]", "enabled_tools = [")
    yield from (f"  {_quoted(entry['mcp_name'])}," for entry in enabled)
    yield "]"
    for entry in enabled:
        if entry["decision"] != ALLOW and any(c["kind"] == ConditionKind.APPROVAL for c in entry["conditions"]):
            yield from ("", f"[{table}.tools.{_quoted(entry['mcp_name'])}]", 'approval_mode = "prompt"')


def _quoted(text: str) -> str:
    """Return a TOML string in ASCII: everything that could hide or end it is escaped."""
    return '"' + "".join(c if _PLAIN.fullmatch(c) else _escaped(c) for c in text) + '"'


def _escaped(character: str) -> str:
    if character in {'"', "\\"}:
        return f"\\{character}"
    return r"\uFFFD" if _SURROGATE.match(character) else f"\\U{ord(character):08x}"
