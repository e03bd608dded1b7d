"""Colleagues at the desk: S exchanges, and a conflict is settled by one key into one event."""

from __future__ import annotations

import shutil

import pytest

from analysis.model import DecisionState
from analysis.review.session import Review
from analysis.review.syncing.conflict_sides import contested_points
from tests.fixtures.git_team import NOW, Team
from tests.scenarios.driver import screen_segments, screen_text

pytestmark = pytest.mark.skipif(
    shutil.which("git") is None or shutil.which("ssh-keygen") is None, reason="git or ssh-keygen is not installed"
)


@pytest.fixture
def team(tmp_path):
    return Team(tmp_path / "team", ["ann", "bob"])


async def test_s_exchanges_with_the_remote_that_is_known(team, at_desk, monkeypatch):
    ann, bob = team.members
    bob.sync()
    ann.decide([0])
    ann.sync()
    monkeypatch.setenv("XDG_STATE_HOME", str(bob.home))
    review = Review.open(bob.path, now=NOW)
    async with at_desk(review, actor="bob") as hand:
        await hand.types("S")
        assert "received 1 (ann 1)" in " ".join(str(each) for each in hand.desk.messages.entries)
        assert review.tools()[0].decision_state is DecisionState.APPROVED
    review.close()


async def test_a_conflict_is_shown_side_by_side_and_settled_by_one_key(team, at_desk, monkeypatch):
    ann, bob = team.members
    ann.decide([0])
    bob.decide([0], DecisionState.BLOCKED)
    ann.sync()
    bob.sync()
    monkeypatch.setenv("XDG_STATE_HOME", str(bob.home))
    review = Review.open(bob.path, now=NOW)
    async with at_desk(review, actor="bob") as hand:
        before = len(review.store.events)
        await hand.types("=")
        shown = screen_text(hand.desk)
        assert "Reviewers differ: decision of getThing0" in shown
        assert "ann 0" in shown
        assert "bob 0" in shown
        assert shown.count("proven: signed with") == 2
        widths = {side.size.width for side in hand.desk.screen.query(".side")}
        assert len(widths) == 1
        assert {side.person for side in contested_points(review)[0].sides} == {"ann", "bob"}
        await hand.types("1")  # the own side is the first, whoever was earlier
        assert len(review.store.events) == before + 1
        assert review.tools()[0].decision_state is DecisionState.BLOCKED
        assert "reviewers agree" in " ".join(str(each) for each in hand.desk.messages.entries)
    review.close()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["above each other", "side by side"])
async def test_each_side_has_a_band_and_what_differs_is_marked(size, team, at_desk, monkeypatch):
    ann, bob = team.members
    ann.decide([0])
    bob.decide([0], DecisionState.BLOCKED)
    ann.sync()
    bob.sync()
    monkeypatch.setenv("XDG_STATE_HOME", str(bob.home))
    review = Review.open(bob.path, now=NOW)
    async with at_desk(review, actor="bob", size=size) as hand:
        await hand.types("=")
        shown = (await hand.look()).split("\n")
        mine, theirs = (
            next(n for n, text in enumerate(shown) if band in text) for band in ("B L O C K E D", "A P P R O V E D")
        )
        if size[0] < 100:
            assert mine < theirs
        else:
            assert mine == theirs
            assert shown[mine].index("B L O") < shown[mine].index("A P P")
        assert "bob  you" in "\n".join(shown)
        reason = next(line for line in shown if "bob 0" in line)
        assert "≠ reason" in reason
        marked = {segment.text for segment in screen_segments(hand.desk) if segment.style and segment.style.underline}
        assert {"bob", "ann"} <= marked
        assert "0" not in marked  # both say so
        assert all("≠" not in line for line in shown if "definition" in line or "record" in line)
    review.close()
