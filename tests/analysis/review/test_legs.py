"""A reviewer's word on the legs of a tool: recorded with a reason, and taken back like anything else."""

import pytest

from analysis.errors import UsageError
from analysis.model import Leg


def test_a_correction_is_recorded_and_can_be_taken_back(sample_review):
    work = sample_review
    review, (tool,) = work.review, [t.row.id for t in work.review.tools() if t.row.name == "getPlan"]
    with pytest.raises(UsageError, match="needs a reason"):
        review.retag_leg(tool, Leg.UNTRUSTED, present=True, reason=" ", actor="ann", at="2026-03-03T09:00:00Z")
    review.retag_leg(tool, Leg.UNTRUSTED, present=True, reason="free text", actor="ann", at="2026-03-03T09:00:00Z")
    assert Leg.UNTRUSTED in review.tool(tool).legs
    assert "leg-untrusted" in review.history_of(tool)[-1].key
    review.undo(actor="ann", at="2026-03-03T09:01:00Z")
    assert Leg.UNTRUSTED not in review.tool(tool).legs
