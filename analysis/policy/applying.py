"""A policy applied to findings: other severities, and rules that are not run. Nothing is dropped without being listed."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from analysis.model import RuleNotRun

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.model import Finding, Policy


def applied(policy: Policy | None, findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that a policy leaves, with its severities. A cap on the score stays what it is."""
    settings = policy.rules if policy else {}
    if not settings:
        return list(findings)
    kept = [(finding, settings.get(finding.rule)) for finding in findings]
    return [
        dataclasses.replace(finding, severity=setting.severity) if setting and setting.severity else finding
        for finding, setting in kept
        if not (setting and setting.off)
    ]


def switched_off(policy: Policy | None) -> tuple[RuleNotRun, ...]:
    """Return the rules that a policy switches off, to be listed wherever a result could be taken for clean."""
    settings = policy.rules.values() if policy else ()
    return tuple(RuleNotRun(s.rule, f"switched off by policy: {s.reason}") for s in settings if s.off)
