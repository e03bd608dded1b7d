"""A reviewer's word on the legs of a tool: recorded with a reason, and taken back like anything else."""

import pytest

from analysis.errors import UsageError
from analysis.model import FlowRole


def test_a_correction_is_recorded_and_can_be_taken_back(sample_review):
    work = sample_review
    review, (tool,) = work.review, [t.row.id for t in work.review.tools() if t.row.name == "getPlan"]
    with pytest.raises(UsageError, match="needs a reason"):
        review.override_flow_role(
            tool, FlowRole.UNTRUSTED, present=True, reason=" ", actor="ann", at="2026-03-03T09:00:00Z"
        )
    review.override_flow_role(
        tool, FlowRole.UNTRUSTED, present=True, reason="free text", actor="ann", at="2026-03-03T09:00:00Z"
    )
    assert FlowRole.UNTRUSTED in review.tool(tool).flow_roles
    assert "leg-untrusted" in review.history_of(tool)[-1].key
    review.undo(actor="ann", at="2026-03-03T09:01:00Z")
    assert FlowRole.UNTRUSTED not in review.tool(tool).flow_roles
