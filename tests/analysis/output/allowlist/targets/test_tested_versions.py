"""What a target claims to be proved with is what the end-to-end tests install."""

from __future__ import annotations

import pytest

from analysis.output.allowlist import target_named
from tests.e2e.pins import PINS

#: Target -> the programs with which its files are run.
RUN_WITH = {
    "lock": ("codex", "claude-code", "copilot", "gemini"),
    "claude-code": ("claude-code",),
    "codex": ("codex",),
    "copilot": ("copilot",),
    "copilot-tools": ("copilot",),
    "gemini": ("gemini",),
    "opencode": ("opencode",),
    "openai": ("openai",),
    "anthropic": ("anthropic",),
    "python-agents": ("openai-agents", "pydantic-ai"),
    "cedar": ("cedar",),
    "cedar-toolhive": ("cedar",),
    "cedar-agentcore": ("cedar",),
    "rego": ("rego",),
}


@pytest.mark.parametrize("name", RUN_WITH)
def test_the_version_claimed_is_the_one_that_is_run(name):
    missing = [PINS[program][2] for program in RUN_WITH[name] if PINS[program][2] not in target_named(name).tested]
    assert missing == []


def test_what_was_not_run_is_not_claimed():
    assert target_named("vscode").tested.startswith("not run")
