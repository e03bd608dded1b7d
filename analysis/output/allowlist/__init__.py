"""The allowlist: what an agent may call, derived from decisions, default deny; and the targets it is exported to.

To add a target, write its module and put its record into `TARGETS`: command line, packet, manifest and documents follow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.errors import UsageError
from analysis.output.allowlist.targets import fastmcp, litellm, names_list, openapi
from analysis.output.allowlist.targets.clients import claude_code, codex, copilot, gemini, lock, opencode, vscode
from analysis.output.allowlist.targets.policies import cedar, rego
from analysis.output.allowlist.targets.requests import anthropic, openai, python_agents
from analysis.text import visible
from analysis.words import nearest

if TYPE_CHECKING:
    from analysis.output.allowlist.target import ExportTarget

#: Every export target, in the order in which they are listed.
TARGETS: tuple[ExportTarget, ...] = (
    openapi.TARGET,
    fastmcp.TARGET,
    litellm.TARGET,
    names_list.TARGET,
    lock.TARGET,
    claude_code.TARGET,
    codex.TARGET,
    copilot.RULES,
    copilot.LISTS,
    gemini.TARGET,
    opencode.TARGET,
    vscode.TARGET,
    openai.TARGET,
    anthropic.TARGET,
    python_agents.TARGET,
    cedar.PLAIN,
    cedar.TOOLHIVE,
    cedar.AGENTCORE,
    rego.TARGET,
)


def target_named(name: str) -> ExportTarget:
    """Return a target by its name. Raises `UsageError`, with the nearest name, when there is none."""
    found = {target.name: target for target in TARGETS}
    if name not in found:
        near = nearest(name, list(found))
        remedy = f"did you mean {near}?" if near else "list them with: clearance targets"
        raise UsageError("there is no such export target", place=visible(name, 80), remedy=remedy)
    return found[name]
