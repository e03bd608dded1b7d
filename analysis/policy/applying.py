"""A policy put to findings: other severities, and rules that are not run. Nothing is dropped without being listed."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from analysis.model import RuleNotRun

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.model import Finding, Policy


def applied(policy: Policy | None, findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that a policy leaves, with its severities. A cap of the score stays what it is."""
    if policy is None:
        return list(findings)
    return [_with_severity(policy, finding) for finding in findings if not _off(policy, finding.rule)]


def switched_off(policy: Policy | None) -> tuple[RuleNotRun, ...]:
    """Return the rules that a policy switches off, to be listed wherever a result could be taken for clean."""
    settings = policy.rules.values() if policy else ()
    return tuple(RuleNotRun(s.rule, f"switched off by policy: {s.reason}") for s in settings if s.off)


def _off(policy: Policy, rule: str) -> bool:
    return rule in policy.rules and policy.rules[rule].off


def _with_severity(policy: Policy, finding: Finding) -> Finding:
    setting = policy.rules.get(finding.rule)
    if setting is None or setting.severity is None:
        return finding
    return dataclasses.replace(finding, severity=setting.severity)
