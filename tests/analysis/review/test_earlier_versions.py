"""Review files that version 0.1.0 wrote still open, with every decision."""

import json
import shutil
from pathlib import Path

import pytest

from analysis.review import commands, queries
from analysis.review.session import Review

FILES = Path(__file__).parents[2] / "fixtures" / "reviews"
NOW = "2026-11-30T12:00:00Z"


@pytest.fixture(params=["harbour", "sample"])
def earlier(request, tmp_path):
    """Return (the review as it opens today, the report of version 0.1.0)."""
    path = shutil.copy(FILES / f"{request.param}-0.1.0.clearance", tmp_path / "copy.clearance")
    review = Review.open(Path(path), now=NOW)
    yield review, json.loads((FILES / f"{request.param}-0.1.0.json").read_text("utf-8"))
    review.close()


def test_every_tool_opens_with_its_decision_and_its_override(earlier):
    review, report = earlier
    now = {
        tool.row.id: (
            tool.row.name,
            tool.decision_state.value,
            tool.decision.actor if tool.decision else "",
            tool.notes,
        )
        for tool in review.tools()
    }
    assert now == {tool["id"]: (tool["name"], tool["decision"], tool["by"], tool["notes"]) for tool in report["tools"]}
    reasons = {tool.row.id: tool.decision.reason if tool.decision else "" for tool in review.tools()}
    assert reasons == {tool["id"]: tool["reason"] for tool in report["tools"]}


def test_the_log_is_the_same_event_by_event(earlier):
    review, report = earlier
    assert [[e.at, e.actor, e.kind, e.key, e.id] for e in queries.audit_trail(review)] == report["log"]


def test_the_review_goes_on(earlier):
    review, _ = earlier
    name = next(tool.row.name for tool in review.tools() if tool.undecided)
    chosen = queries.select(review, f"name:{name}")
    before = len(queries.audit_trail(review))
    commands.note(review, chosen[0], "opened by a later version", actor="ann", at=NOW)
    assert len(queries.audit_trail(review)) == before + 1
