"""The files of every client and engine for one small review, as a person reads them."""

from __future__ import annotations

import pytest

from analysis.model import Condition, ConditionKind, DecisionState
from tests.goldens import check_golden

C = DecisionState.CONDITIONAL
TOOLS = (
    ("listCustomers", DecisionState.APPROVED),
    ("createTicket", C, Condition(ConditionKind.APPROVAL, "one person"), Condition(ConditionKind.OWNER, "support")),
    ("listInvoices", C, Condition(ConditionKind.PARAMETERS, 'limit: {"type": "integer", "minimum": 1, "maximum": 100}'),
     Condition(ConditionKind.GROUP, "support, billing")),
    ("exportInvoices", C, Condition(ConditionKind.PARAMETERS, 'limit: {"type": "integer", "minimum": 1, "maximum": 100}')),
    ("nightlyExport", C, Condition(ConditionKind.RATE, "5 per hour")),
    ("issues/list", DecisionState.APPROVED),
    ("deleteCustomer", DecisionState.BLOCKED),
    ("refundPayment", None),
)  # fmt: skip
TARGETS = (
    "claude-code", "codex", "copilot", "copilot-tools", "gemini", "opencode", "vscode", "openai", "anthropic", "python-agents",
    "cedar", "cedar-toolhive", "cedar-agentcore", "rego",
)  # fmt: skip


def as_text(files):
    return "".join(f"==== {name}\n{text.decode('ascii')}" for name, text in sorted(files.items()))


@pytest.mark.parametrize("target", TARGETS)
def test_the_files_are_readable(target, exported, snapshot):
    check_golden(f"targets/{target}.txt", as_text(exported(target, snapshot(*TOOLS))[0]))


@pytest.mark.parametrize("target", ["lock", "codex", "claude-code"])
def test_the_files_for_a_gateway_are_readable(target, exported, snapshot):
    files, _ = exported(target, snapshot(*TOOLS), "https://gateway.example/mcp")
    check_golden(f"targets/{target}-gateway.txt", as_text(files))
