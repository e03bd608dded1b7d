"""Policy: what an organisation wants of every review, from one YAML file. Text to policy or problems; pure.

`reading` understands the file, `nodes` knows where in it something stands, `applying` puts it to findings.
"""

from __future__ import annotations

from analysis.policy.applying import applied, switched_off
from analysis.policy.reading import Known, read_policy

__all__ = ["Known", "applied", "read_policy", "switched_off"]
