"""What differs between two packets, and whether the agent may do more or less."""

from __future__ import annotations

import pytest

from analysis.errors import InputRefused
from analysis.model import AnswerState
from analysis.review.packets.comparison import Direction, PacketChange, compare
from analysis.review.packets.export import export


@pytest.fixture
def packets(sample_review, tmp_path):
    """The packet of the sample review, and a function that exports the review again and compares."""
    export(sample_review.review, tmp_path / "old")

    def compared():
        export(sample_review.review, tmp_path / "new")
        return compare(tmp_path / "old", tmp_path / "new")

    return compared


def decisions(found):
    return {change.subject.partition(":")[2]: (change.before, change.after, change.direction) for change in found.changes if change.part == "decision"}  # fmt: skip


def test_equal_packets(packets):
    found = packets()
    assert (found.equal, found.changes, found.supersedes) == (True, (), False)
    assert found.sentence == "no difference; the new packet does not name the old one as superseded"


def test_a_decision_is_loosened_or_tightened(sample_review, packets):
    sample_review.block("listTags", reason="x")
    sample_review.approve("createAdminUser")
    assert decisions(packets()) == {
        "GET /tags": ("allow", "block", Direction.TIGHTENED), "POST /admin/users": ("block", "allow", Direction.LOOSENED),
    }  # fmt: skip


CONDITIONS = {
    "one more": ([("rate", "5 per hour")], [("rate", "5 per hour"), ("env", "test")], Direction.TIGHTENED),
    "one less": ([("rate", "5 per hour"), ("env", "test")], [("rate", "5 per hour")], Direction.LOOSENED),
    "another": ([("rate", "5 per hour")], [("rate", "50 per hour")], Direction.CHANGED),
    "ends later": ([("expires", "2027-01-01")], [("expires", "2027-06-01")], Direction.LOOSENED),
    "ends earlier": ([("expires", "2027-06-01")], [("expires", "2027-01-01")], Direction.TIGHTENED),
    "one for another": ([("rate", "5 per hour")], [("env", "test")], Direction.CHANGED),
}


@pytest.mark.parametrize(("before", "after", "direction"), CONDITIONS.values(), ids=CONDITIONS)
def test_conditions_that_differ(sample_review, tmp_path, before, after, direction):
    sample_review.conditional("listTags", *((kind, value, "") for kind, value in before))
    export(sample_review.review, tmp_path / "old")
    sample_review.conditional("listTags", *((kind, value, "") for kind, value in after))
    export(sample_review.review, tmp_path / "new")
    assert [way for _, _, way in decisions(compare(tmp_path / "old", tmp_path / "new")).values()] == [direction]


def test_answers_findings_and_figures(sample_review, packets):
    sample_review.answer("cred-store", AnswerState.CLAIMED, "in the vault")
    sample_review.block("deleteCustomer")
    found = packets()
    parts = {part: [c for c in found.changes if c.part == part] for part in ("review", "finding", "answer")}
    assert parts["answer"] == [
        PacketChange("answer", "cred-store", "unanswered:", "claimed: in the vault", Direction.CHANGED)
    ]
    assert any("EXP" in change.subject and change.after == "" for change in parts["finding"])
    assert "score" in {change.subject for change in parts["review"]}
    assert not found.equal


def test_a_new_tool_that_is_allowed_loosens(sample_review, tmp_path, packets):
    source = b'{"tools": [{"name": "send_fax", "inputSchema": {"type": "object"}}]}'
    sample_review.load(source, name="fax.json")
    tool = next(t.row.id for t in sample_review.review.tools() if t.row.name == "send_fax")
    found = packets()
    assert [(c.subject, c.after, c.direction) for c in found.changes if c.part == "capability"] == [
        (tool, "block", Direction.CHANGED)
    ]
    sample_review.approve("send_fax")
    found = packets()
    assert [c.direction for c in found.changes if c.part == "capability"] == [Direction.LOOSENED]
    back = compare(tmp_path / "new", tmp_path / "old")
    assert [(c.before, c.after, c.direction) for c in back.changes if c.part == "capability"] == [
        ("allow", "", Direction.TIGHTENED)
    ]


def test_what_is_no_whole_packet_is_refused(sample_review, tmp_path, packets):
    packets()
    with pytest.raises(InputRefused, match="cannot be compared"):
        compare(tmp_path / "old", tmp_path)
    (tmp_path / "new" / "review.md").write_text("other")
    with pytest.raises(InputRefused) as refused:
        compare(tmp_path / "old", tmp_path / "new")
    assert refused.value.why == "review.md: has been changed since the packet was made"
