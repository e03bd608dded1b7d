"""LiteLLM proxy: `mcp_servers` with `allowed_tools`.

`tool_allowlist_enforced` is always written, since an empty list allows everything without it. `disallowed_tools` never is:
with both lists, calls of tools on neither are not refused. `allowed_params` names the parameters of a tool and not what
they may be, so it expresses no limit on a parameter.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from analysis.output.allowlist.document.document_tree import SourceDocument, plain_data, write_tree
from analysis.output.allowlist.document.filtering import filtered
from analysis.output.allowlist.names.derivation import settled
from analysis.output.allowlist.names.generators import generator_named
from analysis.output.allowlist.target import ExportTarget, LeftOut, TargetExport, TargetInput
from analysis.output.allowlist.targets.approved import HOSTED, api_sources, notes_file, server_sources, without_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analysis.output.allowlist.targets.approved import ServerSource

#: Names of the files; the filtered documents are next to them.
CONFIG: Final = "config.yaml"
NOTES: Final = "README.txt"
#: Whose names are derived.
GENERATOR: Final = "litellm@1.108.7"
_MAX_SERVER: Final = 24
_OTHER: Final = re.compile(r"[^a-z0-9]+", re.ASCII)
_LINES: Final = (
    "Merge config.yaml into the proxy's configuration, start LiteLLM in this folder, and set the variables it names to the",
    "addresses of the servers. allowed_tools is the whole list; tool_allowlist_enforced keeps an empty one from opening all.",
    "Add no disallowed_tools: with both lists LiteLLM runs calls that are on neither.",
    "LiteLLM cannot limit what a parameter may be: allowed_params lists names of parameters only.",
)


def render(given: TargetInput) -> TargetExport:
    """Return the configuration with one entry for each source, and the filtered documents."""
    apis, left_out = api_sources(given)
    servers, left_out_tools = server_sources(given)
    left_out += left_out_tools
    left_out += [each for each in without_document(given) if each.reason == HOSTED]
    made: dict[str, bytes] = {}
    names = iter(_server_names([*(api.stem for api in apis), *(server.stem for server in servers)]))
    lines = [*_head(given), "mcp_servers:" if apis or servers else "mcp_servers: {}"]
    for api, name in zip(apis, names, strict=False):
        kept, faults = settled(generator_named(GENERATOR), api.operations, api.approved)
        left_out += [LeftOut(key, f"LiteLLM: {fault}") for key, fault in sorted(faults.items())]
        if api.document is None or api.files is None:
            continue
        document = filtered(api.document, api.files, {api.approved[key].operation for key in kept})
        file = f"{api.stem}.openapi.json"
        made[file] = write_tree(SourceDocument(plain_data(document.root), yaml=False))
        lines += _entry(name, [f"spec_path: {_quoted(file)}", f"url: {_address(name)}"], kept.values())
    for server, name in zip(servers, names, strict=True):
        allowed, also_open = _allowed(server, name)
        left_out += [LeftOut(key, "LiteLLM reads its name as that of another tool of the server") for key in also_open]
        lines += _entry(name, [f"url: {_address(name)}", "transport: http"], allowed)
    made[CONFIG] = "".join(f"{line}\n" for line in lines).encode("ascii")
    made[NOTES] = notes_file(given, "LiteLLM proxy: approved tools", _LINES, left_out)
    return TargetExport(made, tuple(left_out))


def _allowed(server: ServerSource, name: str) -> tuple[list[str], list[str]]:
    """Return the names to list, and the tools left out: an entry `SERVER-x` opens the tool `x` as well."""
    found = {
        key for key, tool in server.approved.items()
        if tool.startswith(f"{name}-") and tool.removeprefix(f"{name}-") in server.all_names - set(server.approved.values())
    }  # fmt: skip
    return [tool for key, tool in server.approved.items() if key not in found], sorted(found)


def _head(given: TargetInput) -> Iterator[str]:
    yield "# Approved tools for the LiteLLM proxy. Every tool that allowed_tools does not name is refused."
    yield f"# Review {_quoted(given.allowlist['review']['workspace_id'])}, as of {_quoted(given.allowlist['generated_at'])}"
    yield f"# Status {given.allowlist['status'].upper()}, inventory sha256 {given.allowlist['inventory_sha256']}"
    if given.draft:
        yield "# DRAFT: the review is not complete, so no tool is allowed."


def _entry(name: str, facts: Iterable[str], allowed: Iterable[str]) -> Iterator[str]:
    yield f"  {name}:"
    yield from (f"    {fact}" for fact in facts)
    listed = sorted(allowed)
    yield "    allowed_tools:" if listed else "    allowed_tools: []"
    yield from (f"      - {_quoted(tool)}" for tool in listed)
    yield from ("    mcp_info:", "      tool_allowlist_enforced: true")


def _address(name: str) -> str:
    return f"os.environ/{name.upper()}_URL"


def _server_names(stems: Iterable[str]) -> list[str]:
    """Return a name for each server: LiteLLM refuses hyphens, and other clients underscores and dots."""
    made: list[str] = []
    for stem in stems:
        base = name = _OTHER.sub("", stem)[:_MAX_SERVER] or "server"
        number = 1
        while name in made:
            number += 1
            name = f"{base[: _MAX_SERVER - len(str(number))]}{number}"
        made.append(name)
    return made


def _quoted(text: str) -> str:
    return json.dumps(text)  # a double-quoted scalar of YAML


TARGET: Final = ExportTarget(
    name="litellm",
    title="LiteLLM proxy",
    tested="LiteLLM 1.108.7",
    carries="exact list of tools for each server or document, enforced at list and call",
    cannot="every condition but owner and note; values of parameters; tools whose name moves, collides, is cut or refused",
    render=render,
)
