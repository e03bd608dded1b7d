"""Policy: what an organisation requires of every review, from one YAML file. Text to policy or problems; pure.

`policy.schema.json` describes the file, `document` reads it with its lines, `checking` finds what is wrong, `reading`
builds the `Policy`, `applying` applies it to findings.
"""

from __future__ import annotations

from analysis.policy.applying import applied, switched_off
from analysis.policy.reading import read_policy, recorded_policy

__all__ = ["applied", "read_policy", "recorded_policy", "switched_off"]
