"""From a document of a thousand operations to the gates of sign-off, by keyboard, in at most 150 key presses."""

from __future__ import annotations

from analysis.review.session import Review
from analysis.review.sources.importing import examine_source

MOST = 150
STEPS = (
    # all that reads and is harmless, in one bulk
    '/ "class:read-only risk:low" enter * a "reads only" enter escape',
    # changes that can be taken back: with a person
    '/ "risk:medium" enter * c "by hand" enter escape',
    # high risk is blocked until somebody asks for it
    '/ "risk:high is:undecided" enter * b "not for agents" enter escape',
    "1",
)


def presses(steps):
    """Count keys: words between quotes are typed letter by letter."""
    import re

    return sum(len(word) if word else 1 for step in steps for word, key in re.findall(r'"([^"]*)"|(\S+)', step))


async def test_github_from_import_to_gates(shared, at_desk, tmp_path):
    assert presses(STEPS) <= MOST
    source = examine_source(str(shared / "specs" / "github-3.0.json"))
    review = Review.create(tmp_path / "github.clearance", [source], actor="rev", at="2026-03-02T09:00:00Z")
    async with at_desk(review, size=(120, 40)) as hand:
        for step in STEPS:
            await hand.types(step)
        progress = hand.review.summary().progress
        assert progress.decided == progress.tools == 1223
        gates = hand.review.summary().open_gates
        assert [gate for gate in gates if "undecided" in gate.why] == []
        await hand.shows("Gates before sign-off")
        assert hand.actions() <= 5
