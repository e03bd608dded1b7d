"""A reviewer's word on the legs of a tool: recorded with a reason, and taken back like anything else."""

import pytest

from analysis.errors import UsageError
from analysis.model import FlowRole
from analysis.review import commands, queries


def test_a_correction_is_recorded_and_can_be_taken_back(sample_review):
    work = sample_review
    review, (tool,) = work.review, [t.row.id for t in work.review.tools() if t.row.name == "getPlan"]
    with pytest.raises(UsageError, match="needs a reason"):
        commands.override_flow_role(
            review, tool, FlowRole.UNTRUSTED_CONTENT, present=True, reason=" ", actor="ann", at="2026-03-03T09:00:00Z"
        )
    commands.override_flow_role(
        review,
        tool,
        FlowRole.UNTRUSTED_CONTENT,
        present=True,
        reason="free text",
        actor="ann",
        at="2026-03-03T09:00:00Z",
    )
    assert FlowRole.UNTRUSTED_CONTENT in review.tool(tool).flow_roles
    assert "leg-untrusted" in queries.history_of(review, tool)[-1].key
    commands.undo(review, actor="ann", at="2026-03-03T09:01:00Z")
    assert FlowRole.UNTRUSTED_CONTENT not in review.tool(tool).flow_roles
